"""What travels between turns: enough to go on, and never more than a bit."""

import json
from typing import Any

import pytest

from bot.engine.state import BYTES_KEPT, EVENTS_KEPT, asking, events_of, next_state
from tests.engine_fixture import Engine
from tests.fake_desk import UNKNOWN

Event = dict[str, Any]


def a_turn(text: str, *between: Event, listens: bool = True) -> list[Event]:
    user = {"event": "user", "text": text, "parse_data": {"intent": {"name": "greet"}, "entities": []}}
    said = {"event": "bot", "text": f"You said {text}", "data": {"buttons": None}}
    listen = [{"event": "action", "name": "action_listen"}] if listens else []
    return [user, *between, {"event": "action", "name": "utter_greet"}, said, *listen]


def a_slot(name: str, value: object) -> Event:
    return {"event": "slot", "name": name, "value": value}


def after(*turns: list[Event]) -> list[Event]:
    events: list[Event] = []
    for turn in turns:
        events = next_state(events, turn)[0]["events"]
    return events


def test_a_state_begins_with_a_session_and_ends_listening() -> None:
    events = after(a_turn("one"))

    assert [event["event"] for event in events[:3]] == ["action", "session_started", "action"]
    assert events[-1] == {"event": "action", "name": "action_listen"}


def test_five_turns_are_kept_and_older_ones_leave_their_slots_and_form() -> None:
    form = {"event": "active_loop", "name": "address_form"}
    turns = [a_turn("0", a_slot("size", "M"), a_slot("name", "Bob"), form), a_turn("1", a_slot("size", "L"))]

    events = after(*turns, *(a_turn(str(n)) for n in range(2, 9)))

    assert [event["text"] for event in events if event["event"] == "user"] == ["4", "5", "6", "7", "8"]
    assert [(e["name"], e["value"]) for e in events if e["event"] == "slot"] == [("name", "Bob"), ("size", "L")]
    assert form in events


def test_a_slot_that_was_emptied_and_a_form_that_ended_are_gone() -> None:
    first = a_turn("0", a_slot("size", "M"), {"event": "active_loop", "name": "address_form"})
    second = a_turn("1", a_slot("size", None), {"event": "active_loop", "name": None})

    events = after(first, second, *(a_turn(str(n)) for n in range(2, 8)))

    assert not [event for event in events if event["event"] in ("slot", "active_loop")]


def test_a_restart_leaves_nothing() -> None:
    restarted = [{"event": "restart"}, {"event": "action", "name": "action_listen"}]

    events = after(a_turn("0", a_slot("size", "M")), restarted)

    assert [event["event"] for event in events] == ["action", "session_started", "action"]


def test_a_pause_does_not_travel() -> None:
    assert {"event": "pause"} not in after(a_turn("0", {"event": "pause"}))


def test_a_turn_that_did_not_listen_is_mended() -> None:
    state, mended = next_state([], a_turn("0", listens=False))

    assert mended
    assert state["events"][-1] == {"event": "action", "name": "action_listen"}


def test_long_messages_and_many_events_stay_within_the_bounds() -> None:
    many = [a_slot("size", str(n)) for n in range(30)]

    events = after(*(a_turn("x" * 4000, *many) for _ in range(8)))

    assert len(events) <= EVENTS_KEPT
    assert len(json.dumps(events)) <= BYTES_KEPT + 4000


@pytest.mark.parametrize("state", [{}, {"version": 1, "events": {}}, {"version": 1, "events": [1]}, {"version": 2}])
def test_what_is_no_state_is_refused(state: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="state"):
        events_of(state)


async def test_a_conversation_goes_on_through_five_turns_by_five_senders(engine: Engine) -> None:
    engine.desk.page_answer = UNKNOWN
    state, answered = None, []
    for text in ("i want to complain", "how many elephants do you own", "what did you say?", "hmm", "yes please"):
        result = await engine.say(text, state=state)
        state = json.loads(json.dumps(result.state))
        answered.append(result.messages)

    assert engine.desk.calls("ask_person")[0][1:] == ("complaint",)
    assert all(answered)


async def test_turn_100_carries_what_turn_5_carries(engine: Engine) -> None:
    sizes, state = [], None
    for n in range(100):
        result = await engine.say(("can i return shoes", "thanks", "what do you know about me")[n % 3], state=state)
        state = result.state
        sizes.append(len(json.dumps(state)))

    assert max(sizes[90:]) <= max(sizes[5:15]) * 1.1
    assert sizes[99] <= BYTES_KEPT


async def test_a_state_that_a_later_engine_can_not_rebuild_begins_anew(engine: Engine) -> None:
    strange = {"version": 1, "events": [{"event": "user"}, {"event": "slot"}, {"event": "of_tomorrow"}]}

    result = await engine.say("hello", state=strange)

    assert result.actions == ("utter_greet",)


def test_a_form_that_the_house_begins_is_active_and_waits():
    state = asking(
        {"version": 1, "events": after(a_turn("hello"))}, "contact_form", "email", "Which address?", contact="asked"
    )

    assert state is not None
    assert state["events"][-1] == {"event": "action", "name": "action_listen"}
    following = next_state(events_of(state), a_turn("bob@visitors.example"))[0]["events"]
    assert {"event": "active_loop", "name": "contact_form"} in following
    assert a_slot("requested_slot", "email") in following and a_slot("contact", "asked") in following


@pytest.mark.parametrize("before", [None, {"turns": 3}, {"version": 2, "events": []}])
def test_a_state_that_is_none_begins_anew_with_the_form(before: dict[str, Any] | None):
    state = asking(before, "contact_form", "email", "Which address?")

    assert state is not None and events_of(state)[0] == {"event": "action", "name": "action_session_start"}


def test_a_form_that_is_active_already_is_left_alone():
    state = asking(None, "contact_form", "email", "Which address?")

    assert asking(state, "contact_form", "email", "Which address?") is None


async def test_the_next_message_is_heard_by_the_form_that_the_house_began(engine: Engine):
    state = asking(None, "contact_form", "email", "Which address?", asked={"email": 1}, contact="asked")

    result = await engine.say("bob@visitors.example", state=state)

    assert [one.text for one in result.messages] == ["Thank you. And what is it about?"]
