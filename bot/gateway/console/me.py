"""One's own page: where one is signed in, and one's password. What one chooses for oneself belongs here too."""

import asyncio

from aiohttp import web

from bot.gateway.console.browsers import in_words
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.screens import draw, form, redirect
from bot.gateway.sign_in import TOO_MANY, agent_of, only_for, sign_in_here, tries_of, with_cookie
from bot.store import staff as store
from bot.store.people import change_own_password
from bot.store.sign_ins import end_other_sign_ins, end_sign_in, sign_ins_of
from bot.store.staff import Member

SHORTEST, LONGEST, DIFFERENT = 10, 1_000, 5
"""Characters of a password; so many of them different."""
NOTICES = {
    "password": "Your password is changed. Everywhere but here you are signed out.",
    "others": "Everywhere but here you are signed out.",
    "one": "That browser is signed out.",
}
ENDED = "That browser was signed out already, so nothing was done."
routes = web.RouteTableDef()


@routes.get("/console/me")
@only_for(Permission.BE_STAFF)
async def me(request: web.Request, member: Member) -> web.Response:
    return await _page(request, member, notice=NOTICES.get(request.query.get("done", ""), ""))


@routes.post("/console/me/sign-ins")
@only_for(Permission.BE_STAFF)
async def end(request: web.Request, member: Member) -> web.Response:
    """Ends one of one's own sign-ins, or all but this one."""
    house, which = request.app[HOUSE], (await form(request)).get("end", "")
    here = await sign_in_here(request)
    if which == "others" and here is not None:
        await house.store.write(end_other_sign_ins, member.id, here[1].id, at=house.now())
        return redirect("/console/me?done=others")
    known = {one.id for one in await house.store.read(sign_ins_of, member.id, at=house.now())}
    if which not in known or not await house.store.write(end_sign_in, member.id, which, at=house.now()):
        return await _page(request, member, status=409, problem=ENDED)
    return redirect("/console/me?done=one")


@routes.post("/console/me/password")
@only_for(Permission.BE_STAFF)
async def change_password(request: web.Request, member: Member) -> web.Response:
    house, given, tries = request.app[HOUSE], await form(request), tries_of(request)
    new = given.get("new", "")
    if (problem := too_weak(new, member.name)) is not None:
        return await _page(request, member, status=400, wrong=problem)
    if not tries.allow(member.name, request.remote or ""):
        return await _page(request, member, status=429, wrong=TOO_MANY)
    async with tries.one_at_a_time:
        found = await house.store.read(store.by_name, member.name)
        if found is None or not await asyncio.to_thread(store.is_password_of, found, given.get("now", "")[:LONGEST]):
            return await _page(request, member, status=403, wrong="Your password now is another one. Nothing changed.")
        hashed = await asyncio.to_thread(store.hash_password, new)
    secret = await house.store.write(
        change_own_password, member, hashed, was=found[1], agent=agent_of(request), at=house.now()
    )
    if secret is None:
        return await _page(request, member, status=409, wrong="Your password was changed meanwhile. Sign in anew.")
    return with_cookie(request, redirect("/console/me?done=password"), secret)


def too_weak(password: str, name: str) -> str | None:
    """What is wrong with it, or None. Long is what makes one strong; rules about signs make people write them down."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"A password has {SHORTEST} characters or more; a few words in a row are easy to keep in mind."
    if len(set(password)) < DIFFERENT:
        return f"Use at least {DIFFERENT} different characters."
    return "Leave your name out of it." if name.casefold() in password.casefold() else None


async def _page(
    request: web.Request, member: Member, *, status: int = 200, notice: str = "", problem: str = "", wrong: str = ""
) -> web.Response:
    """`problem` is about the sign-ins, `wrong` about the password."""
    house, here = request.app[HOUSE], await sign_in_here(request)
    listed = await house.store.read(sign_ins_of, member.id, at=house.now())
    return draw(
        request,
        "console/me.html",
        member=member,
        status=status,
        notice=notice,
        problem=problem,
        wrong=wrong,
        here=None if here is None else here[1].id,
        sign_ins=[(one, in_words(one.agent)) for one in listed],
        shortest=SHORTEST,
    )
