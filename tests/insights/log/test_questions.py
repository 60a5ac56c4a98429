"""The questions, written once: the same answers on every engine, to a billionth, and none breaks the six rules."""

import re
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import duckdb
import ibis
import pytest
from sqlalchemy.engine import make_url

from bot.insights.log.questions.all import BOARDS, QUESTIONS
from bot.insights.log.questions.asked import LOG, WHO, Asked, rows_of, sql_of
from bot.insights.log.reading import ask
from bot.interactions import Interaction, Kind
from bot.store.interactions import append
from bot.store.pages_of_rows import Span
from bot.store.sites import add_site
from bot.store.store import Store
from bot.store.visitors import create, link, mark_staff
from tests.cast import ALICE, SHOP, at
from tests.insights.happened import bought, did, refunded, viewed

EVERY = QUESTIONS | BOARDS
WHOLE = Span(SHOP, at(days=-60), at(days=60))
DAY = 24 * 60


def a_quarter_of_trade() -> list[Interaction]:
    """Of 200 people, some of whom talk, buy, come back and give back, by what their number can be divided by."""
    happened = []
    for number in range(200):
        who, day = f"v{number:03}", (number * 37 % 110 - 55) * DAY
        source = ("https://www.google.com/", "https://blog.example/", None)[number % 3]
        arm = "held_out" if number % 10 == 0 else "offered"
        happened += [
            did(who, Kind.PAGE_VIEW, day, url=f"https://shop.example/{number % 7}", data={"referrer": source}),
            did(who, Kind.EXPOSED, day, arm=arm),
            *viewed(who, *(day + 7 * visit for visit in range(number % 9))),
        ]
        if number % 4 == 0:
            for turn in range(number % 5 + 1):
                where = {"conversation": f"c{number}"}
                mood = {"intent": f"ask_{number % 3}", "sentiment": (number % 21 - 10) / 10}
                happened += [
                    did(who, Kind.MESSAGE, day + turn, **where),
                    did(who, Kind.UNDERSTANDING, day + turn, data=mood, **where),
                    did(who, Kind.ANSWER, day + turn + 0.1 * (number % 6), data={"failed": number % 8 == 0}, **where),
                ]
        if number % 5 == 0:
            happened += [
                bought(who, 100 * number + 1, at=at(minutes=day + 40 * DAY * order), data=ordered(number, order))
                for order in range(number % 3 + 1)
            ]
        if number % 30 == 0:
            given = {"order": f"{number}-0"} if number % 60 else {}
            happened.append(refunded(who, 50 * number, at=at(minutes=day + 30), data=given))
    return [*happened, bought(None, 500), bought("v005", 900, "USD"), bought(None, 4000, customer=ALICE.customer)]


def ordered(number: int, order: int) -> dict[str, Any]:
    """Of an order, of which each fourth tells no margin."""
    return {"order": f"{number}-{order}"} | ({"margin": 30 * number} if number % 4 or order else {})


@pytest.fixture
async def trade(sqlite_url: str) -> AsyncIterator[Store]:
    store = Store(sqlite_url)
    shop = await store.write(add_site, SHOP, name="Demo", origins=(), at=at())
    linked, dana = [(await store.write(create, shop, at=at(), measure=True, memory=False)).id for _ in range(2)]
    await store.write(link, SHOP, linked, ALICE.customer, evidence="identify", at=at())
    await store.write(mark_staff, dana)
    await store.write(append, [*a_quarter_of_trade(), *viewed(linked, 0, 50), *viewed(dana, 0, 1)])
    yield store
    await store.close()


def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Numbers alike whatever the engine's types, rows in an order of their own."""
    told = [
        {name: float(value) if isinstance(value, Decimal | int | float) else value for name, value in row.items()}
        for row in rows
    ]
    return sorted(told, key=lambda row: str([(type(one).__name__, one) for one in row.values() if not _is_mean(one)]))


def _is_mean(value: object) -> bool:
    return isinstance(value, float) and not value.is_integer()


