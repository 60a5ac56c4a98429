"""The search over everything that was said, by visitors, the bot and the staff, however long ago."""

import asyncio
from urllib.parse import urlencode

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.console.naming import names_of
from bot.gateway.house import HOUSE
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.searching import marked, parse
from bot.store.audit import Act
from bot.store.queue import of_ids
from bot.store.search import Place, search
from bot.store.staff import Member

LONGEST = 200
routes = web.RouteTableDef()


@routes.get("/console/search")
@only_for("agent")
async def find(request: web.Request, member: Member) -> web.Response:
    """The conversations that have all the words, the latest first; each with the message that has them."""
    store, typed = request.app[HOUSE].store, request.query.get("q", "")[:LONGEST]
    after = request.query.get("after")
    place = _place(after) if after else None
    if after and place is None:
        sentence = "This address begins in the middle of what was found, but not where it can. Search again."
        return refuse(request, 400, "There is no such page", sentence, member=member)
    sought = parse(typed)
    hits, next_page = await store.read(search, sought, after=place)
    lines = {line.id: line for line in await store.read(of_ids, [hit.conversation for hit in hits])}
    if sought.terms:
        await audited(request, member, Act.SEARCHED, "search")
    # Fifty long messages take longer than what may run beside the chat.
    pieces = await asyncio.to_thread(lambda: [marked(hit.text, sought) for hit in hits])
    shown = zip(hits, pieces, strict=True)
    found = [(lines[hit.conversation], hit, told) for hit, told in shown if hit.conversation in lines]
    more = {} if next_page is None else {"q": typed, "after": f"{next_page.top}.{next_page.below}"}
    return draw(
        request,
        "console/search.html",
        member=member,
        typed=typed,
        is_asked=bool(sought.terms),
        found=found,
        who=await names_of(request, lines.values()),
        later=bool(after),
        first=f"/console/search?{urlencode({'q': typed})}",
        older=f"/console/search?{urlencode(more)}" if more else None,
    )


def _place(text: str) -> Place | None:
    top, _, below = text.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in (top, below)):
        return None
    return Place(int(top), int(below))
