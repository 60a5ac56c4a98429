"""How an objective stands, computed by hand at both sides of every limit; and that looking often makes nothing true."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from bot.insights.objectives.estimates import (
    Baseline,
    Day,
    Ranged,
    Seen,
    baseline_of,
    detectable,
    expected_n,
    gain_of,
    projected,
    value_of,
)
from bot.insights.objectives.measures import Unit
from bot.insights.objectives.status import RULE, Standing, Status, least_days, status_of

SHARE, COUNT, MONEY = Unit.SHARE, Unit.COUNT, Unit.MONEY
RUNNING = Standing(
    SHARE, whole_days=20, days=40, gain=Ranged(0.03, 0.01, 0.05), wanted=0.04, foretold=0.03, enough=True,
    has_begun=True, is_over=False, is_closed=False,
)  # fmt: skip


def shares(days: int, n: int, yes: int, *, of: int | None = None) -> Seen:
    """So many a day, of whom so many did."""
    return Seen([Day(number, n, yes, yes, yes) for number in range(days)], days, of or days)


def counts(*by_day: int, of: int) -> Seen:
    return Seen([Day(number, n, n, n, n) for number, n in enumerate(by_day) if n], len(by_day), of)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"has_begun": False}, Status.NOT_STARTED),
        ({"has_begun": False, "is_closed": True}, Status.ENDED),
        ({}, Status.BEHIND),
        ({"foretold": 0.04}, Status.ON_COURSE),
        ({"foretold": 0.0399}, Status.BEHIND),
        ({"enough": False}, Status.TOO_FEW),
        ({"gain": None}, Status.TOO_FEW),
        ({"whole_days": 6}, Status.TOO_FEW),
        ({"whole_days": 7}, Status.BEHIND),
        # While it runs the value alone reaches nothing; its whole interval does.
        ({"gain": Ranged(0.06, 0.0399, 0.08), "foretold": 0.06}, Status.ON_COURSE),
        ({"gain": Ranged(0.06, 0.04, 0.08)}, Status.REACHED),
        ({"gain": Ranged(0.06, 0.04, 0.08), "enough": False}, Status.TOO_FEW),
        # At the end the value decides, and that it is beyond chance.
        ({"gain": Ranged(0.04, 0.001, 0.08), "is_over": True}, Status.REACHED),
        ({"gain": Ranged(0.04, 0.0, 0.08), "is_over": True}, Status.TOO_FEW),
        ({"gain": Ranged(0.0399, 0.02, 0.06), "is_over": True}, Status.MISSED),
        ({"gain": Ranged(0.0399, 0.02, 0.06), "is_over": True, "enough": False}, Status.TOO_FEW),
        ({"gain": None, "is_over": True}, Status.TOO_FEW),
        ({"is_closed": True}, Status.ENDED),
        ({"is_closed": True, "gain": Ranged(0.06, 0.04, 0.08)}, Status.REACHED),
        ({"unit": COUNT, "gain": Ranged(9.0), "wanted": 10.0, "foretold": 20.0}, Status.ON_COURSE),
        ({"unit": COUNT, "gain": Ranged(10.0), "wanted": 10.0}, Status.REACHED),
        ({"unit": COUNT, "gain": Ranged(9.0), "wanted": 10.0, "is_over": True}, Status.MISSED),
    ],
)
def test_the_status_is_by_the_published_rule(changed: dict[str, object], status: Status):
    assert status_of(replace(RUNNING, **changed)) is status  # type: ignore[arg-type]


def test_every_status_is_published():
    assert set(RULE) == set(Status)


@pytest.mark.parametrize(("days", "least"), [(1, 1), (2, 1), (7, 3), (13, 6), (14, 7), (300, 7)])
def test_a_short_objective_is_judged_from_half_of_its_days_on(days: int, least: int):
    assert least_days(days) == least


def test_a_count_is_counted_and_what_is_to_come_is_foretold_by_whole_weeks():
    # Two weeks of 10 a day but 24 on Sundays, after a day of 99: weeks count, not what came before them.
    week = [10, 10, 10, 10, 10, 10, 24]
    seen = counts(99, *week, *week, of=29)

    told = projected(seen, COUNT, value_of(seen, COUNT, planned=None))

    assert value_of(seen, COUNT, planned=None) == Ranged(267)
    assert told is not None and told.value == pytest.approx(267 + 14 * 12)
    spread = np.var(week * 2, ddof=1)
    assert told.high == pytest.approx(told.value + 1.95996 * sqrt(14 * spread + 14**2 * spread / 14), rel=1e-5)
    assert expected_n(seen) == told.value


def test_the_day_that_is_not_over_counts_and_foretells_nothing():
    seen = Seen([*counts(*[5] * 7, of=14).by_day, Day(7, 30, 30, 30, 30)], 7, 14)

    told = projected(seen, COUNT, value_of(seen, COUNT, planned=None))

    assert seen.total == 65 and told is not None
    assert (told.value, told.low, told.high) == (70, 70, 70)


def test_a_share_has_a_wider_interval_while_it_runs_than_at_its_end():
    running, over = shares(20, 50, 5, of=40), shares(40, 50, 5)

    now, then = value_of(running, SHARE, planned=2_000), value_of(over, SHARE, planned=2_000)

    assert now is not None and then is not None and now.value == then.value == pytest.approx(0.1)
    assert now.low is not None and now.high is not None and then.low is not None and then.high is not None
    # Wilson's of 100 of 1,000 is 0.0829 to 0.1202; twice as many at the end have 0.0876 to 0.1139 at one look.
    assert now.low < 0.0829 and now.high > 0.1202
    assert (then.low, then.high) == (pytest.approx(0.0870, abs=2e-4), pytest.approx(0.1145, abs=2e-4))


def test_what_a_share_comes_to_is_as_unsure_as_what_is_still_to_come():
    seen = shares(20, 50, 5, of=40)

    told = projected(seen, SHARE, value_of(seen, SHARE, planned=None))

    assert told is not None and told.high is not None
    # 1,000 of 2,000 are there: variance s² × 1,000 / (1,000 × 2,000).
    assert told.high - 0.1 == pytest.approx(1.95996 * sqrt(0.09 * 1000 / 999 / 2_000), rel=1e-4)
    assert projected(shares(40, 50, 5), SHARE, Ranged(0.1, 0.0, 0.2)) == Ranged(0.1)


def test_a_gain_is_as_unsure_as_both_of_which_it_is_made():
    gain = gain_of(Ranged(0.15, 0.12, 0.18), Baseline(0.10, 0.06, 0.14, 200, 0.09))
    given = gain_of(Ranged(0.15, 0.12, 0.18), Baseline(0.10))

    assert (gain.low, gain.high) == (pytest.approx(0.05 - 0.05), pytest.approx(0.05 + 0.05))
    assert (given.low, given.high) == (pytest.approx(0.02), pytest.approx(0.08))


def test_nobody_has_no_value_and_no_baseline():
    nobody = Seen([], 5, 10)

    assert value_of(nobody, SHARE, planned=None) is None and value_of(nobody, MONEY, planned=None) is None
    assert value_of(nobody, COUNT, planned=None) == Ranged(0)
    assert baseline_of(nobody, SHARE) is None and detectable(nobody, SHARE, Baseline(0.1)) is None


def test_the_smallest_change_that_can_be_shown_is_that_of_two_samples():
    before = baseline_of(shares(40, 50, 5), SHARE)
    assert before is not None

    found = detectable(shares(20, 50, 5, of=40), SHARE, before)

    # 2.8016 standard errors of two shares of 2,000 each.
    assert found == pytest.approx(2.8016 * sqrt(2 * 0.09 / 2_000), rel=1e-3)
    assert detectable(Seen([], 0, 40), SHARE, before) == pytest.approx(found, rel=1e-3)


def test_what_has_no_spread_of_its_own_is_judged_by_what_the_baseline_had():
    before = Baseline(0.1, 0.09, 0.11, 2_000, 0.09)

    assert detectable(shares(20, 50, 0, of=40), SHARE, before) == pytest.approx(
        2.8016 * sqrt(2 * 0.09 / 2_000), rel=1e-3
    )


def test_a_baseline_of_counts_is_of_days():
    assert baseline_of(counts(1, 2, 3, of=3), COUNT) == Baseline(6.0, None, None, 3, 1.0)


def test_looking_every_day_at_what_does_not_change_reaches_nothing_in_19_of_20():
    """300 objectives of 60 days in which nothing changes, each looked at every day, with a target just above it."""
    random, reached = np.random.default_rng(1), 0
    for _ in range(300):
        before = random.binomial(40, 0.1, 60)
        base = baseline_of(Seen([Day(n, 40, y, y, y) for n, y in enumerate(before.tolist())], 60, 60), SHARE)
        assert base is not None
        days = [Day(n, 40, y, y, y) for n, y in enumerate(random.binomial(40, 0.1, 60).tolist())]
        looks = (_standing(Seen(days[:whole], whole, 60), base, 0.0001) for whole in range(7, 61))
        reached += any(status_of(one) is Status.REACHED for one in looks)

    assert reached / 300 <= 0.05


def _standing(seen: Seen, base: Baseline, wanted: float) -> Standing:
    value = value_of(seen, SHARE, planned=base.n)
    assert value is not None
    return replace(RUNNING, whole_days=seen.whole, days=seen.days, gain=gain_of(value, base), wanted=wanted,
                   foretold=0.0, is_over=seen.is_over)  # fmt: skip
