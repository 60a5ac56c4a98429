"""Who tries to get in as somebody else: planted cookies, guessed names, accounts that are no more."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from argon2 import Type, extract_parameters

from bot.store import staff
from bot.store.people import disable
from bot.store.staff import NewMember, by_name
from tests.cast import MAYA, at
from tests.conftest import SHIPPED_HASHER
from tests.gateway.front_office import Browser, Office

PLANTED = "planted-by-somebody-else"


@pytest.fixture
async def anybody(server: TestServer) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        yield browser


async def sign_in(browser: Browser, name: str, password: str, **headers: str) -> tuple[int, str]:
    page = await browser.post("/console/sign-in", {"name": name, "password": password}, **headers)
    return page.status, page.text.replace(name, "NAME")


async def test_a_planted_cookie_never_becomes_a_sign_in(anybody: Browser, server: TestServer, dana: NewMember) -> None:
    fields = {"name": dana.name, "password": dana.password}

    page = await anybody.post("/console/sign-in", fields, Cookie=f"duologue={PLANTED}")

    assert page.status == 303
    assert PLANTED not in page.headers["Set-Cookie"]
    async with Browser(server) as attacker:
        assert (await attacker.get("/console", Cookie=f"duologue={PLANTED}")).status == 303


async def test_the_attackers_own_sign_in_is_not_taken_over(
    anybody: Browser, server: TestServer, office: Office, dana: NewMember
) -> None:
    maya = await office.hire(MAYA)
    async with Browser(server) as attacker:
        mine = (await attacker.sign_in(maya)).headers["Set-Cookie"].split(";")[0]

        page = await anybody.post(
            "/console/sign-in", {"name": dana.name, "password": dana.password}, Cookie=mine
        )  # fmt: skip

        assert page.status == 303
        assert mine not in page.headers["Set-Cookie"]
        assert (await attacker.get("/console/me", Cookie=mine)).status == 303


@pytest.mark.parametrize(("wanted", "shown"), [("/console", "/insights"), ("/console/live", "/console/live")])
async def test_a_marketer_who_came_by_the_consoles_door_is_shown_the_figures(
    anybody: Browser, office: Office, wanted: str, shown: str
) -> None:
    maya = await office.hire(MAYA)

    page = await anybody.post(
        "/console/sign-in", {"name": maya.name, "password": maya.password, "next": wanted}
    )  # fmt: skip

    assert (page.status, page.headers["Location"]) == (303, shown)


async def test_wrong_unknown_and_disabled_are_refused_in_the_same_words(
    anybody: Browser, office: Office, dana: NewMember
) -> None:
    maya = await office.hire(MAYA)
    await office.store.write(disable, maya.id, at=at(), by=None)

    refused = [await sign_in(anybody, name, "guessed") for name in (dana.name, maya.name, "Nobody")]

    assert refused[0][0] == 403
    assert refused[0] == refused[1] == refused[2]


async def test_an_unknown_name_is_checked_at_the_same_cost(office: Office, dana: NewMember) -> None:
    found = await office.store.read(by_name, dana.name)
    assert found is not None

    nobodys = staff._nobody()

    assert extract_parameters(nobodys) == extract_parameters(found[1])
    assert not staff.is_password_of(None, "")
    assert staff._nobody() == nobodys


def test_passwords_are_kept_as_rfc_9106_recommends():
    shipped = extract_parameters(SHIPPED_HASHER.hash("any"))

    assert (shipped.type, shipped.time_cost, shipped.memory_cost, shipped.parallelism) == (Type.ID, 3, 65_536, 4)


@pytest.mark.parametrize("act", ["take", "give-back", "resolve", "ours", "theirs", "messages"])
async def test_a_marketer_who_posts_an_act_changes_nothing(anybody: Browser, office: Office, act: str) -> None:
    known = await office.conversation("Hello")
    await anybody.is_signed_in(office, await office.hire(MAYA))

    page = await anybody.post(f"/console/conversations/{known.id}/{act}", {"kind": "reply", "text": "Hi"})

    assert page.status == 403
    assert "You are signed in as Maya with the role marketer" in page.words
    assert office.rooms.told == [] and office.rooms.shown == []


async def test_the_role_is_read_anew_at_every_request(anybody: Browser, office: Office, dana: NewMember) -> None:
    await anybody.is_signed_in(office, dana)

    await office.store.write(
        lambda connection: connection.exec_driver_sql("UPDATE staff SET role = 'marketer'")
    )  # fmt: skip

    assert (await anybody.get("/console")).status == 403


@pytest.mark.parametrize("cookie", ["", "x" * 64, "'; DROP TABLE sign_ins; --", "a" * 65, "\x80\xff", "..%2f"])
async def test_a_made_up_secret_is_nobodys_everywhere(anybody: Browser, cookie: str) -> None:
    for path in ("/console/me", "/console/people", "/console/audit.csv", "/insights"):
        assert (await anybody.get(path, Cookie=f"duologue={cookie}")).status == 303
