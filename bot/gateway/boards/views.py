"""Views of the dashboard under a name, one's own or for all: an address that is kept, such as that of the last week."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web

from bot.gateway.bodies import is_storable
from bot.gateway.frames import clean
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.screens import form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.insights.segments import BY
from bot.store import saved_views
from bot.store.console_tables import board_views
from bot.store.staff import Member

KEPT = ("site", "since", "until", "window", "against", "by", *BY, "who", "sort")
"""What of an address is kept: nothing that names a person, and not the page of a list."""
BOARD = re.compile(r"/insights(/(people|pages|lift|profiles|value))?", re.ASCII)
LONGEST = 4_000
routes = web.RouteTableDef()


@routes.post("/insights/views")
@only_for(Permission.MEASURE)
async def save_view(request: web.Request, member: Member) -> web.Response:
    """Keeps what the board shows under a name; the same name again keeps the new one."""
    given, house = await form(request), request.app[HOUSE]
    name, address = clean(given.get("name", "")), own_address(given.get("address", ""))
    if not name or len(name) > saved_views.NAME_LENGTH:
        sentence = f"Give the view a name of 1 to {saved_views.NAME_LENGTH} characters. Go back to do so."
        return refuse(request, 400, "The view is not saved", sentence, member=member)
    kept = await house.store.write(
        saved_views.save, member.id, name, address, shared="shared" in given, at=house.now(), of=board_views
    )
    if not kept:
        sentence = f"You have {saved_views.VIEWS_AT_MOST} views, which is all one can have. Delete one first."
        return refuse(request, 409, "The view is not saved", sentence, member=member)
    return redirect(address)


@routes.post("/insights/views/{id:[A-Za-z0-9_-]{1,64}}/delete")
@only_for(Permission.MEASURE)
async def delete_view(request: web.Request, member: Member) -> web.Response:
    """Deletes one's own view. That of a colleague stays, and one that is gone is deleted already."""
    address = own_address((await form(request)).get("address", ""))
    await request.app[HOUSE].store.write(saved_views.drop, member.id, request.match_info["id"], of=board_views)
    return redirect(address)


async def views_of(request: web.Request, member: Member) -> dict[str, Any]:
    """What `boards/views.html` shows: the views, and the address that can be kept."""
    views = await request.app[HOUSE].store.read(saved_views.views_of, member.id, of=board_views)
    return {"views": views, "address": own_address(request.path_qs)}


def own_address(text: str) -> str:
    """Of what a form says was the address of a board: only what boards know, in the order of KEPT."""
    try:
        parts = urlsplit(text[:LONGEST])
    except ValueError:
        return "/insights"
    path = parts.path if BOARD.fullmatch(parts.path) and not parts.netloc else "/insights"
    given = {name: value for name, value in parse_qsl(parts.query) if is_storable(value)}
    query = urlencode({name: given[name] for name in KEPT if name in given})
    return f"{path}?{query}" if query else path
