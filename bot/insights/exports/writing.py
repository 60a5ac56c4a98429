"""Writes the table `rows` of a DuckDB as one file. Nothing passes through Python but a spreadsheet's batches."""

from pathlib import Path

import duckdb

from bot.errors import DuologueError
from bot.insights.exports.columns import Column, Format, quoted, select

OPTIONS = {
    Format.CSV: "FORMAT csv, HEADER, NEW_LINE '\\r\\n'",
    Format.JSONL: "FORMAT json",
    # Groups half as large as its own and small dictionaries stay in the cache: a seventh less CPU, the same size.
    # Who looks up single rows by a Bloom filter asks the store.
    Format.PARQUET: "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440, DICTIONARY_SIZE_LIMIT 5000,"
    " WRITE_BLOOM_FILTER false",
}
BYTE_ORDER_MARK = "\ufeff"
NO_SPACE = "No space left"


def write(
    connection: duckdb.DuckDBPyConnection, kind: str, columns: tuple[Column, ...], format: Format, path: Path, *,
    bom: bool = False,
) -> int:  # fmt: skip
    """How many rows were written. `bom` begins a CSV with the mark by which Excel knows UTF-8.

    DuologueError: the disk is full. It is no OSError, after which the log is asked again.
    """
    try:
        return _write(connection, kind, columns, format, path, bom)
    except (duckdb.IOException, OSError) as error:
        if NO_SPACE not in str(error):
            raise
        raise DuologueError("The file can't be written: the disk is full. Make room and ask for it again.") from error


def _write(
    connection: duckdb.DuckDBPyConnection, kind: str, columns: tuple[Column, ...], format: Format, path: Path, bom: bool
) -> int:
    if format is Format.XLSX:
        from bot.insights.exports.sheets import write_sheets

        return write_sheets(connection, kind, columns, path)
    asked = select(columns, format, "rows")
    if bom and format is Format.CSV:
        first = quoted(columns[0].name)
        asked = asked.replace(f" AS {first}", f" AS {quoted(BYTE_ORDER_MARK + columns[0].name)}", 1)
    where = str(path).replace("'", "''")
    ((count,),) = connection.execute(f"COPY ({asked}) TO '{where}' ({OPTIONS[format]})").fetchall()
    return int(count)
