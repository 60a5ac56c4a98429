"""Which columns may hold what a spreadsheet takes for a formula: none is left out, however its file came to be."""

import csv
import io

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.exports.cells import inert
from bot.insights.log.leads import leads
from bot.interactions import Kind
from bot.store.forget import forget_visitor
from bot.store.interactions import append
from bot.store.sites import Site, add_site
from bot.store.store import Store
from tests.cast import SHOP, at
from tests.insights.exports.exported import written
from tests.insights.happened import did, viewed
from tests.insights.log.kept import Kept, kept

__all__ = ["kept"]
FORMULA = "=HYPERLINK(1)"
DAY = 24 * 60


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]))))
def test_no_column_is_left_out_in_which_a_cell_is_made_inert(cells: list[str | None]):
    table = pa.table({"cell": pa.array(cells, pa.string())})

    is_needed = any(cell is not None and inert(cell) != cell for cell in cells)

    assert leads(table) == {"cell"} or not is_needed


def test_a_part_of_a_table_is_judged_by_its_own_cells():
    table = pa.table({"cell": ["=1", None, "plain", "=2"]})

    assert leads(table.slice(1, 2)) == frozenset()
    assert leads(table.slice(3)) == {"cell"}
    assert leads(table.slice(0, 0)) == frozenset()


async def cells_of(kept: Kept, column: str) -> list[str]:
    content = (await written(kept.store, "interactions", log=kept.folder)).decode()
    return [row[column] for row in csv.DictReader(io.StringIO(content, newline=""))]


@pytest.mark.parametrize("column", ["visitor", "conversation", "turn", "url", "intent"])
async def test_a_formula_among_plain_cells_of_the_files_is_made_inert(kept: Kept, shop: Site, column: str):
    row = {"conversation": "c", "turn": "t", "url": "https://shop.example/", "data": {"intent": "ask"}}
    row |= {"data": {"intent": FORMULA}} if column == "intent" else {} if column == "visitor" else {column: FORMULA}
    plain, visitor = viewed("v", 0, DAY, 3 * DAY), FORMULA if column == "visitor" else "v"
    await kept.store.write(append, [*plain, did(visitor, Kind.TRACK, 2 * DAY, **row)])
    named = ("page", "url") if column == "url" else (column,)
    assert {one.leads for one in kept.keep().files} == {(), named}

    assert f"'{FORMULA}" in await cells_of(kept, column)
    kept.keep(now=at(days=40))
    assert len(kept.files()) == 1
    assert f"'{FORMULA}" in await cells_of(kept, column)


async def test_a_formula_that_the_files_do_not_have_yet_is_made_inert(kept: Kept, shop: Site):
    await kept.store.write(append, viewed("v", 0))
    kept.keep()

    await kept.store.write(append, [did("v", Kind.TRACK, 1, url=FORMULA)])

    assert f"'{FORMULA}" in await cells_of(kept, "url")


async def test_the_columns_of_a_file_are_judged_anew_when_somebody_is_erased(kept: Kept, shop: Site):
    await kept.store.write(append, [*viewed("v", 0), did(FORMULA, Kind.PAGE_VIEW, 1)])
    assert [one.leads for one in kept.keep().files] == [("visitor",)]

    await kept.store.write(forget_visitor, SHOP, FORMULA)

    assert [one.leads for one in kept.keep().files] == [()]


async def test_who_a_customer_is_called_is_made_inert_though_the_log_has_nothing_of_it(kept: Kept, shop: Site):
    await kept.store.write(append, [did("v", Kind.PAGE_VIEW, customer="-17")])
    kept.keep()

    assert await cells_of(kept, "customer") == ["'-17"]


async def test_files_of_two_sites_are_asked_of_which_each_row_is(kept: Kept, shop: Site, store: Store):
    await store.write(add_site, "other", name="Other", origins=("https://other.example",), at=at())
    await store.write(append, [*viewed("v", 0, DAY), did("w", Kind.PAGE_VIEW, 1, site="other")])

    assert [one.site for one in kept.keep().files] == [None, SHOP]

    assert await kept.rows("visitor") == [("v",), ("v",)]
    kept.keep(now=at(days=40))
    assert await kept.rows("visitor") == [("v",), ("v",)]


def test_a_table_of_duckdb_is_judged_as_well():
    table = duckdb.sql("SELECT unnest(['a', '\u200b+1']) AS cell, 1 AS number").to_arrow_table()

    assert leads(table) == {"cell"}
