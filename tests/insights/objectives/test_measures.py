"""Every measure counted by hand, for the whole site and a part of it; and who counts in none."""

import pytest
from sqlalchemy import Connection, insert

from bot.insights.objectives.reading import baseline_before, seen_of
from bot.insights.objectives.scopes import About, Scope
from bot.interactions import VisitorId
from bot.store.forget import forget_visitor
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import visitors
from tests.cast import SHOP, at
from tests.insights.happened import bought, viewed
from tests.insights.objectives.planted import (
    CAMPAIGN,
    DAY,
    FIRST,
    ON_DELIVERY,
    PEOPLE,
    left_address,
    rated,
    said,
    wanted,
)

NOW = at(days=5)
"""Five days have passed, the first from its noon on; four and a half of ten."""


@pytest.mark.parametrize(
    ("measure", "n", "total"),
    [
        # anna, ben, cleo, eva, and dora who looked at one page.
        ("awareness", 5, 5),
        # anna alone of the four who are no noise.
        ("engagement", 4, 1),
        # t1 by its last stars (5), t2 (3), and the stranger's t3 (4).
        ("feedback", 3, 2),
        # ben: anna had left hers before.
        ("leads", 1, 1),
        # (20 - 10) + 30 euros, of four people.
        ("sales", 4, 40),
        # anna of two buyers.
        ("loyalty", 2, 1),
        # t1 and t3; ben was handed over, and eva's question stayed open.
        ("support", 4, 2),
    ],
)
async def test_each_measure_counts_what_a_hand_counts(store: Store, shop: Site, measure: str, n: int, total: float):
    await store.write(append, PEOPLE)

    read = await seen_of(store, None, wanted(measure), now=NOW)

    assert (read.seen.n, read.seen.total) == (n, pytest.approx(total))
    assert (read.seen.whole, read.seen.days) == (5, 10)


@pytest.mark.parametrize(
    ("about", "told"),
    [
        (ON_DELIVERY, {"awareness": (1, 1), "engagement": (1, 1), "feedback": (1, 1), "leads": (0, 0),
                       "sales": (1, 10), "loyalty": (1, 1), "support": (1, 1)}),
        (CAMPAIGN, {"awareness": (1, 1), "engagement": (1, 0), "feedback": (1, 0), "leads": (1, 1),
                    "sales": (1, 30), "loyalty": (1, 0), "support": (1, 0)}),
        (About(Scope.CHANNEL, ("campaign",)), {"awareness": (1, 1), "sales": (1, 30), "support": (1, 0)}),
        (About(Scope.CHANNEL, ("mail",)), {"awareness": (0, 0), "sales": (0, 0), "support": (0, 0)}),
    ],
)  # fmt: skip
async def test_an_objective_of_a_page_campaign_or_channel_counts_whom_it_is_about(
    store: Store, shop: Site, about: About, told: dict[str, tuple[int, float]]
):
    await store.write(append, PEOPLE)

    read = {name: (await seen_of(store, None, wanted(name, about=about), now=NOW)).seen for name in told}

    assert {name: (seen.n, seen.total) for name, seen in read.items()} == told


async def test_robots_and_staff_count_in_no_measure(store: Store, shop: Site):
    await store.write(_mark, "robot")
    noise = [*viewed("robot", 1, 2), *said("robot", "t9", 3, True, True), rated("robot", "t9", 4, 5)]
    await store.write(append, [*noise, left_address("robot", 5)])

    measures = ("awareness", "engagement", "feedback", "leads", "sales", "loyalty", "support")
    assert [(await seen_of(store, None, wanted(one), now=NOW)).seen.n for one in measures] == [0] * 7


def _mark(connection: Connection, visitor: str) -> None:
    row = {"id": visitor, "site": SHOP, "created_at": at(), "consent_at": at(), "arm": "none", "robot": True}
    connection.execute(insert(visitors).values(measure=True, memory=False, staff=False), [row])


async def test_what_happens_before_or_after_its_days_does_not_count(store: Store, shop: Site):
    edges = [*viewed("early", -12 * 60 - 0.001, -12 * 60 - 0.001), *viewed("first", -12 * 60, -12 * 60),
             *viewed("last", 9.49 * DAY, 9.49 * DAY), *viewed("late", 9.5 * DAY, 9.5 * DAY)]  # fmt: skip
    await store.write(append, edges)

    seen = (await seen_of(store, None, wanted("awareness"), now=at(days=30))).seen

    assert [(day.number, day.n) for day in seen.by_day] == [(0, 1), (9, 1)]
    assert seen.is_over


async def test_money_in_another_currency_is_left_out_and_the_main_one_is_told(store: Store, shop: Site):
    paid = [bought(f"p{number}", 1_000, "USD", at=at(minutes=number)) for number in range(3)]
    await store.write(append, [*paid, bought("anna", 700)])

    read = await seen_of(store, None, wanted("sales"), now=NOW)

    assert (read.seen.n, read.seen.total, read.seen.above, read.currency) == (4, 7.0, 1, "USD")


async def test_an_order_of_more_than_180_days_ago_brings_nobody_back(store: Store, shop: Site):
    old = [bought("a", 100, at=at(days=-181)), bought("b", 100, at=at(days=-179)), bought("c", 100, at=at(hours=-1))]
    await store.write(append, [*old, *(bought(who, 100, at=at()) for who in "abc")])

    seen = (await seen_of(store, None, wanted("loyalty"), now=NOW)).seen

    assert (seen.n, seen.total) == (3, 1)


async def test_a_baseline_of_counts_takes_a_log_that_reaches_back_so_far(store: Store, shop: Site):
    await store.write(append, [*viewed("anna", -5 * DAY, -5 * DAY), *viewed("ben", 0, 1)])

    short = await baseline_before(store, None, wanted("awareness", days=5, first=FIRST - 5), now=NOW)
    long = await baseline_before(store, None, wanted("awareness", days=9, first=FIRST - 9), now=NOW)
    none = await baseline_before(store, None, wanted("awareness", days=5, first=FIRST - 400), now=NOW)

    assert short.baseline is not None and (short.baseline.value, short.baseline.n) == (1, 5)
    assert long.baseline is None and "begins 2026-02-25" in long.why
    assert none.baseline is None and none.why == "Nothing was noted in the days before"


async def test_a_baseline_of_a_few_people_is_none(store: Store, shop: Site):
    await store.write(append, [one for number in range(29) for one in viewed(f"p{number}", -DAY, -DAY + 1)])
    few = await baseline_before(store, None, wanted("engagement", days=5, first=FIRST - 5), now=NOW)

    await store.write(append, viewed("another", -DAY, -DAY + 1))
    enough = await baseline_before(store, None, wanted("engagement", days=5, first=FIRST - 5), now=NOW)

    assert few.baseline is None and few.why == "29 people in the days before are too few; it takes 30"
    assert enough.baseline is not None and (enough.baseline.value, enough.baseline.n) == (0, 30)
    # Wilson's of none of 30.
    assert enough.baseline.high == pytest.approx(0.1135, abs=1e-4)


async def test_who_is_erased_is_in_no_measure_any_more(store: Store, shop: Site):
    await store.write(append, PEOPLE)
    before = (await seen_of(store, None, wanted("sales"), now=NOW)).seen

    await store.write(forget_visitor, SHOP, VisitorId("ben"))

    after = (await seen_of(store, None, wanted("sales"), now=NOW)).seen
    assert (before.n, before.total, after.n, after.total) == (4, 40, 3, 10)
