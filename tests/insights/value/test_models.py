"""The models on customers whose truth is known, on the published ones, and at their edges."""

import os
from typing import Any

import numpy as np
import pytest
from scipy.special import hyp2f1

from bench.values import cdnow
from bot.insights.value import expected_orders, repeat_orders, spending
from bot.insights.value.backtest import Came, backtest, top_tenth
from bot.insights.value.forecast import Forecast, Model, model_of
from bot.insights.value.histories import Histories, alike
from tests.insights.value.customers import TRUE, drawn, of

needs_cdnow = pytest.mark.skipif(
    not cdnow.DATA.exists() and not os.environ.get("CI"), reason="The public data is not on this machine."
)


@pytest.fixture(scope="module")
def bought() -> Histories:
    return cdnow.histories(cdnow.CUT)


@needs_cdnow
def test_the_published_customers_have_the_published_parameters(bought: Histories):
    found, money = repeat_orders.fitted(alike(bought)), spending.fitted(bought)

    assert (found.r, found.alpha / 7, found.a, found.b) == pytest.approx((0.243, 4.414, 0.793, 2.426), rel=0.005)
    # A likelihood of days is one of weeks with another unit.
    assert found.log_likelihood + bought.repeats.sum() * np.log(7) == pytest.approx(-9582.4, abs=0.05)
    assert money is not None and money.people == 946
    assert (money.p, money.q, money.gamma / 100) == pytest.approx((6.25, 3.74, 15.44), rel=0.005)


@needs_cdnow
def test_the_expectation_is_the_published_formula(bought: Histories):
    entries = alike(bought)
    logs = repeat_orders.fitted(entries).logs
    r, alpha, a, b = np.exp(logs)
    x, age, days = entries.repeats, entries.age, 273

    ours = expected_orders.orders(logs, entries, days)

    sum_of = hyp2f1(r + x, b + x, a + b + x - 1, days / (alpha + age + days))
    published = (a + b + x - 1) / (a - 1) * (1 - ((alpha + age) / (alpha + age + days)) ** (r + x) * sum_of)
    assert ours == pytest.approx(published * expected_orders.alive(logs, entries), rel=1e-9)


def test_the_parameters_of_drawn_customers_are_found_again():
    histories, after = drawn(6_000, days=400, later=200)

    found = repeat_orders.fitted(alike(histories))

    errors = np.abs(found.logs - TRUE.logs) / np.sqrt(np.diag(found.spread))
    assert errors.max() < 3.5
    expected = Forecast(Model(found, None), histories).all_orders(200)
    assert expected.low < after.sum() < expected.high


@pytest.mark.parametrize("repeats", [1, 10_000])
def test_who_ordered_ten_thousand_times_has_finite_figures(repeats: int):
    often = of((repeats, 360, 365, repeats, repeats * 500.0), (0, 0, 365, 0, 0.0))

    logs = TRUE.logs
    orders, alive = expected_orders.orders(logs, alike(often), 90), expected_orders.alive(logs, alike(often))

    assert np.isfinite(orders).all() and (orders >= 0).all()
    assert ((alive > 0) & (alive <= 1)).all()
    assert orders.max() < 90 * repeats


def test_who_ordered_much_and_then_never_again_has_surely_left():
    entries = alike(of((200, 100, 365, 0, 0.0)))

    assert expected_orders.alive(TRUE.logs, entries)[0] < 1e-6


def test_who_came_once_counts_as_alive():
    assert expected_orders.alive(TRUE.logs, alike(of((0, 0, 9_999, 0, 0.0))))[0] == 1


@pytest.mark.parametrize(
    "histories",
    [
        of((0, 0, 30, 0, 0.0)),
        of(*[(0, 0, day, 0, 0.0) for day in range(500)]),
        of(*[(1, 3, 100, 1, 900.0)] * 19, *[(0, 0, day, 0, 0.0) for day in range(500)]),
        of(*[(0, 0, 0, 0, 0.0)] * 500),
    ],
    ids=["one buyer", "nobody came again", "too few came again", "all came today"],
)
def test_too_few_are_not_judged(histories: Histories):
    assert model_of(histories) is None


def test_orders_of_value_nothing_are_orders_and_say_nothing_of_spending():
    free = of(*[(2, 40 + day % 30, 200, 0, 0.0) for day in range(200)], *[(0, 0, day, 0, 0.0) for day in range(200)])

    model = model_of(free)

    assert model is not None and model.spending is None
    forecast = Forecast(model, free)
    assert forecast.all_money(90) is None and forecast.mean_order() is None
    assert forecast.all_orders(90).value > 0


def test_one_free_order_among_others_does_not_spoil_what_they_spend():
    random = np.random.default_rng(3)
    paying = [(2, 50, 100, 2, float(one)) for one in random.gamma(6, 500, 300)]

    without, with_free = spending.fitted(of(*paying)), spending.fitted(of(*paying, (2, 50, 100, 0, 0.0)))

    assert without is not None and with_free is not None
    assert (without.p, without.q) == pytest.approx((with_free.p, with_free.q))


def test_where_nobody_leaves_it_is_said_that_this_cannot_be_told():
    random = np.random.default_rng(2)
    steady = random.poisson(12, 400)
    histories = of(*[(int(one), 365, 365, int(one), float(one * 1_000)) for one in steady if one])

    model = model_of(histories)

    assert model is not None
    assert not Forecast(model, histories).can_tell_who_left


def test_each_ones_orders_are_mostly_within_their_interval():
    histories, after = drawn(3_000, days=300, later=180, seed=5)
    forecast = Forecast(Model(TRUE, None), histories)

    low, high = forecast.likely_orders(np.arange(len(histories)), 180)

    assert ((low <= after) & (after <= high)).mean() > 0.94


def test_a_tenth_is_a_tenth_also_where_many_are_equal():
    assert top_tenth(np.zeros(40)).tolist() == [0.1] * 40
    assert top_tenth(np.arange(20.0)).sum() == 2
    assert top_tenth(np.array([5.0] + [1.0] * 29)).sum() == pytest.approx(3)


@needs_cdnow
def test_the_backtest_says_how_far_the_forecast_was_off(bought: Histories):
    whole = cdnow.histories(cdnow.ENDS)
    model = model_of(bought)
    assert model is not None
    came = Came((whole.repeats - bought.repeats).astype(float), whole.spent - bought.spent, 273)

    told = backtest(model, bought, bought.spent, came)

    assert told.correlation == pytest.approx(0.6256, abs=0.001)
    assert told.total_error == pytest.approx(-0.122, abs=0.002)
    assert told.naive_error == pytest.approx(0.557, abs=0.002)
    assert told.mean_error == pytest.approx(0.786, abs=0.002)
    # The model's first tenth brought little more than that of past spend: no more than chance has.
    assert not told.ranks_better and not told.ranks_worse


def test_where_nothing_came_there_is_no_error_to_tell():
    histories, _ = drawn(300, days=300)
    nothing: Any = np.zeros(300)

    told = backtest(Model(TRUE, None), histories, histories.spent, Came(nothing, nothing, 90))

    assert (told.total_error, told.top_share, told.gain, told.correlation) == (None, None, None, None)
