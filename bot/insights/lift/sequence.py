"""An interval that holds however often one looks: while the experiment runs, peeking at the usual one would find
effects that are not there (Waudby-Smith and others, Annals of Statistics 52, 2024; the Gaussian mixture of Robbins)."""

from math import expm1, log, log1p, sqrt

from bot.insights.lift.estimates import LEVEL, Estimate, Z

ALPHA = 1 - LEVEL


def while_running(estimate: Estimate, *, people: int, planned: int) -> Estimate:
    """The same value with an interval that is right at all looks together; narrowest near `planned` people.

    It leans on the central limit: for the first few hundred people it holds only about.
    """
    wider = boundary(people, planned) / Z
    low, high = estimate.value - estimate.low, estimate.high - estimate.value
    return Estimate(estimate.value, estimate.value - wider * low, estimate.value + wider * high, estimate.label)


def ratio_while_running(change: Estimate, *, people: int, planned: int) -> Estimate | None:
    """The same for a ratio less one, on its logarithm: it is never below nothing at all. None of nothing itself."""
    if change.value <= -1:
        return None
    # A lower end of nothing has no logarithm, and stays what it is.
    as_logs = Estimate(log1p(change.value), log1p(max(change.low, -1 + 1e-12)), log1p(change.high), change.label)
    wide = while_running(as_logs, people=people, planned=planned)
    return Estimate(change.value, expm1(wide.low), expm1(wide.high), change.label)


def boundary(people: int, planned: int) -> float:
    """By how many standard errors the interval reaches each way; 1.96 is that of one single look."""
    narrowest = (-2 * log(ALPHA) + log(-2 * log(ALPHA)) + 1) / max(1, planned)
    grown = people * narrowest
    return sqrt((grown + 1) / grown * (log(grown + 1) - 2 * log(ALPHA)))
