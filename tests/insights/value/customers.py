"""Customers whose truth is known: drawn as the models have it, with parameters that are to be found again."""

import numpy as np

from bot.insights.value.histories import Histories, Numbers
from bot.insights.value.repeat_orders import Repeating

TRUE = Repeating(0.8, 40.0, 0.9, 4.0, 0.0, (), ())


def drawn(people: int, *, days: int, later: int = 0, seed: int = 1) -> tuple[Histories, Numbers]:
    """Their histories after so many days at most, and how many orders each makes in the days after that."""
    random = np.random.default_rng(seed)
    ages = random.integers(1, days + 1, people)
    rows, after = [], []
    for age in ages:
        rate, leaves = random.gamma(TRUE.r, 1 / TRUE.alpha), random.beta(TRUE.a, TRUE.b)
        made = np.cumsum(random.exponential(1 / rate, min(10_000, random.geometric(leaves))))
        made = made[made <= age + later]
        before = sorted({int(np.ceil(one)) for one in made if one <= age})
        rows.append((len(before), before[-1] if before else 0, int(age)))
        after.append(int((made > age).sum()))
    repeats, last, age = np.array(rows, dtype=np.int64).T
    return Histories(repeats, last, age, repeats, repeats * 1_000.0), np.array(after, dtype=np.float64)


def of(*rows: tuple[int, int, int, int, float]) -> Histories:
    """(repeats, last, age, paid, spent) of each."""
    repeats, last, age, paid, spent = zip(*rows, strict=True)
    whole = [np.array(one, dtype=np.int64) for one in (repeats, last, age, paid)]
    return Histories(*whole, np.array(spent, dtype=np.float64))
