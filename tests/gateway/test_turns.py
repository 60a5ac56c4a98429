"""The workers of the turns: faults of ours, the deadline, and what a restart finds open."""

import asyncio
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.engine.client import TurnCall
from bot.gateway.rooms import ROOMS
from bot.interactions import Kind, Microseconds
from bot.settings import Settings
from bot.store import turns
from bot.store.interactions import window
from bot.store.store import Store
from tests.cast import SHOP
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Visitor

Client = TestClient[Any, Any]


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    return Settings(home=tmp_path / "home", deadline_s=4)


async def test_past_the_deadline_the_visitor_is_told_honestly_and_staff_are_called(
    visitor: Visitor, engine: FakeEngine
):
    engine.away = True
    await visitor.connect()

    answer = await visitor.ask("Do you ship to Norway?")
    owner = await visitor.until(lambda frame: frame["type"] == "owner")

    assert "can't answer right now" in answer["text"] and answer["from"] == "bot"
    assert owner["owner"] == "nobody"


async def test_an_engine_that_thinks_for_too_long_is_not_waited_for(visitor: Visitor, engine: FakeEngine):
    engine.hold()
    await visitor.connect()

    assert "can't answer right now" in (await visitor.ask("Hello"))["text"]

    engine.go_on()
    assert (await visitor.ask("Hello again"))["text"] == "You said: Hello again"


async def test_which_version_of_the_bot_answered_is_noted_with_the_turn(
    visitor: Visitor, engine: FakeEngine, store: Store
):
    engine.bot = "65b0cbb8"
    await visitor.connect()

    await visitor.ask("Hello")

    rows = await store.read(window, SHOP, Microseconds(0), Microseconds(2**60), after_id=0, last_id=1_000, limit=100)
    noted = [one.interaction.data["bot"] for one in rows if one.interaction.kind is Kind.UNDERSTANDING]
    assert noted == ["65b0cbb8"]


async def test_a_fault_of_ours_is_tried_again_and_never_silence(
    visitor: Visitor, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
):
    answers = engine.take_turn

    async def stumbles_once(call: TurnCall) -> Any:
        monkeypatch.undo()
        await answers(call)
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(engine, "take_turn", stumbles_once)
    await visitor.connect()

    assert (await visitor.ask("Hello"))["text"] == "You said: Hello"


async def test_what_a_restart_left_open_is_answered(client: Client, store: Store, engine: FakeEngine):
    left = Visitor(client)
    engine.hold()
    await left.connect()
    await left.say("Are you there?")
    rooms = client.app[ROOMS]
    await rooms.turns.stop()
    assert len(await store.read(turns.unfinished)) == 1

    engine.go_on()
    await rooms.turns.resume()

    answer = await left.until(lambda frame: frame["type"] == "message" and frame["from"] == "bot")
    assert answer["text"] == "You said: Are you there?"
    assert await store.read(turns.unfinished) == []


async def test_conversations_do_not_wait_for_each_other(client: Client, engine: FakeEngine):
    visitors = [Visitor(client) for _ in range(5)]
    for one in visitors:
        await one.connect()

    answers = await asyncio.gather(*(one.ask(f"I am {number}") for number, one in enumerate(visitors)))

    assert [answer["text"] for answer in answers] == [f"You said: I am {number}" for number in range(5)]
