"""The columns of an export: what each is, and how a cell of it is said in each kind of file, in DuckDB's words.

In a row a moment is whole microseconds, money whole minor units, and a JSON value its text. What `inert` does to a cell
of a CSV file is done here in SQL: rows of ten years don't pass through Python.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.money import DIGITS


class Type(StrEnum):
    TEXT = "text"
    """Anybody's words: a visitor's, a page's, the shop's."""
    WORD = "word"
    """One of a few of our own, which never begins like a formula."""
    WHOLE = "whole"
    NUMBER = "number"
    MOMENT = "moment"
    MONEY = "money"
    YES = "yes"
    JSON = "json"


class Format(StrEnum):
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
    JSONL = "jsonl"


@dataclass(frozen=True)
class Column:
    name: str
    type: Type = Type.TEXT
    currency: str = "currency"
    """Of money: the column that says which."""


def columns(**types: Type) -> tuple[Column, ...]:
    return tuple(Column(name.removesuffix("_"), type) for name, type in types.items())


CUT_AT, CUT_MARK = 32_767, " [cut]"
"""How much a cell of a spreadsheet holds, counted as it counts: a character beyond the first 65,536 is two."""
EPOCH_DAYS = 25_569
"""Of 1970 on a spreadsheet's calendar."""
DAY_US = 86_400_000_000
_LEADS = "'^[ \\x{00a0}\\x{200b}\\x{feff}\\n]*[=+\\-@\\t\\r\\x00＝＋－＠]'"
_WIDE = "'[\\x{10000}-\\x{10ffff}]'"


def inert(cell: str) -> str:
    """What `cells.inert` gives; a test holds them together. Most begin with a letter or digit: no more is looked at."""
    other = f"({cell} < '0' OR {cell} > '~' OR {cell} BETWEEN '=' AND 'A')"
    return f"CASE WHEN {other} AND regexp_matches({cell}, {_LEADS}) THEN '''' || {cell} ELSE {cell} END"


def cut(cell: str) -> str:
    """As much as fits into a spreadsheet's cell, with a mark where there was more."""
    most = f"CASE WHEN regexp_matches({cell}, {_WIDE}) THEN {CUT_AT // 2} ELSE {CUT_AT} END"
    short = f"strlen({cell}) <= {CUT_AT} OR length({cell}) <= {most}"
    return f"CASE WHEN {short} THEN {cell} ELSE left({cell}, {most} - {len(CUT_MARK)}) || '{CUT_MARK}' END"


def readable(cell: str) -> str:
    """JSON that was written in ASCII alone is not to be read by people."""
    return f"CASE WHEN contains({cell}, '\\u') THEN coalesce(TRY(json({cell})::VARCHAR), {cell}) ELSE {cell} END"


def moment(cell: str) -> str:
    return f"strftime(make_timestamp({cell}), '%Y-%m-%dT%H:%M:%S.%gZ')"


def said(column: Column, format: Format) -> str:
    """The cell as an expression of SQL."""
    name = quoted(column.name)
    match column.type, format:
        case Type.MOMENT, Format.PARQUET:
            return f"make_timestamp({name})"
        case Type.MOMENT, Format.XLSX:
            return f"{name} / {DAY_US}.0::DOUBLE + {EPOCH_DAYS}"
        case Type.MOMENT, _:
            return moment(name)
        case Type.MONEY, Format.PARQUET:
            return _amount(column, "DECIMAL(22, 4)")
        case Type.MONEY, Format.XLSX:
            return f"CAST({_amount(column, 'VARCHAR')} AS DOUBLE)"
        case Type.MONEY, _:
            return _amount(column, "VARCHAR")
        case Type.JSON, Format.JSONL:
            return f"coalesce(TRY(json({name})), to_json({name}))"
        case Type.JSON, Format.XLSX:
            return cut(readable(name))
        case Type.JSON, _:
            return readable(name)
        case Type.TEXT, Format.CSV:
            return inert(name)
        case Type.TEXT, Format.XLSX:
            return cut(name)
    return name


def select(columns: tuple[Column, ...], format: Format, rows: str) -> str:
    """Asks for all cells of `rows`, a table or view."""
    cells = ", ".join(f"{said(one, format)} AS {quoted(one.name)}" for one in columns)
    return f"SELECT {cells} FROM {rows}"  # noqa: S608


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _amount(column: Column, type: str) -> str:
    """The amount in major units: as `decimal_text` gives it when `type` is VARCHAR."""
    value, currency = quoted(column.name), quoted(column.currency)
    with_digits = {
        digits: "|".join(code for code, its in DIGITS.items() if its == digits)
        for digits in sorted(set(DIGITS.values()))
    }
    # Of a list of many codes DuckDB makes a join, of every row: few have an amount.
    cases = " ".join(
        f"WHEN regexp_full_match({currency}, '{codes}') THEN {_points(value, n)}::{type}"
        for n, codes in with_digits.items()
    )
    return (
        f"CASE WHEN {value} IS NOT NULL AND {currency} IS NOT NULL"
        f" THEN CASE {cases} ELSE {_points(value, 2)}::{type} END END"
    )


def _points(value: str, digits: int) -> str:
    """As a decimal of so many digits; whole numbers of 64 bits have at most 19."""
    return f"({value}::DECIMAL(19, 0) * {10**-digits:.{digits}f})" if digits else value
