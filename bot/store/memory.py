"""What is remembered of a visitor, as they may see it themselves."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.interactions import ConversationId, Microseconds
from bot.store.conversations import find
from bot.store.profiles import find_profile


@dataclass(frozen=True)
class Remembered:
    """A fact with its origin: the message of this conversation in which it was told."""

    id: str
    value: str
    text: str
    from_seq: int | None
    at: Microseconds


def remembered(connection: Connection, conversation: ConversationId, language: str | None = None) -> list[Remembered]:
    """What was told in this conversation; empty without consent to memory.

    In `language`, else in the browser's. The reference of a visitor is no key to read with: what they told in another
    browser is not shown in this one.
    """
    found = find(connection, conversation)
    if found is None or not found.memory or found.visitor is None:
        return []
    profile = find_profile(connection, f"visitor:{found.visitor}")
    told = profile.facts if profile is not None else ()
    return [
        Remembered(one.id, one.value, one.text(language or found.language), one.seq, one.at)
        for one in told
        if one.conversation == conversation
    ]
