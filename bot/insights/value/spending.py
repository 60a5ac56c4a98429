"""What somebody spends on an order: Gamma-Gamma (Fader and Hardie, note 025), by what they spent on repeats so far.

Orders of value 0 are left out: the logarithm of nothing would make every parameter impossible.
"""

from dataclasses import astuple, dataclass

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.special import gammaln, psi  # type: ignore[import-untyped]

from bot.insights.value.histories import Histories, Numbers
from bot.insights.value.repeat_orders import EDGE, STEP

FEWEST = 20
"""People who paid for a repeat: fewer say nothing of how much spending differs."""


@dataclass(frozen=True)
class Spending:
    """The parameters: of an order's value around one's own mean (p), of the means (q, gamma: in minor units)."""

    p: float
    q: float
    gamma: float
    log_likelihood: float
    people: int
    spread: tuple[tuple[float, ...], ...]
    """Covariances of the parameters' logarithms."""

    @property
    def logs(self) -> Numbers:
        found: Numbers = np.log(np.array(astuple(self)[:3], dtype=np.float64))
        return found


def fitted(of: Histories) -> Spending | None:
    """None where too few paid for a repeat, or where a mean order would have no end (q of 1 or less)."""
    paid = (of.paid > 0) & (of.spent > 0)
    if int(paid.sum()) < FEWEST:
        return None
    times = of.paid[paid].astype(np.float64)
    unit = float(of.spent[paid].sum() / times.sum())
    means = of.spent[paid] / times / unit
    tries = [
        minimize(_loss, start, (times, means), jac=True, method="L-BFGS-B", bounds=[(-EDGE, EDGE)] * 3,
                 options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-8})
        for start in ((1.0, 1.0, 0.0), (0.0, 0.5, 0.0))
    ]  # fmt: skip
    best = min(tries, key=lambda one: float(one.fun))
    logs: Numbers = best.x
    p, q, gamma = (float(one) for one in np.exp(logs))
    if q <= 1.01:
        return None
    likely = -float(best.fun) * len(times) - len(times) * float(np.log(unit))
    return Spending(p, q, gamma * unit, likely, len(times), _spread(logs, times, means))


def mean_order(logs: Numbers, of: Histories) -> Numbers:
    """What to expect of somebody's next order, in minor units: their own mean, drawn towards everybody's."""
    p, q, gamma = np.exp(logs)
    found: Numbers = p * (gamma + of.spent) / (p * of.paid + q - 1)
    return found


def _loss(logs: Numbers, times: Numbers, means: Numbers) -> tuple[float, Numbers]:
    p, q, gamma = np.exp(logs)
    shape, total = p * times, gamma + times * means
    likely = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma)
    likely = likely + (shape - 1) * np.log(means) + shape * np.log(times) - (shape + q) * np.log(total)
    together = psi(shape + q) - np.log(total)
    in_p = times * (together - psi(shape) + np.log(means) + np.log(times))
    in_q = together - psi(q) + np.log(gamma)
    in_gamma = q / gamma - (shape + q) / total
    slopes = np.array([in_p.mean() * p, in_q.mean() * q, in_gamma.mean() * gamma])
    return -float(likely.mean()), -slopes


def _spread(logs: Numbers, times: Numbers, means: Numbers) -> tuple[tuple[float, ...], ...]:
    steps = STEP * np.eye(3)
    differences = [_loss(logs + one, times, means)[1] - _loss(logs - one, times, means)[1] for one in steps]
    curve = np.array(differences) / (2 * STEP)
    found = np.linalg.pinv((curve + curve.T) / 2 * len(times), rcond=1e-7, hermitian=True)
    return tuple(tuple(float(one) for one in row) for row in found)
