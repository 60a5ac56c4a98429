"""How often the right passage comes first, with the shipped weights and with those learned from other conversations."""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.pages.answering.ranking import FEATURES, Weights
from bot.pages.learning.fit import Example, fit

FOLDS = 5
RESAMPLED = 2_000
BEYOND_CHANCE = 0.05

type Fitter = Callable[[Sequence[Example], Weights], Weights]


@dataclass(frozen=True)
class Comparison:
    """Over `questions` whose right passage is known: the shares in which it comes first, from 0.0 to 1.0.

    `low` and `high` are where the gain is with 95 %, had other conversations of the same kind been rated. `chance` is
    how often a coin would split the `changed` conversations, those that gain or lose, as unevenly.
    """

    questions: int = 0
    shipped: float = 0.0
    learned: float = 0.0
    low: float = 0.0
    high: float = 0.0
    changed: int = 0
    chance: float = 1.0

    @property
    def better(self) -> bool:
        """Better with the learned weights, beyond chance."""
        return self.low > 0 and self.chance < BEYOND_CHANCE


def compare(
    examples: Sequence[Example], groups: Sequence[Hashable], shipped: Weights, *, fitter: Fitter = fit
) -> Comparison:
    """Each fifth of the groups (conversations) judged by weights that were learned from the other four."""
    numbers = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    fold_of = [numbers[group] % FOLDS for group in groups]
    gains, before = np.zeros((len(numbers), 2)), 0
    for fold in range(FOLDS):
        asked = [at for at, one in enumerate(examples) if fold_of[at] == fold and one.has_right]
        others = [one for at, one in enumerate(examples) if fold_of[at] != fold]
        learned = fitter(others, shipped) if asked and others else shipped
        for at in asked:
            was, becomes = (comes_first(examples[at], weights) for weights in (shipped, learned))
            before += was
            gains[numbers[groups[at]]] += (becomes - was, 1)
    return _told(gains[gains[:, 1] > 0], before)


def comes_first(example: Example, weights: Weights) -> bool:
    """Whether the first of the question's candidates is a right one."""
    counted = np.array([weights[name] for name in FEATURES])
    return bool(len(example.labels)) and bool(example.labels[int((example.features @ counted).argmax())] > 0)


def _told(gains: np.ndarray, before: int) -> Comparison:
    """`gains`: of each conversation how many questions it gains, and has."""
    if not len(gains):
        return Comparison()
    questions = int(gains[:, 1].sum())
    # Questions of one conversation are alike: it is drawn whole or not at all. The same draws every time.
    drawn = np.random.default_rng(1).integers(0, len(gains), (RESAMPLED, len(gains)))
    shares = [again[:, 0].sum() / again[:, 1].sum() for again in (gains[one] for one in drawn)]
    low, high = np.quantile(shares, (0.025, 0.975))
    up, down = int((gains[:, 0] > 0).sum()), int((gains[:, 0] < 0).sum())
    after = before + float(gains[:, 0].sum())
    chance = coin(up, down)
    return Comparison(questions, before / questions, after / questions, float(low), float(high), up + down, chance)


def coin(up: int, down: int) -> float:
    """How likely a fair coin falls as unevenly, to either side (the sign test)."""
    thrown = up + down
    as_few = sum(math.comb(thrown, one) for one in range(min(up, down) + 1))
    return min(1.0, as_few / (1 << thrown) * 2)
