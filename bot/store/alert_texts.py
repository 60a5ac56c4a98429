"""The words of some messages, for what compares them."""

from collections.abc import Sequence
from itertools import batched

from sqlalchemy import Connection, func, select, tuple_

from bot.store.questions import LONGEST, Place
from bot.store.tables import messages

AT_ONCE = 200


def texts_of(connection: Connection, places: Sequence[Place]) -> dict[Place, str]:
    """What was said there; what was erased is not there."""
    m = messages.c
    found: dict[Place, str] = {}
    for some in batched(places, AT_ONCE):
        asked = select(m.conversation, m.seq, func.substr(m.text, 1, LONGEST).label("text"))
        for row in connection.execute(asked.where(tuple_(m.conversation, m.seq).in_(some))):
            found[row.conversation, row.seq] = row.text
    return found
