"""An interval that holds however often one looks: while the experiment runs, peeking at the usual one would find
effects that are not there (Waudby-Smith and others, Annals of Statistics 52, 2024; the Gaussian mixture of Robbins)."""

from math import expm1, log, log1p, sqrt
from statistics import NormalDist

from bot.insights.lift.estimates import LEVEL, Estimate, Z

LEAST = 1_000
"""People to plan for, when nothing is planned: before that the interval need not be narrow."""
ALPHA = 1 - LEVEL
AT_LOOKS = 0.01
"""Of a planned experiment: how often its daily looks may be wrong, that with the last one all are in 1 of 20."""


def while_running(estimate: Estimate, *, people: int, planned: int | None) -> Estimate:
    """The same value with an interval that is right at all looks together; narrowest near `planned` people.

    Once all are there it is that of the last look, which has what the looks before it left. Without a plan there is no
    last one. It leans on the central limit: for the first few hundred people it holds only about.
    """
    wider = reach(people, planned) / Z
    low, high = estimate.value - estimate.low, estimate.high - estimate.value
    return Estimate(estimate.value, estimate.value - wider * low, estimate.value + wider * high, estimate.label)


def ratio_while_running(change: Estimate, *, people: int, planned: int | None) -> Estimate | None:
    """The same for a ratio less one, on its logarithm: it is never below nothing at all. None of nothing itself."""
    if change.value <= -1:
        return None
    # A lower end of nothing has no logarithm, and stays what it is.
    as_logs = Estimate(log1p(change.value), log1p(max(change.low, -1 + 1e-12)), log1p(change.high), change.label)
    wide = while_running(as_logs, people=people, planned=planned)
    return Estimate(change.value, expm1(wide.low), expm1(wide.high), change.label)


def reach(people: int, planned: int | None) -> float:
    """By how many standard errors the interval reaches each way; 1.96 is that of one single look."""
    if planned is None:
        return boundary(people, LEAST, ALPHA)
    if people < planned:
        return boundary(people, planned, AT_LOOKS)
    return NormalDist().inv_cdf(1 - (ALPHA - AT_LOOKS) / 2)


def boundary(people: int, planned: int, alpha: float) -> float:
    """That of as many looks as one likes, of which 1 - `alpha` are right together."""
    narrowest = (-2 * log(alpha) + log(-2 * log(alpha)) + 1) / max(1, planned)
    grown = people * narrowest
    return sqrt((grown + 1) / grown * (log(grown + 1) - 2 * log(alpha)))
