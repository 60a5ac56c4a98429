"""The outbox: stored once, in order, closed once, and the bot never speaks over staff."""

from uuid import uuid4

import pytest

from bot.conversation import Owner, State
from bot.interactions import Kind, Understanding
from bot.store import conversations, staff, turns
from bot.store.conversations import Conversation
from bot.store.interactions import of_conversation
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.turns import Outcome, Reply
from tests.cast import DANA, at

APOLOGY = Reply("Sorry.")


@pytest.fixture
async def talk(store: Store, shop: Site) -> Conversation:
    conversation, _ = await store.write(conversations.begin, shop.key, at=at(), language="en", page=None)
    return conversation


async def said(store: Store, talk: Conversation, text: str, frame: str | None = None) -> turns.Received:
    return await store.write(
        turns.receive, talk.id, frame=frame or str(uuid4()), text=text, page="https://shop.example/", at=at()
    )


async def transcript(store: Store, talk: Conversation) -> list[tuple[int, str, str]]:
    lines, _ = await store.read(conversations.transcript, talk.id)
    return [(one.seq, one.sender, one.text) for one in lines]


async def the_log(store: Store, talk: Conversation) -> list[Kind]:
    return [row.interaction.kind for row in await store.read(of_conversation, talk.id, limit=100)]


async def test_a_message_is_stored_with_its_turn_and_its_row_in_the_log(store: Store, talk: Conversation):
    received = await said(store, talk, "Do you ship to Norway?")

    turn = await store.read(turns.next_open, talk.id)
    assert received.seq == 1
    assert turn is not None and (turn.seq, turn.text, turn.mode) == (1, "Do you ship to Norway?", "answer")
    assert await the_log(store, talk) == [Kind.MESSAGE]
    assert await store.read(turns.unfinished) == [talk.id]


async def test_the_same_frame_again_has_the_same_seq_and_does_nothing(store: Store, talk: Conversation):
    frame = str(uuid4())
    first = await said(store, talk, "Hello", frame)
    await said(store, talk, "And more")

    again = await said(store, talk, "Hello", frame)

    assert again.seq == first.seq and again.message is None
    assert await transcript(store, talk) == [(1, "visitor", "Hello"), (2, "visitor", "And more")]


async def test_the_lowest_open_turn_is_next_and_knows_what_was_said_before(store: Store, talk: Conversation):
    await said(store, talk, "one")
    await said(store, talk, "two")
    first = await store.read(turns.next_open, talk.id)
    assert first is not None
    await store.write(turns.close, first, Outcome(replies=(Reply("yes"),)), at=at(seconds=1))

    second = await store.read(turns.next_open, talk.id)

    assert second is not None and second.text == "two"
    assert not first.is_last and second.is_last
    assert [one.text for one in second.history] == ["one"]
    assert await transcript(store, talk) == [(1, "visitor", "one"), (2, "visitor", "two"), (3, "bot", "yes")]


async def test_a_turn_is_closed_once_and_a_late_result_is_refused(store: Store, talk: Conversation):
    await said(store, talk, "Hello")
    turn = await store.read(turns.next_open, talk.id)
    assert turn is not None
    outcome = Outcome(
        replies=(Reply("Hi!"),),
        understanding=Understanding("greet", 0.9),
        dialogue={"slots": {}},
        noted=((Kind.RATING, {"stars": 5}),),
        wants_person="asked",
    )
    closed = await store.write(turns.close, turn, outcome, at=at(seconds=1))

    late = await store.write(turns.close, turn, outcome, at=at(seconds=2))

    assert closed is not None and late is None
    assert await transcript(store, talk) == [(1, "visitor", "Hello"), (2, "bot", "Hi!")]
    assert await the_log(store, talk) == [
        Kind.MESSAGE,
        Kind.ANSWER,
        Kind.UNDERSTANDING,
        Kind.RATING,
        Kind.HANDOVER,
    ]
    assert closed.conversation.standing.state is State.WAITING
    assert await store.read(turns.next_open, talk.id) is None
    await said(store, talk, "Hello?")
    following = await store.read(turns.next_open, talk.id)
    assert following is not None and following.dialogue == {"slots": {}}


async def test_the_bot_never_speaks_over_staff_who_took_over_meanwhile(store: Store, talk: Conversation):
    dana = await store.write(staff.add_member, DANA.name, DANA.role, at=at())
    await said(store, talk, "Hello")
    turn = await store.read(turns.next_open, talk.id)
    assert turn is not None
    await store.write(staff.take, talk.id, dana, at=at(seconds=1))

    closed = await store.write(
        turns.close, turn, Outcome(replies=(Reply("Hi!"),), understanding=Understanding("greet", 1.0)), at=at(seconds=2)
    )

    assert closed is not None and closed.messages == ()
    assert await transcript(store, talk) == [(1, "visitor", "Hello")]
    assert Kind.UNDERSTANDING in await the_log(store, talk)
    await said(store, talk, "Are you there?")
    following = await store.read(turns.next_open, talk.id)
    assert following is not None and following.mode == "understand"


async def test_past_its_deadline_a_turn_ends_with_an_honest_sentence_and_a_call_for_staff(
    store: Store, talk: Conversation
):
    await said(store, talk, "Hello")
    turn = await store.read(turns.next_open, talk.id)
    assert turn is not None

    closed = await store.write(turns.give_up, turn, APOLOGY, at=at(minutes=2))

    assert closed is not None and closed.conversation.standing.owner is Owner.NOBODY
    assert await transcript(store, talk) == [(1, "visitor", "Hello"), (2, "bot", "Sorry.")]
    assert await store.write(turns.close, turn, Outcome(replies=(Reply("Hi!"),)), at=at(minutes=3)) is None


async def offered(store: Store, talk: Conversation) -> str:
    await said(store, talk, "Do you sell kayaks?")
    turn = await store.read(turns.next_open, talk.id)
    assert turn is not None
    reply = Reply("I could not find that.", buttons=(("Talk to a person", "/ask_person"),))
    closed = await store.write(turns.close, turn, Outcome(replies=(reply,)), at=at(seconds=1))
    assert closed is not None
    return closed.messages[0].buttons[0]["id"]


async def test_a_pressed_button_says_its_title_and_tells_the_engine_its_payload(store: Store, talk: Conversation):
    button = await offered(store, talk)

    pressed = await store.write(turns.press, talk.id, frame=str(uuid4()), button=button, at=at(seconds=2))

    turn = await store.read(turns.next_open, talk.id)
    assert pressed is not None and pressed.message is not None and pressed.message.text == "Talk to a person"
    assert turn is not None and turn.payload == "/ask_person"
    assert (await the_log(store, talk))[-2:] == [Kind.MESSAGE, Kind.PRESS]


async def test_a_used_an_older_and_an_unknown_button_are_not_allowed(store: Store, talk: Conversation):
    used = await offered(store, talk)
    await store.write(turns.press, talk.id, frame=str(uuid4()), button=used, at=at(seconds=2))
    older = used

    for button in (used, older, "guessed"):
        assert await store.write(turns.press, talk.id, frame=str(uuid4()), button=button, at=at(seconds=3)) is None


async def test_a_button_of_another_conversation_is_not_allowed(store: Store, shop: Site, talk: Conversation):
    button = await offered(store, talk)
    foreign, _ = await store.write(conversations.begin, shop.key, at=at(), language=None, page=None)

    assert await store.write(turns.press, foreign.id, frame=str(uuid4()), button=button, at=at(seconds=2)) is None
