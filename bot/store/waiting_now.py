"""How many visitors wait for a person at this moment."""

from sqlalchemy import Connection, func, select

from bot.conversation import State
from bot.store.tables import conversations

COUNTED = 1_000
"""More than anybody reads as a number."""


def how_many_wait(connection: Connection) -> int:
    waiting = (
        select(conversations.c.id)
        .where(conversations.c.state == State.WAITING, conversations.c.seq > 0)
        .order_by(conversations.c.id)
        .limit(COUNTED)
    )
    return connection.execute(select(func.count()).select_from(waiting.subquery())).scalar_one()
