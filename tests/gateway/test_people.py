"""The page where an admin decides who is staff, and what becomes of whom it concerns."""

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from bot.conversation import Effect
from bot.store.conversations import find
from bot.store.people import PAGE_OF_PEOPLE, disable
from bot.store.people import people as listed
from bot.store.staff import NewMember, add_member, by_name, by_token, is_password_of, take
from tests.cast import Person, at
from tests.gateway.front_office import Browser, Office

ADA = Person("Ada", "ada@shop.example", role="admin")
EVIL = "<script>alert('x')</script>"


@pytest.fixture
async def ada(office: Office) -> NewMember:
    return await office.hire(ADA)


@pytest.fixture
async def adas(server: TestServer, office: Office, ada: NewMember) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, ada)
        yield browser


def password_in(text: str) -> str:
    found = re.search(r"<code>([^<]+)</code>", text)
    assert found is not None
    return found.group(1)


async def roles(office: Office) -> dict[str, str]:
    return {one.name: one.role for one in await office.store.read(listed, at=at())}


class TestAdding:
    async def test_their_password_is_shown_once_and_opens_the_console(
        self, adas: Browser, office: Office, server: TestServer
    ) -> None:
        page = await adas.post("/console/people", {"name": " Lena ", "role": "agent"})

        password = password_in(page.text)
        assert page.headers["Cache-Control"] == "no-store"
        assert is_password_of(await office.store.read(by_name, "Lena"), password)
        assert password not in (await adas.get("/console/people")).text

    async def test_the_same_press_again_adds_nobody_and_says_so(self, adas: Browser, office: Office) -> None:
        await adas.post("/console/people", {"name": "Lena", "role": "agent"})

        again = await adas.post("/console/people", {"name": "Lena", "role": "agent"})

        assert again.status == 400
        assert "named Lena already" in again.words
        assert "<code>" not in again.text

    @pytest.mark.parametrize(
        ("name", "role", "told"),
        [
            ("", "agent", "empty"),
            (" \x00 ", "agent", "empty"),
            ("x" * 201, "agent", "too long"),
            ("Lena", "king", "king"),
        ],
    )
    async def test_what_is_nobody_is_refused_and_kept_in_the_form(
        self, adas: Browser, office: Office, name: str, role: str, told: str
    ) -> None:
        page = await adas.post("/console/people", {"name": name, "role": role})

        assert page.status == 400
        assert told in page.words
        assert set(await roles(office)) == {"Ada"}

    async def test_a_name_is_text(self, adas: Browser) -> None:
        page = await adas.post("/console/people", {"name": EVIL, "role": "agent"})

        assert page.status == 200
        assert EVIL not in page.text and EVIL not in (await adas.get("/console/people")).text


class TestRoles:
    async def test_another_role_signs_them_out_and_lets_them_do_other_things(
        self, adas: Browser, danas: Browser, office: Office, dana: NewMember
    ) -> None:
        page = await adas.post("/console/people/role", {"member": dana.id, "role": "marketer", "was": "agent"})

        assert page.location == "/console/people"
        assert (await danas.get("/console")).location.startswith("/console/sign-in")
        assert await roles(office) == {"Ada": "admin", "Dana": "marketer"}

    async def test_a_page_from_before_somebody_else_changed_it_changes_nothing(
        self, adas: Browser, office: Office, dana: NewMember
    ) -> None:
        await adas.post("/console/people/role", {"member": dana.id, "role": "marketer", "was": "agent"})

        page = await adas.post("/console/people/role", {"member": dana.id, "role": "admin", "was": "agent"})

        assert page.status == 409
        assert "meanwhile, so nothing was done" in page.words
        assert (await roles(office))["Dana"] == "marketer"

    async def test_the_last_admin_stays_one(self, adas: Browser, office: Office, ada: NewMember) -> None:
        for path, fields in (("role", {"role": "agent", "was": "admin"}), ("disable", {})):
            page = await adas.post(f"/console/people/{path}", {"member": ada.id} | fields)

            assert page.status == 409
            assert "the last admin, so nothing was done" in page.words
        assert (await adas.get("/console/people")).status == 200

    async def test_a_role_that_is_none_is_refused(self, adas: Browser, office: Office, dana: NewMember) -> None:
        for role, was in (("king", "agent"), ("", "agent"), ("admin", ""), ("admin\x00", "agent")):
            page = await adas.post("/console/people/role", {"member": dana.id, "role": role, "was": was})

            assert page.status == 400
        assert (await roles(office))["Dana"] == "agent"


