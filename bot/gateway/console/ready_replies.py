"""The ready replies: their list, where they are written. In a conversation they are found by "/"."""

from dataclasses import dataclass, field

from aiohttp import web

from bot.gateway.console.ready_forms import given_wording, rows_of
from bot.gateway.frames import CONTROLS
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw, form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.interactions import Microseconds
from bot.ready_text import FIELDS
from bot.store import ready_replies as store
from bot.store.ready_replies import PAGE_OF_REPLIES, ReadyReply, Wording
from bot.store.sites import all_sites
from bot.store.staff import Member

AT = "/console/ready-replies"
ID = "{id:[A-Za-z0-9_-]{1,64}}"
STALE = "It was changed or deleted meanwhile, so nothing was changed. This is how it is now."
NOT_YOURS = "What all of the staff share is written by admins, so nothing was changed. You can make one of your own."
routes = web.RouteTableDef()


@dataclass(frozen=True)
class Draft:
    """What stands in a form that was refused: of which reply, or of a new one."""

    id: str = ""
    fields: dict[str, str] = field(default_factory=dict)


@routes.get(AT)
@only_for(Permission.CONVERSE)
async def show(request: web.Request, member: Member) -> web.Response:
    return await _page(request, member)


@routes.post(AT)
@only_for(Permission.CONVERSE)
async def create(request: web.Request, member: Member) -> web.Response:
    house, fields = request.app[HOUSE], await form(request)
    wording, problem = await _given(request, member, fields)
    if wording is None:
        return await _page(request, member, status=400, problem=problem, draft=Draft("", fields))
    if wording.owner is None and not may(member.role, Permission.WORD_REPLIES):
        return await _page(request, member, status=403, problem=NOT_YOURS, draft=Draft("", fields))
    if await house.store.write(store.create, wording, member.id, at=house.now()) is None:
        problem = f"There can be {store.OWN_AT_MOST} of your own and {store.SHARED_AT_MOST} shared. Delete one first."
        return await _page(request, member, status=409, problem=problem, draft=Draft("", fields))
    return redirect(AT)


@routes.post(f"{AT}/{ID}")
@only_for(Permission.CONVERSE)
async def change(request: web.Request, member: Member) -> web.Response:
    house, fields, known = request.app[HOUSE], await form(request), await _reply(request, member)
    was = fields.get("was", "")
    wording, problem = await _given(request, member, fields)
    if wording is None:
        return await _page(request, member, status=400, problem=problem, draft=Draft(known.id, fields))
    if None in (known.owner, wording.owner) and not may(member.role, Permission.WORD_REPLIES):
        return await _page(request, member, status=403, problem=NOT_YOURS)
    at = Microseconds(int(was) if was.isascii() and was.isdigit() and len(was) <= 18 else -1)
    if not await house.store.write(store.change, known.id, wording, member.id, was=at, at=house.now()):
        return await _page(request, member, status=409, problem=STALE)
    return redirect(AT)


@routes.post(f"{AT}/{ID}/delete")
@only_for(Permission.CONVERSE)
async def delete(request: web.Request, member: Member) -> web.Response:
    """One that is gone is deleted already."""
    house = request.app[HOUSE]
    known = await house.store.read(store.reply, member.id, request.match_info["id"])
    if known is not None:
        if known.owner is None and not may(member.role, Permission.WORD_REPLIES):
            return await _page(request, member, status=403, problem=NOT_YOURS)
        await house.store.write(store.remove, known.id)
    return redirect(AT)


async def _given(request: web.Request, member: Member, fields: dict[str, str]) -> tuple[Wording | None, str]:
    sites = {one.key for one in await request.app[HOUSE].store.read(all_sites)}
    return given_wording(fields, member.id, sites)


async def _reply(request: web.Request, member: Member) -> ReadyReply:
    found = await request.app[HOUSE].store.read(store.reply, member.id, request.match_info["id"])
    if found is None:
        raise web.HTTPNotFound
    return found


async def _page(
    request: web.Request, member: Member, *, status: int = 200, problem: str = "", draft: Draft | None = None
) -> web.Response:
    read, after = request.app[HOUSE].store.read, request.query.get("after")
    cursor = _after(after) if after else None
    if after and cursor is None:
        return refuse(request, 400, "There is no such page", f"Begin anew: {AT}", member=member)
    found = await read(store.replies_of, member.id, after=cursor)
    return draw(
        request,
        "console/ready_replies.html",
        member=member,
        status=status,
        replies=found,
        sites={one.key: one.name for one in await read(all_sites)},
        may_share=may(member.role, Permission.WORD_REPLIES),
        fields=FIELDS,
        rows_of=rows_of,
        problem=problem,
        draft=draft or Draft(),
        later=bool(after),
        older=f"{AT}?after={found[-1].uses}.{found[-1].id}" if len(found) == PAGE_OF_REPLIES else None,
    )


def _after(text: str) -> tuple[int, str] | None:
    uses, _, id = text.partition(".")
    if not (uses.isascii() and uses.isdigit() and len(uses) <= 9) or len(id) > 64 or CONTROLS.search(id):
        return None
    return int(uses), id
