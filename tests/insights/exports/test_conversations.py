"""An export of conversations has what people ask of each: who spoke when, how long it took, how it went."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.insights.exports.conversation_columns import COLUMNS
from bot.interactions import Kind
from bot.store.conversations import begin, say
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP, at
from tests.insights.exports.exported import written
from tests.insights.happened import did

DOCS = Path(__file__).parents[3] / "docs" / "exports.md"


def a_talk(connection: Connection) -> None:
    """Asked, answered by the bot after 2 s; asked twice, taken by Dana, answered after 60 s; rated 4 stars."""
    conversation, _ = begin(connection, SHOP, at=at(), language="en", page="https://shop.example/")
    said = [("visitor", 0, None), ("bot", 2, None), ("visitor", 10, None), ("visitor", 20, None), ("note", 25, "Dana"),
            ("staff", 70, "Dana")]  # fmt: skip
    for number, (sender, second, name) in enumerate(said):
        say(connection, conversation, sender=sender, text="=1", at=at(minutes=second / 60), id=str(number), name=name)
    happened = [
        (Kind.UNDERSTANDING, 0, {"sentiment": 0.5, "topics": ["delivery"]}),
        (Kind.UNANSWERED, 10, {}),
        (Kind.HANDOVER, 11, {"to": "nobody", "reason": "asked for a person"}),
        (Kind.UNDERSTANDING, 10, {"sentiment": -0.75, "topics": ["delivery", "price"]}),
        (Kind.HANDOVER, 41, {"to": "staff"}),
        (Kind.RATING, 80, {"stars": 2, "words": ""}),
        (Kind.RATING, 90, {"stars": 4, "words": "Thanks"}),
    ]
    rows = [did(None, kind, second / 60, conversation=conversation.id, data=data) for kind, second, data in happened]
    append(connection, [replace(row, seq=None) for row in rows])


async def exported(store: Store) -> dict[str, Any]:
    (line,) = (await written(store, "conversations", "jsonl")).splitlines()
    told: dict[str, Any] = json.loads(line)
    return told


async def test_who_spoke_and_how_long_answers_took(store: Store, shop: Site):
    await store.write(a_talk)

    told = await exported(store)

    assert [told[f"{sender}_messages"] for sender in ("visitor", "bot", "staff")] == [3, 1, 1]
    assert (told["duration_s"], told["first_answer_s"], told["mean_answer_s"]) == (70, 2, 31)
    assert (told["staff_names"], told["ended_at"]) == ("Dana", "2026-03-02T12:01:10.000Z")


async def test_how_it_went(store: Store, shop: Site):
    await store.write(a_talk)

    told = await exported(store)

    assert (told["handovers"], told["handover_reason"], told["handover_wait_s"]) == (1, "asked for a person", 30)
    assert (told["stars"], told["rating_words"], told["unanswered"]) == (4, "Thanks", 1)
    assert [told[f"sentiment_{which}"] for which in ("first", "last", "min")] == [0.5, -0.75, -0.75]
    assert (told["topics"], told["labels"]) == (["delivery", "price"], [])


async def test_what_can_not_be_known_is_empty(store: Store, shop: Site):
    await store.write(lambda connection: begin(connection, SHOP, at=at(), language="en", page=None) and None)

    told = await exported(store)

    counts = {"visitor_messages", "bot_messages", "staff_messages", "handovers", "unanswered"}
    assert {one.name for one in COLUMNS if told[one.name] is not None} == counts | {"topics", "labels", "console"}


def test_every_column_is_documented():
    documented = DOCS.read_text(encoding="utf-8")

    assert [one.name for one in COLUMNS if f"`{one.name}`" not in documented] == []
