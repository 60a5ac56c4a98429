"""The desk: what actions ask for during a turn is kept with the turn; outside of one it stands by itself."""

from pathlib import Path

import pytest

from bot.desk import Call
from bot.gateway.desk import OutsideDesk
from bot.gateway.presence import HERE_FOR_US, Presence
from bot.interactions import Kind, Microseconds, TurnId, Understanding
from bot.pages.command import crawl
from bot.pages.librarian import Librarian
from bot.settings import Settings
from bot.store.interactions import span, window
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP, at

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
