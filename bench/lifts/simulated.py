"""Experiments whose truth is known: how often the interval holds it, and how often a fault or an effect is seen."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from bot.insights.lift.conversion import conversion_difference
from bot.insights.lift.estimates import Estimate, Label
from bot.insights.lift.revenue import revenue_difference
from bot.insights.lift.sample_ratio import sample_ratio
from bot.insights.lift.sides import Numbers, Side, side
from bot.insights.lift.verdict import Verdict, lift_of

PEOPLE, HOLDOUT, BOUGHT, EFFECT = 20_000, 0.2, 0.05, 0.01
PEEKS = 10
LOST = 0.12
"""The share of those held out whom a planted fault loses: a page that does not log them."""

MEAN = float(np.exp(3.5 + 0.8**2 / 2))
"""What a buyer spends on the average."""
BARS = {
    "coverage": 0.95,
    "coverage_revenue": 0.95,
    "peeking_false_positive": 0.05,
    "planned_false_positive": 0.05,
    "naive_peeking_false_positive": 0.05,
    "sample_ratio_caught": 0.99,
    "sample_ratio_false_alarm": 0.001,
}
"""`peeking`: ten looks, no plan. `planned`: nine, and the last when all are there. `naive`: the usual interval."""


def experiment(random: np.random.Generator, *, effect: float = EFFECT, lost: float = 0.0) -> tuple[Numbers, Numbers]:
    """What each spent, in the order they came, and whether they were held out (1.0)."""
    held_out = random.random(PEOPLE) < HOLDOUT
    bought = random.random(PEOPLE) < BOUGHT + effect * ~held_out
    spent = np.where(bought, random.lognormal(3.5, 0.8, PEOPLE), 0.0)
    kept = ~held_out | (random.random(PEOPLE) >= lost)
    return spent[kept], held_out[kept].astype(float)


def sides(spent: Numbers, held_out: Numbers, upto: int | None = None) -> tuple[Side, Side]:
    spent, out = spent[:upto], held_out[:upto] == 1
    return side(spent[~out]), side(spent[out])


def figures(runs: int, *, seed: int = 7) -> Iterator[tuple[str, float, str, float]]:
    """Each with the bar it is held against."""
    random = np.random.default_rng(seed)
    seen: Counter[str] = Counter()
    for _ in range(runs):
        seen.update(_of_one(random))
    for name, bar in BARS.items():
        yield name, seen[name] / runs, "share", bar


def _of_one(random: np.random.Generator) -> Iterator[str]:
    """What is seen of one experiment with an effect, one without, and one with a fault."""
    offered, held_out = sides(*experiment(random))
    if sample_ratio(offered.people, held_out.people, holdout=HOLDOUT).is_faulty:
        yield "sample_ratio_false_alarm"
    if _holds(conversion_difference(offered, held_out, Label.RANDOMIZED), EFFECT):
        yield "coverage"
    if _holds(revenue_difference(offered, held_out, Label.RANDOMIZED), EFFECT * MEAN):
        yield "coverage_revenue"
    yield from _peeks(*experiment(random, effect=0.0))
    faulty = sides(*experiment(random, effect=0.0, lost=LOST))
    if lift_of(*faulty, holdout=HOLDOUT).verdict is Verdict.FAULTY:
        yield "sample_ratio_caught"


def _peeks(spent: Numbers, held_out: Numbers) -> Iterator[str]:
    """What ten looks at an experiment without an effect say: while it runs, up to its plan, and in the usual way."""
    looks = [sides(spent, held_out, len(spent) * look // PEEKS) for look in range(1, PEEKS + 1)]
    usual = [conversion_difference(*look, Label.RANDOMIZED) for look in looks]
    if any(one is not None and one.sign for one in usual):
        yield "naive_peeking_false_positive"
    for name, planned in {"peeking_false_positive": None, "planned_false_positive": PEOPLE}.items():
        verdicts = {lift_of(*look, holdout=HOLDOUT, planned=planned).verdict for look in looks}
        if verdicts & {Verdict.MORE, Verdict.LESS}:
            yield name


def _holds(found: Estimate | None, truth: float) -> bool:
    return found is not None and found.low <= truth <= found.high
