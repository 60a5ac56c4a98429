"""Writes the table `rows` of a DuckDB as one file. Nothing passes through Python but a spreadsheet's batches."""

from pathlib import Path

import duckdb

from bot.insights.exports.columns import Column, Format, quoted, select

CSV = "FORMAT csv, HEADER, NEW_LINE '\\r\\n'"
OPTIONS = {
    Format.CSV: CSV,
    Format.JSONL: "FORMAT json",
    Format.PARQUET: "FORMAT parquet, COMPRESSION zstd",
}
BYTE_ORDER_MARK = "\ufeff"


def write(
    connection: duckdb.DuckDBPyConnection, kind: str, columns: tuple[Column, ...], format: Format, path: Path, *,
    bom: bool = False,
) -> int:  # fmt: skip
    """How many rows were written. `bom` begins a CSV with the mark by which Excel knows UTF-8."""
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
