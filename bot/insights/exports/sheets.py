"""Spreadsheets: rows as they come go into sheets, a batch at a time, so that a million take little memory.

Every text is a cell of text: what begins like a formula or an address is neither. A moment is a real date with its
milliseconds. A whole number that a spreadsheet would round is text, in all of its column.
"""

import warnings
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
import rustpy_xlsxwriter as sheets

from bot.insights.exports.columns import Column, Format, Type, quoted, select

ROWS_A_SHEET = 1_048_575
ROWS_AT_ONCE = 10_000
EXACT = 2**53
MOMENTS = "yyyy-mm-dd hh:mm:ss.000"
WIDTH_OF_MOMENT = 23.0


def write_sheets(
    connection: duckdb.DuckDBPyConnection, name: str, columns: tuple[Column, ...], path: Path, *,
    rows_a_sheet: int = ROWS_A_SHEET,
) -> int:  # fmt: skip
    """Writes the table `rows` of the connection; how many rows it has."""
    count, large = _looked_over(connection, columns)
    rows = connection.sql(_asked(columns, large)).to_arrow_reader(ROWS_AT_ONCE)
    batches = _Batches(iter(rows), rows.schema)
    numbers = range(1, max(1, -(-count // rows_a_sheet)) + 1)
    held = [(name if number == 1 else f"{name} {number}", batches.sheet(rows_a_sheet)) for number in numbers]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sheets.write_worksheets(
            held,
            str(path),
            freeze_panes={"general": {"row": 1, "col": 0}},
            float_format=MOMENTS,
            column_formats={sheet: _formats(columns) for sheet, _ in held},
            column_widths={sheet: _widths(columns) for sheet, _ in held},
            header_format={sheet: sheets.Format().set_bold() for sheet, _ in held},
        )
    return count


def _looked_over(connection: duckdb.DuckDBPyConnection, columns: tuple[Column, ...]) -> tuple[int, frozenset[str]]:
    """How many rows there are, and the columns of whole numbers that a spreadsheet would round."""
    whole = [one.name for one in columns if one.type is Type.WHOLE]
    largest = "".join(f", max(abs({quoted(name)}::HUGEINT))" for name in whole)
    (told,) = connection.execute(f"SELECT count(*){largest} FROM rows").fetchall()  # noqa: S608
    return told[0], frozenset(
        name for name, most in zip(whole, told[1:], strict=True) if most is not None and most > EXACT
    )


def _asked(columns: tuple[Column, ...], large: frozenset[str]) -> str:
    if not large:
        return select(columns, Format.XLSX, "rows")
    texts = ", ".join(f"{quoted(name)}::VARCHAR AS {quoted(name)}" for name in sorted(large))
    return select(columns, Format.XLSX, f"(SELECT * REPLACE ({texts}) FROM rows)")  # noqa: S608


def _formats(columns: Sequence[Column]) -> dict[str, sheets.Format]:
    """Of all numbers but moments, whose format is that of all others."""
    return {
        one.name: sheets.Format().set_num_format("General") for one in columns if one.type in (Type.NUMBER, Type.MONEY)
    }


def _widths(columns: Sequence[Column]) -> dict[str, float]:
    return {one.name: WIDTH_OF_MOMENT for one in columns if one.type is Type.MOMENT}


class _Batches:
    """Gives out what comes as sheets, one after the other; each has to be taken before the next."""

    def __init__(self, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> None:
        self._batches, self._schema = batches, schema
        self._rest: pa.RecordBatch | None = None

    def sheet(self, rows: int) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(self._schema, self._of(rows))

    def _of(self, rows: int) -> Iterator[pa.RecordBatch]:
        while rows > 0:
            batch = self._rest if self._rest is not None else next(islice(self._batches, 1), None)
            self._rest = None
            if batch is None:
                return
            if batch.num_rows > rows:
                batch, self._rest = batch.slice(0, rows), batch.slice(rows)
            rows -= batch.num_rows
            yield batch
