"""The console: who gets in, what they see, and what they can do to a conversation."""

import gzip
import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.conversation import Effect
from bot.gateway import screens
from bot.gateway.console.transcript import by_day
from bot.gateway.sign_in import NAME_TRIES, Tries, _tries, own_page
from bot.store.conversations import Message, transcript
from bot.store.noise import talks_of_noise
from bot.store.sites import Site
from bot.store.staff import NewMember, resolve, take
from bot.store.store import Store
from bot.store.turns import Outcome, Reply, close, next_open
from tests.cast import DANA, MAYA, SHOP, Person, at
from tests.gateway.front_office import Browser, Office

LENA = Person("Lena", "lena@shop.example", role="agent")
ADA = Person("Ada", "ada@shop.example", role="admin")
SAID = [
    line.partition("\t")[2]
    for line in (Path(__file__).parents[1] / "understanding_sets/english.tsv").read_text("utf-8").splitlines()
]
"""What people ask in as many words as people have: sentences that are alike would take fewer bytes."""
EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture
async def anybody(server: TestServer) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        yield browser


@pytest.fixture
async def danas(anybody: Browser, office: Office, dana: NewMember) -> Browser:
    """A browser in which Dana is signed in."""
    await anybody.is_signed_in(office, dana)
    return anybody


class TestSigningIn:
    async def test_the_right_password_opens_the_console(self, anybody: Browser, dana: NewMember) -> None:
        page = await anybody.sign_in(dana)

        assert (page.status, page.location) == (303, "/console")
        assert (await anybody.get("/console")).status == 200

    async def test_a_wrong_password_and_an_unknown_name_are_refused_alike(
        self, anybody: Browser, dana: NewMember
    ) -> None:
        wrong = await anybody.post("/console/sign-in", {"name": "Dana", "password": "guess"})
        unknown = await anybody.post("/console/sign-in", {"name": "Dora", "password": "guess"})

        assert wrong.status == unknown.status == 403
        assert wrong.text.replace("Dana", "Dora") == unknown.text
        assert (await anybody.get("/console")).status == 303

    async def test_what_can_be_no_name_is_a_wrong_name(self, anybody: Browser) -> None:
        for name in ("", "%00", "a" * 10_000, "Dana%00", "%ff", "%ed%b3%bf"):
            body = f"name={name}&password=x".encode()

            page = await anybody.post("/console/sign-in", body, Content_Type="application/x-www-form-urlencoded")

            assert page.status == 403, name
            assert "belong together" in page.words

    async def test_who_guesses_too_often_has_to_wait(
        self, anybody: Browser, office: Office, dana: NewMember, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(_tries, office.store, tries := Tries(clock=lambda: 0.0))
        for _ in range(NAME_TRIES):
            tries.allow("DANA", "elsewhere")

        page = await anybody.sign_in(dana)

        assert page.status == 429
        assert page.headers["Retry-After"] == "60"
        assert "Wait a minute" in page.words

    def test_a_name_gets_five_tries_a_minute_and_an_address_twenty(self) -> None:
        seconds = 0.0
        tries = Tries(clock=lambda: seconds)

        by_name = [tries.allow("dana", f"192.0.2.{number}") for number in range(6)]
        by_address = [tries.allow(f"name {number}", "198.51.100.1") for number in range(21)]
        seconds = 60.0

        assert by_name == [True] * 5 + [False]
        assert by_address == [True] * 20 + [False]
        assert tries.allow("dana", "192.0.2.1")

    async def test_no_script_and_no_other_site_gets_the_cookie(self, anybody: Browser, dana: NewMember) -> None:
        cookie = (await anybody.sign_in(dana)).headers["Set-Cookie"]

        assert cookie.startswith("duologue=")
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Secure" not in cookie

    async def test_over_https_the_cookie_is_for_this_host_alone(self, store: Store, shop: Site, tmp_path: Path) -> None:
        office = Office(store, tmp_path, public_url="https://chat.example.com")
        dana = await office.hire(DANA)
        async with office.serve() as server, Browser(server, address="https://chat.example.com") as browser:
            cookie = (await browser.sign_in(dana)).headers["Set-Cookie"]

        assert cookie.startswith("__Host-duologue=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie

    async def test_each_sign_in_has_its_own_secret_and_ends_the_one_before(
        self, anybody: Browser, server: TestServer, dana: NewMember
    ) -> None:
        first = (await anybody.sign_in(dana)).headers["Set-Cookie"].split(";")[0]
        second = (await anybody.sign_in(dana)).headers["Set-Cookie"].split(";")[0]

        assert first != second
        async with Browser(server) as thief:
            assert (await thief.get("/console", Cookie=first)).status == 303
            assert (await thief.get("/console", Cookie=second)).status == 200

    async def test_signing_out_ends_it_on_the_server_too(self, danas: Browser) -> None:
        secret = (await danas.post("/console/sign-out")).headers["Set-Cookie"]

        assert 'duologue=""' in secret
        assert (await danas.get("/console")).location.startswith("/console/sign-in")

    async def test_a_sign_in_ends_after_twelve_hours(self, danas: Browser, office: Office) -> None:
        office.clock.at = at(hours=12)

        assert (await danas.get("/console")).status == 303

    async def test_one_gets_to_where_one_wanted_to_go(self, anybody: Browser, office: Office, dana: NewMember) -> None:
        there = (await anybody.get("/console?view=waiting&after=1.x")).location
        page = await anybody.get(there)

        after = await anybody.sign_in(dana, next=page.field("next").replace("&amp;", "&"))

        assert after.location == "/console?view=waiting&after=1.x"

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://evil.example/",
            "//evil.example/console",
            "/\\evil.example",
            "/console\r\nSet-Cookie: a=b",
            "/console\n",
            "javascript:alert(1)",
            "/v1/staff/conversations",
            "/consolexevil",
            "console",
            None,
        ],
    )
    def test_nobody_is_led_elsewhere(self, elsewhere: str | None) -> None:
        assert own_page(elsewhere) is None

    async def test_a_made_up_cookie_is_nobody(self, anybody: Browser) -> None:
        for cookie in ("duologue=x", "duologue=\x80", "duologue=" + "a" * 5_000):
            assert (await anybody.get("/console", Cookie=cookie)).status == 303