class TestDisabling:
    async def test_their_open_page_does_nothing_any_more(
        self, adas: Browser, danas: Browser, office: Office, dana: NewMember
    ) -> None:
        known = await office.conversation("Hello")

        await adas.post("/console/people/disable", {"member": dana.id})
        press = await danas.post(f"/console/conversations/{known.id}/take")

        assert press.location.startswith("/console/sign-in")
        assert (await office.store.read(find, known.id)).standing.staff is None
        assert await office.store.read(by_token, dana.token) is None

    async def test_whom_they_answered_waits_for_another_person_and_is_told(
        self, adas: Browser, office: Office, dana: NewMember
    ) -> None:
        known = await office.conversation("Hello")
        await office.store.write(take, known.id, dana, at=at())

        page = await adas.post("/console/people/disable", {"member": dana.id})

        assert (Effect.TELL_VISITOR_WHO_OWNS, None) in office.rooms.told
        assert "One conversation waits for another person" in (await adas.get(page.location)).words
        assert "asked for" not in (await adas.get("/console?view=waiting")).words.split("Hello")[0]

    async def test_the_right_password_says_why_it_does_not_do(
        self, adas: Browser, server: TestServer, dana: NewMember
    ) -> None:
        await adas.post("/console/people/disable", {"member": dana.id})

        async with Browser(server) as browser:
            right = await browser.sign_in(dana)
            wrong = await browser.post("/console/sign-in", {"name": dana.name, "password": "guess"})
            page = await browser.get("/console")

        assert (right.status, wrong.status, page.status) == (403, 403, 303)
        assert "an admin has disabled your account" in right.words
        assert "disabled" not in wrong.words

    async def test_they_are_here_no_more_for_those_who_ask_for_a_person(
        self, adas: Browser, danas: Browser, office: Office, dana: NewMember, ada: NewMember
    ) -> None:
        await danas.get("/console")
        office.rooms.presence.left(ada.id)

        await adas.post("/console/people/disable", {"member": dana.id})

        assert not office.rooms.presence.is_anybody_here(at())

    async def test_twice_is_once_and_back_again(self, adas: Browser, server: TestServer, dana: NewMember) -> None:
        for act in ("disable", "disable", "enable", "enable"):
            assert (await adas.post(f"/console/people/{act}", {"member": dana.id})).status == 303

        async with Browser(server) as browser:
            assert (await browser.sign_in(dana)).location == "/console"


class TestPasswords:
    async def test_a_lost_one_is_replaced_and_shown_once(
        self, adas: Browser, danas: Browser, office: Office, dana: NewMember
    ) -> None:
        page = await adas.post("/console/people/password", {"member": dana.id})

        assert is_password_of(await office.store.read(by_name, dana.name), password_in(page.text))
        assert (await danas.get("/console")).status == 303


class TestWhoMay:
    @pytest.mark.parametrize("role", ["agent", "marketer"])
    @pytest.mark.parametrize("act", ["", "/role", "/disable", "/enable", "/password"])
    async def test_who_is_no_admin_changes_nobody(
        self, server: TestServer, office: Office, ada: NewMember, role: str, act: str
    ) -> None:
        other = await office.hire(Person("Other", "", role=role))
        fields = {"member": ada.id, "name": "Mine", "role": "agent", "was": "admin"}
        async with Browser(server) as browser:
            await browser.is_signed_in(office, other)

            page = await browser.post(f"/console/people{act}", fields)

        assert page.status == 403
        assert await roles(office) == {"Ada": "admin", "Other": role}
        assert is_password_of(await office.store.read(by_name, "Ada"), ada.password)

    @pytest.mark.parametrize("act", ["", "/role", "/disable", "/enable", "/password"])
    async def test_a_foreign_page_changes_nobody(
        self, adas: Browser, office: Office, dana: NewMember, act: str
    ) -> None:  # fmt: skip
        fields = {"member": dana.id, "name": "Mine", "role": "admin", "was": "agent"}

        for headers in ({"Origin": "https://evil.example"}, {"Origin": ""}, {"Sec_Fetch_Site": "same-site"}):
            assert (await adas.post(f"/console/people{act}", fields, **headers)).status == 403

        assert await roles(office) == {"Ada": "admin", "Dana": "agent"}

    @pytest.mark.parametrize("member", ["nobody", "", "x" * 500, "a\x00b", "'; DROP TABLE staff; --"])
    async def test_nobody_is_not_found(self, adas: Browser, member: str) -> None:
        for act, fields in (("role", {"role": "agent", "was": "admin"}), ("disable", {}), ("password", {})):
            page = await adas.post(f"/console/people/{act}", {"member": member} | fields)

            assert page.status == 404
            assert "no such member" in page.words


async def test_more_than_a_page_of_them_goes_on_where_it_ended(adas: Browser, office: Office) -> None:
    for number in range(PAGE_OF_PEOPLE):
        await office.store.write(
            add_member, f"Bo ~{number:02} & Co", "agent", at=at(), password=("x", "hash")
        )  # fmt: skip

    first = await adas.get("/console/people")
    link = re.search(r'href="(/console/people\?after=[^"]+)"', first.text)
    assert link is not None
    rest = await adas.get(link.group(1).replace("&amp;", "&"))

    assert "Bo ~48 &amp; Co" in first.text and "Bo ~49" not in first.text
    assert "Bo ~49 &amp; Co" in rest.text and "Bo ~48" not in rest.text


async def test_who_is_disabled_is_listed_as_such(adas: Browser, office: Office, dana: NewMember) -> None:
    await office.store.write(disable, dana.id, at=at(), by=None)

    page = await adas.get("/console/people")

    assert "Disabled just now" in page.words
    assert "Enable again" in page.words


async def test_only_an_admin_is_led_there_and_everybody_to_their_own_page(adas: Browser, danas: Browser) -> None:
    admins, agents = await adas.get("/console/people"), await danas.get("/console/me")

    assert '<a href="/console/people" aria-current="page">People</a>' in admins.text
    assert '<a href="/console/me"><bdi>Ada</bdi></a>' in admins.text
    assert '<a href="/console/me" aria-current="page"><bdi>Dana</bdi></a>' in agents.text
    assert "/console/people" not in agents.text
