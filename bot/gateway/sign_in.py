"""Who looks at the pages for the staff: signing in by name and password, signing out, and what each role may see."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.gateway.afterwards import afterwards
from bot.gateway.bodies import storable
from bot.gateway.frames import CONTROLS, clean
from bot.gateway.house import HOUSE
from bot.gateway.pace import Pace
from bot.gateway.rights import PAGES, Permission, declare, may, named, open_to_anybody
from bot.gateway.rooms import ROOMS
from bot.gateway.screens import Handler, draw, form, redirect, refuse
from bot.settings import Settings
from bot.store import staff as store
from bot.store.sign_ins import SignIn, find_sign_in, note_use
from bot.store.staff import Member
from bot.store.store import Store

NAME_TRIES, ADDRESS_TRIES = 5, 20
"""A minute. An office shares one address."""
PACES = 10_000
NAME_LENGTH = 200
WRONG = "That name and password don't belong together."
DISABLED = "You can't sign in any more: an admin has disabled your account. Ask them if that is wrong."
TOO_MANY = "Too many tries. Wait a minute, then try again."
# Only pages of ours, written plainly: `//elsewhere`, `/\elsewhere` and the like lead away.
OWN_PAGE = re.compile(r"/(console|insights)(/[\w/.-]*)?(\?[\w=&.-]*)?", re.ASCII)
TOKEN = re.compile(r"[\w-]{1,64}", re.ASCII)
MemberHandler = Callable[[web.Request, Member], Awaitable[web.StreamResponse]]
routes = web.RouteTableDef()


class Tries:
    """How often somebody may try: so often by name, so often from one address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paces: OrderedDict[tuple[str, str], Pace] = OrderedDict()
        # Argon2 is slow on purpose: who guesses gets one of the store's threads, not all of them.
        self.one_at_a_time = asyncio.Semaphore(1)

    def allow(self, name: str, address: str) -> bool:
        by_address = self._pace("address", address, ADDRESS_TRIES).take()
        return self._pace("name", name.casefold(), NAME_TRIES).take() and by_address

    def _pace(self, kind: str, who: str, a_minute: int) -> Pace:
        pace = self._paces.pop((kind, who), None)
        if pace is None:
            pace = Pace(burst=a_minute, per_second=a_minute / 60, clock=self._clock)
        self._paces[kind, who] = pace
        if len(self._paces) > PACES:
            self._paces.popitem(last=False)
        return pace


_tries: WeakKeyDictionary[Store, Tries] = WeakKeyDictionary()


def tries_of(request: web.Request) -> Tries:
    return tries_of_store(request.app[HOUSE].store)


def tries_of_store(store: Store) -> Tries:
    return _tries.setdefault(store, Tries())


def only_for(*wanted: Permission | str) -> Callable[[MemberHandler], Handler]:
    """Lets in who is signed in and has the permission: `@only_for(Permission.CONVERSE)`.

    Roles may be named instead where the table has a permission for them: `only_for("agent")` is CONVERSE,
    `only_for("admin")` is ADMINISTER. It declares the page to `rights.refuse_undeclared`, so it comes last, right
    below the route.
    """
    permission = named(*wanted)

    def guard(handler: MemberHandler) -> Handler:
        @wraps(handler)
        async def guarded(request: web.Request) -> web.StreamResponse:
            member = await _member_here(request)
            if member is None:
                # What was posted is lost, so the way back is the page that it was posted from.
                back = request.path_qs if request.method in ("GET", "HEAD") else request.path.rpartition("/")[0]
                return redirect(f"/console/sign-in?{urlencode({'next': back})}")
            if not may(member.role, permission):
                sentence = f"You are signed in as {member.name} with the role {member.role}; this page is not for it."
                return refuse(request, 403, "Not for your role", sentence, member=member)
            # Who reads the figures is not there to answer.
            if permission is Permission.CONVERSE:
                request.app[ROOMS].presence.seen(member.id, request.app[HOUSE].now())
            return await handler(request, member)

        return declare(guarded, permission, under=PAGES)

    return guard


@routes.get("/console/sign-in")
@open_to_anybody
async def sign_in_page(request: web.Request) -> web.Response:
    member, onward = await _member(request), own_page(request.query.get("next"))
    if member is not None:
        return redirect(_onward(onward, member))
    return _page(request, onward=onward)


