"""A table's cells as text: RFC 4180 for spreadsheets, a JSON object a line for programs."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from bot.insights.exports.columns import Column, Type
from bot.insights.formulas import FORMULA_LEADS, INVISIBLE
from bot.interactions import Microseconds, rfc3339
from bot.money import decimal_text

type Cell = str | int | float | bool | list[object] | dict[str, object] | Figure | None
type Line = Sequence[Cell]


class Figure(str):
    """A number as text, such as "-12.50": it is ours, so its minus makes no formula."""

    __slots__ = ()


def money(value: int | None, currency: str | None) -> Figure | None:
    """The amount in major units; None when there is none."""
    return None if value is None or currency is None else Figure(decimal_text(value, currency))


def moment(at: Microseconds | None) -> str | None:
    return None if at is None else rfc3339(at)


def spoken(columns: Sequence[Column], row: Sequence[Any]) -> list[Cell]:
    """A row as the files have it: moments and money as text, JSON as the value that it is."""
    held = dict(zip((one.name for one in columns), row, strict=True))
    return [_spoken(one, held) for one in columns]


def _spoken(column: Column, row: dict[str, Any]) -> Cell:
    value = row[column.name]
    match column.type:
        case Type.MOMENT:
            return moment(value)
        case Type.MONEY:
            return money(value, row[column.currency])
        case Type.JSON:
            return None if value is None else json.loads(value)
    told: Cell = value
    return told


def inert(text: str) -> str:
    """The text as no spreadsheet takes it for a formula.

    A cell that starts like one runs when a marketer opens the file, and visitors choose this text. The quote
    makes it inert; blanks before it would not, since some programs cut them off.
    """
    begins = text.lstrip(INVISIBLE)[:1]
    return "'" + text if begins in FORMULA_LEADS and begins else text


def as_csv(lines: Iterable[Line]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_plain(cell) for cell in line] for line in lines)
    # Half a character that got in somehow must not keep everybody from their export.
    return out.getvalue().encode("utf-8", "replace")


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case Figure() | int() | float():
            return str(cell)
        case str():
            return inert(cell)
        case _:
            return inert(json.dumps(cell, ensure_ascii=False))


def as_jsonl(columns: Sequence[str], lines: Iterable[Line]) -> bytes:
    rows = (json.dumps(dict(zip(columns, line, strict=True)), ensure_ascii=False) + "\n" for line in lines)
    return "".join(rows).encode("utf-8", "replace")
