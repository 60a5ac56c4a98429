"""What the chat does to revenue per visitor: difference by Welch, ratio by the delta method on its logarithm."""

from math import exp, log, sqrt

from scipy.special import stdtr, stdtrit  # type: ignore[import-untyped]

from bot.insights.lift.estimates import LEVEL, Estimate, Label, Z, two_sided
from bot.insights.lift.sides import Side


def revenue_difference(offered: Side, held_out: Side, label: Label) -> Estimate | None:
    """Revenue per visitor offered, less that per visitor held out; None when a side has fewer than two people."""
    found = _parts(offered, held_out)
    if found is None:
        return None
    difference, one, other = found
    error = sqrt(one + other)
    if not error:
        # Nobody's differs from anybody's on their side: there is nothing to infer from.
        return None
    freedom = (one + other) ** 2 / (one**2 / (offered.people - 1) + other**2 / (held_out.people - 1))
    half = float(stdtrit(freedom, 1 - (1 - LEVEL) / 2)) * error
    p = float(2 * stdtr(freedom, -abs(difference / error)))
    return Estimate(difference, difference - half, difference + half, label, p)


def revenue_ratio(offered: Side, held_out: Side, label: Label) -> Estimate | None:
    """How many times as much, less one; None unless both sides brought more than they were refunded."""
    found = _parts(offered, held_out)
    one, other = offered.mean, held_out.mean
    if found is None or one is None or other is None or one <= 0 or other <= 0:
        return None
    error = sqrt(found[1] / one**2 + found[2] / other**2)
    if not error:
        return None
    middle = log(one / other)
    return Estimate(
        exp(middle) - 1, exp(middle - Z * error) - 1, exp(middle + Z * error) - 1, label, two_sided(middle / error)
    )


def _parts(offered: Side, held_out: Side) -> tuple[float, float, float] | None:
    """The difference, and the variance of the mean of each side."""
    if offered.variance is None or held_out.variance is None or offered.mean is None or held_out.mean is None:
        return None
    difference = offered.mean - held_out.mean
    return difference, offered.variance / offered.people, held_out.variance / held_out.people
