"""What the chat does to the share who buy: the difference and the ratio of two shares.

The difference has Newcombe's interval (Statistics in Medicine 17, 1998, method 10), the ratio that of Donner and Zou
(Statistical Methods in Medical Research 21, 2012); both are put together from the Wilson intervals of the two shares,
so they hold for few buyers too, and for none.
"""

from math import sqrt

from bot.insights.lift.estimates import Estimate, Label, Z, two_sided
from bot.insights.lift.sides import Side


def wilson(count: int, people: int) -> tuple[float, float]:
    """The interval of a share, of at least one person."""
    share, square = count / people, Z * Z
    middle = (share + square / (2 * people)) / (1 + square / people)
    half = Z * sqrt(share * (1 - share) / people + square / (4 * people * people)) / (1 + square / people)
    # At the ends rounding would leave a trace of what is exactly nothing, or all.
    return (0.0 if count == 0 else middle - half, 1.0 if count == people else middle + half)


def conversion_difference(offered: Side, held_out: Side, label: Label) -> Estimate | None:
    """Share of buyers among those offered, less that among those held out; None when a side has nobody."""
    if not offered.people or not held_out.people:
        return None
    one, other = offered.buyers / offered.people, held_out.buyers / held_out.people
    (low_1, high_1), (low_0, high_0) = wilson(offered.buyers, offered.people), wilson(held_out.buyers, held_out.people)
    low = one - other - sqrt((one - low_1) ** 2 + (high_0 - other) ** 2)
    high = one - other + sqrt((high_1 - one) ** 2 + (other - low_0) ** 2)
    return Estimate(one - other, low, high, label, _p(offered, held_out))


def conversion_ratio(offered: Side, held_out: Side, label: Label) -> Estimate | None:
    """How many times as likely they buy, less one: 0.5 is half as likely again. None when nobody held out bought."""
    if not offered.people or not held_out.people or not held_out.buyers:
        return None
    one, other = offered.buyers / offered.people, held_out.buyers / held_out.people
    (low_1, high_1), (low_0, high_0) = wilson(offered.buyers, offered.people), wilson(held_out.buyers, held_out.people)
    both = one * other
    low = (both - sqrt(max(0.0, both**2 - low_1 * high_0 * (2 * one - low_1) * (2 * other - high_0)))) / (
        high_0 * (2 * other - high_0)
    )
    high = (both + sqrt(max(0.0, both**2 - high_1 * low_0 * (2 * one - high_1) * (2 * other - low_0)))) / (
        low_0 * (2 * other - low_0)
    )
    return Estimate(one / other - 1, low - 1, high - 1, label, _p(offered, held_out))


def _p(offered: Side, held_out: Side) -> float | None:
    """By the score test of two shares; None where all or nobody bought, which says nothing."""
    buyers, people = offered.buyers + held_out.buyers, offered.people + held_out.people
    pooled = buyers / people
    variance = pooled * (1 - pooled) * (1 / offered.people + 1 / held_out.people)
    if not variance:
        return None
    return two_sided((offered.buyers / offered.people - held_out.buyers / held_out.people) / sqrt(variance))
