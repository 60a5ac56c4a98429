"""Logistic regression with a small ridge, by Newton's steps: a few columns, as many rows as there are people."""

import numpy as np
import numpy.typing as npt
from scipy.special import expit  # type: ignore[import-untyped]

from bot.insights.lift.sides import Numbers

RIDGE = 1.0
STEPS, CLOSE = 30, 1e-8


def fitted(columns: Numbers, is_so: npt.NDArray[np.bool_]) -> Numbers:
    """The weights, the constant first, which no ridge pulls at. Finite also where the columns tell all."""
    design = with_constant(columns)
    weights = np.zeros(design.shape[1])
    weights[0] = _log_odds(float(is_so.mean())) if len(is_so) else 0.0
    ridge = np.full(design.shape[1], RIDGE)
    ridge[0] = 1e-6
    for _ in range(STEPS):
        chance = expit(design @ weights)
        slope = design.T @ (is_so - chance) - ridge * weights
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        weights = weights + np.clip(step, -5, 5)
        if float(np.abs(step).max()) < CLOSE:
            break
    return weights


def chances(columns: Numbers, weights: Numbers) -> Numbers:
    found: Numbers = expit(with_constant(columns) @ weights)
    return found


def with_constant(columns: Numbers) -> Numbers:
    return np.hstack([np.ones((len(columns), 1)), columns])


def standardized(columns: Numbers) -> Numbers:
    """Each column around 0 with a spread of 1, so that the ridge pulls at all alike; without those that never vary."""
    spread = columns.std(axis=0)
    kept = columns[:, spread > 0]
    found: Numbers = (kept - kept.mean(axis=0)) / spread[spread > 0]
    return found


def _log_odds(share: float) -> float:
    share = min(1 - 1e-6, max(1e-6, share))
    return float(np.log(share / (1 - share)))
