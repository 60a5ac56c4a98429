"""The list as staff use it: tabs, filters, kept views, the order and its reason, and the search."""

import gzip
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from bot.gateway import screens
from bot.gateway.console.narrowing import own_query, place_from
from bot.interactions import Kind
from bot.store import labels
from bot.store.audit import Act
from bot.store.consents import ask_person, note
from bot.store.conversations import Conversation
from bot.store.forget import forget_conversation
from bot.store.nobody_came import Asked, Plea, go_back, in_vain
from bot.store.queue import snooze
from bot.store.staff import NewMember, speak, take
from bot.store.store import Store
from bot.store.tables import metadata
from bot.store.whole_person import everything
from tests.cast import MAYA, SHOP, Person, at
from tests.gateway.front_office import FRAME, Browser, Office

LENA = Person("Lena", "lena@shop.example", role="agent")
EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture
async def lenas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(LENA))
        yield browser


class TestTheAddress:
    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("view=unknown", 'no view "unknown". Choose one of: mine, unassigned'),
            ("state=asleep", 'no state "asleep"'),
            ("segment=noise", 'no segment "noise"'),
            ("rating=6", 'no rating "6"'),
            ("label=gone", "label that this address names is gone"),
            ("person=gone", "not of the staff"),
            ("page=" + "a" * 201, "longer than 200 characters"),
            ("page=%00", "no text"),
            ("after=yesterday", "begins in the middle"),
            ("after=1.%00", "begins in the middle"),
            ("after=99999999999999999999.a", "begins in the middle"),
        ],
    )
    async def test_what_there_is_not_is_said(self, danas: Browser, query: str, sentence: str) -> None:
        page = await danas.get(f"/console?{query}")

        assert page.status == 400
        assert sentence in page.words.replace("&#34;", '"')

    async def test_it_is_the_view(self, danas: Browser, office: Office) -> None:
        await office.conversation("about trousers", page="https://shop.example/hosen.html")
        await office.conversation("about shirts", page="https://shop.example/hemden.html")

        page = await danas.get("/console?view=bot&page=hosen&language=en&rating=")

        assert "about trousers" in page.words and "about shirts" not in page.words
        assert "Filter (2)" in page.words
        assert 'value="hosen"' in page.text and re.search(r"<option selected>en", page.text)

    async def test_what_nothing_matches_says_what_to_do(self, danas: Browser, office: Office) -> None:
        await office.conversation("hello")

        assert "Take a filter away" in (await danas.get("/console?state=resolved")).words

    def test_a_form_brings_back_only_what_the_list_knows(self) -> None:
        assert own_query("view=bot&next=//evil&page=a%20b&page=c") == "view=bot&page=c"
        assert own_query("\x00&=") == ""

    def test_a_page_begins_where_one_can_begin(self) -> None:
        assert place_from("-4000000000000000000.abc") == (-4000000000000000000, "abc")
        assert [place_from(text) for text in ("--1.a", "1", "9223372036854775808.a", "1.é", "².a")] == [
            None, (1, ""), None, None, None,
        ]  # fmt: skip


class TestKeptViews:
    async def test_one_is_kept_shown_and_deleted(self, danas: Browser) -> None:
        kept = await danas.post("/console/views", {"name": "German", "query": "language=de&evil=1"})
        page = await danas.get(kept.location)
        delete = re.search(r"/console/views/[\w-]+/delete", page.text)
        assert delete is not None

        gone = await danas.post(delete.group(0), {"query": "language=de"})

        assert (kept.status, kept.location) == (303, "/console?language=de")
        assert 'href="/console?language=de" aria-current="page"><bdi>German' in page.text
        assert (gone.status, gone.location) == (303, "/console?language=de")
        assert "German" not in (await danas.get("/console")).text

    async def test_others_see_what_is_shared_and_cannot_delete_it(self, danas: Browser, lenas: Browser) -> None:
        await danas.post("/console/views", {"name": "Shared", "query": "rating=1", "shared": "on"})
        await danas.post("/console/views", {"name": "Own", "query": "rating=2"})

        page = await lenas.get("/console?rating=1")

        assert "Shared by Dana" in page.words and "Own" not in page.words
        assert "Delete the view" not in page.words

    async def test_a_view_needs_a_name(self, danas: Browser) -> None:
        for name in ("", " \t", "a" * 41):
            page = await danas.post("/console/views", {"name": name, "query": ""})

            assert (page.status, "1 to 40 characters" in page.words) == (400, True)


