"""The conversations behind a number of the score, fifty at a time; they open for who may read what visitors said."""

import re

from aiohttp import web

from bot.gateway.audit import listed
from bot.gateway.boards.asked import address_of, beside_part, part_of
from bot.gateway.boards.here import here
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw
from bot.gateway.sign_in import only_for
from bot.insights.conversations import BANDS, PAGE, conversations_between
from bot.store.staff import Member

routes = web.RouteTableDef()


@routes.get("/insights/conversations")
@only_for(Permission.MEASURE)
async def conversations_board(request: web.Request, member: Member) -> web.Response:
    band, page = _asked(request)
    found = await here(request, member)
    if isinstance(found, web.Response):
        return found
    if found.site is None:
        raise web.HTTPNotFound
    told = await conversations_between(request.app[HOUSE].store, found.key, *found.days, band, skip=page * PAGE)
    await listed(request, member, "conversations")
    wanted = address_of(found.site, found.window, score=f"{band[0]}-{band[1]}")
    return draw(
        request,
        "boards/conversations.html",
        **found.drawn_with(wanted),
        band=band,
        bands=BANDS,
        rows=told.rows,
        total=told.total,
        **beside_part(wanted, page, PAGE, told.total),
        may_read=may(member.role, Permission.CONVERSE),
    )


def _asked(request: web.Request) -> tuple[tuple[int, int], int]:
    """The lowest and the highest score, and the page; 404 for what there is not."""
    found = re.fullmatch("([0-9]{1,3})-([0-9]{1,3})", request.query.get("score", "0-100"))
    if found is None:
        raise web.HTTPNotFound
    return (int(found[1]), int(found[2])), part_of(request)
