"""Whether the mood changed: what chance does is not claimed, and what was planted is found."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import ttest_ind  # type: ignore[import-untyped]

from bot.insights.listening.moods import Mood, detectable, difference
from bot.insights.listening.sentiment import Days, Moods, told
from bot.insights.listening.turning import turning

FIRST = date(2026, 3, 2)
TODAY = date(2026, 6, 1)
SPREAD = 0.4


def mood_of(values: "np.typing.NDArray[np.float64]") -> Mood:
    return Mood(len(values), len(values), float(values.sum()), float((values**2).sum()))


def days_of(random: np.random.Generator, levels: list[float], people: int = 30) -> list[Mood]:
    return [mood_of(np.clip(random.normal(level, SPREAD, random.poisson(people)), -1, 1)) for level in levels]


def together(some: list[Mood]) -> Mood:
    return Mood(
        sum(one.people for one in some),
        sum(one.messages for one in some),
        sum(one.total for one in some),
        sum(one.squares for one in some),
    )


def report_of(days: list[Mood], before: list[Mood]) -> Moods:
    number = (FIRST - date(1970, 1, 1)).days
    steps = {number + place: one for place, one in enumerate(days)}
    window = Days(FIRST, FIRST + timedelta(days=len(days) - 1))
    return Moods("day", window, steps, together(days), together(before))


def claims(moods: Moods) -> bool:
    found = told(moods, TODAY, compares=True)
    changes = [step["change"] for step in found["steps"]] + [found["change"]]
    return found["turn"] is not None or any(one is not None and one["found"] for one in changes)


def test_where_nothing_changes_hardly_a_report_claims_anything():
    random = np.random.default_rng(7)

    alarms = sum(claims(report_of(days_of(random, [0.1] * 28), days_of(random, [0.1] * 28))) for _ in range(100))

    # 5 of 100 are allowed: chance makes more than 10 of them in one of a hundred runs, and this run is always the same.
    assert alarms <= 5


def test_a_drop_that_was_planted_is_found_where_it_was():
    random = np.random.default_rng(8)
    found = []

    for _ in range(20):
        days = days_of(random, [0.2] * 16 + [-0.05] * 12)
        found.append(told(report_of(days, days_of(random, [0.2] * 28)), TODAY, compares=True))

    turns = [date.fromisoformat(one["turn"]["on"]) for one in found if one["turn"]]
    assert len(turns) >= 18
    assert all(abs((one - FIRST).days - 16) <= 3 for one in turns)
    assert all(one["turn"]["difference"] < 0 for one in found if one["turn"])
    assert sum(one["change"]["found"] == "worse" for one in found if one["change"]) >= 16


def test_days_that_go_up_and_down_by_themselves_make_no_turn():
    random = np.random.default_rng(9)

    turns = 0
    for _ in range(60):
        levels = random.normal(0.1, 0.15, 28)
        found = turning(days_of(random, list(levels)))
        turns += found is not None and (found.estimate.p or 0) <= 0.05

    assert turns <= 6


def test_ten_people_on_each_side_are_compared_and_nine_are_not():
    nine, ten = (mood_of(np.linspace(-0.5, 0.5, number)) for number in (9, 10))

    assert difference(ten, nine) is None
    assert difference(ten, ten) is not None
    assert detectable(ten, nine) is None


def test_a_difference_has_the_interval_and_the_chance_that_welch_gives():
    one, other = np.linspace(-0.2, 0.8, 12), np.linspace(-0.9, 0.3, 15)

    found = difference(mood_of(one), mood_of(other))

    by_scipy = ttest_ind(one, other, equal_var=False)
    interval = by_scipy.confidence_interval()
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.6, interval.low, interval.high))
    assert found.p == pytest.approx(by_scipy.pvalue)


def test_a_mood_without_spread_is_told_without_an_error():
    same = mood_of(np.full(12, 0.5))

    found = told(report_of([same] * 5, [same] * 5), TODAY, compares=True)

    assert found["turn"] is None
    assert found["change"] is not None
    assert found["change"]["found"] is None


def test_a_day_without_anybody_has_no_mean_and_is_told():
    random = np.random.default_rng(3)
    days = days_of(random, [0.1] * 3)
    days[1] = Mood()

    found = told(report_of(days, []), TODAY, compares=False)

    assert [one["people"] > 0 for one in found["steps"]] == [True, False, True]
    assert found["steps"][1]["mean"] is None
    assert found["steps"][2]["change"] is not None
    assert found["steps"][2]["change"]["told"] == "too few to judge"
    assert found["change"] is None
