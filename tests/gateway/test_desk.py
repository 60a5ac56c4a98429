"""The desk: what actions ask for during a turn is kept with the turn; outside of one it stands by itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk import Call, current
from bot.engine.client import BotMessage, TurnCall, TurnResult
from bot.gateway.desk import OutsideDesk
from bot.gateway.presence import HERE_FOR_US, Presence
from bot.interactions import Kind, Microseconds, TurnId, Understanding
from bot.pages.answering.answer import SURE_ENOUGH
from bot.pages.answering.librarian import Librarian
from bot.pages.command import crawl
from bot.settings import Settings
from bot.store.interactions import of_conversation, span, window
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP, at
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Visitor

SHELL = Call(None, "rasa-message-1", "Do you ship to Norway?")


@pytest.fixture
async def outside(store: Store, shop: Site, settings: Settings, tmp_path: Path) -> OutsideDesk:
    page = tmp_path / "pages" / "shipping.html"
    page.parent.mkdir()
    page.write_text(
        "<html><title>Shipping</title><body><main><h1>Shipping</h1><p>We ship to Norway. It takes five days and "
        "costs nine euros.</p></main></body></html>"
    )
    await crawl(store, settings, SHOP, str(page.parent), base="https://shop.example/")
    librarian = Librarian(store, settings)
    yield OutsideDesk(store, librarian, lambda: at())
    await librarian.close()


async def the_log(store: Store) -> list[tuple[Kind, str, str]]:
    whole = await store.read(span, SHOP, at(days=-1), at(days=1))
    if whole is None:
        return []
    rows = await store.read(window, SHOP, at(days=-1), at(days=1), after_id=0, last_id=whole[1], limit=100)
    return [(row.interaction.kind, row.interaction.source, row.interaction.source_id) for row in rows]


async def test_a_call_without_a_turn_is_written_once_and_marked(outside: OutsideDesk, store: Store):
    for _ in range(2):
        await outside.heard(SHELL, Understanding("ask_page", 0.9))

    assert await the_log(store) == [(Kind.UNDERSTANDING, "rasa", "rasa-message-1:understanding")]


async def test_it_answers_from_the_pages_and_remembers_nobody(outside: OutsideDesk):
    answer = await outside.answer(SHELL)

    assert answer.answered and "We ship to Norway." in answer.text
    assert answer.sources[0].url == "https://shop.example/shipping.html"
    assert await outside.recall(SHELL) == ()
    assert (await outside.ask_person(SHELL, reason="asked")).wait_s is None


async def test_a_turn_that_is_over_is_answered_and_recorded_nowhere(outside: OutsideDesk, store: Store):
    late = Call(TurnId("closed.0"), "closed.0", "Do you ship to Norway?")

    answer = await outside.answer(late)

    assert answer.answered
    assert await the_log(store) == []


def test_somebody_is_there_for_five_minutes_after_they_were_seen():
    presence = Presence()
    assert not presence.is_anybody_here(at())

    presence.seen("dana", at())

    assert presence.is_anybody_here(Microseconds(at() + HERE_FOR_US - 1))
    assert not presence.is_anybody_here(Microseconds(at() + HERE_FOR_US))


class AsksThePages(FakeEngine):
    """Answers each message as the rule for questions does: with what the desk finds in the pages."""

    async def take_turn(self, call: TurnCall) -> TurnResult:
        found = await current().answer(Call(call.turn, "rasa-message", call.text))
        said = await super().take_turn(call)
        told = BotMessage(found.text or "I could not find that on our pages.")
        return replace(said, messages=(told,), actions=("action_answer_from_pages",))


@pytest.fixture
def engine() -> FakeEngine:
    return AsksThePages()


async def test_what_the_pages_gave_is_in_the_log_beside_what_was_understood(
    visitor: Visitor, store: Store, shop: Site, settings: Settings, tmp_path: Path
):
    file = tmp_path / "pages.jsonl"
    file.write_text('{"url": "https://shop.example/hats", "title": "Hats", "text": "Hats cost 39 EUR."}')
    await crawl(store, settings, SHOP, str(file))
    conversation = (await visitor.connect())["conversation"]

    await visitor.ask("How much are hats?")
    await visitor.ask("Do you repair violins?")

    rows = [row.interaction for row in await store.read(of_conversation, conversation, limit=100)]
    found = [row.data["from_pages"] for row in rows if row.kind is Kind.UNDERSTANDING]
    assert [one["answered"] for one in found] == [True, False]
    assert found[0]["pages"] == ["https://shop.example/hats"] and found[0]["confidence"] > 0.5
    assert found[0]["enough"] == found[1]["enough"] == SURE_ENOUGH
    (passage,) = found[0]["passages"]
    assert passage["link"].startswith("https://shop.example/hats#:~:text=Hats")
    assert {"url": "https://shop.example/hats", "title": "Hats"}.items() <= passage.items()
    assert [row.seq for row in rows if row.kind is Kind.UNANSWERED] == [3]