class TestForeignForms:
    async def test_a_foreign_page_can_do_nothing(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("Hello")
        foreign: list[dict[str, str]] = [
            {"Origin": "https://evil.example"},
            {"Origin": "http://127.0.0.1:8081"},
            {"Origin": "null"},
            {"Origin": ""},
            {"Origin": "http://rebound.example:1", "Host": "rebound.example:1"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "same-site"},
            {"Sec_Fetch_Site": "none"},
        ]

        for headers in foreign:
            page = await danas.post(f"/console/conversations/{known.id}/take", b"", **headers)

            assert page.status == 403, headers
            assert "nothing was done" in page.words
        assert office.rooms.told == []

    async def test_a_browser_that_says_same_origin_is_believed(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("Hello")

        page = await danas.post(f"/console/conversations/{known.id}/take", Origin="null", Sec_Fetch_Site="same-origin")

        assert page.status == 303

    async def test_nobody_can_be_signed_in_by_a_foreign_page(self, anybody: Browser, dana: NewMember) -> None:
        page = await anybody.post(
            "/console/sign-in", {"name": "Dana", "password": dana.password}, Origin="https://evil.example"
        )

        assert page.status == 403
        assert "Set-Cookie" not in page.headers


class TestHeadersAndRefusals:
    async def test_every_page_is_guarded(self, danas: Browser) -> None:
        for path in ("/console", "/console/sign-in", "/console/nowhere", "/insights"):
            headers = (await danas.get(path)).headers

            assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"

    async def test_what_does_not_exist_is_not_found(self, danas: Browser) -> None:
        for path in (
            "/console/conversations/unknown",
            "/console/conversations/%00",
            "/console/conversations/..%2f..%2fetc",
            "/console/conversations/" + "a" * 500,
            "/console/nowhere",
        ):
            page = await danas.get(path)

            assert page.status == 404, path
            assert "There is no such page" in page.words

    async def test_acting_on_a_conversation_that_does_not_exist_is_not_found(self, danas: Browser) -> None:
        assert (await danas.post("/console/conversations/unknown/take")).status == 404
        assert (await danas.post("/console/conversations/unknown/messages", {"text": "x"})).status == 404

    async def test_the_wrong_method_and_a_broken_form_get_a_page(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("Hello")
        at_messages = f"/console/conversations/{known.id}/messages"

        assert (await danas.post("/console")).status == 405
        badly_coded = (
            b'--a\r\nContent-Disposition: form-data; name="text"\r\nContent-Transfer-Encoding: x\r\n\r\nx\r\n--a--'
        )
        for body, kind in (
            (b"\xff", "application/x-www-form-urlencoded"),
            (b"x", "multipart/form-data"),
            (badly_coded, "multipart/form-data; boundary=a"),
        ):
            assert (await danas.post(at_messages, body, Content_Type=kind)).status == 400
        bogus = "application/x-www-form-urlencoded; charset=klingon"
        assert (await danas.post(at_messages, b"text=x", Content_Type=bogus)).status == 400

    async def test_a_marketer_may_not_read_conversations(self, anybody: Browser, office: Office) -> None:
        maya, known = await office.hire(MAYA), await office.conversation("my secret")
        signed_in = await anybody.sign_in(maya)

        page = await anybody.get(f"/console/conversations/{known.id}")

        assert signed_in.location == "/insights"
        assert page.status == 403
        assert "marketer" in page.words
        assert "my secret" not in page.text
        assert (await anybody.post(f"/console/conversations/{known.id}/take")).status == 403

    async def test_an_admin_may(self, anybody: Browser, office: Office) -> None:
        await anybody.is_signed_in(office, await office.hire(ADA))

        assert (await anybody.get("/console")).status == 200

    async def test_the_first_page_is_small_with_all_that_it_brings_and_fifty_conversations(
        self, danas: Browser, office: Office
    ) -> None:
        for number in range(50):
            await office.conversation(". ".join(SAID[number::50]), page="https://shop.example/contact.html")

        page = await danas.get("/console")
        brought = [await danas.get(one) for one in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)]

        assert len(brought) == 2 and page.text.count("<li id=") == 50
        assert sum(len(gzip.compress(one.text.encode())) for one in (page, *brought)) < 15_000

    async def test_the_style_sheet_is_sent_once(self, anybody: Browser) -> None:
        first = await anybody.get(screens._style.address)
        again = await anybody.get("/static/console.css", If_None_Match=first.headers["ETag"])

        assert "immutable" in first.headers["Cache-Control"]
        assert first.headers["Content-Type"] == "text/css; charset=utf-8"
        assert (again.status, again.headers["Cache-Control"]) == (304, "no-cache")


class TestTheList:
    async def test_an_empty_list_says_what_will_be_there(self, danas: Browser) -> None:
        assert "Once a visitor writes in the widget, it is here" in (await danas.get("/console")).words

    async def test_each_view_shows_its_own_and_counts_them(
        self, danas: Browser, office: Office, dana: NewMember
    ) -> None:
        await office.conversation("to the bot")
        mine = await office.conversation("to Dana")
        done = await office.conversation("thanks")
        await office.store.write(take, mine.id, dana, at=at())
        await office.store.write(resolve, done.id, dana, at=at())
        await wants_person(office, "a person please")

        pages = {
            view: (await danas.get(f"/console?view={view}")).words for view in ("waiting", "bot", "mine", "resolved")
        }

        assert "a person please" in pages["waiting"]
        assert "to the bot" in pages["bot"]
        assert "to Dana" in pages["mine"] and "You" in pages["mine"]
        assert "thanks" in pages["resolved"]
        for view, words in pages.items():
            others = {"a person please", "to the bot", "to Dana", "thanks"} - {
                {"waiting": "a person please", "bot": "to the bot", "mine": "to Dana", "resolved": "thanks"}[view]
            }
            assert not [other for other in others if other in words]
        assert "Unassigned 1" in pages["bot"]
        assert "With the bot 1" in pages["bot"]
        assert "Mine 1" in pages["bot"]

    async def test_it_says_since_when_somebody_waits(self, danas: Browser, office: Office) -> None:
        await wants_person(office, "a person please")
        office.clock.at = at(minutes=7)

        assert "waits 7 min" in (await danas.get("/console")).words

    async def test_the_older_ones_are_on_the_next_page(self, danas: Browser, office: Office) -> None:
        for number in range(51):
            await office.conversation(f"question {number:02}")
        first = await danas.get("/console?view=bot")
        older = first.text.split('<nav class="pages"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")

        second = await danas.get(older)

        assert first.text.count("question ") == 50
        assert second.text.count("question ") == 1
        assert "Latest" in second.words

    async def test_who_looks_is_there_for_visitors(self, danas: Browser, office: Office) -> None:
        await danas.get("/console")

        assert office.rooms.presence.is_anybody_here(at())


class TestTheTranscript:
    async def test_what_visitors_choose_is_text(self, danas: Browser, office: Office) -> None:
        known = await office.conversation(EVIL, page="javascript:alert(1)//" + EVIL)
        sources = (
            {"url": "javascript:alert(1)", "title": EVIL, "quote": EVIL},
            {"url": 'https://a.example/"><b>', "title": "t"},
        )
        turn = await office.store.read(next_open, known.id)
        assert turn is not None
        outcome = Outcome(replies=(Reply(EVIL, sources, ((EVIL, "/x"),)),))
        await office.store.write(close, turn, outcome, at=at())

        for page in (await danas.get("/console"), await danas.get(f"/console/conversations/{known.id}")):
            assert page.status == 200
            assert "<script>" not in page.text
            assert "<img" not in page.text
            assert 'href="javascript:' not in page.text
            assert "><b>" not in page.text
            assert "&lt;script&gt;" in page.text

    async def test_links_to_other_sites_give_nothing_away(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("Hello", page="https://shop.example/faq.html")

        text = (await danas.get(f"/console/conversations/{known.id}")).text

        assert '<a href="https://shop.example/faq.html" target="_blank" rel="noopener noreferrer">' in text

    def test_a_sender_is_named_once_a_run_and_a_day_once(self) -> None:
        said = [
            Message(1, "visitor", "a", at()),
            Message(2, "visitor", "b", at(minutes=1)),
            Message(3, "bot", "c", at(minutes=1)),
            Message(4, "bot", "d", at(hours=13)),
        ]

        days = by_day([(one, None) for one in said])

        assert [[(run.sender, len(run.lines)) for run in day.runs] for day in days] == [
            [("visitor", 2), ("bot", 1)],
            [("bot", 1)],
        ]

    async def test_the_latest_hundred_come_first_and_the_earlier_ones_on_demand(
        self, danas: Browser, office: Office
    ) -> None:
        known = await office.conversation(*[f"message {number:03}" for number in range(1, 131)])

        latest = await danas.get(f"/console/conversations/{known.id}")
        earlier = await danas.get(f"/console/conversations/{known.id}?before=31")

        assert latest.text.count("message ") - earlier.text.count("message ") == 70
        assert "message 031" in latest.words and "message 030" not in latest.words
        assert f"/console/conversations/{known.id}?before=31" in latest.text
        assert "message 001" in earlier.words and "message 030" in earlier.words
        assert "Latest messages" in earlier.words


class TestTakingPart:
    async def test_taking_over_replying_and_giving_back(self, danas: Browser, office: Office, dana: NewMember) -> None:
        known = await office.conversation("Hello")
        there = f"/console/conversations/{known.id}"

        before = await danas.get(there)
        took = await danas.post(f"{there}/take")
        mine = await danas.get(there)
        said = await danas.post(f"{there}/messages", reply("Dana here", mine.field("id")))
        after = await danas.get(there)
        gave = await danas.post(f"{there}/give-back")

        assert "The bot answers." in before.words and "take over first" in before.words
        assert took.location == said.location == gave.location == f"{there}#end"
        assert "You have this conversation." in mine.words
        assert "Dana here" in after.words
        assert [message.text for message in office.rooms.shown] == ["Dana here"]
        assert office.rooms.told == [(Effect.TELL_VISITOR_WHO_OWNS, "Dana")] * 2
        assert "The bot answers." in (await danas.get(there)).words

    async def test_resolving(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("Hello")

        await danas.post(f"/console/conversations/{known.id}/resolve")

        assert "Resolved." in (await danas.get(f"/console/conversations/{known.id}")).words

    async def test_what_one_of_us_tried_is_left_out_of_the_reports_and_taken_back(
        self, danas: Browser, office: Office
    ) -> None:
        known = await office.conversation("Does it work?")
        at_this = f"/console/conversations/{known.id}"

        done = await danas.post(f"{at_this}/ours")
        left_out = await danas.get(at_this), await office.store.read(talks_of_noise, SHOP)
        await danas.post(f"{at_this}/theirs")
        back = await danas.get(at_this), await office.store.read(talks_of_noise, SHOP)

        assert (done.status, done.location) == (303, f"{at_this}#about")
        assert "One of us tried the chat here." in left_out[0].words and left_out[1] == {known.id}
        assert "Leave out, with its browser" in back[0].words and back[1] == set()

    async def test_only_our_own_form_may_leave_one_out(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("Hello")

        foreign = await danas.post(f"/console/conversations/{known.id}/ours", Origin="https://evil.example")
        nobodys = await danas.post("/console/conversations/nobodys/ours")

        assert (foreign.status, nobodys.status) == (403, 404)
        assert await office.store.read(talks_of_noise, SHOP) == set()

    async def test_a_second_press_of_send_says_it_once(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("Hello")
        there = f"/console/conversations/{known.id}"
        await danas.post(f"{there}/take")
        form = reply("Once", (await danas.get(there)).field("id"))

        first, second = await danas.post(f"{there}/messages", form), await danas.post(f"{there}/messages", form)

        said, _ = await office.store.read(transcript, known.id, notes=True)
        assert first.status == second.status == 303
        assert [one.text for one in said] == ["Hello", "Once"]
        assert len(office.rooms.shown) == 1

    async def test_each_form_has_an_id_of_its_own(self, danas: Browser, office: Office) -> None:
        there = f"/console/conversations/{(await office.conversation('Hello')).id}"

        assert (await danas.get(there)).field("id") != (await danas.get(there)).field("id")

    async def test_a_note_is_for_staff_alone_and_needs_no_taking_over(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("Hello")
        there = f"/console/conversations/{known.id}"

        page = await danas.post(f"{there}/messages", reply("He called before", str(uuid.uuid4())) | {"kind": "note"})

        assert page.status == 303
        assert office.rooms.shown == []
        assert "noted, for staff only" in (await danas.get(there)).words
        assert "He called before" not in str(await office.store.read(transcript, known.id))

    async def test_a_reply_without_the_conversation_is_refused_and_kept_in_the_form(
        self, danas: Browser, office: Office
    ) -> None:
        known = await office.conversation("Hello")

        page = await danas.post(
            f"/console/conversations/{known.id}/messages", reply("\n half-typed", str(uuid.uuid4()))
        )

        assert page.status == 409
        assert "Take it over first" in page.words
        assert ">\n\n half-typed</textarea>" in page.text.replace("\r", "")
        assert office.rooms.shown == []

    async def test_who_comes_second_is_told_who_has_it(self, danas: Browser, office: Office) -> None:
        lena, known = await office.hire(LENA), await office.conversation("Hello")
        there = f"/console/conversations/{known.id}"
        await office.store.write(take, known.id, lena, at=at())

        refused = [
            await danas.post(f"{there}/take"),
            await danas.post(f"{there}/give-back"),
            await danas.post(f"{there}/resolve"),
            await danas.post(f"{there}/messages", reply("Hello", str(uuid.uuid4()))),
        ]

        assert [page.status for page in refused] == [409] * 4
        assert all("Lena has this conversation now" in page.words for page in refused)
        assert "Lena has this conversation." in (await danas.get(there)).words

    async def test_nothing_and_too_much_are_refused(self, danas: Browser, office: Office) -> None:
        there = f"/console/conversations/{(await office.conversation('Hello')).id}"
        await danas.post(f"{there}/take")

        for text, sentence in (
            ("", "Write something first"),
            (" \n ", "Write something first"),
            ("x" * 4_001, "too long: 4001"),
        ):
            page = await danas.post(f"{there}/messages", reply(text, str(uuid.uuid4())))

            assert page.status == 400
            assert sentence in page.words
        assert (await danas.post(f"{there}/messages", reply("x" * 4_000, str(uuid.uuid4())))).status == 303

    async def test_a_form_that_is_not_ours_is_refused(self, danas: Browser, office: Office) -> None:
        there = f"/console/conversations/{(await office.conversation('Hello')).id}"

        for frame in ("", "1", "x" * 5_000):
            assert (await danas.post(f"{there}/messages", reply("Hi", frame))).status == 400

    async def test_who_was_signed_out_comes_back_to_the_conversation(self, anybody: Browser, office: Office) -> None:
        known = await office.conversation("Hello")

        page = await anybody.post(f"/console/conversations/{known.id}/messages", reply("Hi", str(uuid.uuid4())))

        assert page.location == f"/console/sign-in?next=%2Fconsole%2Fconversations%2F{known.id}"


def reply(text: str, frame: str) -> dict[str, str]:
    return {"id": frame, "kind": "reply", "text": text}


async def wants_person(office: Office, text: str) -> None:
    """A visitor asks the bot for a person, and the bot understands."""
    known = await office.conversation(text)
    turn = await office.store.read(next_open, known.id)
    assert turn is not None
    await office.store.write(close, turn, Outcome(wants_person="asked in words"), at=at())