class TestTheOrder:
    async def test_the_reason_stands_beside_who_waits(self, danas: Browser, office: Office) -> None:
        waits = await office.conversation("I want my money back")
        await office.store.write(
            ask_person, waits.id, frame=FRAME.format(99), reason="complaint", by="bot", at=at(minutes=1)
        )
        await office.conversation("to the bot")
        office.clock.at = at(minutes=13)

        page = await danas.get("/console")

        assert "waits 12 min · complains" in page.words
        assert page.text.index("my money back") < page.text.index("to the bot")

    async def test_mine_waits_while_i_owe_an_answer(self, danas: Browser, office: Office, dana: NewMember) -> None:
        mine = await office.conversation("Are you there?")
        await office.store.write(take, mine.id, dana, at=at(minutes=1))
        office.clock.at = at(minutes=5)

        assert "waits 5 min" in (await danas.get("/console?view=mine")).words

    async def test_what_is_snoozed_says_until_when(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("later, please")
        await office.store.write(snooze, known.id, until=at(hours=3))

        assert "later, please" not in (await danas.get("/console")).words
        assert "snoozed until 2 March 2026, 15:00 UTC" in (await danas.get("/console?view=snoozed")).words


class TestTheSearch:
    async def test_words_are_marked_in_what_was_said(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("Hello", "Welche Größe hat der Schirm?")

        page = await danas.get("/console/search?q=groesse%20schi")

        assert "Visitor: Welche" in page.words
        assert "<mark>Größe</mark> hat der <mark>Schi</mark>rm?" in page.text
        assert f"/console/conversations/{known.id}?before=3#end" in page.text

    async def test_what_was_said_is_text(self, danas: Browser, office: Office) -> None:
        await office.conversation(f"{EVIL} needle {EVIL}", page="https://shop.example/" + EVIL)

        page = await danas.get(f"/console/search?q=needle%20script{EVIL.replace('%', '')}")
        plain = await danas.get("/console/search?q=needle")

        assert "<script>alert" not in page.text + plain.text and "<img" not in page.text + plain.text
        assert "<mark>needle</mark>" in plain.text

    async def test_the_older_ones_are_on_the_next_page_and_none_twice(self, danas: Browser, office: Office) -> None:
        for number in range(51):
            await office.conversation(f"needle {number:02}")
        first = await danas.get("/console/search?q=needle")
        older = re.search(r'href="(/console/search\?q=needle&amp;after=[\d.]+)"', first.text)
        assert older is not None

        second = await danas.get(older.group(1).replace("&amp;", "&"))

        assert (first.text.count("<mark>"), second.text.count("<mark>")) == (50, 1)
        assert "needle</mark> 00" in second.text

    async def test_nothing_typed_and_nothing_found_say_what_to_do(self, danas: Browser) -> None:
        assert "all of them have to be there" in (await danas.get("/console/search")).words
        assert "Try fewer" in (await danas.get("/console/search?q=nowhere")).words
        assert (await danas.get("/console/search?q=a&after=b")).status == 400

    async def test_a_marketer_may_not_search(self, server: TestServer, office: Office) -> None:
        await office.conversation("needle")
        async with Browser(server) as browser:
            await browser.is_signed_in(office, await office.hire(MAYA))

            page = await browser.get("/console/search?q=needle")

        assert page.status == 403 and "<mark>" not in page.text

    async def test_that_somebody_searched_is_written_down_and_not_what_for(
        self, danas: Browser, office: Office
    ) -> None:
        await danas.get("/console/search?q=needle")
        await office.store.close()

        log = Store(str(office.store.url.render_as_string(hide_password=False)))
        rows = await log.read(lambda connection: connection.execute(metadata.tables["audit"].select()).all())
        await log.close()

        told = [(row.subject, row.detail) for row in rows if row.act == Act.SEARCHED]
        assert told == [("search", "")]


async def test_the_first_page_is_small_with_filters_labels_and_fifty_rows(danas: Browser, office: Office) -> None:
    await office.store.write(labels.create, "Refund", "red", at=at())
    for number in range(50):
        await office.conversation(f"Where is my order number {number}?", page="https://shop.example/contact.html")

    page = await danas.get("/console")
    style = await danas.get(screens._style.address)

    assert len(gzip.compress(page.text.encode())) + len(gzip.compress(style.text.encode())) < 13_000


class TestNobodyCame:
    @pytest.fixture
    async def known(self, office: Office) -> Conversation:
        """A conversation that went back to the bot after five minutes."""
        known = await office.conversation()
        await office.store.write(ask_person, known.id, frame="f", reason="", by="visitor", at=at())
        asked = Asked(known.id, SHOP, at(), "en")
        await office.store.write(go_back, asked, minutes=5, plea=lambda *_: Plea("Sorry"), at=at(minutes=5))
        return known

    async def test_who_went_back_to_the_bot_says_so_and_is_found_by_it_until_somebody_comes(
        self, danas: Browser, office: Office, dana: NewMember, known: Conversation
    ) -> None:
        await office.conversation("somebody else")

        found = await danas.get("/console?state=nobody+came")
        assert "went back to the bot after 5 minutes" in found.words and "somebody else" not in found.words
        await office.store.write(take, known.id, dana, at=at(minutes=6))

        assert "went back" not in (await danas.get("/console")).words
        assert known.id not in (await danas.get("/console?state=nobody+came")).text

    async def test_the_address_that_they_leave_then_is_in_the_panel_and_in_the_list(
        self, danas: Browser, office: Office, dana: NewMember, known: Conversation
    ) -> None:
        left = {"email": "bob@visitors.example"}
        await office.store.write(note, known.id, frame="g", kind=Kind.CONTACT, data=left, at=at(minutes=6))

        assert "went back to the bot after 5 minutes · wants an answer by mail" in (await danas.get("/console")).words
        page = await danas.get(f"/console/conversations/{known.id}")
        assert "Wants a mail bob@visitors.example" in page.words
        await office.store.write(take, known.id, dana, at=at(minutes=7))
        await office.store.write(speak, known.id, dana, frame="h", text="Here", note=False, at=at(minutes=7))
        assert "Wanted a mail bob@visitors.example" in (await danas.get(f"/console/conversations/{known.id}")).words

    async def test_who_is_forgotten_is_forgotten_here_too(self, office: Office, known: Conversation) -> None:
        told = await office.store.read(everything, known.id, at=at(minutes=6))

        await office.store.write(forget_conversation, known.id)

        assert told is not None and '"nobody_came": [\n  {' in told.decode()
        assert await office.store.read(in_vain, [known.id]) == {}
