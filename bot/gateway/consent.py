"""`POST /v1/consent`: what a visitor agrees to, in force before the answer."""

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.gateway.bodies import read_body, storable
from bot.gateway.events import why
from bot.gateway.house import HOUSE, from_json, problem
from bot.gateway.origins import foreign_page, is_own_page, open_to_pages, preflight
from bot.store.visitors import Visitor, create, find, set_consent
from bot.visits import is_robot

BODY_BYTES = 16 * 1024
routes = web.RouteTableDef()


class Wish(BaseModel):
    """`site` is needed only by who has no visitor yet."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")
    visitor: Annotated[str, Field(min_length=1)] | None = None
    site: str | None = None
    measure: bool
    memory: bool


@routes.options("/v1/consent")
async def ask_first(request: web.Request) -> web.StreamResponse:
    return await preflight(request)


@routes.post("/v1/consent")
@open_to_pages
async def agree(request: web.Request) -> web.StreamResponse:
    body = await read_body(request, BODY_BYTES)
    if body is None:
        return problem(413, "too_large", "A consent is a few words: visitor, measure, memory.")
    try:
        wish = Wish.model_validate(from_json(body))
    except ValueError as error:
        return problem(400, "malformed", why(error))
    return await (_new(request, wish) if wish.visitor is None else _known(request, wish, storable(wish.visitor)))


async def _known(request: web.Request, wish: Wish, id: str) -> web.StreamResponse:
    house = request.app[HOUSE]
    visitor = await house.store.read(find, id)
    site = None if visitor is None else await house.site(visitor.site)
    if visitor is None or site is None:
        return problem(404, "unknown_visitor", "No visitor has this reference; it was forgotten, or never given.")
    if not is_own_page(request, site):
        return foreign_page()
    changed = await house.store.write(set_consent, visitor.id, measure=wish.measure, memory=wish.memory, at=house.now())
    return _answer(changed)


async def _new(request: web.Request, wish: Wish) -> web.StreamResponse:
    house = request.app[HOUSE]
    if wish.site is None:
        return problem(400, "malformed", "Give `visitor`, or `site` when there is none yet.")
    site = await house.site(wish.site)
    if site is None:
        return problem(404, "unknown_site", "No site has this key; `duologue site show` tells the site's own.")
    if not is_own_page(request, site):
        return foreign_page()
    agent, purpose = request.headers.get("User-Agent", ""), request.headers.get("Sec-Purpose", "")
    if is_robot(agent, purpose) or not (wish.measure or wish.memory):
        # Who agrees to nothing gets no reference: there is nothing to remember them by. Nor does a robot, which
        # presses every button: it would count as one more person who came and did nothing.
        return _answer(None)
    made = await house.store.write(
        create, site, at=house.now(), measure=wish.measure, memory=wish.memory, seen_first=True
    )
    return _answer(made)


def _answer(visitor: Visitor | None) -> web.Response:
    if visitor is None:
        return web.json_response({"visitor": None, "measure": False, "memory": False})
    return web.json_response({"visitor": visitor.id, "measure": visitor.measure, "memory": visitor.memory})
