"""The number of a card is stored nowhere, shown nowhere, and its sender warned."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import Connection, text

from bot.gateway.turns import CARD_NUMBER, CARD_ONLY
from bot.store.store import Store
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Frame, Visitor

CARD, SHOWN = "4111 1111 1111 1111", "•••• •••• •••• 1111"


def everything(connection: Connection) -> str:
    tables = ("messages", "interactions", "conversations", "turns")
    return "".join(str(connection.execute(text(f"SELECT * FROM {table}")).all()) for table in tables)


def texts(visitor: Visitor) -> list[str]:
    return [frame["text"] for frame in visitor.frames if frame["type"] == "message"]


async def both(visitor: Visitor) -> list[Frame]:
    return [await visitor.until(lambda frame: frame["type"] == "message" and "reply_to" in frame) for _ in range(2)]


async def test_a_card_number_is_made_unreadable_before_it_is_stored(
    visitor: Visitor, client: TestClient[Any, Any], store: Store, engine: FakeEngine
):
    await visitor.connect()

    await visitor.say(f"can i pay with {CARD}?")
    warning, answer = await both(visitor)

    assert texts(visitor)[0] == f"can i pay with {SHOWN}?"
    assert warning["text"] == CARD_NUMBER["en"][0] and answer["text"] == f"You said: can i pay with {SHOWN}?"
    assert "4111" not in await store.read(everything)
    metrics = await (await client.get("/metrics")).text()
    assert 'duologue_dropped_total{door="chat",reason="card_number"} 1' in metrics


async def test_a_card_number_alone_is_no_question(visitor: Visitor, engine: FakeEngine):
    await visitor.connect()

    await visitor.say(CARD)
    await both(visitor)

    assert (engine.heard[0].text, engine.heard[0].trusted) == (CARD_ONLY, True)


async def test_the_same_warning_is_not_said_twice_in_a_row(visitor: Visitor):
    await visitor.connect()
    warned = []
    for _ in range(3):
        await visitor.say(CARD)
        warned.append((await both(visitor))[0]["text"])

    first, second = CARD_NUMBER["en"]
    assert warned == [first, second, first]


async def test_who_writes_german_is_warned_in_german(visitor: Visitor):
    await visitor.connect(language="de")

    await visitor.say(f"kann ich mit {CARD} bezahlen?")

    assert (await both(visitor))[0]["text"] == CARD_NUMBER["de"][0]


@pytest.mark.parametrize("frame", [{"type": "rate", "stars": 1, "words": CARD}, {"type": "human", "reason": CARD}])
async def test_other_words_of_a_visitor_are_kept_without_it_too(visitor: Visitor, store: Store, frame: dict[str, Any]):
    await visitor.connect()

    id = await visitor.send(**frame)
    await visitor.until(lambda came: came["type"] == "ack" and came["id"] == id)

    assert "4111" not in await store.read(everything)
