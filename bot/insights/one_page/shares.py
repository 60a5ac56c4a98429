"""Shares of people or questions, whether two of them differ, and what is left of that when one looks at many."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import gammaln  # type: ignore[import-untyped]

from bot.insights.lift.conversion import conversion_difference, wilson
from bot.insights.lift.estimates import Estimate, Label, around
from bot.insights.lift.sides import Side

ALPHA = 0.05
TIE = 1 + 1e-7
"""As likely, but for the last digits of a float."""


@dataclass(frozen=True)
class Share:
    """So many of so many, of at least one."""

    count: int
    of: int

    @property
    def value(self) -> float:
        return self.count / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """Of 95 %, by Wilson."""
        return wilson(self.count, self.of)


@dataclass(frozen=True)
class Mean:
    """The mean of so many numbers by their sum and the sum of their squares, of at least two."""

    of: int
    total: float
    squares: float

    @property
    def value(self) -> float:
        return self.total / self.of

    @property
    def variance(self) -> float:
        """Of the mean itself."""
        return max(0.0, self.squares - self.total**2 / self.of) / (self.of - 1) / self.of

    @property
    def estimate(self) -> Estimate:
        return around(self.value, self.variance, Label.DESCRIPTIVE)


def shares_differ(one: Share, other: Share) -> Estimate:
    """One less the other: Newcombe's interval, Fisher's exact test (both ways)."""
    nothing = np.empty(0)
    found = conversion_difference(
        Side(one.of, one.count, nothing), Side(other.of, other.count, nothing), Label.DESCRIPTIVE
    )
    assert found is not None
    return Estimate(found.value, found.low, found.high, found.label, fisher(one, other))


def means_differ(one: Mean, other: Mean) -> Estimate:
    """One less the other, by Welch's standard error and the normal distribution."""
    return around(one.value - other.value, one.variance + other.variance, Label.DESCRIPTIVE)


def fisher(one: Share, other: Share) -> float:
    """How often chance alone would make two shares as unlike as these: all tables that are no likelier, summed up."""
    bought, people = one.count + other.count, one.of + other.of
    counts = np.arange(max(0, bought - other.of), min(bought, one.of) + 1)
    likely = np.exp(_choose(one.of, counts) + _choose(other.of, bought - counts) - _choose(people, np.array(bought)))
    mine = likely[one.count - counts[0]]
    return min(1.0, float(likely[likely <= mine * TIE].sum()))


def _choose(of: int, some: "np.typing.NDArray[np.int_]") -> "np.typing.NDArray[np.float64]":
    told: np.typing.NDArray[np.float64] = gammaln(of + 1) - gammaln(some + 1) - gammaln(of - some + 1)
    return told


def beyond_chance(looks: Mapping[str, Estimate]) -> set[str]:
    """The names of those that may be claimed: of 20 such reports in which nothing is true, one claims anything.

    Holm's correction over all that was looked at; and the interval, which is of each by itself, is all on one side.
    """
    ranked, claimed = sorted(looks, key=lambda name: (looks[name].p or 0.0, name)), set[str]()
    for place, name in enumerate(ranked):
        p = looks[name].p
        if p is None or p > ALPHA / (len(ranked) - place):
            break
        if looks[name].sign:
            claimed.add(name)
    return claimed


def part_of_money(talked: Mean, silent: Mean) -> Estimate | None:
    """The share of the money that the first brought, by the delta method; None where it came to nothing."""
    whole = talked.total + silent.total
    if whole <= 0:
        return None
    share = talked.total / whole
    error = sqrt((1 - share) ** 2 * talked.squares + share**2 * silent.squares) / whole
    return around(share, error**2, Label.DESCRIPTIVE)
