"""The journal: Rasa calls it after every message of a visitor, before it decides anything."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import HouseAction
from bot import desk
from bot.desk import Call
from bot.interactions import Entity, Understanding

NOT_UNDERSTOOD = "nlu_fallback"


class Journal(HouseAction):
    """Also the first to know which language the visitor is to be answered in, and says so to all that follow.

    Rasa calls it twice in a turn that starts a form; the desk takes the second as the first.
    """

    failed = None

    def name(self) -> str:
        return "action_validate_slot_mappings"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        message = tracker.latest_message or {}
        await desk.current().heard(call, understanding_of(message))
        language = (message.get("metadata") or {}).get("language")
        return [SlotSet("language", language)] if language not in (None, tracker.get_slot("language")) else []


def understanding_of(message: dict[str, Any]) -> Understanding:
    """Rasa's parse of a message. Intent None: nothing was sure enough; the ranking shows what was near."""
    ranking = tuple(
        (str(entry["name"]), float(entry["confidence"]))
        for entry in message.get("intent_ranking") or []
        if entry.get("name") and entry["name"] != NOT_UNDERSTOOD
    )[:5]
    intent = message.get("intent") or {}
    sure = intent.get("name") not in (None, "", NOT_UNDERSTOOD)
    nearest = ranking[0][1] if ranking else 0.0
    return Understanding(
        intent=intent["name"] if sure else None,
        confidence=float(intent.get("confidence") or 0.0) if sure else nearest,
        ranking=ranking,
        entities=tuple(_entity(entity, str(message.get("text") or "")) for entity in message.get("entities") or []),
    )


def _entity(entity: dict[str, Any], text: str) -> Entity:
    start, end = int(entity.get("start") or 0), int(entity.get("end") or 0)
    value = str(entity.get("value"))
    return Entity(str(entity.get("entity")), text[start:end] or value, value, start, end)
