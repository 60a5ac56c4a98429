"""The tests behind the report's claims, against values computed elsewhere."""

import pytest
from scipy.stats import fisher_exact  # type: ignore[import-untyped]

from bot.insights.lift.estimates import Estimate, Label
from bot.insights.one_page.shares import Mean, Share, beyond_chance, fisher, means_differ, part_of_money, shares_differ


@pytest.mark.parametrize(
    "one, other",
    [((8, 10), (1, 20)), ((0, 5), (0, 7)), ((5, 5), (7, 7)), ((1, 2), (1, 2)), ((120, 1_000), (90, 1_100)),
     ((3_000, 40_000), (2_700, 41_000))],
)  # fmt: skip
def test_two_shares_are_tested_as_scipy_tests_them(one: tuple[int, int], other: tuple[int, int]):
    table = [[one[0], one[1] - one[0]], [other[0], other[1] - other[0]]]

    assert fisher(Share(*one), Share(*other)) == pytest.approx(fisher_exact(table).pvalue, rel=1e-6)


def test_a_difference_of_shares_has_newcombes_interval():
    # Newcombe 1998, table II, case (a): 56/70 and 48/80, method 10.
    found = shares_differ(Share(56, 70), Share(48, 80))

    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4)) == (0.2, 0.0524, 0.3339)


def test_means_differ_by_their_own_spreads():
    one, other = Mean(4, 20.0, 120.0), Mean(5, 10.0, 30.0)

    found = means_differ(one, other)

    # Variances 20/3/4 and 10/4/5 by hand.
    assert found.value == 3.0
    assert found.high - found.value == pytest.approx(1.959964 * (20 / 3 / 4 + 10 / 4 / 5) ** 0.5)


def test_holms_correction_asks_more_of_the_first_than_of_the_last():
    def look(p: float, low: float = 0.1) -> Estimate:
        return Estimate(0.2, low, 0.3, Label.DESCRIPTIVE, p)

    assert beyond_chance({"a": look(0.01), "b": look(0.02), "c": look(0.04)}) == {"a", "b", "c"}
    assert beyond_chance({"a": look(0.02), "b": look(0.02), "c": look(0.04)}) == set()
    assert beyond_chance({"a": look(0.01, low=-0.1), "b": look(0.02)}) == {"b"}
    assert beyond_chance({}) == set()


def test_the_part_of_the_money_has_an_interval_and_is_nothing_of_nothing():
    some, none = Mean(100, 500.0, 5_000.0), Mean(100, 0.0, 0.0)
    half = part_of_money(some, some)

    assert half is not None and half.value == 0.5 and half.low < 0.5 < half.high
    assert part_of_money(none, none) is None
