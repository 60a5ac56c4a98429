"""Writes the log's files: sorted by time, zstd, under their name only when they are whole and on disk."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bot.insights.log.leads import leads
from bot.insights.log.manifest import LogFile, sync

DAY_US = 86_400_000_000
GROUP_ROWS = 122_880
"""What DuckDB takes at once; a file's rows are held by so many, and a question skips those of other days."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def quiet_duckdb(memory: str = "256MB", spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB that takes one core and little memory: whoever asks a page comes first."""
    config: dict[str, Any] = {"threads": 1, "memory_limit": memory}
    if spill is not None:
        config["temp_directory"] = str(spill)
    connection = duckdb.connect(config=config)
    # After two seconds it would draw on the terminal of whoever started the gateway.
    connection.execute("SET enable_progress_bar = false")
    return connection


def parquet(*paths: Path) -> str:
    """These files as one table in SQL. Their folders are no columns: what they say is in the rows."""
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def day_of(ts_us: int) -> str:
    """The folder of a moment's day: day=2026-03-02."""
    return f"day={(EPOCH + timedelta(days=ts_us // DAY_US)).date().isoformat()}"


def write(folder: Path, path: str, pieces: Iterable[pa.Table], *, made_at: int = 0) -> LogFile | None:
    """Writes the file at this path of the folder; None, and no file, when there are no rows.

    Pieces come in the order of time. They are collected to whole groups, so that memory stays that of one.
    """
    whole = folder / path
    part = whole.with_name(whole.name + ".part")
    whole.parent.mkdir(parents=True, exist_ok=True)
    written: LogFile | None = None
    writer: pq.ParquetWriter | None = None
    try:
        for group in _groups(pieces):
            if writer is None:
                writer = pq.ParquetWriter(part, group.schema, compression="zstd")
            writer.write_table(group, row_group_size=GROUP_ROWS)
            written = _with(written, _file(path, group, made_at))
    finally:
        if writer is not None:
            writer.close()
    if written is not None:
        into_place(part, whole)
    return written


def _file(path: str, group: pa.Table, made_at: int) -> LogFile:
    """What is to be known of a file that has these rows alone."""
    first, last = group["ts_us"][0].as_py(), group["ts_us"][-1].as_py()
    sites = group["site"].unique().to_pylist()
    site = sites[0] if len(sites) == 1 else None
    return LogFile(path, first, last, group.num_rows, site, tuple(sorted(leads(group))), made_at)


def _with(before: LogFile | None, group: LogFile) -> LogFile:
    if before is None:
        return group
    return replace(
        group,
        first=before.first,
        rows=before.rows + group.rows,
        site=group.site if group.site == before.site else None,
        leads=tuple(sorted({*before.leads, *group.leads})),
    )


def into_place(part: Path, path: Path) -> None:
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(path)
    sync(path.parent)


def _groups(pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
    held: list[pa.Table] = []
    for piece in pieces:
        if piece.num_rows:
            held.append(piece)
        if sum(one.num_rows for one in held) >= GROUP_ROWS:
            yield pa.concat_tables(held)
            held = []
    if held:
        yield pa.concat_tables(held)


def split_by_day(table: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    """(first microsecond of the day, its rows) of rows in the order of time."""
    days = table["ts_us"].to_numpy() // DAY_US
    start = 0
    while start < len(days):
        end = int(days.searchsorted(days[start], side="right"))
        yield int(days[start]) * DAY_US, table.slice(start, end - start)
        start = end


def without(connection: duckdb.DuckDBPyConnection, path: Path, gone: pa.Table) -> Iterator[pa.Table]:
    """The rows of a file but for those whose `id` is in `gone`, in their order."""
    for piece in pq.ParquetFile(path).iter_batches(GROUP_ROWS):
        held = pa.Table.from_batches([piece])
        connection.register("held", held).register("gone", gone)
        kept = connection.sql("SELECT * FROM held WHERE id NOT IN (SELECT id FROM gone) ORDER BY ts_us, id")
        yield kept.to_arrow_table()


def merged(connection: duckdb.DuckDBPyConnection, folder: Path, files: Iterable[LogFile]) -> Iterator[pa.Table]:
    """All rows of these files in the order of time, a day at a time: a month takes no more memory than a day."""
    held = list(files)
    for day in range(min(one.first for one in held) // DAY_US, max(one.last for one in held) // DAY_US + 1):
        first, last = day * DAY_US, (day + 1) * DAY_US
        of_day = [folder / one.path for one in held if one.first < last and one.last >= first]
        if of_day:
            yield connection.sql(
                f"SELECT * FROM {parquet(*of_day)} WHERE ts_us >= ? AND ts_us < ? ORDER BY ts_us, id",  # noqa: S608
                params=[first, last],
            ).to_arrow_table()
