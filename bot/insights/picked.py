"""An export of the conversations that somebody picked, as the whole export has them."""

from collections.abc import Sequence

from bot.insights.cells import as_csv, as_jsonl
from bot.insights.tables import EXPORTS, conversation_line
from bot.interactions import ConversationId
from bot.store.pages_of_rows import conversations_of
from bot.store.store import Store


async def picked(store: Store, whose: Sequence[ConversationId], format: str) -> bytes:
    """CSV with the names of the columns, or a JSON object a line; in the order in which they were picked."""
    columns = EXPORTS["conversations"].columns
    lines = [conversation_line(row) for row in await store.read(conversations_of, whose)]
    return as_csv([columns, *lines]) if format == "csv" else as_jsonl(columns, lines)
