"""An estimate with its interval, and how far it may be believed."""

from dataclasses import dataclass
from enum import StrEnum
from math import erfc, sqrt
from statistics import NormalDist

LEVEL = 0.95
Z = NormalDist().inv_cdf(1 - (1 - LEVEL) / 2)


class Label(StrEnum):
    """What a number may be taken for. Every number that looks like a cause carries one."""

    RANDOMIZED = "randomized"
    """The lot decided who was offered the chat, so the difference is the chat's doing."""
    ADJUSTED = "adjusted"
    """People who are alike in what we know of them were compared; what we don't know may differ."""
    DESCRIPTIVE = "descriptive"
    """It says what was, not why."""


@dataclass(frozen=True)
class Estimate:
    """A value and its interval of 95 %. `p`: how often chance alone would do as much, both ways."""

    value: float
    low: float
    high: float
    label: Label
    p: float | None = None

    @property
    def sign(self) -> int:
        """1 or -1 where the interval is all on one side of nothing, else 0."""
        return (self.low > 0) - (self.high < 0)


def two_sided(z: float) -> float:
    return erfc(abs(z) / sqrt(2))


def around(value: float, variance: float, label: Label) -> Estimate:
    """The estimate by the normal distribution. Without any variance chance did nothing."""
    error = sqrt(variance)
    p = two_sided(value / error) if error else float(value == 0)
    return Estimate(value, value - Z * error, value + Z * error, label, p)
