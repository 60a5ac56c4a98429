"""The invented year: what was planted in it is found, what was not is not claimed, and it goes away whole."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from statistics import mean

import pytest
from scipy.stats import chi2_contingency
from sqlalchemy import Connection, func, select

from bot.errors import ConfigurationError
from bot.insights.conversations import conversations
from bot.insights.demonstration.command import make_history, remove_history
from bot.insights.demonstration.planted import (
    CAMPAIGN,
    CAMPAIGN_SPENDS,
    EXPERIMENTS,
    MOBILE,
    MOBILE_TALKS,
    NULLS,
    TALKS,
)
from bot.insights.demonstration.year import SITE, Came, a_year, begun
from bot.insights.lift.report import lift
from bot.insights.segments import segments
from bot.interactions import Interaction, Kind, Microseconds, as_datetime
from bot.store.interactions import append
from bot.store.pages_of_rows import Span, purchases_after
from bot.store.sites import Site, add_site
from bot.store.store import Store
from bot.store.tables import metadata
from tests.cast import ALICE, SHOP, at
from tests.insights.exports.exported import written
from tests.insights.happened import did, viewed
from tests.insights.log.kept import Kept, kept

__all__ = ["kept"]

TODAY = date(2026, 3, 2)


def rows(connection: Connection) -> dict[str, int]:
    # But for what the copy of the log is told of rows that are gone.
    tables = [table for table in metadata.sorted_tables if table.name != "log_changes"]
    counted = {table.name: select(func.count()).select_from(table) for table in tables}
    return {name: connection.execute(asked).scalar_one() for name, asked in counted.items()}


async def test_the_planted_effect_is_found_and_the_two_planted_nulls_are_not_claimed(store: Store, kept: Kept):
    await make_history(store, today=TODAY)
    kept.keep()
    days = [as_datetime(since).date() for since, _ in begun(TODAY - timedelta(days=1))]
    until = [(days[1]).isoformat(), (days[2]).isoformat(), TODAY.isoformat()]

    told = [
        await lift(store, SITE, since.isoformat() + "T00:00:00Z", last + "T00:00:00Z", log=kept.folder)
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


async def test_its_conversations_are_judged_at_once(store: Store):
    year = await make_history(store, today=TODAY, people=300)

    went = await conversations(store, SITE)

    assert went["conversations"] == year["conversations"] > 30


@pytest.fixture(scope="module")
def year() -> list[Came]:
    return list(a_year(TODAY - timedelta(days=1), people=9_000))


def first_seen(came: Came) -> Interaction:
    return came.happened[0]


def values(year: list[Came], *, campaign: bool) -> list[int]:
    """Of orders; but for the one customer who orders very often and little, whom nobody else is like."""
    some = [came for came in year if (CAMPAIGN in (first_seen(came).url or "")) is campaign and len(came.orders) < 100]
    return [order.value or 0 for came in some for order in came.orders if order.kind is Kind.PURCHASE]


def test_orders_of_the_planted_campaign_are_worth_twice_as_much(year: list[Came]):
    theirs, others = values(year, campaign=True), values(year, campaign=False)

    assert mean(theirs) / mean(others) == pytest.approx(CAMPAIGN_SPENDS, abs=0.2)


def test_who_comes_with_a_mobile_talks_more(year: list[Came]):
    offered = [came for came in year if came.person.arm == "offered"]
    mobile = [bool(came.talks) for came in offered if first_seen(came).data["device"] == MOBILE]
    others = [bool(came.talks) for came in offered if first_seen(came).data["device"] != MOBILE]

    assert mean(mobile) - mean(others) == pytest.approx(MOBILE_TALKS - TALKS, abs=0.05)


@pytest.mark.parametrize("null", NULLS)
def test_the_planted_nulls_are_none_that_a_test_of_independence_would_find(year: list[Came], null: str):
    key: Callable[[Came], object] = {
        "weekday": lambda came: as_datetime(came.person.at).weekday(),
        "language": lambda came: first_seen(came).data["language"],
    }[null]
    counted = Counter((key(came), bool(came.orders)) for came in year)
    kinds = sorted({kind for kind, _ in counted}, key=str)

    found = chi2_contingency([[counted[kind, bought] for bought in (True, False)] for kind in kinds])

    assert len(kinds) > 2 and found.pvalue > 0.05


def test_there_are_customers_of_every_sort(year: list[Came]):
    bought = [[order for order in came.orders if order.kind is Kind.PURCHASE] for came in year if came.orders]
    kinds = Counter(row.kind for came in year for row in came.happened)
    earned = [sum(order.margin or 0 for order in came.orders) for came in year]

    assert max(map(len, bought)) > 100 and sum(len(orders) > 1 for orders in bought) > 200
    assert 5 < sum(one < 0 for one in earned) < 40
    assert {order.margin is None for orders in bought for order in orders} == {True, False}
    assert min(kinds[kind] for kind in (Kind.RATING, Kind.HANDOVER, Kind.UNANSWERED, Kind.REFUND)) > 100
    stated = {one["kind"] for came in year for row in came.happened for one in row.data.get("statements", ())}
    assert stated == {"complaint", "praise", "objection", "wish", "need"}


async def test_its_orders_are_kept_as_those_of_shops_are(store: Store):
    made = await make_history(store, today=TODAY, people=200)

    kept = await store.read(purchases_after, Span(SITE, Microseconds(0), at(days=1)), "", 1_000)

    orders = [row for row in kept if row.type == "purchase"]
    assert len(orders) == made["orders"] > 100
    assert all(row.email.endswith("@customers.invented.example") and row.items for row in orders)


async def test_each_of_its_orders_and_refunds_is_exported_once(store: Store):
    await make_history(store, today=TODAY, people=60)
    kept = await store.read(purchases_after, Span(SITE, Microseconds(0), at(days=1)), "", 1_000)

    told = csv.DictReader((await written(store, "purchases", site=SITE)).decode().splitlines())

    assert sorted(row["id"] for row in told) == sorted(row.id for row in kept) != []


def test_the_same_seed_is_the_same_year_and_all_of_it_says_that_it_is_invented():
    one, other = list(a_year(TODAY, people=50)), list(a_year(TODAY, people=50))

    assert one == other
    assert {row.source for came in one for row in came.happened} == {"invented"}
    assert all(came.person.visitor.endswith("-invented") for came in one)
    assert len({came.person.visitor[:6] for came in one}) == len({came.person.visitor for came in one})


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
