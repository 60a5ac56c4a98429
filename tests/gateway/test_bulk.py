"""Labels, and what is done with the conversations that are ticked: all by plain forms."""

import csv
import io
import json
import re

import pytest
from aiohttp.test_utils import TestServer

from bot.conversation import Effect, Owner, State
from bot.interactions import ConversationId
from bot.site_settings import parse
from bot.store import labels
from bot.store.conversations import Conversation, find
from bot.store.forget import forget_conversation
from bot.store.labels import all_labels
from bot.store.queue import Narrowed, listed
from bot.store.sites import Site, change_settings
from bot.store.staff import NewMember, resolve, take
from tests.cast import MAYA, Person, at
from tests.gateway.front_office import Browser, Office

LENA = Person("Lena", "lena@shop.example", role="agent")


@pytest.fixture
async def lena(office: Office) -> NewMember:
    return await office.hire(LENA)


def ticked(*known: Conversation, act: str, **fields: str) -> dict[str, str]:
    return {f"pick-{one.id}": "on" for one in known} | {"act": act} | fields


async def standing(office: Office, known: Conversation) -> tuple[Owner, State, str | None]:
    now = await office.store.read(find, known.id)
    assert now is not None
    return now.standing.owner, now.standing.state, now.standing.staff


class TestWhatIsTicked:
    async def test_all_that_can_be_is_resolved_and_the_rest_is_named(
        self, danas: Browser, office: Office, lena: NewMember, dana: NewMember
    ) -> None:
        free, lenas, done, gone = [await office.conversation(f"talk {number}") for number in range(4)]
        await office.store.write(take, lenas.id, lena, at=at())
        await office.store.write(resolve, done.id, dana, at=at())
        await office.store.write(forget_conversation, gone.id)

        page = await danas.post("/console/bulk", ticked(free, lenas, done, gone, act="resolve", query="view=bot"))

        assert page.status == 409
        assert "1 is done. These are not:" in page.words
        for sentence in ("Lena has it now", "It is resolved already", "It was erased meanwhile"):
            assert sentence in page.words
        assert 'href="/console?view=bot"' in page.text
        assert (await standing(office, free))[1] is State.RESOLVED
        assert await standing(office, lenas) == (Owner.STAFF, State.OPEN, lena.id)

    async def test_when_all_is_done_the_list_is_shown_again_and_says_so(self, danas: Browser, office: Office) -> None:
        one, other = await office.conversation("one"), await office.conversation("other")

        done = await danas.post("/console/bulk", ticked(one, other, act="resolve", query="view=bot&evil=1"))

        assert (done.status, done.location) == (303, "/console?view=bot&done=2-resolve")
        assert "2 conversations are resolved." in (await danas.get(done.location)).words
        assert office.rooms.told == [(Effect.TELL_VISITOR_WHO_OWNS, "Dana")] * 2

    async def test_conversations_are_assigned_and_handed_on(
        self, danas: Browser, office: Office, lena: NewMember, dana: NewMember
    ) -> None:
        free, mine = await office.conversation("free"), await office.conversation("mine")
        await office.store.write(take, mine.id, dana, at=at())

        done = await danas.post("/console/bulk", ticked(free, mine, act="assign", to=lena.id))
        again = await danas.post("/console/bulk", ticked(free, act="assign", to=dana.id))

        assert done.location == "/console?done=2-assign"
        assert [await standing(office, one) for one in (free, mine)] == [(Owner.STAFF, State.OPEN, lena.id)] * 2
        assert office.rooms.told == [(Effect.TELL_VISITOR_WHO_OWNS, "Lena")] * 2
        assert (again.status, "Lena has it already" in again.words) == (409, True)

    async def test_nobody_is_assigned_who_takes_none(self, danas: Browser, office: Office) -> None:
        known, maya = await office.conversation("free"), await office.hire(MAYA)

        for to in (maya.id, "", "unknown"):
            page = await danas.post("/console/bulk", ticked(known, act="assign", to=to))

            assert (page.status, "choose somebody of the staff" in page.words) == (400, True)
        assert (await standing(office, known))[0] is Owner.BOT

    async def test_tomorrow_begins_where_the_shop_is(self, danas: Browser, office: Office, shop: Site) -> None:
        hours = {"hours": {"timezone": "Europe/Berlin", "mon": ["09:00-17:00"]}}
        await office.store.write(change_settings, shop.key, lambda _: parse(hours))
        known = await office.conversation("later")

        await danas.post("/console/bulk", ticked(known, act="snooze", way="tomorrow"))
        snoozed = await danas.get("/console?view=snoozed")
        await danas.post("/console/bulk", ticked(known, act="wake"))

        assert "snoozed until 3 March 2026, 08:00 UTC" in snoozed.words
        assert "later" in (await danas.get("/console")).words

    async def test_what_is_resolved_is_not_snoozed(self, danas: Browser, office: Office, dana: NewMember) -> None:
        known = await office.conversation("done")
        await office.store.write(resolve, known.id, dana, at=at())

        page = await danas.post("/console/bulk", ticked(known, act="snooze", way="hour"))

        assert (page.status, "It is resolved already" in page.words) == (409, True)

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"act": "resolve"}, "tick 1 to 50"),
            ({"act": "resolve", "pick-../etc": "on"}, "tick 1 to 50"),
            ({"act": "destroy", "pick-a": "on"}, "choose what to do"),
            ({"pick-a": "on"}, "choose what to do"),
            ({"act": "snooze", "way": "never", "pick-a": "on"}, "erased meanwhile"),
            ({"act": "label", "label": "gone", "pick-a": "on"}, "label is gone"),
            ({"act": "resolve"} | {f"pick-{n}": "on" for n in range(51)}, "tick 1 to 50"),
        ],
    )
    async def test_what_cannot_be_done_says_what_to_do(
        self, danas: Browser, fields: dict[str, str], sentence: str
    ) -> None:
        page = await danas.post("/console/bulk", fields)

        assert page.status in (400, 409)
        assert sentence in page.words

    async def test_only_our_own_form_may(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("mine")

        page = await danas.post("/console/bulk", ticked(known, act="resolve"), Origin="https://evil.example")

        assert page.status == 403 and (await standing(office, known))[1] is State.OPEN


class TestOneConversation:
    async def test_it_is_labelled_snoozed_and_assigned_where_it_is_read(
        self, danas: Browser, office: Office, lena: NewMember
    ) -> None:
        known = await office.conversation("my refund")
        label = await office.store.write(labels.create, "Refund", "red", at=at())
        assert label is not None
        here = f"/console/conversations/{known.id}"
        before = await danas.get(here)

        for act in (
            {"act": "label", "label": label.id},
            {"act": "assign", "to": lena.id},
            {"act": "snooze", "way": "hour"},
        ):
            done = await danas.post("/console/bulk", ticked(known, **act) | {"from": known.id})
            assert (done.status, done.location) == (303, here)

        after = await danas.get(here)
        assert "No label" in before.words and '<option value="tomorrow">' in before.text
        assert "chip sticker red" in after.text and "Snoozed until 2 March 2026, 13:00 UTC" in after.words
        assert (await standing(office, known))[2] == lena.id


class TestExports:
    async def test_they_are_written_as_all_exports_are(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("hello", page='=HYPERLINK("https://evil.example")')

        table = await danas.post("/console/bulk", ticked(known, act="csv"))
        lines = await danas.post("/console/bulk", ticked(known, act="jsonl"))

        (row,) = csv.DictReader(io.StringIO(table.text))
        assert (row["id"], row["page"]) == (known.id, '\'=HYPERLINK("https://evil.example")')
        assert json.loads(lines.text)["id"] == known.id
        assert table.headers["Content-Disposition"] == 'attachment; filename="conversations.csv"'


class TestLabels:
    async def test_one_is_made_put_on_found_taken_off_and_deleted(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("my refund")
        await office.conversation("something else")
        await danas.post("/console/labels", {"name": "  Refund  ", "colour": "red"})
        (label,) = await office.store.read(all_labels)

        await danas.post("/console/bulk", ticked(known, act="label", label=label.id))
        await danas.post("/console/bulk", ticked(known, act="label", label=label.id))
        shown = await danas.get(f"/console?label={label.id}")
        await danas.post("/console/bulk", ticked(known, act="unlabel", label=label.id))
        bare = await danas.get(f"/console?label={label.id}")
        for _ in range(2):
            assert (await danas.post(f"/console/labels/{label.id}/delete")).status == 303

        assert '<span class="chip sticker red"><bdi>Refund</bdi></span>' in shown.text
        assert "my refund" in shown.words and "something else" not in shown.words
        assert "my refund" not in bare.words
        assert "No label yet" in (await danas.get("/console/labels")).words

    async def test_names_are_text_and_no_two_are_alike(self, danas: Browser, office: Office) -> None:
        evil = "<b>REFUND"
        await danas.post("/console/labels", {"name": evil, "colour": "grey"})

        second = await danas.post("/console/labels", {"name": evil.lower(), "colour": "grey"})

        assert (second.status, "label of this name already" in second.words) == (409, True)
        assert evil not in second.text and "&lt;b&gt;REFUND" in second.text

    @pytest.mark.parametrize("fields", [{"name": ""}, {"name": "x" * 41}, {"name": "x", "colour": "#f00"}])
    async def test_a_bad_name_or_colour_is_told(self, danas: Browser, fields: dict[str, str]) -> None:
        page = await danas.post("/console/labels", fields)

        assert page.status == 400 and re.search("1 to 40 characters|Choose one of: grey", page.words)

    async def test_a_label_is_changed_unless_it_is_gone(self, danas: Browser, office: Office) -> None:
        made = await office.store.write(labels.create, "Refund", "red", at=at())
        assert made is not None

        changed = await danas.post(f"/console/labels/{made.id}", {"name": "Money back", "colour": "blue"})
        await office.store.write(labels.remove, made.id)
        gone = await danas.post(f"/console/labels/{made.id}", {"name": "Refund", "colour": "blue"})

        assert (changed.status, gone.status) == (303, 409)
        assert "The label is gone" in gone.words


async def test_a_marketer_may_do_none_of_it(server: TestServer, office: Office) -> None:
    known = await office.conversation("mine")
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(MAYA))
        for path in ("/console/bulk", "/console/labels", "/console/labels/x", "/console/labels/x/delete",
                     "/console/views", "/console/views/x/delete"):  # fmt: skip
            page = await browser.post(path, ticked(known, act="resolve", name="x"))

            assert page.status == 403, path
    (line,) = await office.store.read(listed, Narrowed(), member="", at=at())
    assert (line.id, line.state) == (ConversationId(known.id), "open")
