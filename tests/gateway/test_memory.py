"""Memory over the socket: what a message tells of its writer, put right and forgotten with the turn."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from bot.desk import Call, Telling, current
from bot.engine.client import TurnCall, TurnResult
from bot.store.store import Store
from bot.store.tables import conversations, messages
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Frame, Visitor


class Asks(FakeEngine):
    """Asks the desk as the actions do: what is told, and to forget what follows the word."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Telling] = []

    async def take_turn(self, call: TurnCall) -> TurnResult:
        asked = Call(call.turn, "rasa-message", call.text)
        self.told.append(await current().told(asked))
        verb, _, what = call.text.partition(" ")
        if verb == "forget":
            await current().forget(asked, fact=None if what == "everything" else what)
        return replace(await super().take_turn(call), actions=("action_listen",))


@pytest.fixture
def engine() -> Asks:
    return Asks()


async def agrees(visitor: Visitor) -> None:
    await visitor.connect()
    await visitor.send("consent", measure=False, memory=True)
    await visitor.until(lambda frame: frame["type"] == "consent")


async def memory(visitor: Visitor) -> list[str]:
    await visitor.send("memory")
    shown: Frame = await visitor.until(lambda frame: frame["type"] == "memory")
    return [fact["text"] for fact in shown["facts"]]


async def test_what_a_message_tells_is_known_while_it_is_answered(visitor: Visitor, engine: Asks):
    await agrees(visitor)

    await visitor.ask("My name is Anna and I live in Graz.")

    assert engine.told == [Telling((("name", "Anna"), ("place", "Graz")), kept=True)]
    assert await memory(visitor) == ["Your name is Anna.", "You live in Graz."]


async def test_without_consent_it_is_heard_and_not_kept(visitor: Visitor, engine: Asks):
    await visitor.connect()

    await visitor.ask("My name is Anna.")

    assert engine.told == [Telling((("name", "Anna"),), kept=False)]
    assert await memory(visitor) == []


async def test_a_correction_that_names_the_old_is_understood_and_kept(visitor: Visitor, engine: Asks):
    await agrees(visitor)
    await visitor.ask("My name is Anna.")

    await visitor.ask("Hannah, not Anna")
    await visitor.ask("that is not me")

    assert engine.told[1].facts == (("name", "Hannah"),)
    assert await memory(visitor) == ["Your name is Hannah."]


async def test_what_is_no_longer_so_is_told_to_the_action(visitor: Visitor, engine: Asks):
    await agrees(visitor)
    await visitor.ask("I live in Graz")

    await visitor.ask("I don't live in Graz any more")

    assert engine.told[1].outdated == ("place",)


async def test_one_fact_is_forgotten_with_the_turn(visitor: Visitor):
    await agrees(visitor)
    await visitor.ask("My name is Anna and I live in Graz.")

    await visitor.ask("forget name")

    assert await memory(visitor) == ["You live in Graz."]


async def test_everything_is_forgotten_with_the_turn_and_the_window_ends(visitor: Visitor):
    await agrees(visitor)
    await visitor.ask("My name is Anna.")

    answer = await visitor.ask("forget everything")
    end = await visitor.next()

    assert answer["text"] == "You said: forget everything"
    assert (end["type"], end["code"]) == ("closed", 4401)
    assert (await visitor.connect())["code"] == 4401


async def an_hour_passes(store: Store) -> None:
    await store.write(lambda connection: connection.execute(_AN_HOUR_AGO[0]))
    await store.write(lambda connection: connection.execute(_AN_HOUR_AGO[1]))


_HOUR_US = 3_600_000_000
_AN_HOUR_AGO = (
    update(conversations).values(token_used_at=conversations.c.token_used_at - _HOUR_US),
    update(messages).values(at=messages.c.at - _HOUR_US),
)


async def test_who_comes_back_is_welcomed_in_the_first_frame_and_once(visitor: Visitor, store: Store):
    await agrees(visitor)
    await visitor.ask("My name is Anna.")
    await visitor.leave()
    await an_hour_passes(store)

    welcome = await visitor.connect()
    again = await visitor.connect()

    (told,) = welcome["missed"]
    assert (told["from"], told["text"]) == ("bot", "Welcome back, Anna. What would you like to know?")
    assert [one["text"] for one in again["missed"]] == [told["text"]]


async def test_another_window_is_told_of_the_welcome_too(visitor: Visitor, store: Store, client: Any):
    await agrees(visitor)
    await visitor.ask("My name is Anna.")
    await an_hour_passes(store)

    other = Visitor(client)
    other.token = visitor.token
    await other.connect()

    told = await visitor.until(lambda frame: frame["type"] == "message" and frame["text"].startswith("Welcome"))
    assert "reply_to" not in told
