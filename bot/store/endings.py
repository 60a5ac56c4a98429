"""Where conversations ended: the visitor's last words, where nothing that we know of followed them."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select, tuple_

from bot.interactions import ConversationId, Kind
from bot.store.tables import conversations, interactions, messages

AT_ONCE = 500
WITHIN_US = 30 * 60 * 1_000_000
"""Of a visit: what the same browser looks at or buys so soon after is still of it."""
WENT_ON = (Kind.PAGE_VIEW.value, Kind.PURCHASE.value)


def endings(connection: Connection, whose: Sequence[ConversationId]) -> dict[ConversationId, int]:
    """The seq of the visitor's last words in each of these conversations that ended there.

    Left out is where the same browser, of whom agreed to be measured, saw a page or bought something within half an
    hour after them.
    """
    found: dict[ConversationId, int] = {}
    for start in range(0, len(whose), AT_ONCE):
        found |= _ended(connection, whose[start : start + AT_ONCE])
    return found


def _ended(connection: Connection, whose: Sequence[ConversationId]) -> dict[ConversationId, int]:
    said, log = messages.c, interactions.c
    asked = select(said.conversation, func.max(said.seq).label("seq")).where(
        said.conversation.in_(whose), said.sender == "visitor"
    )
    rows = connection.execute(asked.group_by(said.conversation).order_by(said.conversation))
    last = {row.conversation: row.seq for row in rows}
    after = (
        select(said.conversation)
        .join(conversations, conversations.c.id == said.conversation)
        .join(
            interactions,
            (log.visitor == conversations.c.visitor) & (log.at > said.at) & (log.at <= said.at + WITHIN_US),
        )
        .where(tuple_(said.conversation, said.seq).in_(list(last.items())), log.type.in_(WENT_ON))
        .distinct()
        .order_by(said.conversation)
    )
    went_on = set(connection.execute(after).scalars()) if last else set()
    return {conversation: seq for conversation, seq in last.items() if conversation not in went_on}
