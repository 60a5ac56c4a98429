"""A turn as it comes through the door and goes out again: parsed once, bounded both ways. Knows no Rasa objects
but their attributes, so that all limits can be read, and tested, in one place."""

import json
from contextvars import ContextVar
from typing import Any

from bot.engine.plain import as_plain_words
from bot.engine.state import events_of

TEXT_LIMIT = 4_000
BODY_LIMIT = 256 * 1024
TURN_ID_LIMIT = 200
MESSAGE_LIMIT = 20
REPLY_TEXT_LIMIT = 8_000
BUTTON_LIMIT = 20
CUSTOM_LIMIT = 64 * 1024
RANKING_KEPT = 5
DECISIONS_KEPT = 10
"""As many as Rasa predicts without listening."""
REQUESTED = "requested_slot"
NOT_UNDERSTOOD = "nlu_fallback"
_SILENT_ACTIONS = ("action_listen", "action_session_start")

lost_actions: ContextVar[list[str] | None] = ContextVar("lost_actions", default=None)
"""Actions that could not be run in this turn. Rasa logs them and goes on, as if nothing had been lost."""
CANARY = "canary-"
"""Turns of the supervisor, which asks whether we are alive; to be busy is no reason not to say so."""


class BadCall(Exception):
    """The call is wrong, and would be wrong again."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class TurnCall:
    """A checked call. `text` is words, unless the house itself issued it (a button's payload)."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.turn = _field(body, "turn", str)
        if not 0 < len(self.turn) <= TURN_ID_LIMIT:
            raise BadCall(400, f"turn must have 1 to {TURN_ID_LIMIT} characters")
        text = _field(body, "text", str)
        if len(text) > TEXT_LIMIT:
            raise BadCall(413, f"text has {len(text)} characters; at most {TEXT_LIMIT} are taken")
        if not text.strip():
            raise BadCall(400, "text is empty")
        self.text = text if _field(body, "trusted", bool) else as_plain_words(text)
        self.mode = _field(body, "mode", str)
        if self.mode not in ("answer", "understand"):
            raise BadCall(400, f"mode is {self.mode[:20]!r}; it must be answer or understand")
        self.state = _field(body, "state", dict, optional=True)
        try:
            self.events = events_of(self.state)
        except ValueError as error:
            raise BadCall(400, str(error)) from error
        self.is_canary = self.turn.startswith(CANARY)
        self.metadata = {
            "turn": self.turn,
            "page": _field(body, "page", dict, optional=True),
            "facts": _field(body, "facts", dict),
            "language": _field(body, "language", str, optional=True),
        }


def read_call(content_type: str, body: bytes) -> TurnCall:
    """The call that the body holds; BadCall with the status to answer when it holds none."""
    if content_type.split(";")[0].strip().lower() != "application/json":
        raise BadCall(415, "send application/json")
    if len(body) > BODY_LIMIT:
        raise BadCall(413, f"the body has {len(body)} bytes; at most {BODY_LIMIT} are taken")
    try:
        parsed = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadCall(400, "the body is not JSON") from error
    if not isinstance(parsed, dict):
        raise BadCall(400, "the body is not a JSON object")
    return TurnCall(parsed)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _field(body: dict[str, Any], name: str, kind: type, optional: bool = False) -> Any:
    value = body.get(name)
    if (value is None and not optional) or (value is not None and not isinstance(value, kind)):
        raise BadCall(400, f"{name} must be of type {kind.__name__}" + (" or null" if optional else ""))
    return value


def bounded_message(message: dict[str, Any]) -> dict[str, Any] | None:
    """One utterance as one message; None when it says nothing."""
    buttons = [
        {"title": str(button.get("title", ""))[:200], "payload": str(button.get("payload", ""))[:2_000]}
        for button in (message.get("buttons") or message.get("quick_replies") or [])[:BUTTON_LIMIT]
    ]
    custom = dict(message.get("custom") or {})
    for kind in ("image", "attachment"):
        if message.get(kind):
            custom[kind] = message[kind]
    if custom and len(json.dumps(custom)) > CUSTOM_LIMIT:
        custom = {}
    text = str(message.get("text") or "")[:REPLY_TEXT_LIMIT]
    if not (text or buttons or custom):
        return None
    return {"text": text, "buttons": buttons, "custom": custom or None}


def understood(parsed: dict[str, Any]) -> dict[str, Any]:
    """Rasa's parse in the house's words. Intent None: nothing was sure enough; the ranking shows what was near."""
    ranking = [
        [entry["name"], round(float(entry["confidence"]), 4)]
        for entry in parsed.get("intent_ranking") or []
        if entry.get("name") and entry["name"] != NOT_UNDERSTOOD
    ][:RANKING_KEPT]
    intent = parsed.get("intent") or {}
    sure = intent.get("name") not in (None, "", NOT_UNDERSTOOD)
    confidence = intent.get("confidence") if sure else (ranking[0][1] if ranking else 0.0)
    return {
        "intent": intent["name"] if sure else None,
        "confidence": round(float(confidence or 0.0), 4),
        "ranking": ranking,
        "entities": [_entity(entity, str(parsed.get("text") or "")) for entity in parsed.get("entities") or []],
    }


def _entity(entity: dict[str, Any], text: str) -> dict[str, Any]:
    start, end = int(entity.get("start") or 0), int(entity.get("end") or 0)
    value = str(entity.get("value"))
    return {"kind": entity.get("entity"), "text": text[start:end] or value, "value": value, "start": start, "end": end}


def understood_by(events: list[Any]) -> dict[str, Any]:
    """The understanding of the visitor's message among a turn's events, even when a fallback took it back."""
    for event in reversed(events):
        if event.type_name == "user":
            return understood(event.parse_data)
    return understood({})


def decided(events: list[Any], since: int) -> list[dict[str, Any]]:
    """What chose each action of the turn, in order: the policy, how sure it was, by which rule, in which form and slot.

    `events` are all that the engine knows of the conversation; those of this turn begin at `since`.
    """
    form, slot, found = None, None, []
    for number, event in enumerate(events):
        if event.type_name in ("active_loop", "form"):
            form = event.name
        elif event.type_name == "slot" and event.key == REQUESTED:
            slot = event.value
        elif event.type_name in ("restart", "reset_slots"):
            form, slot = None if event.type_name == "restart" else form, None
        elif event.type_name == "action" and number >= since and _shows(event.action_name):
            found.append(_decision(event, form, slot))
    return found[:DECISIONS_KEPT]


def _decision(event: Any, form: str | None, slot: str | None) -> dict[str, Any]:
    told = {
        "action": event.action_name,
        "policy": event.policy,
        "confidence": None if event.confidence is None else round(float(event.confidence), 4),
        "rule": (event.metadata or {}).get("rule"),
        "form": form,
        "slot": slot if form else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _shows(action: str | None) -> bool:
    return bool(action) and action not in _SILENT_ACTIONS


def executed(events: list[Any]) -> list[str]:
    """The names of the actions that ran, in order."""
    names = [event.action_name for event in events if event.type_name == "action"]
    return [name for name in names if _shows(name)]
