"""Which pages may talk to us: those of a site's own origins, each compared whole."""

from collections.abc import Awaitable, Callable
from functools import wraps

from aiohttp import web

from bot.errors import StoreUnavailable
from bot.gateway.house import HOUSE, problem
from bot.store.sites import Site

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Duologue-Signature",
    "Access-Control-Max-Age": "600",
}


def is_own_page(request: web.Request, site: Site) -> bool:
    """Whether the request comes from a page of the site, or from no page at all: no cookie makes that matter."""
    origin = request.headers.get("Origin")
    return origin is None or origin in site.origins


def foreign_page() -> web.Response:
    return problem(403, "foreign_origin", "This page's origin is not one of the site's; add it with `duologue site`.")


def open_to_pages(handler: Handler) -> Handler:
    """Lets the sites' own pages read the answer, also when it is a refusal.

    Which site is meant is known only from the body, and a body may be wrong; so any listed origin is echoed
    here, and the door itself compares it with the site's own.
    """

    @wraps(handler)
    async def answer(request: web.Request) -> web.StreamResponse:
        headers = {"Vary": "Origin"}
        try:
            headers |= await _echo(request)
            response = await handler(request)
        except StoreUnavailable as away:
            response = problem(503, "unavailable", str(away), headers={"Retry-After": "5"})
        except web.HTTPException as error:
            error.headers.update(headers)
            raise
        response.headers.update(headers)
        return response

    return answer


@open_to_pages
async def preflight(request: web.Request) -> web.StreamResponse:
    """Answers a browser that asks first: yes for a listed origin."""
    if not await _echo(request):
        return foreign_page()
    return web.Response(status=204, headers=ALLOWED)


async def _echo(request: web.Request) -> dict[str, str]:
    origin = request.headers.get("Origin")
    if origin is None or not await request.app[HOUSE].is_listed(origin):
        return {}
    return {"Access-Control-Allow-Origin": origin}
