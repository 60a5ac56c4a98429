"""Every kind in every format, cell by cell as the store has it: with the log, without it, and with what it lacks."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DuologueError
from bot.insights.exports.cells import Figure, inert, spoken
from bot.insights.exports.columns import CUT_AT, CUT_MARK, Column, Format, Type, columns, said, select
from bot.insights.exports.columns import cut as cut_in_sql
from bot.insights.exports.columns import inert as inert_in_sql
from bot.insights.exports.kinds import EXPORTS
from bot.insights.exports.sheets import write_sheets
from bot.insights.exports.writing import write
from bot.insights.log.reading import ask
from bot.insights.window import happened
from bot.interactions import CustomerId, Kind, as_datetime
from bot.money import DIGITS, decimal_text
from bot.store.forget import forget_visitor
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.visitors import create, ledger, link
from tests.cast import ALICE, SHOP, at
from tests.insights.exports.exported import sheet, written
from tests.insights.exports.test_kinds import FORMULA, a_shop_where_something_happened
from tests.insights.happened import bought, did, viewed
from tests.insights.log.kept import EVER, Kept, kept

__all__ = ["kept"]
OF_THE_LOG = [kind for kind, export in EXPORTS.items() if export.log]
WORDS = ["=1+1", "@SUM(1)", " \ufeff-2", "＝1", "\t=1", "https://evil.example/", "Ünïcode \U0001f600", "a\nb", '"', "'"]
type Lines = list[dict[str, Any]]


async def of_the_log(store: Store, kind: str) -> AsyncIterator[list[Any]]:
    """What the store has for an export whose rows come from the log, by the ids of the columns that it must have."""
    known = await store.read(ledger, SHOP)
    async for rows in happened(store, EVER):
        for row in rows:
            one = row.interaction
            customer = known.get(one.visitor, one.customer) if one.visitor else one.customer
            first = [row.id, one.at, one.site, one.visitor, customer]
            if kind == "exposures" and one.kind is Kind.EXPOSED:
                yield [*first, one.arm, one.url, one.data.get("props", {}).get("seen_first") is True]
            if kind == "interactions":
                yield [
                    *first, one.kind.value, one.conversation, one.seq, one.turn, one.url, one.arm, one.value,
                    one.currency, one.source, one.data.get("intent"), one.data.get("confidence"),
                    one.data.get("sentiment"), json.dumps(one.data),
                ]  # fmt: skip


def as_lines(export: tuple[Column, ...], format: Format, content: bytes) -> Lines:
    """What a program reads in the file, each cell as `spoken` would have it."""
    if format is Format.JSONL:
        return [
            {one.name: _of_json(one, row[one.name]) for one in export} for row in map(json.loads, content.splitlines())
        ]
    if format is Format.CSV:
        rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        return [{one.name: _of_csv(one, row[one.name]) for one in export} for row in rows]
    if format is Format.PARQUET:
        return [
            {one.name: _of_parquet(one, row) for one in export}
            for row in pq.read_table(io.BytesIO(content)).to_pylist()
        ]
    head, *cells = sheet(content)
    assert head == [one.name for one in export]
    return [{one.name: _of_sheet(one, cell) for one, cell in zip(export, row, strict=True)} for row in cells]


def _of_json(column: Column, cell: Any) -> Any:
    return Figure(cell) if column.type is Type.MONEY and cell is not None else cell


def _of_csv(column: Column, cell: str) -> Any:
    if cell == "":
        return None
    match column.type:
        case Type.JSON:
            return json.loads(cell)
        case Type.WHOLE:
            return int(cell)
        case Type.NUMBER:
            return float(cell)
        case Type.YES:
            return {"true": True, "false": False}[cell]
        case Type.MONEY:
            return Figure(cell)
    return cell.removeprefix("'") if cell[1:] and inert(cell[1:]) == cell else cell


def _of_parquet(column: Column, row: dict[str, Any]) -> Any:
    cell = row[column.name]
    match column.type:
        case Type.MOMENT if cell is not None:
            return _moment(cell)
        case Type.MONEY if cell is not None:
            return cell
        case Type.JSON if cell is not None:
            return json.loads(cell)
    return cell


def _of_sheet(column: Column, cell: Any) -> Any:
    match column.type:
        case Type.MOMENT if cell is not None:
            return _moment(as_datetime(round((cell - 25_569) * 86_400_000) * 1_000))  # type: ignore[arg-type]
        case Type.JSON if cell is not None:
            return json.loads(cell)
    return cell


def _moment(moment: datetime) -> str:
    return moment.replace(tzinfo=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def alike(line: dict[str, Any]) -> dict[str, Any]:
    """Amounts as amounts, whatever they are written as; nothing and no text are one to a spreadsheet."""
    return {
        name: Decimal(str(cell)) if isinstance(cell, (int, float, Figure, Decimal)) and not isinstance(cell, bool)
        else None if cell == "" else cell
        for name, cell in line.items()
    }  # fmt: skip


async def a_year(store: Store, site: Site) -> None:
    """All kinds of rows, words like formulas, two currencies, links made later, and a visitor who will be erased."""
    await store.write(a_shop_where_something_happened, site)
    told = {"name": FORMULA, "confidence": 1e-05, "title": "\u00fc \ud83d\ude00", "props": {"seen_first": True}}
    rows = [did("v", Kind.TRACK, url=word, turn=word, data=told) for word in WORDS]
    rows += [bought("v", 4990), bought("w", -500, "JPY"), bought("w", 1_234, "KWD"), *viewed("erased", 0, 1)]
    await store.write(append, rows)


@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("kind", ["interactions", "exposures"])
async def test_what_the_log_has_is_cell_by_cell_what_the_store_has(kept: Kept, shop: Site, kind: str, format: Format):
    export = EXPORTS[kind].columns
    await a_year(kept.store, shop)
    kept.keep()
    # Beside the files: one who is erased, and what happened since.
    await kept.store.write(forget_visitor, SHOP, "erased")
    await kept.store.write(append, [*viewed("later", 5), did("later", Kind.EXPOSED, arm="offered")])

    expected = [spoken(export, row) async for row in of_the_log(kept.store, kind)]
    names = [one.name for one in export]
    lines = as_lines(export, format, await written(kept.store, kind, format, log=kept.folder))

    assert sorted(map(alike, lines), key=lambda line: line["id"]) == [
        alike(dict(zip(names, line, strict=True))) for line in expected
    ]


@pytest.mark.parametrize("kind", EXPORTS)
async def test_a_kind_says_the_same_in_all_formats(store: Store, shop: Site, kind: str):
    await a_year(store, shop)
    export = EXPORTS[kind].columns

    told = {one: as_lines(export, one, await written(store, kind, one)) for one in Format}

    first = [alike(line) for line in told[Format.JSONL]]
    assert len(first) > 0
    for format, lines in told.items():
        assert [alike(line) for line in lines] == first, format


async def test_orders_that_stand_in_the_log_alone_are_exported_too(store: Store, shop: Site):
    await store.write(a_shop_where_something_happened, shop)
    alone = bought("v", 1_999, source="invented", data={"order": "a-1", "margin": 700})
    back = did("v", Kind.REFUND, value=500, currency="EUR", source="invented", data={"order": "a-1"})
    await store.write(append, [alone, back])

    told, invented, refund = [json.loads(one) for one in (await written(store, "purchases", "jsonl")).splitlines()]

    assert told["id"] == "order-1"
    assert (invented["id"], invented["value"], invented["margin"], invented["visitor"]) == ("a-1", "19.99", "7.00", "v")
    assert (refund["type"], refund["of"], refund["value"], refund["items"]) == ("refund", "a-1", "5.00", [])


async def test_who_is_erased_is_in_no_format_from_that_moment(kept: Kept, shop: Site):
    await kept.store.write(append, viewed(ALICE.visitor, 0, 1))
    kept.keep()

    await kept.store.write(forget_visitor, SHOP, ALICE.visitor)

    for kind in OF_THE_LOG:
        content = await written(kept.store, kind, "jsonl", log=kept.folder)
        assert ALICE.visitor.encode() not in content


@pytest.mark.parametrize("is_in_the_files", [False, True], ids=["known since", "in the files"])
async def test_a_customer_known_by_a_link_alone_is_made_inert(kept: Kept, shop: Site, is_in_the_files: bool):
    visitor = (await kept.store.write(create, shop, at=at(), measure=True, memory=False)).id
    await kept.store.write(append, viewed(visitor, 0))
    kept.keep()
    await kept.store.write(link, SHOP, visitor, CustomerId(FORMULA), evidence="identify", at=at())
    if is_in_the_files:
        kept.keep(now=at(minutes=6))

    lines = csv.DictReader(io.StringIO((await written(kept.store, "interactions", log=kept.folder)).decode()))
    rows = (await written(kept.store, "interactions", "jsonl", log=kept.folder)).splitlines()

    assert {line["customer"] for line in lines} == {"'" + FORMULA}
    assert {json.loads(row)["customer"] for row in rows} == {FORMULA}


async def test_excel_knows_the_letters_of_a_csv_by_its_mark_where_that_is_wanted(store: Store, shop: Site):
    plain, marked = [await written(store, "questions", bom=bom) for bom in (False, True)]

    assert marked == b"\xef\xbb\xbf" + plain


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_sql_makes_inert_what_python_does(text: str):
    told = duckdb.execute(f"SELECT {inert_in_sql('cell')} FROM (SELECT ?::VARCHAR AS cell)", [text]).fetchone()

    assert told == (inert(text),)


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from(["EUR", "XXX", *DIGITS]))
def test_sql_says_an_amount_as_python_does(value: int, currency: str):
    amount = said(Column("value", Type.MONEY), Format.CSV)

    told = duckdb.execute(f"SELECT {amount} FROM (SELECT ?::BIGINT AS value, ? AS currency)", [value, currency])

    assert told.fetchone() == (decimal_text(value, currency),)


@pytest.mark.parametrize("format", Format)
def test_nothing_is_joined_to_write_an_amount(format: Format):
    """DuckDB makes joins of lists of codes, and each row pays for them."""
    amounts = columns(value=Type.MONEY, currency=Type.WORD)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE rows (value BIGINT, currency VARCHAR)")

        ((_, plan),) = connection.execute(f"EXPLAIN {select(amounts, format, 'rows')}").fetchall()

    assert "join" not in plan.lower()


@pytest.mark.parametrize("text", WORDS)
def test_sql_makes_inert_what_begins_like_a_formula(text: str):
    told = duckdb.execute(f"SELECT {inert_in_sql('cell')} FROM (SELECT ?::VARCHAR AS cell)", [text]).fetchone()

    assert told == (inert(text),)


@pytest.mark.parametrize(
    ("text", "length"),
    [("a" * CUT_AT, CUT_AT), ("a" * (CUT_AT + 1), CUT_AT), ("ü" * CUT_AT, CUT_AT), ("\U0001f600" * 16_383, 16_383),
     ("\U0001f600" * 16_384, 16_383), ("ü" * 50_000, CUT_AT)],
)  # fmt: skip
def test_more_than_a_cell_holds_is_cut_and_marked(text: str, length: int):
    cell = "FROM (SELECT ?::VARCHAR AS cell)"
    ((told,),) = duckdb.execute(f"SELECT {cut_in_sql('cell')} {cell}", [text]).fetchall()

    assert len(told) == length and told.endswith(CUT_MARK) == (told != text)


def test_whole_numbers_that_a_spreadsheet_would_round_are_text(tmp_path: Any):
    path = tmp_path / "large.xlsx"
    with duckdb.connect() as connection:
        numbers = "[1, 9007199254740993, -9223372036854775808]"
        connection.execute(f"CREATE VIEW rows AS SELECT unnest({numbers}) AS id, 5 AS seq")
        write(connection, "large", columns(id=Type.WHOLE, seq=Type.WHOLE), Format.XLSX, path)

    assert sheet(path.read_bytes())[1:] == [["1", 5.0], ["9007199254740993", 5.0], ["-9223372036854775808", 5.0]]


@pytest.mark.parametrize("format", Format)
async def test_a_full_disk_is_said_to_be_full_and_nothing_is_tried_again(kept: Kept, shop: Site, format: Format):
    await kept.store.write(append, viewed("v", 0))
    kept.keep()
    tried = []

    def put(log: duckdb.DuckDBPyConnection) -> int:
        tried.append(format)
        log.execute("CREATE VIEW rows AS SELECT id FROM log, range(1000000)")
        return write(log, "interactions", columns(id=Type.WHOLE), format, Path("/dev/full"))

    with pytest.raises(DuologueError, match="the disk is full"):
        await ask(kept.store, kept.folder, EVER, put)

    assert len(tried) == 1


@pytest.mark.parametrize(("rows", "sheets"), [(0, [0]), (3, [3]), (6, [3, 3]), (7, [3, 3, 1])])
def test_more_rows_than_a_sheet_holds_go_on_in_the_next(tmp_path: Any, rows: int, sheets: list[int]):
    path = tmp_path / "long.xlsx"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW rows AS SELECT range AS id FROM range({rows})")
        count = write_sheets(connection, "long", columns(id=Type.WHOLE), path, rows_a_sheet=3)

    told = [sheet(path.read_bytes(), number) for number in range(1, len(sheets) + 1)]
    assert count == rows and [len(one) - 1 for one in told] == sheets
    assert [line[0] for one in told for line in one[1:]] == list(range(rows))


async def test_a_window_without_anything_has_its_columns_all_the_same(store: Store, shop: Site):
    window = {"since": "2001-01-01", "until": "2001-01-02"}

    assert (await written(store, "interactions", "csv", **window)).startswith(b"id,at,site,")
    assert await written(store, "interactions", "jsonl", **window) == b""
    assert sheet(await written(store, "interactions", "xlsx", **window))[0][:3] == ["id", "at", "site"]
    assert pq.read_table(io.BytesIO(await written(store, "interactions", "parquet", **window))).num_rows == 0
