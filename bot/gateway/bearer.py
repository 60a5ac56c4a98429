"""Who asks over a plain request: the conversation of `Authorization: Bearer TOKEN`, for a page of its own site."""

from collections.abc import Awaitable, Callable
from functools import wraps

from aiohttp import web

from bot.gateway.bodies import is_storable
from bot.gateway.house import HOUSE
from bot.gateway.origins import Handler, is_own_page, open_to_pages
from bot.gateway.refusals import Farewell, sent_away
from bot.store.conversations import Conversation, Gone, by_token
from bot.store.sites import Site

TOKEN_LENGTH = 512
Visited = Callable[[web.Request, Site, Conversation], Awaitable[web.StreamResponse]]


def open_to_visitors(handler: Handler) -> Handler:
    """As `open_to_pages`, and who is sent away is told so in an answer."""

    @open_to_pages
    @wraps(handler)
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Farewell as farewell:
            return sent_away(farewell)
        except Gone:
            return sent_away(Farewell(4401, "this conversation was forgotten"))

    return answer


def visitors_only(handler: Visited) -> Handler:
    """Lets in who holds a conversation's token; the handler is given their site and their conversation."""

    @open_to_visitors
    async def guarded(request: web.Request) -> web.StreamResponse:
        site, conversation = await who_asks(request)
        return await handler(request, site, conversation)

    return guarded


async def who_asks(request: web.Request) -> tuple[Site, Conversation]:
    """The conversation of the request's token. Farewell when there is none, or when the page is another site's."""
    token, house = token_of(request), request.app[HOUSE]
    if not token:
        raise Farewell(4401, "send `Authorization: Bearer TOKEN`, the token of your welcome, or connect with wss://")
    known = None
    if len(token) <= TOKEN_LENGTH and is_storable(token):
        known = await house.store.read(by_token, None, token, at=house.now())
    site = None if known is None else await house.site(known.site)
    if known is None or site is None:
        raise Farewell(4401, "this token is unknown, ended or revoked")
    if not is_own_page(request, site):
        raise Farewell(4403, "this page's origin is not one of the site's")
    return site, known


def token_of(request: web.Request) -> str:
    """What the request shows as its token; empty when it shows none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""
