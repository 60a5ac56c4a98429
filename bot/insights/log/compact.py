"""Makes few files of many: a month that is over becomes one, a day with many pieces too."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb

from bot.insights.log.files import DAY_US, day_of, merged, write
from bot.insights.log.manifest import LogFile, Manifest
from bot.interactions import Microseconds

PIECES_OF_A_DAY = 8
"""More are put together; a whole day is when it is over."""
LATE = 0.01
"""A month that is one file takes up what came late when that is a day ago, or so large a part of it."""


def compact(
    connection: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, *, at: Microseconds
) -> Iterator[Manifest]:
    """A manifest for each part that was put together; each is to be published before the next is asked for."""
    while (part := next(_due(manifest.files, at), None)) is not None:
        name, pieces = part
        number = manifest.number + 1
        path = f"{name}/{number:08}.parquet"
        whole = write(folder, path, merged(connection, folder, pieces), made_at=at)
        left = [one for one in manifest.files if one not in pieces]
        manifest = replace(manifest, number=number).with_files(left if whole is None else [*left, whole])
        yield manifest


def _due(files: Iterable[LogFile], at: Microseconds) -> Iterator[tuple[str, list[LogFile]]]:
    today = day_of(at)
    months: defaultdict[str, list[LogFile]] = defaultdict(list)
    for file in files:
        months[file.part.partition("=")[2][:7]].append(file)
    for month, pieces in months.items():
        if len(pieces) > 1 and month < today.partition("=")[2][:7] and not _waits(pieces, at):
            yield f"month={month}", pieces
    days: defaultdict[str, list[LogFile]] = defaultdict(list)
    for file in files:
        if file.part.startswith("day="):
            days[file.part].append(file)
    for day, pieces in days.items():
        if len(pieces) > (1 if day < today else PIECES_OF_A_DAY):
            yield day, pieces


def _waits(pieces: list[LogFile], at: Microseconds) -> bool:
    whole = [one for one in pieces if one.part.startswith("month=")]
    late = sum(one.rows for one in pieces if one not in whole)
    known = sum(one.rows for one in whole)
    return len(whole) == 1 and at - whole[0].made_at < DAY_US and late < known * LATE
