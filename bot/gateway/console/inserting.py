"""Ready replies in a conversation: all that may be said there, filled with what is known of the visitor."""

from typing import Any
from uuid import UUID

from aiohttp import web

from bot.gateway.console.conversation import ID, Draft, conversation_of, page
from bot.gateway.console.ready_fields import known_of
from bot.gateway.console.visitor import about
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.screens import form
from bot.gateway.sign_in import only_for
from bot.ready_text import Filled, fill
from bot.store import ready_replies as store
from bot.store.conversations import Conversation
from bot.store.ready_replies import ReadyReply
from bot.store.staff import Member

AT = f"/console/conversations/{ID}"
routes = web.RouteTableDef()


@routes.get(f"{AT}/ready-replies")
@only_for(Permission.CONVERSE)
async def offer(request: web.Request, member: Member) -> web.Response:
    """For the list that "/" opens: [{id, name, text, missing}], the most used first."""
    known, house = await conversation_of(request), request.app[HOUSE]
    values = await known_of(house, known, await about(house, known), member)
    found = await house.store.read(store.offered, member.id, known.site)
    return web.json_response([_offered(one, fill(one.text_in(known.language), values)) for one in found])


@routes.post(f"{AT}/insert")
@only_for(Permission.CONVERSE)
async def insert(request: web.Request, member: Member) -> web.Response:
    """Puts one before what is written already, and changes nothing but the form."""
    known, given = await conversation_of(request), await form(request)
    draft = Draft(given.get("text", ""), given.get("kind") == "note", frame_of(given), given.get("ready", ""))
    chosen = await request.app[HOUSE].store.read(store.reply, member.id, given.get("choice", ""))
    if chosen is None:
        problem = "This ready reply is gone. Choose another."
        return await page(request, member, status=409, problem=problem, draft=draft)
    filled = await _filled(request, known, member, chosen)
    text = f"{filled.text}\n{draft.text}" if draft.text.strip() else filled.text
    return await page(request, member, problem=_told(filled), draft=Draft(text, draft.note, draft.frame, chosen.id))


async def _filled(request: web.Request, known: Conversation, member: Member, chosen: ReadyReply) -> Filled:
    house = request.app[HOUSE]
    values = await known_of(house, known, await about(house, known), member)
    return fill(chosen.text_in(known.language), values)


def _told(filled: Filled) -> str:
    if not filled.missing:
        return ""
    return f"Not known of this visitor: {', '.join(filled.missing)}. Fill it in where it stands before you send."


def _offered(one: ReadyReply, filled: Filled) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "text": filled.text, "problem": _told(filled)}


def frame_of(given: dict[str, str]) -> str:
    try:
        return str(UUID(given.get("id", "")))
    except ValueError as error:
        raise web.HTTPBadRequest from error
