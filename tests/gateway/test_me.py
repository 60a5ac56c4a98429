"""One's own page: where one is signed in, and one's password."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from bot.gateway.console.browsers import in_words
from bot.gateway.console.me import too_weak
from bot.gateway.sign_in import NAME_TRIES, tries_of_store
from bot.store.sign_ins import sign_ins_of
from bot.store.staff import NewMember, by_name, is_password_of, sign_in
from tests.cast import MAYA, at
from tests.gateway.front_office import Browser, Office

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEW = "correct horse battery"


@pytest.fixture
async def another(server: TestServer, office: Office, dana: NewMember) -> AsyncIterator[Browser]:
    """Where Dana is signed in too."""
    async with Browser(server) as browser:
        await browser.is_signed_in(office, dana)
        yield browser


async def is_in(browser: Browser) -> bool:
    return (await browser.get("/console/me")).status == 200


class TestSignIns:
    async def test_each_is_shown_in_words_and_this_one_is_marked(
        self, danas: Browser, office: Office, dana: NewMember
    ) -> None:
        await office.store.write(sign_in, dana, at=at(), agent=FIREFOX)

        page = await danas.get("/console/me")

        assert "Firefox on Linux" in page.words
        assert page.text.count("This one") == 1
        assert page.text.index("A browser that does not say which") < page.text.index("This one")

    async def test_a_browser_may_call_itself_what_it_likes(
        self, danas: Browser, server: TestServer, dana: NewMember
    ) -> None:
        async with Browser(server) as odd:
            await odd.post(
                "/console/sign-in",
                {"name": dana.name, "password": dana.password},
                User_Agent="<script>alert(1)</script>\x80" * 100,
            )

            page = await danas.get("/console/me")

        assert page.status == 200
        assert "<script>alert" not in page.text

    async def test_its_use_is_shown_to_the_minute(self, danas: Browser, office: Office) -> None:
        office.clock.at = at(minutes=30)
        await danas.get("/console")
        await office.store.write(lambda connection: None)

        page = await danas.get("/console/me")

        assert "Since 30 min ago , used just now" in page.words

    async def test_another_one_is_ended_and_this_one_stays(
        self, danas: Browser, another: Browser, office: Office, dana: NewMember
    ) -> None:
        page = await danas.get("/console/me")
        here = page.text.split("This one")[0].count("<li>") - 1
        listed = await office.store.read(sign_ins_of, dana.id, at=at())
        (other,) = [one for place, one in enumerate(listed) if place != here]

        ended = await danas.post("/console/me/sign-ins", {"end": other.id})

        assert ended.location == "/console/me?done=one"
        assert await is_in(danas) and not await is_in(another)

    async def test_one_that_has_ended_gets_a_sentence(
        self, danas: Browser, another: Browser, office: Office, dana: NewMember
    ) -> None:
        for which in ("gone", "", "x" * 500, "a\x00b"):
            page = await danas.post("/console/me/sign-ins", {"end": which})

            assert page.status == 409, which
            assert "nothing was done" in page.words
        assert await is_in(danas) and await is_in(another)

    async def test_a_colleagues_can_not_be_ended(self, danas: Browser, office: Office) -> None:
        maya = await office.hire(MAYA)
        await office.store.write(sign_in, maya, at=at())
        (theirs,) = await office.store.read(sign_ins_of, maya.id, at=at())

        page = await danas.post("/console/me/sign-ins", {"end": theirs.id})

        assert page.status == 409
        assert await office.store.read(sign_ins_of, maya.id, at=at()) == [theirs]

    async def test_all_others_are_ended_at_once(self, danas: Browser, another: Browser) -> None:
        first = await danas.post("/console/me/sign-ins", {"end": "others"})
        again = await danas.post("/console/me/sign-ins", {"end": "others"})

        assert first.location == again.location == "/console/me?done=others"
        assert "Everywhere but here" in (await danas.get(first.location)).words
        assert await is_in(danas) and not await is_in(another)


class TestPassword:
    async def test_it_is_changed_and_all_others_are_signed_out(
        self, danas: Browser, another: Browser, office: Office, dana: NewMember
    ) -> None:
        page = await danas.post("/console/me/password", {"now": dana.password, "new": NEW})

        assert page.location == "/console/me?done=password"
        assert page.headers["Set-Cookie"].startswith("duologue=")
        assert await is_in(danas) and not await is_in(another)
        found = await office.store.read(by_name, dana.name)
        assert is_password_of(found, NEW) and not is_password_of(found, dana.password)

    async def test_the_secret_of_before_is_worth_nothing_any_more(
        self, danas: Browser, server: TestServer, dana: NewMember
    ) -> None:
        before = (await danas.sign_in(dana)).headers["Set-Cookie"].split(";")[0]

        await danas.post("/console/me/password", {"now": dana.password, "new": NEW})

        async with Browser(server) as thief:
            assert (await thief.get("/console/me", Cookie=before)).status == 303

    async def test_who_does_not_know_it_changes_nothing(self, danas: Browser, office: Office, dana: NewMember) -> None:
        page = await danas.post("/console/me/password", {"now": "guessed", "new": NEW})

        assert page.status == 403
        assert "Nothing changed" in page.words
        assert is_password_of(await office.store.read(by_name, dana.name), dana.password)

    async def test_guessing_it_is_as_slow_as_signing_in(self, danas: Browser, office: Office) -> None:
        tries = tries_of_store(office.store)
        for _ in range(NAME_TRIES):
            tries.allow("Dana", "elsewhere")

        page = await danas.post("/console/me/password", {"now": "guessed", "new": NEW})

        assert page.status == 429
        assert "Wait a minute" in page.words

    @pytest.mark.parametrize(
        ("password", "told"),
        [
            ("short", "10 characters"),
            ("", "10 characters"),
            ("x" * 1_001, "10 characters"),
            ("aaaabbbbaaaabbbb", "different"),
            ("dana loves tea", "name"),
        ],
    )
    async def test_a_weak_one_is_refused_with_what_to_do(
        self, danas: Browser, dana: NewMember, password: str, told: str
    ) -> None:
        page = await danas.post("/console/me/password", {"now": dana.password, "new": password})

        assert page.status == 400
        assert told in page.words
        assert password == "" or password not in page.text

    def test_the_shortest_and_the_longest_will_do(self) -> None:
        assert too_weak("abcdefghij", "Dana") is None
        assert too_weak("abcde" * 200, "Dana") is None


async def test_who_may_not_converse_has_a_page_too_and_no_line_to_the_server(
    server: TestServer, office: Office, danas: Browser
) -> None:
    async with Browser(server) as mayas:
        await mayas.is_signed_in(office, await office.hire(MAYA))

        theirs, agents = await mayas.get("/console/me"), await danas.get("/console/me")

    assert theirs.status == 200
    assert "data-ticket" not in theirs.text and "data-ticket" in agents.text


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on a Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Safari/604.1", "Chrome on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Something on Windows", "A browser on Windows"),
        ("Firefox/1", "Firefox"),
        ("", "A browser that does not say which"),
    ],
)
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert in_words(agent) == words
