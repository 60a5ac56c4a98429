"""What customers will be worth: each one's chance to be one still, orders and money to expect, and how sure that is.

An interval is of the model: how far its parameters are known (delta method) and what chance does with every one
(simulated). Whether the model is right, only the backtest says.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bot.insights.value import expected_orders, repeat_orders, spending
from bot.insights.value.histories import Histories, Numbers, Places, alike
from bot.insights.value.repeat_orders import Repeating
from bot.insights.value.spending import Spending

FEWEST_BUYERS, FEWEST_AGAIN = 50, 20
"""With fewer customers, or fewer who came again, there is no forecast."""
SURE = 1.959963984540054
STEP = 1e-3
DRAWS, SEED = 1_000, 1


@dataclass(frozen=True)
class Model:
    """What was learned from the histories; `spending` is None where spending can't be told."""

    repeating: Repeating
    spending: Spending | None


@dataclass(frozen=True)
class Total:
    """Of all customers together, with the interval of 95 %."""

    value: float
    low: float
    high: float


def model_of(of: Histories) -> Model | None:
    """None where there are too few to judge."""
    again = int((of.repeats > 0).sum())
    if len(of) < FEWEST_BUYERS or again < FEWEST_AGAIN or not of.age.any():
        return None
    return Model(repeat_orders.fitted(alike(of)), spending.fitted(of))


class Forecast:
    """What a model says of some histories; asked as often as one likes."""

    def __init__(self, model: Model, of: Histories) -> None:
        self.model, self.of, self._alike = model, of, alike(of)

    @property
    def can_tell_who_left(self) -> bool:
        return not {"a", "b"} & set(self.model.repeating.at_edge)

    def alive(self) -> Numbers:
        return expected_orders.alive(self.model.repeating.logs, self._alike)[self._alike.which]

    def orders(self, days: float) -> Numbers:
        return self._orders(self.model.repeating.logs, days)

    def mean_order(self) -> Numbers | None:
        """None where spending can't be told."""
        return None if self.model.spending is None else spending.mean_order(self.model.spending.logs, self.of)

    def all_orders(self, days: float) -> Total:
        logs = self.model.repeating.logs
        slopes = _slopes(lambda one: float(self._alike.people @ self._each(one, days)), logs)
        chance = float(_ordered(logs, self.of, days).var(axis=0).sum())
        return _total(float(self.orders(days).sum()), slopes, self.model.repeating.spread, chance)

    def all_money(self, days: float) -> Total | None:
        """None where spending can't be told."""
        how = self.model.spending
        if how is None:
            return None
        logs, mean = self.model.repeating.logs, spending.mean_order(how.logs, self.of)
        # By parameter, of customers who are alike the mean order may differ: it is summed once.
        by_alike = np.bincount(self._alike.which, weights=mean, minlength=len(self._alike.people))
        expected = self.orders(days)
        slopes = _slopes(lambda one: float(by_alike @ self._each(one, days)), logs)
        of_money = _slopes(lambda one: float(expected @ spending.mean_order(one, self.of)), how.logs)
        known = slopes @ np.array(self.model.repeating.spread) @ slopes + of_money @ np.array(how.spread) @ of_money
        chance = float(_money(how, self.of, _ordered(logs, self.of, days, draws=8)).var(axis=0).sum())
        value = float(expected @ mean)
        width = SURE * float(np.sqrt(max(0.0, float(known)) + chance))
        return Total(value, max(0.0, value - width), value + width)

    def likely_orders(self, which: Places, days: float) -> tuple[Numbers, Numbers]:
        """Of these customers, between how many orders 95 of 100 such customers will make."""
        logs = self.model.repeating.logs
        drawn = _ordered(logs, picked(self.of, which), days, draws=DRAWS)
        low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
        return low, high

    def _orders(self, logs: Numbers, days: float) -> Numbers:
        return self._each(logs, days)[self._alike.which]

    def _each(self, logs: Numbers, days: float) -> Numbers:
        return expected_orders.orders(logs, self._alike, days)


def picked(of: Histories, which: Places) -> Histories:
    """Those at these places."""
    return Histories(of.repeats[which], of.last[which], of.age[which], of.paid[which], of.spent[which])


def _ordered(logs: Numbers, of: Histories, days: float, *, draws: int = 8) -> Numbers:
    """How many orders each makes, drawn so many times: (draws, customers)."""
    random = np.random.default_rng(SEED)
    r, alpha, a, b = np.exp(logs)
    like = alike(of)
    here = expected_orders.alive(logs, like)[like.which]
    found = np.empty((draws, len(of)))
    for one in found:
        rate = random.gamma(r + of.repeats, 1 / (alpha + of.age))
        leaves = np.maximum(random.beta(a, b + of.repeats), 1e-9)
        ordered = np.minimum(random.poisson(rate * days), random.geometric(leaves))
        one[:] = np.where(random.random(len(of)) < here, ordered, 0)
    return found


def _money(how: Spending, of: Histories, ordered: Numbers) -> Numbers:
    """What that many orders come to, drawn."""
    random = np.random.default_rng(SEED)
    found = np.zeros_like(ordered)
    for one, count in zip(found, ordered, strict=True):
        buys = count > 0
        scale = random.gamma(how.q + how.p * of.paid[buys], 1 / (how.gamma + of.spent[buys]))
        one[buys] = random.gamma(how.p * count[buys]) / np.maximum(scale, 1e-300)
    return found


def _slopes(of: Callable[[Numbers], float], logs: Numbers) -> Numbers:
    steps = STEP * np.eye(len(logs))
    return np.array([(of(logs + one) - of(logs - one)) / (2 * STEP) for one in steps])


def _total(value: float, slopes: Numbers, spread: tuple[tuple[float, ...], ...], chance: float) -> Total:
    width = SURE * float(np.sqrt(max(0.0, float(slopes @ np.array(spread) @ slopes)) + chance))
    return Total(value, max(0.0, value - width), value + width)
