"""Who may do what: every address of the staff tried by every role, and a door that declares nothing."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.errors import ConfigurationError
from bot.gateway.house import now
from bot.gateway.rights import CALLS, PAGES, TABLE, Permission, may, named, need_of, refuse_undeclared
from bot.gateway.sign_in import only_for
from bot.gateway.staff import staff_only
from bot.store.staff import ROLES, Member, NewMember, add_member, sign_in, sign_out
from bot.store.store import Store

Client = TestClient[Any, web.Application]
NOBODY, REVOKED = "nobody", "revoked"
IN, SIGN_IN, REFUSED = "let in", "asked to sign in", "refused"
PINNED = {
    ("GET", "/console"): "agent admin",
    ("POST", "/console/conversations/{id}/{act}"): "agent admin",
    ("POST", "/console/conversations/{id}/messages"): "agent admin",
    ("GET", "/console/files/{id}"): "agent admin",
    ("GET", "/insights"): "marketer admin",
    ("GET", "/insights/export/{kind}"): "marketer admin",
    ("GET", "/console/sign-in"): "nobody revoked agent marketer admin",
    ("GET", "/v1/staff/conversations"): "agent admin",
    ("POST", "/v1/staff/conversations/{id}/messages"): "agent admin",
    ("GET", "/v1/staff/files/{id}"): "agent admin",
    ("GET", "/v1/staff/profiles/{id}"): "agent marketer admin",
    ("GET", "/v1/staff/exports/{kind}"): "marketer admin",
}
"""What the issue promises; the others are compared with what they declare."""


@dataclass(frozen=True)
class Door:
    method: str
    route: str
    path: str
    needs: Permission | None


def doors_of(app: web.Application) -> Iterator[Door]:
    """Every method and address under the staff's, with each word that its pattern names; ids are nobody's."""
    for route in app.router.routes():
        assert route.resource is not None
        canonical = route.resource.canonical
        if not canonical.startswith((*PAGES, *CALLS)):
            continue
        need = need_of(route.handler)
        assert need is not None
        pattern = route.resource.get_info().get("pattern", re.compile("")).pattern
        names = re.findall(r"{(\w+)}", canonical)
        for values in product(*(words_of(pattern, name) for name in names)):
            path = canonical.format_map(dict(zip(names, values, strict=True)))
            yield Door(route.method, canonical, path, need.permission)


def words_of(pattern: str, name: str) -> list[str]:
    """The words of an alternation, else one that may be an id."""
    part = re.search(rf"\(\?P<{name}>([^)]*)\)", pattern)
    written = part.group(1).replace("\\-", "-") if part else ""
    return written.split("|") if re.fullmatch(r"[a-z|-]+", written) else ["nobodys"]


class People:
    """One of each role, by their cookies and tokens."""

    def __init__(self, client: Client, members: dict[str, NewMember], cookies: dict[str, str]) -> None:
        self.client, self.members, self.cookies = client, members, cookies
        self.origin = str(client.make_url("")).rstrip("/")

    async def try_door(self, door: Door, who: str) -> str:
        headers = {"Origin": self.origin}
        if door.route.startswith(PAGES) and who in self.cookies:
            headers["Cookie"] = f"duologue={self.cookies[who]}"
        if door.route.startswith(CALLS) and who in self.members:
            headers["Authorization"] = f"Bearer {self.members[who].token}"
        async with self.client.request(door.method, door.path, headers=headers, allow_redirects=False) as answer:
            # Some answers are files.
            told = await answer.text(errors="replace")
            assert answer.status < 500, (door, who, told)
            if answer.status == 401 or "/console/sign-in?next=" in answer.headers.get("Location", ""):
                return SIGN_IN
            # Of HEAD there is nothing to read but the status.
            refused = answer.status == 403 and (not told or "Not for your role" in told or '"not_allowed"' in told)
            return REFUSED if refused else IN


@pytest.fixture
async def people(client: Client, store: Store) -> AsyncIterator[People]:
    members = {role: await store.write(add_member, role.title(), role, at=now()) for role in ROLES}
    cookies = {role: await store.write(sign_in, member, at=now()) for role, member in members.items()}
    cookies[REVOKED] = await store.write(sign_in, members["admin"], at=now())
    await store.write(sign_out, cookies[REVOKED])
    yield People(client, members, cookies)


def expected(door: Door, who: str) -> str:
    if (door.method, door.route) in PINNED:
        allowed = who in PINNED[door.method, door.route].split()
    else:
        allowed = door.needs is None or (who in ROLES and may(who, door.needs))
    return IN if allowed else REFUSED if who in ROLES else SIGN_IN


async def test_every_role_gets_through_its_own_doors_and_through_no_other(people: People, client: Client):
    assert client.app is not None
    cells = [(door, who) for door in doors_of(client.app) for who in (NOBODY, REVOKED, *ROLES)]

    # Signing out would end who comes after, so it is tried last.
    cells.sort(key=lambda cell: cell[0].path == "/console/sign-out")
    wrong = [
        (door.method, door.path, who, found)
        for door, who in cells
        if (found := await people.try_door(door, who)) != expected(door, who)
    ]

    assert wrong == []
    assert len(cells) > 100
    assert set(PINNED) <= {(door.method, door.route) for door, _ in cells}


async def test_a_token_opens_no_page_and_a_cookie_no_call(people: People, client: Client):
    bearer = {"Authorization": f"Bearer {people.members['admin'].token}"}
    cookie = {"Cookie": f"duologue={people.cookies['admin']}"}

    page = await client.get("/console", headers=bearer, allow_redirects=False)
    call = await client.get("/v1/staff/conversations", headers=cookie)

    assert (page.status, call.status) == (303, 401)


@pytest.mark.parametrize(
    "path",
    ["/console/../insights", "//insights", "/insights/", "/%69nsights", "/insights;x", "/console/%2e%2e/insights",
     "/INSIGHTS", "/insights%00", "/insights/pages/", "/v1/staff/../staff/exports/x"],
)  # fmt: skip
async def test_no_spelling_of_an_address_gets_around_the_door(people: People, client: Client, path: str):
    # Written by hand: every client tidies an address up before it asks.
    reader, writer = await asyncio.open_connection(client.host, client.port)
    cookie = f"Cookie: duologue={people.cookies['agent']}"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{cookie}\r\n\r\n".encode())

    told = (await reader.read()).decode()

    writer.close()
    assert told.split()[1] in ("400", "401", "403", "404"), told


FOREIGN: tuple[dict[str, str], ...] = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
)


async def test_no_form_of_a_foreign_page_gets_through_any_door(people: People, client: Client):
    assert client.app is not None
    doors = [
        door for door in doors_of(client.app) if door.route.startswith(PAGES) and door.method not in ("GET", "HEAD")
    ]
    cookie = {"Cookie": f"duologue={people.cookies['admin']}"}

    let_in = []
    for door, foreign in product(doors, FOREIGN):
        async with client.request(door.method, door.path, headers=cookie | foreign, allow_redirects=False) as answer:
            if answer.status != 403 or "This form is not ours" not in await answer.text():
                let_in.append((door.path, foreign))

    assert let_in == []
    assert len(doors) > 10


async def test_nothing_is_changed_by_reading(people: People, client: Client):
    """A link can't do what a form does: else a picture in a message could."""
    assert client.app is not None
    posted = {door.path for door in doors_of(client.app) if door.method == "POST"}
    read = {door.path for door in doors_of(client.app) if door.method == "GET"}
    cookie = {"Cookie": f"duologue={people.cookies['admin']}"}

    wrong = []
    for path in sorted(posted - read):
        async with client.get(path, headers=cookie, allow_redirects=False) as answer:
            if answer.status not in (404, 405):
                wrong.append((path, answer.status))

    assert wrong == []


