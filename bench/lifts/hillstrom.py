"""The lift of a real experiment, women's e-mail against none, beside a bootstrap that draws every customer again."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bot.insights.lift.conversion import conversion_difference
from bot.insights.lift.estimates import Estimate, Label
from bot.insights.lift.revenue import revenue_difference
from bot.insights.lift.sides import Numbers, side

DATA = Path(__file__).parents[3] / "shared" / "data" / "hillstrom" / "hillstrom_womens_half.csv.gz"
DRAWS, SEED = 2_000, 20_080_320
MAILED, NOT_MAILED = "Womens E-Mail", "No E-Mail"


def arms() -> tuple[Numbers, Numbers]:
    """What each customer spent in two weeks: those who got the mail, and those who did not."""
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    mailed, not_mailed = (
        [float(row["spend"]) for row in rows if row["segment"] == arm] for arm in (MAILED, NOT_MAILED)
    )
    return np.array(mailed), np.array(not_mailed)


def figures(draws: int = DRAWS) -> Iterator[tuple[str, float, str, float]]:
    """Of both outcomes the difference, and how far each end of the interval is from the bootstrap's, in its widths."""
    mailed, not_mailed = arms()
    one, other = side(mailed), side(not_mailed)
    random = np.random.default_rng(SEED)
    spent = revenue_difference(one, other, Label.RANDOMIZED)
    bought = conversion_difference(one, other, Label.RANDOMIZED)
    assert spent is not None and bought is not None
    yield "spend", spent.value, "per customer", float(mailed.mean() - not_mailed.mean())
    yield "conversion", bought.value, "share", float((mailed > 0).mean() - (not_mailed > 0).mean())
    yield "spend_width", *_against(spent, bootstrap(mailed, not_mailed, random, draws))
    # Of yes and no the bootstrap is a binomial draw; and since one buyer is 2 % of the width, it takes more of them.
    shares = [(int((arm > 0).sum()), len(arm)) for arm in (mailed, not_mailed)]
    one_share, other_share = (random.binomial(people, count / people, 100 * draws) / people for count, people in shares)
    yield "conversion_width", *_against(bought, one_share - other_share)


def _against(found: Estimate, again: Numbers) -> tuple[float, str, float]:
    low, high = np.quantile(again, [0.025, 0.975])
    return found.high - found.low, "width of 95 %", float(high - low)


def bootstrap(one: Numbers, other: Numbers, random: np.random.Generator, draws: int) -> Numbers:
    differences = [
        one[random.integers(0, len(one), len(one))].mean() - other[random.integers(0, len(other), len(other))].mean()
        for _ in range(draws)
    ]
    return np.array(differences)