@pytest.fixture
async def engines(trade: Store, postgres_url: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every question's rows by DuckDB and by PostgreSQL, from the same log."""

    def by_duckdb(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, Any], Any, Any]:
        told = {name: rows_of(connection, question, "EUR") for name, question in EVERY.items()}
        return told, *(connection.sql(f"SELECT * FROM {one}").to_arrow_table() for one in ("log", "who"))

    told, log, who = (await ask(trade, None, WHOLE, by_duckdb)).told
    url = make_url(postgres_url)
    server = ibis.postgres.connect(host=url.query["host"], user=url.username, database=url.database)
    server.raw_sql("CREATE SCHEMA elsewhere; SET search_path TO elsewhere").close()
    asked = Asked(server.create_table("log", log), server.create_table("who", who), WHOLE)
    other = {name: server.to_pyarrow(question(asked, "EUR")).to_pylist() for name, question in EVERY.items()}
    server.disconnect()
    return told, other


async def test_all_questions_have_the_same_answers_on_duckdb_and_postgresql(
    engines: tuple[dict[str, Any], dict[str, Any]],
):
    ours, theirs = engines

    assert len(QUESTIONS) == 10
    for name in EVERY:
        same(name, ours[name], theirs[name])


def same(name: str, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> None:
    """Fails unless two engines say the same, to a billionth."""
    one, other = plain(ours), plain(theirs)
    assert len(one) == len(other) > 0, name
    for row, alike in zip(one, other, strict=True):
        assert row.keys() == alike.keys()
        for column, value in row.items():
            expected = pytest.approx(alike[column], rel=1e-9) if isinstance(value, float) else alike[column]
            assert value == expected, (name, column)


@pytest.fixture(scope="module")
def sql() -> dict[str, str]:
    return {name: sql_of(question, "EUR") for name, question in EVERY.items()}


async def test_the_columns_are_those_of_the_files(trade: Store):
    told = await ask(trade, None, WHOLE, lambda log: log.execute("DESCRIBE log").fetchall())

    types = {"int64": "BIGINT", "string": "VARCHAR", "float64": "DOUBLE", "timestamp(6)": "TIMESTAMP"}
    assert {row[0]: row[1] for row in told.told} == {name: types[type] for name, type in LOG.items()}


def test_yes_and_no_become_numbers_by_a_case_and_never_by_a_cast(sql: dict[str, str]):
    for name, text in sql.items():
        assert not re.search(
            r"CAST\([^()]*(=|<|>|IS NULL|AND|OR)[^()]*AS (BIGINT|INT|SMALLINT|TINYINT|DOUBLE)", text
        ), name


def test_what_lag_gives_is_guarded_by_the_place_of_the_row(sql: dict[str, str]):
    assert any("LAG(" in text for text in sql.values())
    for name, text in sql.items():
        assert "LAG(" not in text or "ROW_NUMBER()" in text, name


def test_times_are_subtracted_as_whole_numbers(sql: dict[str, str]):
    for name, text in sql.items():
        assert not re.search(r"EPOCH|DATE_DIFF|DATE_SUB|INTERVAL", text), name


def test_every_order_ends_in_what_is_unique(sql: dict[str, str]):
    orders = [found for text in sql.values() for found in re.findall(r"OVER \(([^()]*ORDER BY[^()]*)\)", text)]
    assert orders
    for order in orders:
        last = order.partition("ORDER BY")[2].split(" ROWS ")[0].split(",")[-1]
        assert re.search(r'"(id|person|slot)" ASC', last), order


def test_money_is_added_in_whole_minor_units_and_days_are_those_of_utc(sql: dict[str, str]):
    for name, text in sql.items():
        assert not re.search(r'CAST\("t\d+"\."(value|margin|net)" AS (DOUBLE|FLOAT|REAL)', text), name
        assert "TIMEZONE" not in text and "AT TIME ZONE" not in text, name


def test_they_can_be_said_in_the_words_of_clickhouse():
    asked = Asked(ibis.table(LOG, name="log"), ibis.table(WHO, name="who"), WHOLE)

    for question in EVERY.values():
        assert "SELECT" in ibis.to_sql(question(asked, "EUR"), dialect="clickhouse")
