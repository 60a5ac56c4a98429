"""What the forecast would have said some time ago, held against what came: the model fitted on the first part alone.

Plain past spend stands beside it, since it costs nothing and often ranks as well.
"""

from dataclasses import dataclass

import numpy as np

from bot.insights.value.forecast import Forecast, Model
from bot.insights.value.histories import Histories, Numbers

DRAWS, SEED = 500, 1
SURE = 1.959963984540054


@dataclass(frozen=True)
class Came:
    """What each customer did after the cut, in as many days: transactions, and what they came to less refunds."""

    orders: Numbers
    revenue: Numbers
    days: int


@dataclass(frozen=True)
class Backtest:
    """Shares from 0 to 1. `naive` takes it that everybody goes on as they did; None where nothing can be said."""

    customers: int
    days: int
    expected_orders: float
    orders: int
    naive_orders: float
    total_error: float | None
    naive_error: float | None
    correlation: float | None
    naive_correlation: float | None
    mean_error: float
    """Of one customer's orders, on the average."""
    naive_mean_error: float
    once_people: int
    """Who had ordered once by the cut: the model takes it that none of them had left by then, and many may have."""
    once_expected: float
    once_orders: int
    expected_revenue: float | None
    revenue: float
    revenue_error: float | None
    top_share: float | None
    """Of the revenue that came, from the tenth whom the model ranked first."""
    past_spend_share: float | None
    perfect_share: float | None
    gain: float | None
    """What the model's ranking has more of the revenue than past spend's, with its interval of 95 %."""
    gain_low: float | None
    gain_high: float | None

    @property
    def ranks_better(self) -> bool:
        return self.gain_low is not None and self.gain_low > 0

    @property
    def ranks_worse(self) -> bool:
        return self.gain_high is not None and self.gain_high < 0


def backtest(model: Model, before: Histories, spent: Numbers, came: Came) -> Backtest:
    """`spent` is all that each customer had paid up to the cut: what a plain ranking goes by."""
    forecast = Forecast(model, before)
    orders, mean = forecast.orders(came.days), forecast.mean_order()
    # A rate has to be of some days: who bought for the first time at the cut has none yet.
    naive = before.repeats / np.maximum(before.age, 1) * came.days
    expected = None if mean is None else orders * mean
    gain = _gain(orders if expected is None else expected, spent, came.revenue)
    revenue = float(came.revenue.sum())
    once = before.repeats == 0
    return Backtest(
        customers=len(before),
        days=came.days,
        expected_orders=float(orders.sum()),
        orders=int(came.orders.sum()),
        naive_orders=float(naive.sum()),
        total_error=_error(float(orders.sum()), float(came.orders.sum())),
        naive_error=_error(float(naive.sum()), float(came.orders.sum())),
        correlation=_correlation(orders, came.orders),
        naive_correlation=_correlation(naive, came.orders),
        mean_error=float(np.abs(orders - came.orders).mean()),
        naive_mean_error=float(np.abs(naive - came.orders).mean()),
        once_people=int(once.sum()),
        once_expected=float(orders[once].sum()),
        once_orders=int(came.orders[once].sum()),
        expected_revenue=None if expected is None else float(expected.sum()),
        revenue=revenue,
        revenue_error=None if expected is None else _error(float(expected.sum()), revenue),
        top_share=_top_share(orders if expected is None else expected, came.revenue),
        past_spend_share=_top_share(spent, came.revenue),
        perfect_share=_top_share(came.revenue, came.revenue),
        gain=gain[0] if gain else None,
        gain_low=gain[1] if gain else None,
        gain_high=gain[2] if gain else None,
    )


def top_tenth(score: Numbers) -> Numbers:
    """1 for the tenth with the highest score, else 0. Where scores are equal at the border, each has a part."""
    seats = len(score) / 10
    border = np.sort(score)[::-1][max(0, int(np.ceil(seats)) - 1)]
    above, at = score > border, score == border
    found: Numbers = above + at * (seats - above.sum()) / max(1, at.sum())
    return found


def _top_share(score: Numbers, revenue: Numbers) -> float | None:
    whole = float(revenue.sum())
    return float(top_tenth(score) @ revenue) / whole if whole > 0 and len(score) >= 10 else None


def _gain(score: Numbers, other: Numbers, revenue: Numbers) -> tuple[float, float, float] | None:
    """The difference of both top shares; its interval by drawing the customers again (Poisson weights)."""
    if float(revenue.sum()) <= 0 or len(score) < 10:
        return None
    random = np.random.default_rng(SEED)
    ours, theirs = top_tenth(score) * revenue, top_tenth(other) * revenue
    found = float(ours.sum() - theirs.sum()) / float(revenue.sum())
    # Who brought nothing changes no share, whichever way they are drawn.
    brought = revenue != 0
    difference, whole = (ours - theirs)[brought], revenue[brought]
    draws = np.empty(DRAWS)
    for number in range(DRAWS):
        weight = random.poisson(1.0, len(whole))
        draws[number] = (weight @ difference) / max(1.0, float(weight @ whole))
    low, high = np.quantile(draws, [0.025, 0.975])
    return found, float(low), float(high)


def _error(expected: float, came: float) -> float | None:
    return expected / came - 1 if came > 0 else None


def _correlation(one: Numbers, other: Numbers) -> float | None:
    if not (one.std() > 0 and other.std() > 0):
        return None
    return float(np.corrcoef(one, other)[0, 1])
