"""The charts of the first page: pictures that say what was found, and a file with all of their numbers."""

import asyncio
import csv
import io
from datetime import date

import pytest

from bot.gateway.boards.counting import Counted, Counting, count
from bot.gateway.house import HOUSE
from bot.insights.over_time import over_time, step_for
from bot.insights.over_time_charts import charts_of, conversion_found
from bot.interactions import Interaction, Kind
from bot.store.interactions import append
from bot.store.store import Store
from tests.cast import SHOP, at
from tests.gateway.front_office import Browser, Office
from tests.insights.happened import bought, did, refunded, talked, viewed

DAY = 24 * 60


async def test_the_charts_are_on_the_page_with_their_numbers_below(mayas: Browser, a_week_of_trade: None) -> None:
    page = await mayas.get("/insights?since=2026-03-01&until=2026-03-02")

    assert 'alt="2 people came, 0 talked with us and 1 bought. All numbers are in the table below."' in page.text
    assert "Too few to judge: 0 buyers among who talked, 1 among who did not" in page.text
    assert "2026-03-02 (not whole) 0 0 1 1 – 50 % 0.00 EUR 1,234.90 EUR" in page.words.replace(
        "\N{NO-BREAK SPACE}", " "
    )


@pytest.mark.parametrize("name", ["people", "conversion", "revenue"])
async def test_each_is_a_picture_of_the_same_days(mayas: Browser, a_week_of_trade: None, name: str) -> None:
    picture = await mayas.get(f"/insights/over-time/{name}.svg?since=2026-03-01&until=2026-03-02&theme=dark")

    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert "2026-03-01 to 2026-03-02" in picture.text


async def test_the_numbers_are_a_file(mayas: Browser, a_week_of_trade: None) -> None:
    file = await mayas.get("/insights/over-time.csv?since=2026-03-01&until=2026-03-02")

    rows = [row for row in csv.DictReader(io.StringIO(file.text)) if row["segment"] == "silent buyer"]
    assert rows == [
        {"from": "2026-03-02", "to": "2026-03-02", "whole": "false", "segment": "silent buyer", "people": "1",
         "buyers": "1", "revenue": "1234.90", "currency": "EUR"},
    ]  # fmt: skip


@pytest.mark.parametrize("query", ["", "since=2030-01-01&until=2030-02-01", "channel=nowhere"])
async def test_where_nobody_was_there_is_no_chart_and_no_number(mayas: Browser, query: str) -> None:
    page = await mayas.get(f"/insights?{query}")
    picture = await mayas.get(f"/insights/over-time/people.svg?{query}")

    assert (page.status, picture.status) == (200, 404)
    assert "over-time" not in page.text


async def happened(store: Store, *rows: Interaction) -> None:
    await store.write(append, list(rows))


async def test_what_a_segment_brought_over_time_is_what_it_brought(office: Office) -> None:
    """March 2 is a Monday; Anna comes in three weeks, talks in the second, gives half back in the third."""
    await happened(
        office.store,
        *viewed("anna", *(week * 7 * DAY + minute for week in range(3) for minute in (0, 1))),
        *talked("anna"),
        bought("anna", 1_000),
        refunded("anna", 400, at=at(minutes=14 * DAY)),
        did("ben", Kind.PAGE_VIEW, 7 * DAY, url="https://shop.example/"),
    )  # fmt: skip

    told = await over_time(
        office.store, SHOP, date(2026, 1, 1), date(2026, 6, 1), currency="EUR", today=date(2026, 3, 20)
    )

    assert told.name == "week"
    assert [(str(one.first), str(one.last), one.is_whole) for one in told.steps] == [
        ("2026-03-02", "2026-03-08", True), ("2026-03-09", "2026-03-15", True), ("2026-03-16", "2026-03-20", False),
    ]  # fmt: skip
    drawn = charts_of(told, {"conversing buyer": 1}, date(2026, 1, 1), date(2026, 6, 1))
    assert drawn["people"].days == ("2026-03-02", "2026-03-09")
    assert "Only whole weeks." in drawn["people"].subtitle
    buyers = [(one.people["conversing buyer"], one.buyers["conversing buyer"]) for one in told.steps]
    assert buyers == [(1, 1), (1, 0), (1, 0)]
    assert [one.revenue["conversing buyer"] for one in told.steps] == [1_000, 0, -400]


async def test_the_day_when_clocks_change_is_a_day_like_others(office: Office) -> None:
    """On March 29 the clocks of Berlin go from 2 to 3: 23:30 UTC is the 30th there, and the 29th here."""
    late = 27 * DAY + 11 * 60 + 30
    await happened(office.store, *viewed("anna", late, late + 29), bought("anna", 100, at=at(minutes=late)))

    told = await over_time(
        office.store, SHOP, date(2026, 3, 29), date(2026, 3, 30), currency="EUR", today=date(2026, 4, 1)
    )

    assert [(str(one.first), sum(one.revenue.values())) for one in told.steps] == [
        ("2026-03-29", 100),
        ("2026-03-30", 0),
    ]


@pytest.mark.parametrize(("days", "step"), [(35, "day"), (36, "week"), (190, "week"), (191, "month")])
def test_long_windows_are_told_in_long_steps(days: int, step: str) -> None:
    assert step_for(days) == step


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ((0, 50, 0, 900), "Nobody bought in these days"),
        ((9, 90, 90, 900), "Too few to judge: 9 buyers among who talked, 90 among who did not"),
        ((30, 70, 10, 190), "Who talked bought 6.0 times as often as who did not: 30.0 % against 5.0 %"),
        ((10, 190, 30, 70), "Who talked bought less often than who did not: 5.0 % against 30.0 %"),
        ((20, 80, 40, 160), "Who talked bought about as often as who did not: 20.0 % against 20.0 %"),
    ],
)
def test_a_title_claims_nothing_of_few(people: tuple[int, ...], sentence: str) -> None:
    names = ("conversing buyer", "conversing visitor", "silent buyer", "passive visitor")

    assert conversion_found(dict(zip(names, people, strict=True))).replace("\N{NO-BREAK SPACE}", " ") == sentence


async def test_what_takes_long_is_a_page_that_looks_again_by_itself(office: Office) -> None:
    house, done, asked = office.app[HOUSE], asyncio.Event(), []

    async def make() -> str:
        asked.append(1)
        await done.wait()
        return "42"

    waited = [await count(house, ("long",), make, patience_s=0.01) for _ in range(2)]
    done.set()
    found = await count(house, ("long",), make)

    assert all(isinstance(one, Counting) for one in waited)
    assert isinstance(found, Counted) and (found.told, found.as_of) == ("42", None)
    assert len(asked) == 1
