"""How many rows of the store an export reads, so that it can tell how far it has come."""

from sqlalchemy import ColumnElement, Connection, Table, func, select

from bot.interactions import Kind
from bot.store.pages_of_rows import Span
from bot.store.tables import conversations, interactions, messages, profiles, purchases


def rows_to_export(connection: Connection, kind: str, span: Span) -> int | None:
    """Those that `pages_of_rows` gives for the kind; None for a kind that reads no rows of the store."""
    at = messages.c.at
    if kind == "messages":
        both = messages.join(conversations, conversations.c.id == messages.c.conversation)
        asked = select(func.count()).select_from(both)
        asked = asked.where(conversations.c.site == span.site, at >= span.since, at < span.until)
        return int(connection.execute(asked).scalar_one())
    if kind not in _OF_ONE_TABLE:
        return None
    table, column = _OF_ONE_TABLE[kind]
    where: list[ColumnElement[bool]] = [table.c.site == span.site]
    if column is not None:
        where += [table.c[column] >= span.since, table.c[column] < span.until]
    if kind == "questions":
        where.append(table.c.type == Kind.UNANSWERED.value)
    return int(connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


_OF_ONE_TABLE: dict[str, tuple[Table, str | None]] = {
    "conversations": (conversations, "changed_at"),
    "profiles": (profiles, None),
    "purchases": (purchases, "at"),
    "questions": (interactions, "at"),
}
"""The table of a kind, and the moment by which rows are in the window."""
