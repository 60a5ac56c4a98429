"""How much more often something is true of a group than of everybody, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

LEVEL = 0.95
SMALLEST = 1e-9
FEWEST = 10
"""People: who have the value, and of whom it is known in the group and beside it. With fewer nothing is judged."""


@dataclass(frozen=True)
class Counted:
    """A value: how many of the group have it, of those of whom it is known; the same of everybody, the group too."""

    attribute: str
    value: str
    group: int
    group_known: int
    everybody: int
    everybody_known: int

    @property
    def is_few(self) -> bool:
        return min(self.everybody, self.group_known, self.everybody_known - self.group_known) < FEWEST


@dataclass(frozen=True)
class Compared:
    """`ratio` is the share in the group by that in all; `low` and `high` its interval. None: too few to judge."""

    counted: Counted
    ratio: float | None
    low: float | None = None
    high: float | None = None

    @property
    def is_over(self) -> bool:
        return self.low is not None and self.low > 1

    @property
    def is_under(self) -> bool:
        return self.high is not None and self.high < 1


def compared(values: Sequence[Counted]) -> list[Compared]:
    """Each with its interval, so wide that with 95 % certainty all of them hold at once (Bonferroni).

    Many values are looked at, and one in twenty would stand out by chance alone.
    """
    judged = sum(not one.is_few for one in values)
    outside = (1 - LEVEL) / max(judged, 1)
    return [Compared(one, None) if one.is_few else _compared(one, outside) for one in values]


def _compared(one: Counted, outside: float) -> Compared:
    """The ratio of the shares of group and rest, of which the exact limits (Clopper and Pearson, Biometrika 26, 1934)
    give its own (MOVER-R: Newcombe, Stat Methods Med 25, 2016), carried over to the ratio with everybody, who are group
    and rest together. Logarithms and a normal curve would find twice as much where nothing is.
    """
    group, rest = (one.group, one.group_known), (one.everybody - one.group, one.everybody_known - one.group_known)
    p, q = group[0] / group[1], rest[0] / rest[1]
    (p_low, p_high), (q_low, q_high) = _limits(*group, outside), _limits(*rest, outside)
    low = _ratio(p, q, p_low, q_high, -1)
    high = inf if not q_low else _ratio(p, q, p_high, q_low, 1)
    part = one.group_known / one.everybody_known
    told = p / (one.everybody / one.everybody_known)
    return Compared(one, told, _with_everybody(low, part), _with_everybody(high, part))


def _limits(number: int, of: int, outside: float) -> tuple[float, float]:
    from scipy.special import betaincinv  # type: ignore[import-untyped]

    low = betaincinv(number, of - number + 1, outside / 2) if number else 0.0
    high = betaincinv(number + 1, of - number, 1 - outside / 2) if number < of else 1.0
    return float(low), float(high)


def _ratio(p: float, q: float, of_p: float, of_q: float, way: int) -> float:
    if abs(2 * q - of_q) < SMALLEST:
        of_q += 2 * SMALLEST  # the limit there is a number, the formula is not
    root = max((p * q) ** 2 - of_p * of_q * (2 * p - of_p) * (2 * q - of_q), 0.0)
    return (p * q + way * sqrt(root)) / (of_q * (2 * q - of_q))


def _with_everybody(ratio: float, part: float) -> float:
    """Of the ratio with the rest the one with everybody, of whom `part` are the group."""
    return 1 / part if ratio == inf else ratio / (part * ratio + 1 - part)
