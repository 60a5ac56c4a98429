"""What was seen of an objective so far, what it will come to, and how small a change it can show. No clock is read.

While an objective runs, its interval is one that may be looked at every day (bot/insights/lift/sequence.py), narrowest
at as many as were seen in the days before; at its end, the one of the last look.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from bot.insights.lift.conversion import wilson
from bot.insights.lift.detectable import POWER
from bot.insights.lift.estimates import Z
from bot.insights.lift.sequence import ALPHA, AT_LOOKS, LEAST, boundary
from bot.insights.objectives.measures import Unit

FOUND_BY = Z + NormalDist().inv_cdf(POWER)
"""So many standard errors has an effect to be, that 8 of 10 such objectives show it."""
WEEK = 7
LAST_LOOK = NormalDist().inv_cdf(1 - (ALPHA - AT_LOOKS) / 2)


@dataclass(frozen=True)
class Day:
    """What came on one day, the first being 0: so many units, their sum, the sum of their squares."""

    number: int
    n: int
    total: float
    squares: float
    above: int = 0
    """Of them, with more than nothing: buyers, where the sum is money."""


@dataclass(frozen=True)
class Seen:
    """`whole` days have passed of the `days` that it lasts; what came on the day that is not over counts too."""

    by_day: Sequence[Day]
    whole: int
    days: int

    @property
    def n(self) -> int:
        return sum(one.n for one in self.by_day)

    @property
    def total(self) -> float:
        return sum(one.total for one in self.by_day)

    @property
    def above(self) -> int:
        return sum(one.above for one in self.by_day)

    @property
    def variance(self) -> float | None:
        """Of one unit; None of fewer than two."""
        n, total = self.n, self.total
        return max(0.0, sum(one.squares for one in self.by_day) - total**2 / n) / (n - 1) if n > 1 else None

    @property
    def is_over(self) -> bool:
        return self.whole >= self.days

    def counts(self) -> list[int]:
        """How many came on each whole day, those of nobody too."""
        found = {one.number: one.n for one in self.by_day}
        return [found.get(day, 0) for day in range(self.whole)]

    def lately(self) -> list[int]:
        """Those of the last two whole weeks, else the last one, else of all days: weekdays are unlike each other."""
        counts = self.counts()
        span = 2 * WEEK if len(counts) >= 2 * WEEK else WEEK if len(counts) >= WEEK else len(counts)
        return counts[-span:] if span else []


@dataclass(frozen=True)
class Ranged:
    """A number with its interval of 95 %; without one where it was counted whole, or given."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Baseline:
    """`n` and `variance` are of units, of a count of days; None where the value was given."""

    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None
    variance: float | None = None


def value_of(seen: Seen, unit: Unit, *, planned: int | None) -> Ranged | None:
    """The value so far; None of nobody. `planned` is how many are expected by the end, None where nothing says so."""
    if unit is Unit.COUNT:
        return Ranged(seen.total)
    if not seen.n:
        return None
    mean, wider = seen.total / seen.n, _reach(seen, planned) / Z
    if unit is Unit.SHARE:
        low, high = wilson(round(seen.total), seen.n)
        return Ranged(mean, max(0.0, mean - wider * (mean - low)), min(1.0, mean + wider * (high - mean)))
    if seen.variance is None:
        return Ranged(mean)
    half = wider * Z * sqrt(seen.variance / seen.n)
    return Ranged(mean, mean - half, mean + half)


def _reach(seen: Seen, planned: int | None) -> float:
    """Looks and the last one together are wrong in 1 of 20."""
    return LAST_LOOK if seen.is_over else boundary(seen.n, max(1, planned or LEAST), AT_LOOKS)


def gain_of(value: Ranged, baseline: Baseline) -> Ranged:
    """What has been gained against the baseline, both intervals put together (MOVER, as Newcombe's of two shares)."""
    gain = value.value - baseline.value
    if value.low is None or value.high is None:
        return Ranged(gain)
    low, high = baseline.low, baseline.high
    down = sqrt((value.value - value.low) ** 2 + (0 if high is None else (high - baseline.value) ** 2))
    up = sqrt((value.high - value.value) ** 2 + (0 if low is None else (baseline.value - low) ** 2))
    return Ranged(gain, gain - down, gain + up)


def expected_n(seen: Seen) -> float:
    """How many units there will be at the end, if they come as they did in the last two weeks."""
    lately = seen.lately()
    if seen.is_over or not lately:
        return float(seen.n)
    so_far = sum(seen.counts())
    return max(float(seen.n), so_far + (seen.days - seen.whole) * sum(lately) / len(lately))


def projected(seen: Seen, unit: Unit, value: Ranged | None) -> Ranged | None:
    """What it comes to at the end if it goes on so: of counts, at the pace of the last weeks. None of too little.

    The interval is of what is still to come; nothing is, and it has none, at the end.
    """
    lately = seen.lately()
    if value is None or not lately:
        return None
    if seen.is_over:
        return Ranged(value.value)
    end = expected_n(seen)
    if unit is Unit.COUNT:
        left, spread = seen.days - seen.whole, _variance(lately)
        half = Z * sqrt(left * spread + left**2 * spread / len(lately))
        return Ranged(end, max(seen.total, end - half), end + half)
    to_come = end - seen.n
    if seen.variance is None or not seen.n or end <= 0:
        return None
    half = Z * sqrt(seen.variance * to_come / (seen.n * end))
    low, high = value.value - half, value.value + half
    return Ranged(value.value, max(0.0, low), min(1.0, high)) if unit is Unit.SHARE else Ranged(value.value, low, high)


def detectable(seen: Seen, unit: Unit, baseline: Baseline) -> float | None:
    """The smallest change against the baseline that 8 of 10 such objectives would show at the end.

    Before there is enough of its own, as many and as unlike units are expected as the baseline had. None where nothing
    is known of either, or what is known has no spread at all.
    """
    before = 0.0 if not baseline.n or baseline.variance is None else baseline.variance
    if unit is Unit.COUNT:
        lately = seen.lately()
        spread = _variance(seen.counts()) if len(lately) >= WEEK else before
        variance = seen.days * spread + before * (baseline.n or 0)
    else:
        own = seen.variance if seen.n >= 2 and seen.whole else None
        end = expected_n(seen) if own is not None else float(baseline.n or 0)
        if not end:
            return None
        # A share of nothing, or of all, has no spread of its own: that of the baseline tells more.
        variance = (own or before) / end + (before / baseline.n if baseline.n else 0.0)
    return FOUND_BY * sqrt(variance) if variance > 0 else None


def baseline_of(seen: Seen, unit: Unit) -> Baseline | None:
    """The value of days that are over, as a baseline; None of nobody, or where one unit tells no spread."""
    if unit is Unit.COUNT:
        return Baseline(seen.total, None, None, seen.days, _variance(seen.counts())) if seen.days else None
    if not seen.n or seen.variance is None:
        return None
    mean = seen.total / seen.n
    low, high = wilson(round(seen.total), seen.n) if unit is Unit.SHARE else _around(mean, seen.variance / seen.n)
    return Baseline(mean, low, high, seen.n, seen.variance)


def _around(mean: float, variance: float) -> tuple[float, float]:
    return mean - Z * sqrt(variance), mean + Z * sqrt(variance)


def _variance(counts: Sequence[int]) -> float:
    """Of one day. Fewer than two days tell nothing of it but that people come one by one (Poisson)."""
    if len(counts) < 2:
        return float(sum(counts))
    mean = sum(counts) / len(counts)
    return sum((one - mean) ** 2 for one in counts) / (len(counts) - 1)
