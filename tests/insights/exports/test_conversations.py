"""An export of conversations has what people ask of each: who spoke when, how long it took, how it went."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, update

from bot.insights.exports import objective_columns, people_columns
from bot.insights.exports.conversation_columns import COLUMNS, LATER
from bot.insights.exports.people_columns import utm_of
from bot.insights.exports.picked import picked
from bot.interactions import CONSENT_VERSION, ConversationId, Kind
from bot.store.conversations import begin, say
from bot.store.interactions import append
from bot.store.objectives import Contract, add_objective
from bot.store.sites import Site, add_site
from bot.store.staff import add_member, resolve, take
from bot.store.store import Store
from bot.store.tables import conversations
from bot.store.visitors import create, set_consent
from tests.cast import ALICE, DANA, MAYA, SHOP, at
from tests.insights.exports.exported import written
from tests.insights.happened import bought, did, refunded

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


async def test_who_has_it_and_how_long_it_took_to_resolve(store: Store, shop: Site):
    dana = await store.write(add_member, DANA.name, DANA.role, at=at())
    id = await store.write(a_talk_of_alice)

    await store.write(take, ConversationId(id), dana, at=at(minutes=1))
    held = await exported(store)
    await store.write(resolve, ConversationId(id), dana, at=at(minutes=2))
    resolved = await exported(store)

    assert (held["assigned"], held["assigned_role"], held["resolution_s"]) == ("Dana", "agent", None)
    assert (resolved["resolved_at"], resolved["resolution_s"]) == ("2026-03-02T12:02:00.000Z", 120)


async def test_which_words_the_visitor_agreed_to_last(store: Store, shop: Site):
    visitor = (await store.write(create, shop, at=at(), measure=True, memory=False)).id
    id = await store.write(a_talk_of_alice)
    theirs = update(conversations).where(conversations.c.id == id)
    await store.write(lambda connection: connection.execute(theirs.values(visitor=visitor, measure=True)) and None)

    agreed = await exported(store)
    older = did(visitor, Kind.CONSENT, 1, data={"measure": True, "memory": True, "version": "2026-03"})
    await store.write(append, [older, did(visitor, Kind.CONSENT, 2, data={"measure": True, "said": 1})])
    again = await exported(store)
    await store.write(set_consent, visitor, measure=False, memory=False, at=at(minutes=3))
    refused = await exported(store)

    assert (agreed["consent_version"], again["consent_version"]) == (CONSENT_VERSION, "2026-03")
    assert (refused["measure"], refused["consent_version"]) == (False, None)


async def test_what_can_not_be_known_is_empty(store: Store, shop: Site):
    await store.write(lambda connection: begin(connection, SHOP, at=at(), language="en", page=None) and None)

    told = await exported(store)

    counts = {"visitor_messages", "bot_messages", "staff_messages", "handovers", "unanswered"}
    known = {one.name for one in (*COLUMNS, *people_columns.COLUMNS, *LATER) if told[one.name] is not None}
    assert known == counts | {"topics", "labels", "console"}
    assert told["objectives"] == []


def test_every_column_is_documented():
    documented = DOCS.read_text(encoding="utf-8")

    every = (*COLUMNS, *people_columns.COLUMNS, *LATER, *objective_columns.COLUMNS)
    assert [one.name for one in every if f"`{one.name}`" not in documented] == []


SHOPPED = "https://shop.example/cart"
ARRIVED = "https://shop.example/lamps?utm_source=news&utm_medium=email&utm_campaign=Spring%20sale&utm_source=other"


def a_talk_of_alice(connection: Connection) -> str:
    """She came by a newsletter, told her name, and talked."""
    conversation, _ = begin(connection, SHOP, at=at(), language="en", page=SHOPPED)
    theirs = update(conversations).where(conversations.c.id == conversation.id)
    connection.execute(theirs.values(visitor=ALICE.visitor, customer=ALICE.customer))
    named = {"customer": ALICE.customer, "name": "Alice", "email": ALICE.email}
    arrived = [did(ALICE.visitor, Kind.PAGE_VIEW, minute, url=url) for minute, url in ((-5, ARRIVED), (-4, SHOPPED))]
    append(connection, [*arrived, did(ALICE.visitor, Kind.IDENTIFIED, customer=ALICE.customer, data=named)])
    return conversation.id


async def test_who_talked_and_where_they_came_from(store: Store, shop: Site):
    await store.write(a_talk_of_alice)

    told = await exported(store)

    assert (told["first_page"], told["email"]) == (ARRIVED, ALICE.email)
    assert [told[f"utm_{name}"] for name in ("source", "medium", "campaign", "term", "content")] == [
        "news", "email", "Spring sale", None, None,
    ]  # fmt: skip


async def test_what_was_bought_after_it_began_is_told_for_each_window(store: Store, shop: Site):
    await store.write(a_talk_of_alice)
    orders = [
        bought(ALICE.visitor, 9_999, at=at(minutes=-1)),
        # Of the visitor and of the customer: one order.
        bought(ALICE.visitor, 1_000, customer=ALICE.customer, at=at(), data={"margin": 400}),
        bought(None, 200, customer=ALICE.customer, at=at(days=7)),
        bought(ALICE.visitor, 30, at=at(days=90) - 1),
        bought(ALICE.visitor, 4, at=at(days=90)),
        refunded(ALICE.visitor, 500, at=at(days=8)),
        bought("somebody else", 7_777, at=at(days=1)),
        bought(None, 8_888, customer=ALICE.customer, at=at(days=1), site="other"),
    ]
    await store.write(add_site, "other", name="Other", origins=("https://other.example",), at=at())
    await store.write(append, orders)

    told = await exported(store)

    assert [told[f"revenue_{days}d"] for days in (7, 30, 90)] == ["10.00", "12.00", "12.30"]
    assert (told["orders_90d"], told["currency"], told["refunds_90d"]) == (3, "EUR", "5.00")
    assert (told["margin_90d"], told["margin_known_90d"]) == ("4.00", 1)


async def test_amounts_of_several_currencies_are_no_sum(store: Store, shop: Site):
    await store.write(a_talk_of_alice)
    await store.write(append, [bought(ALICE.visitor, 1_000), bought(ALICE.visitor, 500, "JPY")])

    told = await exported(store)

    assert (told["orders_90d"], told["currency"], told["revenue_90d"], told["margin_90d"]) == (2, None, None, None)


@pytest.mark.parametrize("url", [None, "", "https://[", "https://shop.example/?utm_source="])
def test_an_address_that_says_nothing_of_where_they_came_from(url: str | None):
    assert utm_of(url) == [None] * 5


async def an_objective(store: Store, owner: str, measure: str, days: tuple[str, str]) -> None:
    told = Contract(f"More {measure}", measure, "site", "", owner, None, 0.1, *(None,) * 6, 0.5, 0.01, *days)
    await store.write(add_objective, SHOP, told, staff=None, at=at())


async def test_towards_which_objectives_it_counted(store: Store, shop: Site):
    id = await store.write(a_talk_of_alice)
    ratings = [did(ALICE.visitor, Kind.RATING, minute, conversation=id, data={"stars": 5}) for minute in (1, 2)]
    await store.write(append, ratings)
    maya = (await store.write(add_member, MAYA.name, MAYA.role, at=at())).id
    await an_objective(store, maya, "awareness", ("2026-03-02", "2026-03-15"))
    await an_objective(store, maya, "feedback", ("2026-03-02", "2026-03-15"))
    await an_objective(store, maya, "leads", ("2026-03-02", "2026-03-15"))
    await an_objective(store, maya, "support", ("2026-04-02", "2026-04-15"))

    (line,) = (await written(store, "conversations", "jsonl", until="2026-03-20")).splitlines()

    assert json.loads(line)["objectives"] == ["More awareness", "More feedback"]


async def test_who_picks_conversations_does_not_take_people_and_orders_away(store: Store, shop: Site):
    id = await store.write(a_talk_of_alice)

    told = json.loads(await picked(store, [ConversationId(id)], "jsonl"))

    measured = (*people_columns.COLUMNS, *objective_columns.COLUMNS)
    assert told["id"] == id and not {one.name for one in measured} & set(told)
