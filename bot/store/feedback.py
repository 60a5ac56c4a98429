"""Whether it fits to ask a visitor how it was."""

from sqlalchemy import Connection, select

from bot.conversation import Owner, State
from bot.interactions import Kind
from bot.store.conversations import Conversation, find
from bot.store.tables import interactions

ROWS = 1_000
_TELLING = (Kind.UNDERSTANDING.value, Kind.ORDER.value, Kind.RATING.value, Kind.HANDOVER.value)
_UNHAPPY = ("complaint", "abuse", "distress")


def may_be_asked(connection: Connection, conversation: Conversation) -> bool:
    """Something was answered, nobody complained or wanted a person, and no stars were given yet."""
    now = find(connection, conversation.id)
    if now is None or (now.standing.owner, now.standing.state) != (Owner.BOT, State.OPEN):
        return False
    log = interactions.c
    rows = connection.execute(
        select(log.type, log.data)
        .where(log.conversation == conversation.id, log.type.in_(_TELLING))
        .order_by(log.seq, log.id)
        .limit(ROWS)
    ).all()
    spoilt = any(
        row.type in (Kind.RATING, Kind.HANDOVER) or (row.type == Kind.UNDERSTANDING and row.data["intent"] in _UNHAPPY)
        for row in rows
    )
    return not spoilt and any(
        bool((row.data.get("from_pages") or {}).get("answered")) or bool(row.data.get("found")) for row in rows
    )
