"""The E-value: how strong something unknown would have to be to explain a ratio away (VanderWeele and Ding, 2017)."""

from math import sqrt

from bot.insights.lift.estimates import Estimate


def e_value(ratio: float) -> float | None:
    """The least ratio that the unknown must have with both talking and buying; None of no ratio at all."""
    if ratio <= 0:
        return None
    up = ratio if ratio >= 1 else 1 / ratio
    return up + sqrt(up * (up - 1))


def e_value_of_limit(change: Estimate) -> float | None:
    """The same for the end of the interval that is nearest to no change: 1 where no change is in it.

    `change` is a ratio less one, as `conversion_ratio` gives it.
    """
    if change.sign == 0:
        return 1.0
    return e_value(1 + (change.low if change.sign > 0 else change.high))
