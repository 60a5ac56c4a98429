"""Populations that no shop plans for: each has a forecast that is sane, or none; nothing breaks."""

import numpy as np
import pytest

from bot.insights.one_core import one_core
from bot.insights.value.backtest import Came, backtest
from bot.insights.value.forecast import Forecast, Total, model_of
from bot.insights.value.histories import Histories, Numbers, Places

PEOPLE = 300
RANDOM = np.random.default_rng(1)
AGE = RANDOM.integers(1, 300, PEOPLE)
FEW = RANDOM.integers(0, 4, PEOPLE)


def whole(value: int) -> Places:
    return np.full(PEOPLE, value)


def population(repeats: Places, last: Places, age: Places, spent: Numbers | None = None) -> Histories:
    much = repeats * 2_000.0 if spent is None else spent.astype(np.float64)
    return Histories(repeats, np.where(repeats > 0, last, 0), age, np.where(much > 0, repeats, 0), much)


JUDGED = {
    "who order each day": population(AGE, AGE, AGE),
    "who are all alike": population(whole(5), whole(100), whole(120)),
    "whose orders are all worth nothing": population(FEW, AGE // 2, AGE, np.zeros(PEOPLE)),
    "who give most of it back": population(FEW, AGE // 3, AGE, np.maximum(0, RANDOM.normal(0, 3_000, PEOPLE))),
    "who all spend the same": population(whole(2), AGE // 2, AGE, np.full(PEOPLE, 4_000.0)),
    "with three of thousands of orders": population(np.where(np.arange(PEOPLE) < 3, 5_000, FEW), AGE - 1, AGE),
}
NOT_JUDGED = {
    "who ordered once each": population(whole(0), whole(0), AGE),
    "who all came today": population(whole(0), whole(0), whole(0)),
    "of two": Histories(*(np.array([1, 2]) for _ in range(4)), np.array([1.0, 2.0])),
}


def is_sane(total: Total) -> bool:
    return bool(np.isfinite([total.low, total.value, total.high]).all()) and 0 <= total.low <= total.value <= total.high


@pytest.mark.parametrize("of", JUDGED.values(), ids=JUDGED)
def test_customers_have_a_sane_forecast(of: Histories):
    with one_core("scipy.optimize"):
        model = model_of(of)
        assert model is not None
        forecast = Forecast(model, of)
        orders, money, alive = forecast.all_orders(90), forecast.all_money(90), forecast.alive()
        nothing = np.zeros(PEOPLE)
        test = backtest(model, of, of.spent, Came(nothing, nothing, 90))

    assert is_sane(orders) and (money is None or is_sane(money))
    assert (alive >= 0).all() and (alive <= 1).all()
    assert test.total_error is None and np.isfinite(test.expected_orders)


@pytest.mark.parametrize("of", NOT_JUDGED.values(), ids=NOT_JUDGED)
def test_customers_who_tell_nothing_have_none(of: Histories):
    assert model_of(of) is None
