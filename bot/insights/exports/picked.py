"""An export of the conversations that somebody picked, as the whole export has them.

Without who the people are, what they bought and which objectives they counted for: whoever answers may pick, and only
who measures takes that away.
"""

from collections.abc import Sequence

from bot.insights.exports import objective_columns, people_columns
from bot.insights.exports.cells import as_csv, as_jsonl, spoken
from bot.insights.exports.kinds import EXPORTS
from bot.insights.exports.store_rows import conversation_rows
from bot.interactions import ConversationId
from bot.store.pages_of_rows import conversations_of
from bot.store.store import Store


async def picked(store: Store, whose: Sequence[ConversationId], format: str) -> bytes:
    """CSV with the names of the columns, or a JSON object a line; in the order in which they were picked."""
    measured = (*people_columns.COLUMNS, *objective_columns.COLUMNS)
    columns = [one for one in EXPORTS["conversations"].columns if one not in measured]
    names = [one.name for one in columns]
    rows = await conversation_rows(store, await store.read(conversations_of, whose))
    lines = [spoken(columns, row) for row in rows]
    return as_csv([names, *lines]) if format == "csv" else as_jsonl(names, lines)
