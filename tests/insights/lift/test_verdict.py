"""What an experiment comes to, and everything that keeps it from coming to anything."""

import numpy as np
import pytest

from bot.insights.lift.sides import Side, side
from bot.insights.lift.verdict import Lift, Verdict, lift_of
from tests.insights.lift.populations import buyers, spending

NOBODY = buyers(0, 0)


def numbers_of(lift: Lift) -> list[object]:
    """All that would be told of the comparison."""
    return [
        *(lift.conversion, lift.revenue, lift.revenue_drawn, lift.steadied),
        *(lift.talkers_conversion, lift.talkers_revenue, lift.detectable),
    ]


def test_a_large_effect_is_found_as_all_are_there():
    lift = lift_of(buyers(1_100, 9_000), buyers(80, 1_000), holdout=0.1, planned=10_000)

    assert (lift.verdict, lift.is_running) == (Verdict.MORE, False)
    assert lift.conversion is not None and lift.conversion.difference is not None
    assert lift.conversion.difference.value == pytest.approx(1_100 / 9_000 - 0.08)


def test_the_chat_may_cost_sales_too():
    assert lift_of(buyers(500, 9_000), buyers(100, 1_000), holdout=0.1).verdict is Verdict.LESS


def test_what_is_just_significant_on_one_look_is_not_while_it_runs():
    offered, held_out = buyers(600, 5_000), buyers(532, 5_000)

    looked_at_once = lift_of(offered, held_out, holdout=0.5, planned=10_000)
    looked_at_daily = lift_of(offered, held_out, holdout=0.5, planned=10_001)

    assert (looked_at_once.verdict, looked_at_once.is_running) == (Verdict.MORE, False)
    assert (looked_at_daily.verdict, looked_at_daily.is_running) == (Verdict.NO_DIFFERENCE, True)


def test_without_a_plan_it_runs_for_ever():
    assert lift_of(buyers(600, 5_000), buyers(532, 5_000), holdout=0.5).is_running


@pytest.mark.parametrize(
    ("offered", "held_out", "verdict"),
    [
        (NOBODY, NOBODY, Verdict.NOBODY_DRAWN),
        (buyers(5, 100), NOBODY, Verdict.NOBODY_HELD_OUT),
        (NOBODY, buyers(5, 100), Verdict.NOBODY_OFFERED),
        (buyers(90, 900), buyers(20, 200), Verdict.FAULTY),
    ],
)
def test_where_the_arms_can_not_be_compared_nothing_is_told(offered: Side, held_out: Side, verdict: Verdict):
    lift = lift_of(offered, held_out, holdout=0.1)

    assert lift.verdict is verdict
    assert not any(numbers_of(lift))


@pytest.mark.parametrize(
    ("offered", "held_out"),
    [
        (buyers(0, 900), buyers(0, 100)),
        (buyers(1, 900), buyers(0, 100)),
        (buyers(0, 900), buyers(1, 100)),
        (buyers(9, 900), buyers(0, 100)),
        (buyers(1, 9), buyers(1, 1)),
    ],
)
def test_few_buyers_are_too_few_to_judge(offered: Side, held_out: Side):
    lift = lift_of(offered, held_out, holdout=0.1)

    assert lift.verdict is Verdict.TOO_FEW
    assert lift.revenue_is_few
    assert lift.conversion is not None and lift.conversion.difference is not None
    assert -1 <= lift.conversion.difference.low <= lift.conversion.difference.high <= 1


def test_nobody_bought_has_no_ratio_and_no_revenue():
    lift = lift_of(buyers(0, 900), buyers(0, 100), holdout=0.1)

    assert lift.conversion is not None and lift.revenue is not None
    assert (lift.conversion.ratio, lift.detectable) == (None, None)
    assert (lift.revenue.difference, lift.revenue.ratio) == (None, None)
    assert lift.revenue_drawn is lift.steadied is None


def test_all_bought_is_no_difference_and_no_certainty():
    lift = lift_of(buyers(900, 900), buyers(100, 100), holdout=0.1)

    assert lift.verdict is Verdict.NO_DIFFERENCE
    assert lift.conversion is not None and lift.conversion.difference is not None
    assert lift.conversion.difference.low < 0 < lift.conversion.difference.high
    assert lift.revenue is not None and lift.revenue.difference is None


def test_refunds_of_more_than_was_bought_have_a_difference_and_no_ratio():
    cost = side(np.array([-5.0, 10.0, -20.0, 0.0] * 100), bought=np.array([False, True, False, False] * 100))

    lift = lift_of(cost, buyers(100, 400), holdout=0.5)

    assert lift.revenue is not None and lift.revenue.difference is not None
    assert lift.revenue.difference.value == pytest.approx(-3.75 - 2.5)
    assert lift.revenue.ratio is None


def test_few_buyers_have_the_drawn_interval_beside_welchs():
    few = lift_of(side(spending(900, 0.05, 1)), side(spending(900, 0.05, 2)), holdout=0.5)
    many = lift_of(side(spending(9_000, 0.05, 1)), side(spending(9_000, 0.05, 2)), holdout=0.5)

    assert few.revenue_drawn is not None and few.revenue_is_few
    assert many.revenue_drawn is None and not many.revenue_is_few
