"""Without anybody held out: talkers against people who are alike in what was known of them before they could talk.

Doubly robust (AIPW) for those who talked: a model of who talks and one of who buys without talking, each fitted on the
others of five parts (Chernozhukov and others, Econometrics Journal 21, 2018). It is right if either model is, and if
nothing unknown drives both; which nobody can check, so the E-value says how strong that would have to be.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.insights.lift.estimates import Estimate, Label, around
from bot.insights.lift.hidden import e_value, e_value_of_limit
from bot.insights.lift.logistic import chances, fitted, standardized
from bot.insights.lift.sides import Numbers

PARTS = 5
TRIMMED_ABOVE = 0.9
"""Of chances to talk: who talks almost surely has nobody alike who did not."""
FEWEST = 50
"""Talkers, and others, and buyers of both together, below which there is nothing to fit."""
BINS = 10


@dataclass(frozen=True)
class Overlap:
    """How alike the two groups can be made: people by their chance to talk, in tenths, and how many were left out."""

    talkers: tuple[int, ...]
    others: tuple[int, ...]
    trimmed: int
    worth: float
    """As how many equal people the weighted others count."""


@dataclass(frozen=True)
class Adjusted:
    """The change in the share who buy among those who talked, absolute and relative, with what it rests on."""

    difference: Estimate
    ratio: Estimate | None
    overlap: Overlap
    e_value: float | None
    e_value_of_limit: float | None


def adjusted(
    columns: Numbers, talked: npt.NDArray[np.bool_], bought: npt.NDArray[np.bool_], *, seed: int = 0
) -> Adjusted | None:
    """`columns` are what was known of each person beforehand. None when too few talked, did not talk, or bought."""
    if min(talked.sum(), (~talked).sum(), bought.sum(), (~bought).sum()) < FEWEST:
        return None
    columns = standardized(columns)
    part = np.random.default_rng(seed).permutation(len(talked)) % PARTS
    chance, expected = np.empty(len(talked)), np.empty(len(talked))
    for number in range(PARTS):
        here, rest = part == number, part != number
        chance[here] = chances(columns[here], fitted(columns[rest], talked[rest]))
        silent = rest & ~talked
        expected[here] = chances(columns[here], fitted(columns[silent], bought[silent]))
    kept = chance <= TRIMMED_ABOVE
    if talked[kept].sum() < FEWEST or (~talked[kept]).sum() < FEWEST:
        return None
    return _found(talked[kept], bought[kept], chance[kept], expected[kept], _overlap(talked, chance))


def _found(
    talked: npt.NDArray[np.bool_],
    bought: npt.NDArray[np.bool_],
    chance: Numbers,
    expected: Numbers,
    overlap: Overlap,
) -> Adjusted:
    share = float(talked.mean())
    surprise: Numbers = bought - expected
    weighted: Numbers = np.where(talked, surprise, -chance / (1 - chance) * surprise) / share
    effect = float(weighted.mean())
    # How each person moves the estimate, and through it the share without talking and the ratio.
    moves: Numbers = weighted - talked * effect / share
    difference = around(effect, float(moves.var(ddof=1)) / len(moves), Label.ADJUSTED)
    with_talk = float(bought[talked].mean())
    moves_with = ((bought - with_talk) * talked / share).astype(np.float64)
    ratio = _ratio(with_talk, effect, moves, moves_with)
    limit = None if ratio is None else e_value_of_limit(ratio)
    return Adjusted(difference, ratio, overlap, None if ratio is None else e_value(1 + ratio.value), limit)


def _ratio(with_talk: float, effect: float, moves: Numbers, moves_with: Numbers) -> Estimate | None:
    without = with_talk - effect
    if without <= 0 or with_talk <= 0:
        return None
    of_log = moves_with / with_talk - (moves_with - moves) / without
    found = around(float(np.log(with_talk / without)), float(of_log.var(ddof=1)) / len(of_log), Label.ADJUSTED)
    value, low, high = (float(np.expm1(one)) for one in (found.value, found.low, found.high))
    return Estimate(value, low, high, Label.ADJUSTED, found.p)


def _overlap(talked: npt.NDArray[np.bool_], chance: Numbers) -> Overlap:
    edges = np.linspace(0, 1, BINS + 1)
    used = chance <= TRIMMED_ABOVE
    weights = (chance / (1 - chance))[used & ~talked]
    return Overlap(
        talkers=tuple(int(one) for one in np.histogram(chance[talked], edges)[0]),
        others=tuple(int(one) for one in np.histogram(chance[~talked], edges)[0]),
        trimmed=int((~used).sum()),
        worth=float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0,
    )
