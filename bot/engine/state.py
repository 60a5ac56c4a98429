"""What of a conversation travels with the next turn: a bounded list of Rasa's events, as plain JSON.

The engine keeps nothing between turns; this list is all it will know. It holds a session start, one event
for each slot that is set, the active form, and the last turns in full, and ends listening. Older turns are
folded into the slots and the form that they left behind, so turn 100 costs what turn 5 costs.
Imports nothing of Rasa.
"""

import json
from typing import Any

Event = dict[str, Any]

TURNS_KEPT = 5
EVENTS_KEPT = 60
BYTES_KEPT = 12_000
OLD_TEXT_KEPT = 500
"""Characters of a message of an earlier turn: policies look at its intent, people at its beginning."""

_LISTEN = "action_listen"
_SESSION_START = "action_session_start"
_OUR_NOTE = ("session_started_metadata",)
"""Rasa keeps the metadata of the first message as a slot for ever; ours speaks of one turn and one page."""
_NOT_KEPT = ("session_started", "pause", "resume", "reminder", "cancel_reminder", "followup")
"""A pause would silence the engine for good (the house decides who answers); reminders need a memory."""


def next_state(given: list[Event], happened: list[Event]) -> tuple[dict[str, Any], bool]:
    """The state to give with the next turn, and whether the turn had to be mended.

    `given` are the events that came with this turn, `happened` those added by it. A turn that ended without
    listening (ten predictions in a row) would never answer again; it is made to listen, and reported.
    """
    mended = _last_action(happened) != _LISTEN
    if mended:
        happened = [*happened, _action(_LISTEN)]
    slots, loop, turns = _split(given + [_slim(event) for event in happened])
    while len(turns) > 1 and (len(turns) > TURNS_KEPT or not _fits(slots, loop, turns)):
        loop = _fold(turns.pop(0), slots, loop)
    for turn in turns[:-1]:
        _shorten(turn)
    return {"version": 1, "events": _joined(slots, loop, turns)}, mended


def events_of(state: dict[str, Any] | None) -> list[Event]:
    """The events of a state that was given back; a first turn has none. ValueError when it is no state."""
    if state is None:
        return []
    events = state.get("events") if isinstance(state, dict) else None
    if not isinstance(events, list) or state.get("version") != 1:
        raise ValueError("state is not one that this engine gave")
    if not all(isinstance(event, dict) and isinstance(event.get("event"), str) for event in events):
        raise ValueError("state holds something that is not an event")
    return events


def asking(state: dict[str, Any] | None, form: str, slot: str, text: str, **slots: Any) -> dict[str, Any] | None:
    """The state after the house has begun `form` by itself and asked for `slot` with `text`.

    None when the form is active already: then its own question stands. A state that is none begins anew.
    """
    try:
        known = events_of(state)
    except ValueError:
        known = []
    known = known or _joined({}, None, [])
    loop = _fold(known, {}, None)
    if loop is not None and loop["name"] == form:
        return None
    begun = {"event": "active_loop", "name": form}
    told = [{"event": "slot", "name": name, "value": value} for name, value in slots.items()]
    waits = {"event": "slot", "name": "requested_slot", "value": slot}
    said = {"event": "bot", "text": text}
    return {"version": 1, "events": [*known, _action(form), begun, *told, waits, said, _action(_LISTEN)]}


def _split(events: list[Event]) -> tuple[dict[str, Event], Event | None, list[list[Event]]]:
    """What stood before the first message, folded; then the turns, each from a message to its last event."""
    slots: dict[str, Event] = {}
    loop: Event | None = None
    turns: list[list[Event]] = []
    for event in events:
        if event["event"] in _NOT_KEPT or event.get("name") in (_SESSION_START, *_OUR_NOTE):
            continue
        if event["event"] == "restart":
            slots, loop, turns = {}, None, []
        elif event["event"] == "user":
            turns.append([event])
        elif turns:
            turns[-1].append(event)
        else:
            loop = _fold([event], slots, loop)
    return slots, loop, turns


def _fold(turn: list[Event], slots: dict[str, Event], loop: Event | None) -> Event | None:
    """Leaves of a turn what it set: the slots, in `slots`, and the form that is active after it."""
    for event in turn:
        kind = event["event"]
        if kind == "slot":
            slots.pop(event["name"], None)
            if event.get("value") is not None:
                slots[event["name"]] = event
        elif kind == "reset_slots":
            slots.clear()
        elif kind in ("active_loop", "form"):
            loop = event if event.get("name") else None
    return loop


def _joined(slots: dict[str, Event], loop: Event | None, turns: list[list[Event]]) -> list[Event]:
    head = [_action(_SESSION_START), {"event": "session_started"}, *slots.values(), *([loop] if loop else [])]
    return [*head, _action(_LISTEN), *(event for turn in turns for event in turn)]


def _fits(slots: dict[str, Event], loop: Event | None, turns: list[list[Event]]) -> bool:
    events = _joined(slots, loop, turns)
    return len(events) <= EVENTS_KEPT and len(json.dumps(events)) <= BYTES_KEPT


def _slim(event: Event) -> Event:
    """Without what Rasa can make anew: ids of the model, the ranking, the metadata of one turn."""
    slim = {key: value for key, value in event.items() if value not in (None, {}, []) and key != "metadata"}
    if event["event"] == "user":
        parse = event.get("parse_data") or {}
        slim["parse_data"] = {"intent": parse.get("intent"), "entities": parse.get("entities") or []}
        slim["parse_data"]["text"] = event.get("text")
    elif event["event"] == "bot":
        slim["data"] = {key: value for key, value in (event.get("data") or {}).items() if value}
    return slim


def _shorten(turn: list[Event]) -> None:
    for event in turn:
        text = event.get("text")
        if isinstance(text, str) and len(text) > OLD_TEXT_KEPT:
            event["text"] = text[:OLD_TEXT_KEPT]
            if "parse_data" in event:
                event["parse_data"]["text"] = event["text"]
        if event["event"] == "bot":
            event.pop("data", None)


def _action(name: str) -> Event:
    return {"event": "action", "name": name}


def _last_action(events: list[Event]) -> str | None:
    names = [event.get("name") for event in events if event["event"] == "action"]
    return names[-1] if names else None
