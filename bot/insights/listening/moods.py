"""The mood of people, each counted once: its mean with an interval, and whether two means differ."""

from dataclasses import dataclass
from math import sqrt

from scipy.special import stdtr, stdtrit  # type: ignore[import-untyped]

from bot.insights.changes import FEW
from bot.insights.lift.estimates import LEVEL, Estimate, Label

FOUND_BY_EIGHT_OF_TEN = 1.96 + 0.84


@dataclass(frozen=True)
class Mood:
    """Of so many people with so many messages: the sum of their own means, from -1 to 1, and of the squares."""

    people: int = 0
    messages: int = 0
    total: float = 0.0
    squares: float = 0.0

    @property
    def mean(self) -> float | None:
        return self.total / self.people if self.people else None

    @property
    def spread(self) -> float:
        """The variance among people; 0.0 of fewer than two."""
        if self.people < 2:
            return 0.0
        return max(0.0, self.squares - self.total**2 / self.people) / (self.people - 1)

    @property
    def variance(self) -> float:
        """Of the mean itself."""
        return self.spread / self.people if self.people else 0.0

    @property
    def half_width(self) -> float | None:
        """Of the interval of 95 % about the mean, by Student's t; None of fewer than two people."""
        if self.people < 2:
            return None
        return float(stdtrit(self.people - 1, 1 - (1 - LEVEL) / 2)) * sqrt(self.variance)

    @property
    def interval(self) -> tuple[float, float] | None:
        half = self.half_width
        return None if half is None or self.mean is None else (max(-1.0, self.mean - half), min(1.0, self.mean + half))


def difference(now: Mood, then: Mood) -> Estimate | None:
    """Now less then by Welch's t; None with fewer than ten people on a side.

    Who is in both is taken for two people: where people stay as they are that makes the interval wider than it need be.
    """
    if min(now.people, then.people) < FEW or now.mean is None or then.mean is None:
        return None
    value, variance = now.mean - then.mean, now.variance + then.variance
    if not variance:
        return Estimate(value, value, value, Label.DESCRIPTIVE, float(value == 0))
    freedom = variance**2 / (now.variance**2 / (now.people - 1) + then.variance**2 / (then.people - 1))
    error = sqrt(variance)
    half = float(stdtrit(freedom, 1 - (1 - LEVEL) / 2)) * error
    p = float(2 * stdtr(freedom, -abs(value / error)))
    return Estimate(value, value - half, value + half, Label.DESCRIPTIVE, p)


def detectable(now: Mood, then: Mood) -> float | None:
    """The difference that eight of ten windows of this size would show; None where it is too few to judge."""
    if min(now.people, then.people) < FEW:
        return None
    return FOUND_BY_EIGHT_OF_TEN * sqrt(now.variance + then.variance)