@routes.post("/console/sign-in")
@open_to_anybody
async def sign_in(request: web.Request) -> web.Response:
    house, given = request.app[HOUSE], await form(request)
    # Cut first: the tries of a name are remembered, and a name may be as long as a form.
    name, onward = given.get("name", "").strip()[: NAME_LENGTH + 1], own_page(given.get("next"))
    tries = tries_of(request)
    if not tries.allow(name, request.remote or ""):
        return _page(request, 429, TOO_MANY, name=name, onward=onward)
    # A name that can't be one is checked all the same: it takes as long, and is refused in the same words.
    possible = len(name) <= NAME_LENGTH and not CONTROLS.search(name)
    async with tries.one_at_a_time:
        found = await house.store.read(store.by_name, name if possible else "")
        right = await asyncio.to_thread(store.is_password_of, found, given.get("password", "")[:1_000])
    if found is None or not right:
        return _page(request, 403, WRONG, name=name, onward=onward)
    await _end_sign_in(request)
    member, _ = found
    token = await house.store.write(store.sign_in, member, at=house.now(), agent=agent_of(request))
    if token is None:
        return _page(request, 403, DISABLED, name=name, onward=onward)
    return with_cookie(request, redirect(_onward(onward, member)), token)


def with_cookie(request: web.Request, response: web.Response, token: str) -> web.Response:
    """The response that makes this browser the one that is signed in by this secret."""
    settings = request.app[HOUSE].settings
    response.set_cookie(
        _cookie(settings),
        token,
        max_age=store.SIGNED_IN_FOR_US // 1_000_000,
        path="/",
        httponly=True,
        # Lax, not Strict: a link to a conversation in a mail has to find one signed in. It gives nothing away:
        # reading changes nothing here, and what is posted has to come from a page of ours.
        samesite="Lax",
        secure=_is_https(settings),
    )
    return response


@routes.post("/console/sign-out")
@open_to_anybody
async def sign_out(request: web.Request) -> web.Response:
    await _end_sign_in(request)
    response = redirect("/console/sign-in")
    settings = request.app[HOUSE].settings
    response.del_cookie(_cookie(settings), path="/", httponly=True, samesite="Lax", secure=_is_https(settings))
    return response


def _page(
    request: web.Request, status: int = 200, problem: str = "", *, name: str = "", onward: str | None = None
) -> web.Response:
    response = draw(request, "sign_in.html", status=status, problem=problem, name=name, onward=onward or "")
    if status == 429:
        response.headers["Retry-After"] = "60"
    return response


async def _member(request: web.Request) -> Member | None:
    house, token = request.app[HOUSE], token_of(request)
    return None if token is None else await house.store.read(store.signed_in, token, at=house.now())


async def _member_here(request: web.Request) -> Member | None:
    """As `_member`, and keeps when the sign-in was used."""
    found, house = await sign_in_here(request), request.app[HOUSE]
    if found is None:
        return None
    member, sign_in = found
    if sign_in.is_to_be_noted(house.now()):
        afterwards("the use of a sign-in", house.store.write(note_use, sign_in.id, at=house.now()))
    return member


async def sign_in_here(request: web.Request) -> tuple[Member, SignIn] | None:
    """Who is signed in in this browser, and by which of their sign-ins."""
    house, token = request.app[HOUSE], token_of(request)
    return None if token is None else await house.store.read(find_sign_in, token, at=house.now())


async def _end_sign_in(request: web.Request) -> None:
    if (token := token_of(request)) is not None:
        await request.app[HOUSE].store.write(store.sign_out, token)


def agent_of(request: web.Request) -> str:
    """The browser, as it calls itself."""
    return clean(storable(request.headers.get("User-Agent", "")))


def token_of(request: web.Request) -> str | None:
    """The secret in the request's cookie, whether or not it is a sign-in's."""
    token = request.cookies.get(_cookie(request.app[HOUSE].settings), "")
    return token if TOKEN.fullmatch(token) else None


def _cookie(settings: Settings) -> str:
    """Over https browsers keep a `__Host-` cookie to this very host: no sibling of it can set or shadow it."""
    return "__Host-duologue" if _is_https(settings) else "duologue"


def _is_https(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def own_page(path: str | None) -> str | None:
    """The path when it is a page for the staff, else None."""
    return path if path is not None and OWN_PAGE.fullmatch(path) else None


def _onward(wanted: str | None, member: Member) -> str:
    """Where they wanted to; who came by the console's door is shown what there is for their role."""
    if wanted is not None and wanted != "/console":
        return wanted
    return "/insights" if member.role == "marketer" else "/console"
