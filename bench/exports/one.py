"""One export in a process of its own, for its CPU and its memory: `python -m exports.one WHO FORMAT FOLDER ROWS`.

WHO: ours, copy (DuckDB's COPY of the same columns from the same files, as they are) or xlsxwriter (constant_memory).
ROWS: so many at most. Prints a line of JSON: CPU, memory at the largest, what of it the export added, bytes, rows.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import rustpy_xlsxwriter
import xlsxwriter

from bot.insights.exports.columns import Format, Type, quoted, select
from bot.insights.exports.kinds import EXPORTS
from bot.insights.exports.log_rows import inert_ones
from bot.insights.exports.writing import OPTIONS, write
from bot.insights.log.files import parquet, quiet_duckdb
from bot.insights.log.manifest import Manifest, load
from bot.insights.log.opened import opened
from bot.insights.log.rows import as_raw, logged
from bot.store.log_changes import Waiting

EVER = (0, 2**60)
COLUMNS = EXPORTS["interactions"].columns
COPYS = {Format.CSV: OPTIONS[Format.CSV], Format.PARQUET: "FORMAT parquet, COMPRESSION zstd"}
"""As they would be typed: what we set besides to be quicker is ours."""


def ours(format: Format, log: Path, rows: int, into: Path) -> int:
    with _rows_of(log, rows) as connection:
        columns = inert_ones(connection, COLUMNS, EXPORTS["interactions"].as_logged) if format == "csv" else COLUMNS
        return write(connection, "interactions", columns, format, into)


def by_xlsxwriter(format: Format, log: Path, rows: int, into: Path) -> int:
    line = 0
    with _rows_of(log, rows) as connection, xlsxwriter.Workbook(into, {"constant_memory": True}) as book:
        sheet, moment = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
        moments = {place for place, one in enumerate(COLUMNS) if one.type is Type.MOMENT}
        sheet.write_row(0, 0, [one.name for one in COLUMNS])
        for batch in connection.sql(select(COLUMNS, format, "rows")).to_arrow_reader(10_000):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                line += 1
                for place, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(line, place, cell)
                    elif cell is not None:
                        sheet.write_number(line, place, cell, moment if place in moments else None)
    return line


@contextmanager
def _rows_of(log: Path, rows: int) -> Iterator[duckdb.DuckDBPyConnection]:
    manifest = load(log)
    assert manifest is not None
    with opened(log, manifest, Waiting((), (), True, {}, ()), "demo", *EVER) as connection:
        connection.execute(f"CREATE TEMP VIEW rows AS {EXPORTS['interactions'].log}{_most(manifest, rows)}")
        yield connection


def copy(format: Format, log: Path, rows: int, into: Path) -> int:
    with quiet_duckdb("200MB") as connection:
        connection.execute(f"COPY ({_plain(log, rows)}) TO '{into}' ({COPYS[format]})")
    return rows


def _plain(log: Path, rows: int) -> str:
    manifest = load(log)
    assert manifest is not None
    names = ", ".join(quoted(one.name) for one in COLUMNS)
    return f"SELECT {names} FROM {parquet(*(log / one.path for one in manifest.files))}{_most(manifest, rows)}"


def _most(manifest: Manifest, rows: int) -> str:
    # Not where all are wanted: it makes DuckDB slow.
    return "" if rows >= sum(one.rows for one in manifest.files) else f" LIMIT {rows}"


def main() -> None:
    who, format, folder, rows = sys.argv[1], Format(sys.argv[2]), Path(sys.argv[3]) / "log", int(sys.argv[4])
    # Loading the libraries is no part of writing: the first rows of a process take half a second.
    with quiet_duckdb() as connection:
        logged(connection, as_raw([]))
    assert rustpy_xlsxwriter and xlsxwriter
    with TemporaryDirectory(dir=sys.argv[3]) as temporary:
        into = Path(temporary) / f"export.{format}"
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        count = {"ours": ours, "copy": copy, "xlsxwriter": by_xlsxwriter}[who](format, folder, rows, into)
        cpu, most = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        size = into.stat().st_size
    told = {"cpu_s": cpu, "memory_mb": most / 1024, "added_mb": (most - before) / 1024, "bytes": size, "rows": count}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
