"""How sure an intent is: a share that comes true, low for what no intent is about.

Both are learned from examples that the classifier did not see. A temperature makes the softmax as sure as it is right.
Whole intents are left out too, whose examples are then about nothing that it knows: they tell what being out of scope
looks like, without a single example of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.engine.softmax import softmaxed

NEAREST = 5
LEFT_OUT = 5
"""One of so many intents is left out, and one of so many examples of the others."""
FEWEST_INTENTS = 5
"""With fewer, what is left of them when some are left out is another task."""
TEMPERATURES = np.geomspace(0.2, 3.0, 28)


@dataclass(frozen=True)
class Confidence:
    temperature: float = 1.0
    slopes: Any = None
    bias: float = 0.0

    def of(self, scores: Any, nearness: Any) -> Any:
        """A row for each message, a column for each intent. What a row lacks to 1 is the chance of no intent."""
        likely = softmaxed(scores / self.temperature)
        if self.slopes is None:
            return likely
        told = signs(scores, nearness) @ self.slopes + self.bias
        return likely / (1 + np.exp(-told))[:, None]


@dataclass(frozen=True)
class HeldOut:
    """What a classifier made of examples that it did not see. `labels` is -1 where it knew nothing of the intent."""

    scores: Any
    nearness: Any
    labels: Any


def learn(held_out: Sequence[HeldOut], out_of_scope_share: float) -> Confidence:
    """Without anything held out, as after one example of each of two intents, a softmax as it comes."""
    if not held_out:
        return Confidence()
    known = [(each.scores[each.labels >= 0], each.labels[each.labels >= 0]) for each in held_out]
    losses = [sum(_loss(scores / one, labels) for scores, labels in known) for one in TEMPERATURES]
    temperature = float(TEMPERATURES[int(np.argmin(losses))])
    seen = np.concatenate([signs(each.scores, each.nearness) for each in held_out])
    known_rows = np.concatenate([each.labels >= 0 for each in held_out])
    if known_rows.all() or not known_rows.any():
        return Confidence(temperature)
    middle, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-6
    gate = LogisticRegression(class_weight="balanced").fit((seen - middle) / spread, known_rows)
    slopes = gate.coef_[0] / spread
    # Balanced, it takes both for equally frequent, however many intents were left out.
    prior = np.log((1 - out_of_scope_share) / out_of_scope_share)
    return Confidence(temperature, slopes, float(gate.intercept_[0] - middle @ slopes + prior))


def signs(scores: Any, nearness: Any) -> Any:
    """Of being in scope: the best score, how far it is ahead, and how near the nearest examples are."""
    best = -np.partition(-scores, 1, axis=1)[:, :2]
    return np.column_stack([best[:, 0], best[:, 0] - best[:, 1], nearness])


def nearness(rows: Any, examples: Any) -> Any:
    """Cosine with the nearest example, and the mean with the nearest few; both 0 without vectors."""
    few = min(NEAREST, len(examples))
    if not few or not examples.shape[1]:
        return np.zeros((len(rows), 2))
    near = -np.partition(-(rows @ examples.T), few - 1, axis=1)[:, :few]
    return np.column_stack([near.max(axis=1), near.mean(axis=1)])


def folds(labels: Any, how_many: int) -> list[tuple[Any, Any, Any]]:
    """Of each fold: the examples to learn from, those held out, and which of these are of intents left out."""
    random = np.random.Generator(np.random.PCG64(len(labels)))
    intents = labels.max() + 1
    group_of = random.permutation(np.arange(intents) % LEFT_OUT) if intents >= FEWEST_INTENTS else np.full(intents, -1)
    part_of = random.permutation(np.arange(len(labels)) % LEFT_OUT)
    cut = []
    for number in range(how_many):
        unknown = group_of[labels] == number
        held = unknown | (part_of == number)
        cut.append((np.flatnonzero(~held), np.flatnonzero(held), unknown[held]))
    return cut


def _loss(scores: Any, labels: Any) -> float:
    return float(-np.log(softmaxed(scores)[np.arange(len(labels)), labels] + 1e-12).sum())
