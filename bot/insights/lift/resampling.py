"""The difference in revenue by drawing the people again: beside Welch's where buyers are few, since the rare large
order makes the sums lopsided."""

import numpy as np

from bot.insights.lift.estimates import LEVEL, Estimate, Label
from bot.insights.lift.sides import Numbers, Side

DRAWS = 2_000
FEW = 100
"""Buyers of a side below which the drawn interval is shown too, and the revenue is "too few to judge"."""
_AT_ONCE = 2_000_000
"""Numbers held at a time: a million buyers take no more memory than a thousand."""


def are_few(*sides: Side) -> bool:
    return any(side.buyers < FEW for side in sides)


def drawn_again(offered: Side, held_out: Side, label: Label, *, seed: int, draws: int = DRAWS) -> Estimate | None:
    """The difference in revenue per visitor with the middle 95 % of what other draws of the same people give.

    None when a side has nobody, or nobody who brought anything: drawn again, nothing stays nothing for ever.
    """
    if not len(offered.spends) or not len(held_out.spends) or offered.mean is None or held_out.mean is None:
        return None
    random = np.random.default_rng(seed)
    differences = means(offered, random, draws) - means(held_out, random, draws)
    low, high = np.quantile(differences, [(1 - LEVEL) / 2, 1 - (1 - LEVEL) / 2])
    return Estimate(offered.mean - held_out.mean, float(low), float(high), label)


def means(side: Side, random: np.random.Generator, draws: int = DRAWS) -> Numbers:
    """Revenue per visitor of so many draws of the side's people, with putting back.

    How many of a draw brought anything is binomial, and who they are is any of these: nobody else needs a place.
    """
    counts = random.binomial(side.people, len(side.spends) / side.people, draws)
    sums = np.zeros(draws)
    step = max(1, _AT_ONCE // max(1, int(counts.max())))
    for start in range(0, draws, step):
        some = counts[start : start + step]
        picked = side.spends[random.integers(0, len(side.spends), int(some.sum()))]
        ends = np.cumsum(some)
        totals = np.concatenate([[0.0], np.cumsum(picked)])
        sums[start : start + step] = totals[ends] - totals[ends - some]
    return sums / side.people
