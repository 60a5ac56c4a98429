"""Ready replies: written by who may, found in a conversation, filled with what is known of its visitor."""

import json
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from bot.interactions import Interaction, Kind
from bot.store.conversations import Conversation
from bot.store.interactions import append
from bot.store.ready_replies import ReadyReply, Wording, create, replies_of
from bot.store.sites import Site, add_site
from bot.store.staff import NewMember
from tests.cast import ALICE, SHOP, Person, at
from tests.gateway.front_office import FRAME, Browser, Office

ADA = Person("Ada", "ada@shop.example", role="admin")
LENA = Person("Lena", "lena@shop.example", role="agent")
EVIL = "<img src=x onerror=alert(1)>"
AT = "/console/ready-replies"


@pytest.fixture
async def adas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(ADA))
        yield browser


@pytest.fixture
async def known(office: Office) -> Conversation:
    """A visitor who said what they are called, and nothing else."""
    talk = await office.conversation(f"I am {ALICE.name}")
    said = {"facts": [["name", f"{ALICE.name} Ash"]]}
    row = Interaction(at=at(), site=SHOP, kind=Kind.UNDERSTANDING, source="turn", source_id="1", data=said,
                      conversation=talk.id, seq=1)  # fmt: skip
    await office.store.write(append, [row])
    return talk


def typed(name: str, text: str, language: str = "en", **more: str) -> dict[str, str]:
    return {"name": name, "language-0": language, "text-0": text} | more


async def ready(office: Office, member: NewMember, text: str, **more: str | None) -> str:
    """A reply of the member's own, or what `more` says."""
    wording = Wording("Greeting", {"en": text}, **{"owner": member.id} | more)
    id = await office.store.write(create, wording, member.id, at=at())
    assert id is not None
    return id


async def all_of(office: Office, member: NewMember) -> list[ReadyReply]:
    return await office.store.read(replies_of, member.id)


class TestWriting:
    async def test_an_agent_writes_their_own_and_a_colleague_never_sees_it(
        self, danas: Browser, adas: Browser, office: Office, dana: NewMember
    ) -> None:
        shared = await danas.post(AT, typed("Hours", "We are here {{agent}}", whose="all"))
        made = await danas.post(AT, typed("Hours", "We are here {{agent}}"))

        assert (shared.status, made.status, made.location) == (403, 303, AT)
        (mine,) = await all_of(office, dana)
        assert (mine.name, mine.texts, mine.owner) == ("Hours", {"en": "We are here {{agent}}"}, dana.id)
        assert "Hours" in (await danas.get(AT)).words
        assert "Hours" not in (await adas.get(AT)).words
        assert (await adas.post(f"{AT}/{mine.id}/delete")).status == 303
        assert len(await all_of(office, dana)) == 1

    async def test_an_admin_shares_one_and_agents_read_it_and_change_nothing(
        self, danas: Browser, adas: Browser, office: Office, dana: NewMember
    ) -> None:
        await adas.post(AT, typed("Hours", "Nine to five", site=SHOP, whose="all"))
        (one,) = await all_of(office, dana)
        page = await danas.get(AT)

        changed = await danas.post(f"{AT}/{one.id}", typed("Mine now", "x", was=str(one.changed_at)))
        deleted = await danas.post(f"{AT}/{one.id}/delete")

        assert "Nine to five" in page.words and "Shared" in page.words
        assert changed.status == deleted.status == 403
        assert "written by admins, so nothing was changed" in changed.words
        assert await all_of(office, dana) == [one]

    async def test_a_form_from_before_somebody_changed_it_changes_nothing(
        self, danas: Browser, office: Office, dana: NewMember
    ) -> None:
        id = await ready(office, dana, "Hello")
        old = typed("Greeting", "Hi", was=str(at()))
        await danas.post(f"{AT}/{id}", old)

        stale = await danas.post(f"{AT}/{id}", typed("Greeting", "Ho", was=str(at())))

        assert stale.status == 409 and "changed or deleted meanwhile" in stale.words
        assert [one.texts for one in await all_of(office, dana)] == [{"en": "Hi"}]
        assert (await danas.post(f"{AT}/nobodys", old)).status == 404

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            (typed("", "x"), "Give it a name"),
            (typed("n" * 61, "x"), "Give it a name"),
            (typed("a", " "), "Write what it says"),
            (typed("a", "x", "English"), "no language"),
            (typed("a", "Hello {{nmae}}"), "{{nmae}} stands for nothing"),
            (typed("a", "x", site="elsewhere"), "not there any more"),
            (typed("a", "x" * 4_001), "too long"),
            (typed("a", "x") | {"language-1": "EN", "text-1": "y"}, "two texts"),
        ],
    )
    async def test_what_can_not_be_one_is_refused_and_stays_in_the_form(
        self, danas: Browser, office: Office, dana: NewMember, fields: dict[str, str], told: str
    ) -> None:
        page = await danas.post(AT, fields)

        assert page.status == 400 and told in page.words
        assert fields["text-0"].strip() in page.text
        assert await all_of(office, dana) == []

    async def test_what_is_written_is_text(self, danas: Browser, office: Office) -> None:
        await danas.post(AT, typed(EVIL, f"{EVIL}</textarea>{EVIL}"))

        page = await danas.get(AT)

        assert page.status == 200 and EVIL not in page.text

    async def test_there_are_fifty_on_a_page(self, danas: Browser, office: Office, dana: NewMember) -> None:
        for _ in range(51):
            await ready(office, dana, "Hello")

        first = await danas.get(AT)
        (older,) = re.findall(r'href="(/console/ready-replies\?after=[^"]+)"', first.text)
        second = await danas.get(older)

        assert (first.text.count("<summary>Change"), second.text.count("<summary>Change")) == (50, 1)
        assert (await danas.get(f"{AT}?after=x")).status == 400


