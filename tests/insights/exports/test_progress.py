"""What an export says of how far it has come is never less than before, and never more than all."""

import asyncio
import json
from pathlib import Path

import duckdb
import pytest

from bot.insights.exports.export import export, wanted
from bot.insights.exports.progress import READING, SHARE, Progress
from bot.insights.window import span_of
from bot.store.interactions import append
from bot.store.rows_to_export import rows_to_export
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP
from tests.insights.exports.exported import written
from tests.insights.exports.test_killed import begin
from tests.insights.exports.test_kinds import a_shop_where_something_happened
from tests.insights.happened import viewed

PEOPLE = 2_500


@pytest.mark.parametrize("kind", ["conversations", "messages", "profiles", "purchases", "questions"])
async def test_as_many_rows_are_foretold_as_the_export_has(store: Store, shop: Site, kind: str):
    await store.write(a_shop_where_something_happened, shop)

    told = await store.read(rows_to_export, kind, span_of(SHOP, None, None))

    assert told == len((await written(store, kind, "jsonl")).splitlines()) > 0


async def test_a_share_grows_with_each_page_of_the_store(store: Store, shop: Site, tmp_path: Path):
    await store.write(append, [one for number in range(PEOPLE) for one in viewed(f"v{number}", 0)])
    shares: list[float] = []

    await export(store, wanted(SHOP, "profiles"), tmp_path / "out", tell=shares.append)

    assert shares[:3] == pytest.approx([READING * 1_000 / PEOPLE, READING * 2_000 / PEOPLE, READING])
    assert shares == sorted(set(shares)) and shares[-1] <= 1


async def test_a_share_never_goes_back_when_a_question_is_put_again():
    shares: list[float] = []
    progress = Progress(shares.append)

    for page in (1, 2, 1, 3, 9):
        progress.page_read(page, 4_000)
    progress.all_read()

    assert shares == pytest.approx([READING / 4, READING / 2, READING * 3 / 4, READING])


def test_what_duckdb_writes_is_told_while_it_writes_it(tmp_path: Path):
    shares: list[float] = []
    progress, rows = Progress(shares.append), 1_000_000
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(f"CREATE TABLE rows AS SELECT md5(range::VARCHAR) AS word FROM range({rows})")

        while not shares and rows < 64_000_000:
            with progress.watching(connection):
                all = "SELECT a.word FROM rows a, range(?) again"
                connection.execute(f"COPY ({all}) TO '{tmp_path / 'out'}'", [rows // 1_000_000])
            rows *= 2

    assert shares and shares == sorted(set(shares)) and shares[0] > 0 and shares[-1] <= 1


async def test_the_process_that_makes_it_says_its_share_beside_its_result(
    store: Store, store_url: str, shop: Site, tmp_path: Path
):
    await store.write(append, [one for number in range(PEOPLE) for one in viewed(f"v{number}", 0)])

    making = await begin(store_url, tmp_path / "people.csv", stderr=asyncio.subprocess.PIPE)
    told, said = await making.communicate()

    shares = [float(line.removeprefix(SHARE)) for line in said.decode().splitlines()]
    assert len(shares) >= 3 and shares == sorted(shares)
    assert json.loads(told)["rows"] == PEOPLE
