"""An interval that holds however often one looks: while the experiment runs, peeking at the usual one would find
effects that are not there (Waudby-Smith and others, Annals of Statistics 52, 2024; the Gaussian mixture of Robbins)."""

from math import log, sqrt

from bot.insights.lift.estimates import LEVEL, Estimate

ALPHA = 1 - LEVEL


def while_running(estimate: Estimate, variance: float, *, people: int, planned: int) -> Estimate:
    """The same value with an interval that is right at all looks together; narrowest near `planned` people.

    `variance` is that of the value now. For few people it holds only about: it leans on the central limit.
    """
    half = sqrt(variance) * boundary(people, planned)
    return Estimate(estimate.value, estimate.value - half, estimate.value + half, estimate.label)


def boundary(people: int, planned: int) -> float:
    """By how many standard errors the interval reaches each way; 1.96 is that of one single look."""
    narrowest = (-2 * log(ALPHA) + log(-2 * log(ALPHA)) + 1) / max(1, planned)
    grown = people * narrowest
    return sqrt((grown + 1) / grown * (log(grown + 1) - 2 * log(ALPHA)))
