"""Who still is a customer, and how many orders are to be expected of them, by the parameters of repeat_orders.

The published formula has a hypergeometric function that loses its digits for who ordered often. The same expectation
is a mean over how readily somebody leaves (beta: a, b + x), which forty points take exactly enough for any history.
"""

import numpy as np
from scipy.linalg import eigh_tridiagonal  # type: ignore[import-untyped]
from scipy.special import expit  # type: ignore[import-untyped]

from bot.insights.value.histories import Alike, Numbers, Places

POINTS = 40


def alive(logs: Numbers, of: Alike) -> Numbers:
    """The chance that somebody has not left for good; 1 for who never came again, of whom nothing says so."""
    r, alpha, a, b = np.exp(logs)
    x = of.repeats
    odds = np.log(a) - np.log(b + np.maximum(x, 1) - 1) + (r + x) * np.log((alpha + of.age) / (alpha + of.last))
    found: Numbers = np.where(x > 0, expit(-odds), 1.0)
    return found


def orders(logs: Numbers, of: Alike, days: float) -> Numbers:
    """How many transactions to expect in so many days from now on."""
    found = np.empty(len(of.repeats))
    for x in np.unique(of.repeats):
        where = of.repeats == x
        found[where] = _while_alive(logs, int(x), of.age[where], days)
    return found * alive(logs, of)


def orders_of_new(logs: Numbers, days: Places) -> Numbers:
    """How many repeats to expect of somebody so many days after their first order."""
    ages, which = np.unique(days, return_inverse=True)
    nothing = np.zeros(1, dtype=np.int64)
    return np.array([float(_while_alive(logs, 0, nothing, float(one))[0]) for one in ages])[which]


def _while_alive(logs: Numbers, x: int, age: Places, days: float) -> Numbers:
    r, alpha, a, b = np.exp(logs)
    leaves, weights = beta_points(float(a), float(b) + x)
    ages, which = np.unique(age, return_inverse=True)
    share = np.log1p(leaves[None, :] * (days / (alpha + ages))[:, None])
    # (1 - (1 + p s)^-(r + x)) / p, without losing the digits of a small p.
    each = -np.expm1(-(r + x) * share) / leaves[None, :]
    found: Numbers = (each @ weights)[which]
    return found


def beta_points(a: float, b: float) -> tuple[Numbers, Numbers]:
    """Gauss's points and weights for a mean over a beta distribution (Golub and Welsch 1969)."""
    one, other = b - 1, a - 1
    n = np.arange(POINTS, dtype=np.float64)
    twice = 2 * n + one + other
    middle = np.empty(POINTS)
    middle[0] = (other - one) / (one + other + 2)
    middle[1:] = (other - one) * (other + one) / (twice[1:] * (twice[1:] + 2))
    k, d = n[1:], twice[1:]
    beside = 4 * k * (k + one) * (k + other) * (k + one + other) / (d**2 * (d + 1) * (d - 1))
    beside[0] = 4 * (1 + one) * (1 + other) / (d[0] ** 2 * (d[0] + 1))
    points, vectors = eigh_tridiagonal(middle, np.sqrt(beside))
    return np.maximum((1 + points) / 2, 1e-300), vectors[0] ** 2
