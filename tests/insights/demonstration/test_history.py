"""The invented year: what was planted in it is found, what was not is not claimed, and it goes away whole."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, func, select

from bot.errors import ConfigurationError
from bot.insights.demonstration.command import make_history, remove_history
from bot.insights.demonstration.year import EXPERIMENTS, SITE, a_year, begun
from bot.insights.lift.report import lift
from bot.insights.segments import segments
from bot.interactions import Kind, as_datetime
from bot.store.interactions import append
from bot.store.sites import Site, add_site
from bot.store.store import Store
from bot.store.tables import metadata
from tests.cast import ALICE, SHOP, at
from tests.insights.happened import did, viewed
from tests.insights.log.kept import Kept, kept

__all__ = ["kept"]

TODAY = date(2026, 3, 2)


def rows(connection: Connection) -> dict[str, int]:
    # But for what the copy of the log is told of rows that are gone.
    tables = [table for table in metadata.sorted_tables if table.name != "log_changes"]
    counted = {table.name: select(func.count()).select_from(table) for table in tables}
    return {name: connection.execute(asked).scalar_one() for name, asked in counted.items()}


async def test_the_planted_effect_is_found_and_the_two_planted_nulls_are_not_claimed(store: Store):
    await make_history(store, today=TODAY)
    days = [as_datetime(since).date() for since, _ in begun(TODAY - timedelta(days=1))]
    until = [(days[1]).isoformat(), (days[2]).isoformat(), TODAY.isoformat()]

    told = [
        await lift(store, SITE, since.isoformat() + "T00:00:00Z", last + "T00:00:00Z")
        for since, last in zip(days, until, strict=True)
    ]

    assert [one["verdict"] for one in told] == ["no_difference", "no_difference", "more"]
    assert [one["holdout"] for one in told] == [one.holdout for one in EXPERIMENTS]
    found = {row["name"]: row for row in told[2]["rows"]}["conversion_difference"]
    assert found["low"] < EXPERIMENTS[2].effect < found["high"]


async def test_the_reports_have_something_to_show(store: Store, kept: Kept):
    year = await make_history(store, today=TODAY, people=900)
    kept.keep()

    report = await segments(store, SITE, log=kept.folder)

    assert year["people"] == 900 and year["conversations"] > 100 and year["orders"] > 50
    assert all(row["people"] > 5 for row in report["rows"])


def test_the_same_seed_is_the_same_year_and_all_of_it_says_that_it_is_invented():
    one, other = list(a_year(TODAY, people=50)), list(a_year(TODAY, people=50))

    assert one == other
    assert {row.source for came in one for row in came.happened} == {"invented"}
    assert all(came.person.visitor.startswith("invented") for came in one)


async def test_it_goes_away_whole_and_leaves_the_others_alone(store: Store, shop: Site):
    await store.write(append, viewed(ALICE.visitor, 0, 1))
    before = await store.read(rows)
    await make_history(store, today=TODAY, people=60)

    removed = await remove_history(store)

    assert removed > 100
    assert await store.read(rows) == before


async def test_made_again_it_is_one_year_and_not_two(store: Store):
    first = await make_history(store, today=TODAY, people=60)

    again = await make_history(store, today=TODAY, people=60)

    assert first == again
    assert (await store.read(rows))["visitors"] == 60


async def test_a_site_with_real_visitors_is_never_filled_and_never_removed(store: Store):
    await store.write(add_site, SITE, at=at(), origins=("https://shop.example",))
    await store.write(append, [did("a", Kind.PAGE_VIEW, 0, site=SITE)])
    before = await store.read(rows)

    for act in (make_history(store, today=TODAY), remove_history(store)):
        with pytest.raises(ConfigurationError, match="has real visitors"):
            await act

    assert await store.read(rows) == before
    assert SITE != SHOP
