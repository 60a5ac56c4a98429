"""What is in the store as a file, streamed: an export of ten years takes no more memory than one of a day."""

from collections.abc import AsyncIterator
from pathlib import Path

from bot.errors import ConfigurationError
from bot.insights.cells import as_csv, as_jsonl
from bot.insights.tables import EXPORTS
from bot.insights.window import span_of
from bot.store.store import Store

FORMATS = ("csv", "jsonl")
LATER = ("parquet", "xlsx")


async def export(
    store: Store,
    site: str,
    kind: str,
    format: str = "csv",
    *,
    log: Path | None = None,
    since: str | None = None,
    until: str | None = None,
) -> AsyncIterator[bytes]:
    """The export, in pieces to be written one after the other; UTF-8. CSV begins with the names of the columns.

    `log` is the folder of the log. What was asked for wrongly is a ConfigurationError before the first piece.
    """
    if kind not in EXPORTS:
        raise ConfigurationError(f'There is no export "{kind[:40]}"; there are {", ".join(EXPORTS)}.')
    if format in LATER:
        raise ConfigurationError(f"The format {format} can't be written yet; give {' or '.join(FORMATS)}.")
    if format not in FORMATS:
        raise ConfigurationError(f'There is no format "{format[:40]}"; give {" or ".join(FORMATS)}.')
    table, span = EXPORTS[kind], span_of(site, since, until)
    if format == "csv":
        yield as_csv([table.columns])
    async for lines in table.pages(store, span, log):
        yield as_csv(lines) if format == "csv" else as_jsonl(table.columns, lines)
