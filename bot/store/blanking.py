"""Takes forgotten words out of what was said, so that they are nowhere to be found and all else stays readable."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from bot.interactions import ConversationId
from bot.store.console_tables import reviews
from bot.store.scores import outdate
from bot.store.tables import conversations, interactions, messages

BLANK = "…"
"""What stands in their place: in any language, and of no length that tells."""


def blank(connection: Connection, where: Sequence[ConversationId], words: Iterable[str]) -> None:
    """Blanks the words in the transcripts, the log and the dialogue state of these conversations."""
    pattern = _pattern(words)
    if pattern is None:
        return
    told = select(messages.c.conversation, messages.c.seq, messages.c.text).where(messages.c.conversation.in_(where))
    for conversation, seq, text in connection.execute(told.order_by(messages.c.conversation, messages.c.seq)).all():
        if (blanked := pattern.sub(BLANK, text)) != text:
            this = (messages.c.conversation == conversation) & (messages.c.seq == seq)
            connection.execute(update(messages).where(this).values(text=blanked))
    rows = select(interactions.c.id, interactions.c.data).where(interactions.c.conversation.in_(where))
    for id, data in connection.execute(rows.order_by(interactions.c.id)).all():
        if (kept := _without(data, pattern)) != data:
            connection.execute(update(interactions).where(interactions.c.id == id).values(data=kept))
    _blank_reviews(connection, where, pattern)
    states = select(conversations.c.id, conversations.c.dialogue).where(conversations.c.id.in_(where))
    for id, dialogue in connection.execute(states.order_by(conversations.c.id)).all():
        if (kept := _without(dialogue, pattern)) != dialogue:
            connection.execute(update(conversations).where(conversations.c.id == id).values(dialogue=kept))
    outdate(connection, where)


def without(text: str, words: Iterable[str]) -> str:
    """The text with these words blanked."""
    pattern = _pattern(words)
    return text if pattern is None else pattern.sub(BLANK, text)


def _blank_reviews(connection: Connection, where: Sequence[ConversationId], pattern: re.Pattern[str]) -> None:
    told = select(reviews.c.id, reviews.c.said, reviews.c.value).where(reviews.c.conversation.in_(where))
    for id, said, value in connection.execute(told.order_by(reviews.c.id)).all():
        blanked = {"said": pattern.sub(BLANK, said), "value": pattern.sub(BLANK, value)}
        if blanked != {"said": said, "value": value}:
            connection.execute(update(reviews).where(reviews.c.id == id).values(**blanked))


def _pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    # The longest first: of "Anna" and "Anna Huber" nothing of the second must stay.
    found = sorted({word.strip() for word in words if word.strip()}, key=len, reverse=True)
    if not found:
        return None
    spoken = "|".join(r"\s+".join(map(re.escape, one.split())) for one in found)
    return re.compile(rf"(?<!\w)(?:{spoken})(?!\w)", re.IGNORECASE)


def _without(told: Any, pattern: re.Pattern[str]) -> Any:
    match told:
        case str():
            return pattern.sub(BLANK, told)
        case list():
            return [_without(one, pattern) for one in told]
        case dict():
            return {name: _without(one, pattern) for name, one in told.items()}
        case _:
            return told
