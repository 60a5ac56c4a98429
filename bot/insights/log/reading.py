"""Asks the log: the files and, beside them, what the store has that they don't, so that an answer is of one moment."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import DuologueError
from bot.insights.log.manifest import Manifest, load
from bot.interactions import Microseconds
from bot.store.log_changes import Waiting, waiting
from bot.store.pages_of_rows import Span
from bot.store.store import Store

if TYPE_CHECKING:
    # DuckDB takes a second to load, and most who ask the store never need it.
    import duckdb

FOLDER = "log"
"""Where the log is, in the home."""
READ_BESIDE = 5_000
"""New rows that are read from the store beside the files. With more, the answer is as of the last copy."""
TRIES = 5


class NoLogYet(DuologueError):
    """Too much happened to be counted without the log, and it is still to be made."""


@dataclass(frozen=True)
class Answer[T]:
    """What the log says. `as_of`: up to when everything is in it; None for up to now."""

    told: T
    as_of: Microseconds | None


async def ask[T](
    store: Store, folder: Path | None, span: Span, question: "Callable[[duckdb.DuckDBPyConnection], T]"
) -> Answer[T]:
    """Puts the question, in a thread, to a DuckDB that has `log` and `who` of the span: see `opened`.

    Without a `folder` there is no log, and all is read from the store."""
    for attempt in range(TRIES):
        manifest = (await asyncio.to_thread(load, folder) if folder else None) or Manifest()
        told = await store.read(waiting, span.site, manifest.copied, limit=READ_BESIDE)
        if not told.whole and not manifest.number:
            raise NoLogYet("So much has happened that it is being counted first; that takes a minute or a few.")
        try:
            answer = await asyncio.to_thread(_put, folder or Path(), manifest, told, span, question)
        except OSError:
            # A file that another took the place of, since the manifest was read.
            if attempt == TRIES - 1:
                raise
        else:
            return Answer(answer, None if told.whole else Microseconds(manifest.copied.at))
    raise AssertionError("the last try gives an answer or an error")


def _put[T](
    folder: Path,
    manifest: Manifest,
    told: Waiting,
    span: Span,
    question: "Callable[[duckdb.DuckDBPyConnection], T]",
) -> T:
    import duckdb

    from bot.insights.log.opened import opened

    try:
        with opened(folder, manifest, told, span.site, span.since, span.until) as connection:
            return question(connection)
    except duckdb.IOException as error:
        raise OSError(str(error)) from error
