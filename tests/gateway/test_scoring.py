"""Conversations get their score when they have been quiet for a while, and a turn does not wait for it."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.errors import StoreUnavailable
from bot.gateway.house import HOUSE, House
from bot.gateway.rooms import ROOMS
from bot.gateway.scoring import QUIET_US, Scoring
from bot.interactions import ConversationId, Microseconds
from bot.settings import Settings
from bot.store.scores import kept_score
from bot.store.sites import Site
from bot.store.store import Store
from tests.asking import ask, somebody
from tests.cast import at
from tests.gateway.front_office import Clock
from tests.gateway.visitor import Visitor


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(store: Store, shop: Site, clock: Clock, tmp_path: Path) -> House:
    return House(Settings(home=tmp_path), store, clock)


@pytest.fixture
def scoring(house: House) -> Scoring:
    return Scoring(house)


async def turns_judged(store: Store, conversation: ConversationId) -> int:
    found = await store.read(kept_score, conversation)
    return 0 if found is None else found.turns


async def test_who_still_talks_is_not_judged_yet(store: Store, scoring: Scoring, clock: Clock):
    conversation = await somebody(store)
    await ask(store, conversation, "Kayaks?")
    scoring.changed(conversation)
    clock.at = Microseconds(at() + QUIET_US - 1)

    await scoring.settle()

    assert await turns_judged(store, conversation) == 0


async def test_who_has_been_quiet_is_judged_once(store: Store, scoring: Scoring, clock: Clock):
    conversation = await somebody(store)
    await ask(store, conversation, "Kayaks?")
    scoring.changed(conversation)
    clock.at = Microseconds(at() + QUIET_US)

    await scoring.settle()
    judged = await turns_judged(store, conversation)
    await ask(store, conversation, "Canoes?")
    await scoring.settle()

    assert (judged, await turns_judged(store, conversation)) == (1, 1)


async def test_what_could_not_be_stored_is_tried_again(
    store: Store, house: House, scoring: Scoring, clock: Clock, tmp_path: Path
):
    conversation = await somebody(store)
    await ask(store, conversation, "Kayaks?")
    away = Store(f"sqlite:///{tmp_path}/away.db")
    house.store = away
    scoring.changed(conversation)
    clock.at = Microseconds(at() + QUIET_US)

    with pytest.raises(StoreUnavailable):
        await scoring.settle()
    await away.close()
    house.store = store
    await scoring.settle()

    assert await turns_judged(store, conversation) == 1


async def test_a_talk_in_the_chat_is_judged_when_it_has_ended(
    client: TestClient[Any, Any], store: Store, visitor: Visitor
):
    welcome = await visitor.connect()
    await visitor.ask("Do you ship to Norway?")
    await visitor.ask("And to Finland?")
    house = client.app[HOUSE]
    later = Microseconds(house.now() + QUIET_US)
    house.now = lambda: later

    await client.app[ROOMS].scoring.settle()

    found = await store.read(kept_score, welcome["conversation"])
    assert found is not None
    assert (found.turns, found.replied, found.visitor_words, found.follow_ups) == (2, 2, 8, 1)
