"""What is in the store as a file: an export of ten years takes no more memory than one of a day."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.errors import ConfigurationError
from bot.insights.exports.columns import Format
from bot.insights.exports.kinds import EXPORTS, Export
from bot.insights.exports.progress import Progress, Tell
from bot.insights.exports.store_rows import Pages
from bot.insights.log.reading import NoLogYet, ask
from bot.insights.window import span_of
from bot.store.pages_of_rows import Span
from bot.store.rows_to_export import rows_to_export
from bot.store.store import Store

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Wanted:
    """An export as it was asked for. What is wrong with it is a ConfigurationError before anything is done."""

    kind: str
    format: Format
    span: Span
    bom: bool = False

    @property
    def export(self) -> Export:
        return EXPORTS[self.kind]


def wanted(
    site: str, kind: str, format: str = "csv", *, since: str | None = None, until: str | None = None, bom: bool = False
) -> Wanted:
    if kind not in EXPORTS:
        raise ConfigurationError(f'There is no export "{kind[:40]}"; there are {", ".join(EXPORTS)}.')
    if format not in list(Format):
        raise ConfigurationError(f'There is no format "{format[:40]}"; give {", ".join(Format)}.')
    return Wanted(kind, Format(format), span_of(site, since, until), bom)


async def export(
    store: Store,
    asked: Wanted,
    into: Path,
    *,
    log: Path | None = None,
    bring_up_to_date: Callable[[], Awaitable[None]] | None = None,
    tell: Tell | None = None,
) -> int:
    """Writes the file and says how many rows it has. `log` is the folder of the log. `tell` is told the share that is
    done, from any thread.

    With so much that is new that the log has to have it first, `bring_up_to_date` sees to that.
    OSError: it can't be written.
    """
    with TemporaryDirectory(prefix=f"{into.name}.", dir=into.parent) as folder:
        return await _written(store, asked, into, Path(folder), log, bring_up_to_date, Progress(tell))


async def _written(
    store: Store, asked: Wanted, into: Path, spill: Path, log: Path | None,
    bring_up_to_date: Callable[[], Awaitable[None]] | None, progress: Progress,
) -> int:  # fmt: skip
    try:
        told = await _spooled(store, asked, spill, log, progress)
    except NoLogYet:
        if bring_up_to_date is None:
            raise
        await bring_up_to_date()
        told = await _spooled(store, asked, spill, log, progress)
    if asked.export.log is None:
        return await asyncio.to_thread(_write_alone, asked, into, told, progress)
    put: Callable[[duckdb.DuckDBPyConnection], int] = lambda log: _write(log, asked, into, told, progress)  # noqa: E731
    try:
        answer = await ask(store, log, asked.span, put)
    except NoLogYet:
        if bring_up_to_date is None:
            raise
    else:
        if answer.as_of is None or bring_up_to_date is None:
            return answer.told
    await bring_up_to_date()
    return (await ask(store, log, asked.span, put)).told


async def _spooled(
    store: Store, asked: Wanted, folder: Path, log: Path | None, progress: Progress
) -> Path | None:  # fmt: skip
    if asked.export.pages is None:
        return None
    from bot.insights.exports.spool import spool

    path = folder / "rows.parquet"
    count = await store.read(rows_to_export, asked.kind, asked.span)
    pages = asked.export.pages(store, asked.span, log)
    await spool(_counted(pages, count, progress), asked.export.columns, path)
    progress.all_read()
    return path


async def _counted(pages: Pages, rows: int | None, progress: Progress) -> Pages:
    number = 0
    async for page in pages:
        yield page
        number += 1
        progress.page_read(number, rows)


def _write_alone(asked: Wanted, into: Path, told: Path | None, progress: Progress) -> int:
    import duckdb

    from bot.insights.log.files import quiet_duckdb

    try:
        with quiet_duckdb(spill=into.parent) as connection:
            return _write(connection, asked, into, told, progress)
    except duckdb.IOException as error:
        raise OSError(str(error)) from error


def _write(
    connection: "duckdb.DuckDBPyConnection", asked: Wanted, into: Path, told: Path | None, progress: Progress
) -> int:
    from bot.insights.exports.log_rows import inert_ones
    from bot.insights.exports.writing import write
    from bot.insights.log.files import parquet

    if told is not None:
        connection.execute(f"CREATE TEMP VIEW told AS SELECT * FROM {parquet(told)}")  # noqa: S608
    rows = asked.export.log or "SELECT * FROM told"
    connection.execute(f"CREATE TEMP VIEW rows AS {rows}")
    columns = asked.export.columns
    if asked.format is Format.CSV:
        columns = inert_ones(connection, columns, asked.export.as_logged)
    with progress.watching(connection):
        return write(connection, asked.kind, columns, asked.format, into, bom=asked.bom)