class TestAnswering:
    async def test_it_is_offered_in_the_visitors_language_and_filled_with_what_is_known(
        self, danas: Browser, office: Office, dana: NewMember, known: Conversation, shop: Site
    ) -> None:
        texts = {
            "de": "Hallo",
            "en": "Hello {{first_name}} {{name}}, {{agent}} of {{shop}}, {{company|you}} {{order}}",
        }
        await office.store.write(create, Wording("Greeting", texts, SHOP), dana.id, at=at())
        await office.store.write(add_site, "other", name="Other", origins=("https://other.example",), at=at())
        await ready(office, dana, "Not here", site="other")

        (one,) = json.loads((await danas.get(f"/console/conversations/{known.id}/ready-replies")).text)

        assert one["text"] == f"Hello Alice Alice Ash, Dana of {shop.name}, you {{{{order}}}}"
        assert one["problem"].startswith("Not known of this visitor: order.")

    async def test_without_script_it_is_put_before_what_is_written_and_nothing_is_said(
        self, danas: Browser, office: Office, dana: NewMember, known: Conversation
    ) -> None:
        id = await ready(office, dana, "Hello {{first_name|there}}")
        there = f"/console/conversations/{known.id}"
        fields = {"choice": id, "text": "more", "kind": "reply", "id": FRAME.format(7)}

        page = await danas.post(f"{there}/insert", fields)

        assert page.status == 200
        assert ">\nHello Alice\nmore</textarea>" in page.text
        assert (page.field("id"), page.field("ready")) == (FRAME.format(7), id)
        assert office.rooms.shown == []
        gone = await danas.post(f"{there}/insert", fields | {"choice": "nobodys"})
        assert gone.status == 409 and ">\nmore</textarea>" in gone.text
        assert (await danas.post("/console/conversations/nobodys/insert", fields)).status == 404
        assert (await danas.post(f"{there}/insert", fields | {"id": "x"})).status == 400

    async def test_an_answer_is_not_sent_while_something_is_missing_and_a_note_is(
        self, danas: Browser, office: Office, dana: NewMember, known: Conversation
    ) -> None:
        there = f"/console/conversations/{known.id}"
        await danas.post(f"{there}/take")
        fields = {"text": "Order {{order}} is on its way", "kind": "reply", "id": FRAME.format(7)}

        refused = await danas.post(f"{there}/messages", fields)
        noted = await danas.post(f"{there}/messages", fields | {"kind": "note", "id": FRAME.format(8)})
        sent = await danas.post(f"{there}/messages", fields | {"text": "Order 7"})

        assert refused.status == 400 and "Nothing was sent: fill in {{order}} first." in refused.words
        assert "Order {{order}} is on its way</textarea>" in refused.text
        assert (noted.status, sent.status) == (303, 303)
        assert [one.text for one in office.rooms.shown] == ["Order 7"]

    async def test_uses_are_counted_once_for_an_answer_and_the_most_used_is_first(
        self, danas: Browser, office: Office, dana: NewMember, known: Conversation
    ) -> None:
        one, other = await ready(office, dana, "One"), await ready(office, dana, "Other")
        there = f"/console/conversations/{known.id}"
        await danas.post(f"{there}/take")

        for id, frame in ((one, 7), (one, 7), (other, 8), (other, 9), ("nobodys", 10)):
            fields = {"text": "x", "kind": "reply", "id": FRAME.format(frame), "ready": id}
            await danas.post(f"{there}/messages", fields)

        assert [(each.id, each.uses) for each in await all_of(office, dana)] == [(other, 2), (one, 1)]

    async def test_what_a_visitor_is_called_is_text(self, danas: Browser, office: Office, dana: NewMember) -> None:
        talk = await office.conversation("Hello")
        said = {"facts": [["name", f"{EVIL} {{{{agent}}}}"]]}
        row = Interaction(at=at(), site=SHOP, kind=Kind.UNDERSTANDING, source="turn", source_id="1", data=said,
                          conversation=talk.id, seq=1)  # fmt: skip
        await office.store.write(append, [row])
        id = await ready(office, dana, "Hello {{name}}")
        fields = {"choice": id, "text": "", "kind": "reply", "id": FRAME.format(7)}

        page = await danas.post(f"/console/conversations/{talk.id}/insert", fields)

        assert EVIL not in page.text and "Dana}}" not in page.text
        assert "{ {agent}}" in page.text
