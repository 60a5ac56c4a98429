"""Multinomial logistic regression over features of several kinds, each multiplied in its own way.

scikit-learn's puts a sentence's vector of 384 numbers among the counted n-grams of one sparse matrix, and then spends
ten times as long on 15,000 examples.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize

STEPS = 50
"""Of L-BFGS; forty and eighty of them find the same intents."""


class Weights:
    """What was learned: a matrix (features by classes) for each kind of feature, and how frequent each class is."""

    def __init__(self, matrices: Sequence[Any], bias: Any) -> None:
        self.matrices, self.bias = list(matrices), bias

    def scores(self, blocks: Sequence[Any]) -> Any:
        """A row for each example, a column for each class; the softmax of a row is its probabilities."""
        return self.bias + sum(block @ matrix for block, matrix in zip(blocks, self.matrices, strict=True))


def fit(blocks: Sequence[Any], labels: Any, classes: int, strength: float) -> Weights:
    """Of a row in each block and a label from 0 for each example. A greater `strength` trusts the examples more."""
    shapes = [(block.shape[1], classes) for block in blocks]
    turned = [block.T.tocsr() if hasattr(block, "tocsr") else block.T for block in blocks]
    right = (np.arange(len(labels)), labels)

    def loss(flat: Any) -> tuple[float, Any]:
        weights = _unpacked(flat, shapes)
        scores = weights.scores(blocks)
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1, keepdims=True)
        lost = float((np.log(total[:, 0]) - scores[right]).sum(dtype=np.float64))
        likely /= total
        likely[right] -= 1
        held = flat[: -classes or None]
        slopes = [(each @ likely).ravel() for each in turned]
        slope = np.concatenate([*slopes, likely.sum(axis=0)]).astype(np.float64) * strength
        slope[:-classes] += held
        return strength * lost + 0.5 * float(held @ held), slope

    start = np.zeros(sum(rows * classes for rows, _ in shapes) + classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "ftol": 1e-6})
    return _unpacked(found.x, shapes)


def softmaxed(scores: Any) -> Any:
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return likely / likely.sum(axis=1, keepdims=True)


def _unpacked(flat: Any, shapes: Sequence[tuple[int, int]]) -> Weights:
    matrices, begin = [], 0
    for rows, columns in shapes:
        end = begin + rows * columns
        matrices.append(flat[begin:end].reshape(rows, columns).astype(np.float32))
        begin = end
    return Weights(matrices, flat[begin:].astype(np.float32))