def test_every_permission_has_its_roles_and_every_admin_has_all():
    assert set(TABLE) == set(Permission)
    assert all(roles <= set(ROLES) and "admin" in roles for roles in TABLE.values())


def test_doors_may_name_roles_where_the_table_knows_what_they_mean():
    assert named("agent") is named("agent", "admin") is Permission.CONVERSE
    assert named("marketer", "agent") is Permission.KNOW_PEOPLE
    assert named("admin") is Permission.ADMINISTER
    assert named(Permission.MEASURE) is Permission.MEASURE


@pytest.mark.parametrize("roles", [("king",), (), ("agent", "king")])
def test_a_role_that_is_none_is_refused_when_the_door_is_made(roles: tuple[str, ...]):
    with pytest.raises(ConfigurationError, match="No permission"):
        only_for(*roles)


async def anything(request: web.Request) -> web.Response:
    return web.Response()


async def page(request: web.Request, member: Member) -> web.StreamResponse:
    return web.Response()


@pytest.mark.parametrize("path", ["/console", "/console/x", "/console/{id}", "/insights/y", "/v1/staff/z"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_door_that_declares_nothing_keeps_the_gateway_from_starting(path: str, method: str):
    app = web.Application()
    app.router.add_route(method, path, anything)

    with pytest.raises(ConfigurationError, match=f"{method} {path} does not say whom it lets in"):
        refuse_undeclared(app)


@pytest.mark.parametrize(
    ("path", "door"),
    [("/anywhere", only_for("agent")), ("/v1/staff/x", only_for("agent")), ("/console/x", staff_only("agent"))],
)
def test_a_door_where_its_guard_does_not_reach_keeps_the_gateway_from_starting(path: str, door: Any):
    app = web.Application()
    app.router.add_post(path, door(page))

    with pytest.raises(ConfigurationError, match="is guarded for addresses under"):
        refuse_undeclared(app)


def test_a_guard_that_another_one_hides_is_no_guard():
    app, guarded = web.Application(), only_for("agent")(page)

    async def hiding(request: web.Request) -> web.StreamResponse:
        return await guarded(request)

    app.router.add_get("/console/x", hiding)

    with pytest.raises(ConfigurationError, match="does not say"):
        refuse_undeclared(app)
