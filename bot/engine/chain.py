"""The labels of a sentence's words, chosen together: a linear chain over features of several kinds (a CRF).

As `softmax` for one label a message, and as it without a word on labels that never follow each other: what follows
what is learned. All sentences go through the chain at once, step by step, so that numpy multiplies large matrices.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

STEPS = 60
"""Of L-BFGS; a hundred of them find hardly other labels and take twice as long."""


class Sentences:
    """Where the words of many sentences are, one after the other: at each step those of all that are so long."""

    def __init__(self, lengths: Any) -> None:
        starts = np.cumsum(lengths) - lengths
        # The longest first, so that those of a step are the first of the step before.
        order = np.argsort(-lengths, kind="stable")
        steps = range(int(lengths.max()))
        self.steps = [starts[order[: np.count_nonzero(lengths > step)]] + step for step in steps]
        self.after_another = np.concatenate([np.zeros(0, dtype=np.intp), *self.steps[1:]])


class Chain:
    """What was learned: a matrix (features by labels) for each kind, how frequent labels are, and what follows what."""

    def __init__(self, matrices: Sequence[Any], bias: Any, follows: Any) -> None:
        self.matrices, self.bias, self.follows = list(matrices), bias, follows

    def scores(self, blocks: Sequence[Any]) -> Any:
        """A row for each word, a column for each label, whatever stands before and after it."""
        return self.bias + sum(block @ matrix for block, matrix in zip(blocks, self.matrices, strict=True))

    def best(self, scores: Any) -> tuple[list[int], list[float]]:
        """The labels of one sentence that are likeliest together, and how sure each is."""
        reached, came_from = scores[0], []
        for row in scores[1:]:
            ways = reached[:, None] + self.follows
            came_from.append(ways.argmax(axis=0))
            reached = ways.max(axis=0) + row
        labels = [int(reached.argmax())]
        for before in reversed(came_from):
            labels.append(int(before[labels[-1]]))
        labels.reverse()
        sure = _likely(scores, self.follows, Sentences(np.array([len(scores)])))[0]
        return labels, [float(sure[at, label]) for at, label in enumerate(labels)]


def fit(blocks: Sequence[Any], labels: Any, lengths: Any, classes: int, strength: float) -> Chain:
    """Of a row in each block and a label from 0 for each word. A greater `strength` trusts the examples more."""
    # Only training needs it, and a start would load it for a tenth of a second.
    from scipy.optimize import minimize

    sentences = Sentences(lengths)
    shapes = [*((block.shape[1], classes) for block in blocks), (classes, classes)]
    turned = [block.T.tocsr() if hasattr(block, "tocsr") else block.T for block in blocks]
    right, later = (np.arange(len(labels)), labels), sentences.after_another
    followed = np.zeros((classes, classes))
    np.add.at(followed, (labels[later - 1], labels[later]), 1)

    def loss(flat: Any) -> tuple[float, Any]:
        chain = _unpacked(flat, shapes)
        scores = chain.scores(blocks)
        likely, following, total = _likely(scores, chain.follows, sentences)
        held = flat[:-classes]
        lost = total - float(scores[right].sum(dtype=np.float64)) - float((chain.follows * followed).sum())
        likely[right] -= 1
        slopes = [*((each @ likely).ravel() for each in turned), (following - followed).ravel(), likely.sum(axis=0)]
        slope = np.concatenate(slopes).astype(np.float64) * strength
        slope[:-classes] += held
        return strength * lost + 0.5 * float(held @ held), slope

    start = np.zeros(sum(rows * columns for rows, columns in shapes) + classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "ftol": 1e-6})
    return _unpacked(found.x, shapes)


def _likely(scores: Any, follows: Any, sentences: Sentences) -> tuple[Any, Any, float]:
    """The chance of each label of each word, how often each follows each, and the logarithm of all ways together."""
    most, most_following = scores.max(axis=1, keepdims=True), follows.max()
    alone, following = np.exp(scores - most), np.exp(follows - most_following).astype(scores.dtype)
    until, scale = _forward(alone, following, sentences)
    since, pairs = np.ones_like(alone), np.zeros_like(following)
    for step in range(len(sentences.steps) - 1, 0, -1):
        here = sentences.steps[step]
        before = sentences.steps[step - 1][: len(here)]
        ahead = since[here] * alone[here] / scale[here]
        pairs += until[before].T @ ahead
        since[before] = ahead @ following.T
    total = np.log(scale).sum(dtype=np.float64) + most.sum(dtype=np.float64)
    total += most_following * len(sentences.after_another)
    return until * since, pairs * following, float(total)


def _forward(alone: Any, following: Any, sentences: Sentences) -> tuple[Any, Any]:
    """The chance of each label by the words up to its own, and what these rows were divided by."""
    until, scale = np.empty_like(alone), np.empty((len(alone), 1), dtype=alone.dtype)
    reached = None
    for here in sentences.steps:
        ways = alone[here] if reached is None else (reached[: len(here)] @ following) * alone[here]
        scale[here] = ways.sum(axis=1, keepdims=True)
        reached = until[here] = ways / scale[here]
    return until, scale


def _unpacked(flat: Any, shapes: Sequence[tuple[int, int]]) -> Chain:
    parts, begin = [], 0
    for rows, columns in shapes:
        end = begin + rows * columns
        parts.append(flat[begin:end].reshape(rows, columns).astype(np.float32))
        begin = end
    return Chain(parts[:-1], flat[begin:].astype(np.float32), parts[-1])
