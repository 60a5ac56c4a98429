"""How often somebody will buy again: BG/NBD (Fader, Hardie and Lee 2005, Marketing Science 24(2), 275-284).

Who is alive buys at a rate of their own (gamma: r, alpha) and after each order stays away for ever with a chance of
their own (beta: a, b). All in logarithms, so that ten thousand orders are no overflow.
"""

from dataclasses import astuple, dataclass

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.special import expit, gammaln, psi  # type: ignore[import-untyped]

from bot.insights.value.histories import Alike, Numbers

STARTS = ((0.0, 0.0, 0.0, 0.0), (-1.0, -1.0, 0.0, 1.0))
EDGE = 10.0
"""How far the logarithms may go: beyond it the data can't tell a parameter from none."""
STEP = 1e-4


@dataclass(frozen=True)
class Repeating:
    """The parameters (time in days), how likely the histories are with them, and how sure each is."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    spread: tuple[tuple[float, ...], ...]
    """Covariances of the parameters' logarithms."""
    at_edge: tuple[str, ...]
    """Parameters that the data can't tell: nobody leaves, say, or all are the same."""

    @property
    def logs(self) -> Numbers:
        found: Numbers = np.log(np.array(astuple(self)[:4], dtype=np.float64))
        return found


def fitted(of: Alike) -> Repeating:
    """The parameters under which these histories are the most likely. Ages must not all be 0."""
    unit = float(np.average(of.age, weights=of.people)) or 1.0
    tries = [
        minimize(_loss, start, (of, unit), jac=True, method="L-BFGS-B", bounds=[(-EDGE, EDGE)] * 4,
                 options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-8})
        for start in STARTS
    ]  # fmt: skip
    best = min(tries, key=lambda one: float(one.fun))
    logs: Numbers = best.x
    names = ("r", "alpha", "a", "b")
    edge = tuple(name for name, value in zip(names, logs, strict=True) if abs(value) > EDGE - 0.01)
    r, alpha, a, b = (float(one) for one in np.exp(logs + np.log([1.0, unit, 1.0, 1.0])))
    likely = -float(best.fun) * float(of.people.sum()) - float((of.people * of.repeats).sum()) * float(np.log(unit))
    return Repeating(r, alpha, a, b, likely, _spread(logs, of, unit), edge)


def _loss(logs: Numbers, of: Alike, unit: float) -> tuple[float, Numbers]:
    """The mean of the negative log likelihood, and its slopes in the logarithms of the parameters."""
    r, alpha, a, b = np.exp(logs)
    counts, index = np.unique(of.repeats, return_inverse=True)
    again, x = of.repeats > 0, of.repeats
    since_first, since_last = alpha + of.age / unit, alpha + of.last / unit
    whole = gammaln(r + counts) - gammaln(r) + r * np.log(alpha)
    whole = whole + gammaln(a + b) + gammaln(b + counts) - gammaln(b) - gammaln(a + b + counts)
    here = -(r + x) * np.log(since_first)
    # Who never came again can't have left after an order that they did not make.
    gone = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(since_last)
    left = np.where(again, expit(gone - here), 0.0)
    both = np.where(again, np.logaddexp(here, gone), here)
    weight = of.people / of.people.sum()
    in_r = (psi(r + counts) - psi(r) + np.log(alpha))[index]
    in_r = in_r - (1 - left) * np.log(since_first) - left * np.log(since_last)
    in_alpha = r / alpha - (r + x) * ((1 - left) / since_first + left / since_last)
    in_a = (psi(a + b) - psi(a + b + counts))[index] + left / a
    in_b = (psi(a + b) + psi(b + counts) - psi(b) - psi(a + b + counts))[index]
    in_b = in_b - left / (b + np.maximum(x, 1) - 1)
    slopes = np.array([weight @ in_r * r, weight @ in_alpha * alpha, weight @ in_a * a, weight @ in_b * b])
    return -float(weight @ (whole[index] + both)), -slopes


def _spread(logs: Numbers, of: Alike, unit: float) -> tuple[tuple[float, ...], ...]:
    """The inverse of the curvature. A direction in which nothing is told is left out: it moves no forecast either."""
    steps = STEP * np.eye(4)
    curve = np.array([_loss(logs + one, of, unit)[1] - _loss(logs - one, of, unit)[1] for one in steps]) / (2 * STEP)
    found = np.linalg.pinv((curve + curve.T) / 2 * of.people.sum(), rcond=1e-7, hermitian=True)
    return tuple(tuple(float(one) for one in row) for row in found)
