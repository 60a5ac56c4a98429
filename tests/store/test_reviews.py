"""Reviews in the store: one for each turn, on a way that goes one direction, and gone with whoever is forgotten."""

import json

from sqlalchemy import Connection, select

from bot.interactions import Understanding
from bot.store.audit import Act
from bot.store.console_tables import audit
from bot.store.conversations import Conversation, begin
from bot.store.forget import forget_conversation, forget_fact
from bot.store.reviews import (
    Review,
    Should,
    State,
    change,
    listed,
    of_turns,
    page_notes,
    review,
    settle,
    to_export,
    turn_of,
)
from bot.store.sites import Site
from bot.store.staff import Member, add_member
from bot.store.store import Store
from bot.store.turns import Outcome, Reply, close, next_open, receive
from bot.store.whole_person import everything
from tests.cast import DANA, SHOP, at

SAID = "I am Anna Keller, where is my parcel?"


async def reviewed(store: Store, should: Should, value: str = "") -> tuple[Conversation, Member, Review]:
    member = await store.write(a_member)
    conversation, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)
    await store.write(receive, conversation.id, frame="m1", text=SAID, page=None, at=at())
    turn = await store.read(next_open, conversation.id)
    assert turn is not None
    made = Understanding("ask_page", 0.9, facts=(("name", "Anna Keller"),))
    outcome = Outcome(replies=(Reply("I could not find that."),), understanding=made, actions=("utter_default",))
    await store.write(close, turn, outcome, at=at())
    seen = await store.read(turn_of, conversation, 1)
    assert seen is not None
    done = await store.write(review, seen, should, value, member, at=at())
    assert done is not None
    return conversation, member, done.review


def a_member(connection: Connection) -> Member:
    return add_member(connection, DANA.name, DANA.role, at=at())


async def test_a_turn_is_seen_with_what_was_made_of_it_and_said(store: Store, shop: Site) -> None:
    conversation, _, _ = await reviewed(store, Should.RIGHT)

    turn = await store.read(turn_of, conversation, 1)

    assert turn is not None and turn.made is not None
    assert (turn.said, turn.made["intent"], turn.answers) == (SAID, "ask_page", ("I could not find that.",))
    assert await store.read(turn_of, conversation, 2) is None


async def test_a_review_goes_its_way_and_not_back(store: Store, shop: Site) -> None:
    _, member, one = await reviewed(store, Should.INTENT, "order_status")

    assert await store.write(settle, [one.id], State.EXPORTED, at=at(minutes=1)) == 1
    assert await store.write(settle, [one.id], State.EXPORTED, at=at(minutes=2)) == 0
    refused = await store.write(change, one.id, State.REFUSED, member, at=at(minutes=3))
    assert await store.write(settle, [one.id], State.DONE, at=at(minutes=4)) == 1

    assert refused is not None and refused.state is State.EXPORTED
    (now,) = await store.read(listed, State.DONE)
    assert (now.changed_by, now.changed_at) == (None, at(minutes=4))
    assert await store.write(change, "unknown", State.REFUSED, member, at=at()) is None


async def test_what_is_exported_comes_with_what_is_known_of_who_said_it(store: Store, shop: Site) -> None:
    _, _, one = await reviewed(store, Should.INTENT, "order_status")

    ((review, told),) = await store.read(to_export)

    assert review == one
    assert told.words == {"Anna Keller"}
    assert "Anna" not in repr(told)


async def test_what_a_page_should_say_is_a_note_and_no_example(store: Store, shop: Site) -> None:
    _, member, one = await reviewed(store, Should.PAGE, "https://shop.example/shipping")

    assert await store.read(to_export) == []
    assert [note.id for note, _ in await store.read(page_notes, site=SHOP)] == [one.id]
    assert await store.read(page_notes, site="other") == []
    await store.write(change, one.id, State.DONE, member, at=at())
    assert await store.read(page_notes) == []


async def test_each_review_is_in_the_audit_log_without_a_word_of_the_visitors(store: Store, shop: Site) -> None:
    conversation, member, one = await reviewed(store, Should.WORDS, "It is on its way.")
    await store.write(change, one.id, State.REFUSED, member, at=at())

    rows = await store.read(lambda connection: connection.execute(select(audit).order_by(audit.c.id)).all())

    assert [(row.act, row.subject, row.detail) for row in rows if row.act == Act.REVIEWED] == [
        ("reviewed", f"conversation:{conversation.id}", "words"),
        ("reviewed", f"conversation:{conversation.id}", "refused"),
    ]


async def test_who_is_forgotten_is_in_no_review(store: Store, shop: Site) -> None:
    conversation, _, _ = await reviewed(store, Should.RIGHT)

    await store.write(forget_conversation, conversation.id)

    assert await store.read(listed) == []
    assert await store.read(of_turns, conversation.id, [1]) == {}


async def test_who_asks_for_all_that_is_kept_gets_what_was_said_of_their_words(store: Store, shop: Site) -> None:
    conversation, _, _ = await reviewed(store, Should.WORDS, "It is on its way.")

    told = await store.read(everything, conversation.id, at=at())

    assert told is not None
    assert [(one["said"], one["value"]) for one in json.loads(told)["reviews"]] == [(SAID, "It is on its way.")]


async def test_a_fact_that_is_taken_back_is_blanked_in_reviews(store: Store, shop: Site) -> None:
    conversation, _, _ = await reviewed(store, Should.WORDS, "Hello Anna Keller, it is on its way.")

    await store.write(forget_fact, conversation.id, frame="f1", fact="name")

    (now,) = await store.read(listed)
    assert (now.said, now.value) == ("I am …, where is my parcel?", "Hello …, it is on its way.")
