"""Brings the log up to date with the store: copies what is new, takes out what was erased, compacts what is over.

Killed anywhere, it leaves the log as it was, and files that nobody reads; the next run goes on from there.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bot.insights.log.compact import compact
from bot.insights.log.files import GROUP_ROWS, day_of, into_place, quiet_duckdb, split_by_day, without, write
from bot.insights.log.manifest import LogFile, Manifest, load, publish, tidy
from bot.insights.log.rows import logged
from bot.interactions import Microseconds
from bot.store.log_changes import Copied
from bot.store.log_copy import LogSource
from bot.store.log_marks import Mark


def keep(url: str, folder: Path, *, at: Microseconds, name: str = "") -> Manifest:
    """The log in `folder` with everything that the store at `url` has now; `at` is now.

    `name` tells the store apart from others, when its address does not. Only in a process of its own: see LogSource.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(folder), LogSource(url, at=at) as source, quiet_duckdb(spill=folder / "spill.part") as connection:
        whose = hashlib.blake2b((name or url).encode(), digest_size=16).hexdigest()
        manifest = load(folder)
        if manifest is None or manifest.store != whose or _is_another(source, manifest):
            manifest = Manifest(whose, 0 if manifest is None else manifest.number)
        tidy(folder, manifest)
        brought = _bring(source, connection, folder, manifest, at)
        publish(folder, brought)
        for smaller in compact(connection, folder, brought, at=at):
            publish(folder, smaller)
            brought = smaller
        return brought


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Waits for whoever writes the log now: two would remove each other's files."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_another(source: LogSource, manifest: Manifest) -> bool:
    """Whether the store is not the one that was copied, or an older one of it: numbers are never given again."""
    copied = manifest.copied
    changes = source.newest("log_changes", "number")
    # The newest row may have been erased, but then there is a change that says so.
    lost = changes == copied.changes.upto and source.newest("interactions", "id") < copied.rows.upto
    return changes < copied.changes.upto or lost


def _bring(
    source: LogSource, connection: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, at: Microseconds
) -> Manifest:
    before, number = manifest.copied, manifest.number + 1
    changes, changed = _changes(source, before)
    fresh, rows = _copy(source, connection, folder, number, before, changed)
    links = source.newest("identities", "id")
    if not fresh and not changed.num_rows and manifest.number:
        return replace(manifest, copied=replace(before, rows=rows, changes=changes, at=at))
    files = [*_rid(connection, folder, number, manifest, changed), *fresh]
    copied = Copied(rows, changes, at, links, at)
    return Manifest(manifest.store, number, copied, (), _who(source, folder, number)).with_files(files)


def _changes(source: LogSource, before: Copied) -> tuple[Mark, pa.Table]:
    """(id, at) of the rows in the files that were changed or erased, each once."""
    mark = before.changes
    changed: dict[int, int] = {}
    for page in source.changes(before.changes):
        mark = mark.moved(page["number"].to_pylist(), source.moment)
        pairs = zip(page["interaction"].to_pylist(), page["at"].to_pylist(), strict=True)
        changed.update((id, at) for id, at in pairs if id in before.rows)
    table = pa.table({"id": pa.array(changed, pa.int64()), "at": pa.array(changed.values(), pa.int64())})
    return mark, table


def _copy(
    source: LogSource,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    number: int,
    before: Copied,
    changed: pa.Table,
) -> tuple[list[LogFile], Mark]:
    files: list[LogFile] = []
    mark = before.rows
    for page in source.rows(before.rows):
        mark = mark.moved(page["id"].to_pylist(), source.moment)
        files += _by_day(connection, folder, f"{number:08}-{len(files):06}", page)
    for page in source.rows_of(changed["id"].to_pylist()):
        files += _by_day(connection, folder, f"{number:08}-{len(files):06}", page)
    return files, mark


def _by_day(connection: duckdb.DuckDBPyConnection, folder: Path, name: str, page: pa.Table) -> Iterator[LogFile]:
    if not page.num_rows:
        return
    for start, rows in split_by_day(logged(connection, page)):
        path = f"{day_of(start)}/{name}.parquet"
        if (written := write(folder, path, [rows])) is not None:
            yield written


def _rid(
    connection: duckdb.DuckDBPyConnection, folder: Path, number: int, manifest: Manifest, changed: pa.Table
) -> Iterator[LogFile]:
    """The files so far, those with changed rows written anew without them."""
    moments = sorted(changed["at"].to_pylist())
    for place, file in enumerate(manifest.files):
        if not any(file.first <= moment <= file.last for moment in moments):
            yield file
            continue
        path = f"{file.part}/{number:08}-r{place:06}.parquet"
        left = write(folder, path, without(connection, folder / file.path, changed), made_at=file.made_at)
        if left is not None:
            yield left


def _who(source: LogSource, folder: Path, number: int) -> str:
    name = f"who-{number:08}.parquet"
    part = folder / f"{name}.part"
    schema = pa.schema(
        [("site", pa.string()), ("visitor", pa.string()), ("customer", pa.string()), ("marked", pa.int64())]
    )
    with pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for page in source.who():
            writer.write_table(page.cast(schema), row_group_size=GROUP_ROWS)
    into_place(part, folder / name)
    return name
