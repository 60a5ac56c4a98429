"""Who is staff: adding people, their roles, disabling them, and a new password for who has lost theirs."""

import asyncio
from urllib.parse import urlencode

from aiohttp import web

from bot.conversation import Effect
from bot.errors import ConfigurationError
from bot.gateway.frames import CONTROLS, clean
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission, may
from bot.gateway.rooms import ROOMS
from bot.gateway.screens import draw, form, redirect
from bot.gateway.sign_in import only_for
from bot.store import people as store
from bot.store.people import PAGE_OF_PEOPLE, Changed, Refusal
from bot.store.staff import ROLES, Member, NewMember, add_member, hash_password, new_password

MAY = {
    "agent": "answers visitors",
    "marketer": "reads the insights, takes exports away",
    "admin": "does everything, decides who is staff",
}
SENTENCES = {
    Refusal.UNKNOWN: "There is no such member of the staff, so nothing was done.",
    Refusal.STALE: "Somebody changed this role meanwhile, so nothing was done. Below is how it is now.",
    Refusal.LAST_ADMIN: "This is the last admin, so nothing was done. Make somebody else an admin first.",
}
STATUS = {Refusal.UNKNOWN: 404}
routes = web.RouteTableDef()


@routes.get("/console/people")
@only_for(Permission.ADMINISTER)
async def people(request: web.Request, member: Member) -> web.Response:
    return await _page(request, member)


@routes.post("/console/people")
@only_for(Permission.ADMINISTER)
async def add(request: web.Request, member: Member) -> web.Response:
    """Adds somebody and shows their password, once: it is kept nowhere."""
    house, given = request.app[HOUSE], await form(request)
    name, role = clean(given.get("name", "")), given.get("role", "")
    password = new_password()
    hashed = await asyncio.to_thread(hash_password, password)
    try:
        new = await house.store.write(
            add_member, name, role, at=house.now(), by=member.id, password=(password, hashed)
        )  # fmt: skip
    except ConfigurationError as error:
        return await _page(request, member, status=400, problem=str(error), name=name)
    return await _page(request, member, new=new)


@routes.post("/console/people/role")
@only_for(Permission.ADMINISTER)
async def change_role(request: web.Request, member: Member) -> web.Response:
    house, given = request.app[HOUSE], await form(request)
    role, was = given.get("role", ""), given.get("was", "")
    if role not in ROLES or was not in ROLES:
        raise web.HTTPBadRequest
    leaves = not may(role, Permission.CONVERSE)
    done = await house.store.write(
        store.change_role, _id(given), role, was=was, leaves=leaves, at=house.now(), by=member.id
    )
    return await _done(request, member, done)


@routes.post("/console/people/{act:disable|enable}")
@only_for(Permission.ADMINISTER)
async def disable_or_enable(request: web.Request, member: Member) -> web.Response:
    house, given = request.app[HOUSE], await form(request)
    act = store.disable if request.match_info["act"] == "disable" else store.enable
    return await _done(request, member, await house.store.write(act, _id(given), at=house.now(), by=member.id))


@routes.post("/console/people/password")
@only_for(Permission.ADMINISTER)
async def give_password(request: web.Request, member: Member) -> web.Response:
    """A new password, shown once, for who has lost theirs."""
    house, given, password = request.app[HOUSE], await form(request), new_password()
    hashed = await asyncio.to_thread(hash_password, password)
    done = await house.store.write(store.give_password, _id(given), hashed, at=house.now(), by=member.id)
    if isinstance(done, Refusal):
        return await _done(request, member, done)
    found = done.member
    return await _page(request, member, new=NewMember(found.id, found.name, found.role, password, ""))


def _id(given: dict[str, str]) -> str:
    """Whose row it is. What can be no id is nobody's."""
    id = given.get("member", "")
    return "" if CONTROLS.search(id) or len(id) > 64 else id


async def _done(request: web.Request, member: Member, done: Changed | Refusal) -> web.Response:
    """Says why nothing was changed; else tells those whose conversations wait for another person now."""
    if isinstance(done, Refusal):
        return await _page(request, member, status=STATUS.get(done, 409), problem=SENTENCES[done])
    # Whatever was changed, they are signed in nowhere now.
    request.app[ROOMS].presence.left(done.member.id)
    for left in done.left:
        request.app[ROOMS].carry_out(left.conversation, left.effects)
    waiting = sum(Effect.TELL_STAFF in left.effects for left in done.left)
    return redirect(f"/console/people?{urlencode({'left': waiting})}" if waiting else "/console/people")


async def _page(
    request: web.Request,
    member: Member,
    *,
    status: int = 200,
    problem: str = "",
    name: str = "",
    new: NewMember | None = None,
) -> web.Response:
    """The list. `new` is whose password is shown, now and never again; `name` stands in the form again."""
    house, after = request.app[HOUSE], request.query.get("after", "")
    last_name, _, last_id = after.rpartition("~")
    if CONTROLS.search(after) or len(after) > 300:
        raise web.HTTPNotFound
    found = await house.store.read(store.people, at=house.now(), after=(last_name, last_id) if after else None)
    older = urlencode({"after": f"{found[-1].name}~{found[-1].id}"}) if len(found) == PAGE_OF_PEOPLE else ""
    left = request.query.get("left", "")
    return draw(
        request,
        "console/people.html",
        member=member,
        status=status,
        people=found,
        older=older,
        later=bool(after),
        roles=MAY,
        problem=problem,
        name=name,
        new=new,
        left=int(left) if left.isascii() and left.isdigit() and len(left) < 6 else 0,
    )
