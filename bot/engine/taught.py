"""What a training gave the classifier of intents, and how it comes about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.engine import confidence, softmax, weighing

KEPT_NEAR = 4_000
"""Examples whose vectors are kept to tell what is near; more of them would cost a message a millisecond."""
MANY = 3_000
"""From so many examples on, one fold tells as much of the confidence as three."""


@dataclass(frozen=True)
class Taught:
    intents: list[str]
    blocks: list[weighing.Block]
    weights: softmax.Weights
    near: Any
    confidence: confidence.Confidence

    def likely(self, messages: Sequence[Message]) -> Any:
        """A row for each message, a column for each intent."""
        rows = weighing.weighed(self.blocks, messages)
        nearness = confidence.nearness(_vectors(self.blocks, rows, len(messages)), self.near)
        return self.confidence.of(self.weights.scores(rows), nearness)

    def parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What JSON can tell, and the arrays."""
        blocks = [{"origin": one.origin, "width": one.width, "weight": one.weight} for one in self.blocks]
        sure = self.confidence
        told = {"intents": self.intents, "blocks": blocks, "temperature": sure.temperature, "bias": sure.bias}
        arrays = {"near": self.near, "weights_bias": self.weights.bias}
        for number, (block, matrix) in enumerate(zip(self.blocks, self.weights.matrices, strict=True)):
            arrays[f"matrix_{number}"] = matrix
            if block.rarity is not None:
                arrays[f"rarity_{number}"] = block.rarity
        if sure.slopes is not None:
            arrays["slopes"] = sure.slopes
        return told, arrays

    @classmethod
    def of(cls, told: dict[str, Any], arrays: Mapping[str, Any]) -> Taught:
        """The inverse of `parts`."""
        kept = dict(arrays.items())
        blocks = [
            weighing.Block(**block, rarity=kept.get(f"rarity_{number}")) for number, block in enumerate(told["blocks"])
        ]
        matrices = [kept[f"matrix_{number}"] for number in range(len(blocks))]
        sure = confidence.Confidence(told["temperature"], kept.get("slopes"), told["bias"])
        return cls(told["intents"], blocks, softmax.Weights(matrices, kept["weights_bias"]), kept["near"], sure)


def teach(
    examples: Sequence[Message], *, strength: float, dense_weight: float, out_of_scope_share: float
) -> Taught | None:
    """None when there is nothing to tell apart."""
    intents = sorted({one.get(INTENT) for one in examples})
    if len(intents) < 2:
        return None
    labels = np.searchsorted(intents, [one.get(INTENT) for one in examples])
    blocks = weighing.learn(examples, dense_weight)
    rows = weighing.weighed(blocks, examples)
    vectors = _vectors(blocks, rows, len(examples))
    held_out = [
        _unseen(rows, vectors, labels, fold, strength)
        for fold in confidence.folds(labels, 1 if len(examples) > MANY else 3)
        if len(np.unique(labels[fold[0]])) > 1
    ]
    return Taught(
        intents,
        blocks,
        softmax.fit(rows, labels, len(intents), strength),
        vectors[_spread(labels)],
        confidence.learn(held_out, out_of_scope_share),
    )


def _unseen(rows: list[Any], vectors: Any, labels: Any, fold: Any, strength: float) -> confidence.HeldOut:
    taught, held, unknown = fold
    # Intents that are left out have no column, so those that are there are counted anew.
    there, counted = np.unique(labels[taught], return_inverse=True)
    weights = softmax.fit([each[taught] for each in rows], counted, len(there), strength)
    near = confidence.nearness(vectors[held], vectors[taught][_spread(labels[taught])])
    unknown = unknown | ~np.isin(labels[held], there)
    return confidence.HeldOut(
        weights.scores([each[held] for each in rows]),
        near,
        np.where(unknown, -1, np.searchsorted(there, labels[held])),
    )


def _vectors(blocks: Sequence[weighing.Block], rows: Sequence[Any], how_many: int) -> Any:
    """Of length 1, from the first dense block; of no width where there is none."""
    for block, each in zip(blocks, rows, strict=True):
        if block.rarity is None:
            return np.asarray(each / block.weight, dtype=np.float32)
    return np.zeros((how_many, 0), dtype=np.float32)


def _spread(labels: Any) -> Any:
    """Which examples are kept to tell what is near: as many of each intent as there is room for."""
    room = max(1, KEPT_NEAR // (int(labels.max()) + 1))
    return np.sort(np.concatenate([np.flatnonzero(labels == each)[:room] for each in np.unique(labels)]))
