"""What the staff's list shows of a conversation beside its words: kept with it as it happens."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, update

from bot.interactions import Interaction, Kind
from bot.store.tables import conversations

STARS = range(1, 6)
_NOTE = update(conversations).where(conversations.c.id == bindparam("conversation"))


def note(connection: Connection, happened: Sequence[Interaction]) -> None:
    """Writes down what was wanted last, in what mood, the stars given, and why a person was asked for."""
    noted: dict[str, dict[str, Any]] = {}
    for one in happened:
        if one.conversation is not None and (told := _told(one)):
            noted.setdefault(one.conversation, {}).update(told)
    for conversation in sorted(noted):
        connection.execute(_NOTE, {"conversation": conversation} | noted[conversation])


def _told(one: Interaction) -> dict[str, Any]:
    match one.kind:
        case Kind.UNDERSTANDING if one.data.get("intent"):
            return {"intent": str(one.data["intent"]), "sentiment": one.data.get("sentiment")}
        case Kind.RATING if one.data.get("stars") in STARS:
            return {"stars": int(one.data["stars"])}
        case Kind.HANDOVER if one.data.get("to") == "nobody":
            return {"reason": str(one.data.get("reason") or "")}
        case _:
            return {}
