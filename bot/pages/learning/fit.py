"""Fits the weights of the ranking to questions whose right, or wrong, passages are known.

Linear weights, and features that do not depend on them: so what is learned can be read, and is the same every time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.pages.answering.ranking import FEATURES, Floats, Weights

RIDGE = 20.0
"""As much as twenty questions hold the weights where they were. Fewer can move them a little, hundreds decide."""
_STEPS, _HALVINGS, _NEAR_ENOUGH = 60, 30, 1e-6

type Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A question's candidates: a row of `FEATURES` and a label each.

    A label above 0 is a right passage's, below 0 a wrong one's; its size says how much that counts. 0: nobody knows.
    """

    features: Floats
    labels: Floats

    @property
    def has_right(self) -> bool:
        return bool((self.labels > 0).any())


def fit(examples: Sequence[Example], prior: Weights, *, ridge: float = RIDGE) -> dict[str, float]:
    """The weights w that minimise, by Newton's method from `prior` on and always the same,

        Σ over questions of (− Σ_right l_i · log p_i  −  m · log(1 − Σ_wrong p_i))  +  ridge / 2 · ‖(w − prior) · s‖²

    where p is the softmax of the candidates' scores w · x, l_i the label of a right one, m the sum of the wrong ones'
    without its sign, and s the spread of each feature: its standard deviation among the candidates of one question.
    What tells no question's candidates apart keeps its prior weight; without examples all do.
    """
    start = np.array([prior[name] for name in FEATURES], dtype=np.float64)
    told = _Told.of(examples)
    if told is None:
        return dict(zip(FEATURES, start.tolist(), strict=True))
    scaled = start * told.spread
    weights = scaled.copy()
    for _ in range(_STEPS):
        slope, curve = told.slopes(weights)
        slope += ridge * (weights - scaled)
        if np.abs(slope).max() < _NEAR_ENOUGH:
            break
        step = -np.linalg.solve(curve + max(ridge, 1e-9) * np.eye(len(weights)), slope)
        taken = _descent(lambda at: told.loss(at) + ridge / 2 * float(((at - scaled) ** 2).sum()), weights, step, slope)
        if taken is None:
            break
        weights = taken
    return dict(zip(FEATURES, (weights / told.spread).tolist(), strict=True))


def _descent(loss: Callable[[Numbers], float], weights: Numbers, step: Numbers, slope: Numbers) -> Numbers | None:
    """The weights after as much of the step as makes the loss less; None when nothing does."""
    before, downhill = loss(weights), float(slope @ step)
    for halving in range(_HALVINGS):
        there = weights + step / 2**halving
        if loss(there) <= before + 1e-4 * downhill / 2**halving:
            return np.asarray(there)
    return None


@dataclass(frozen=True)
class _Told:
    """All examples in one block (questions × candidates × features), scaled; shorter ones filled up with `no` ones."""

    rows: Numbers
    right: Numbers
    wrong: NDArray[np.bool_]
    wrongness: Numbers
    none: NDArray[np.bool_]
    spread: Numbers

    @staticmethod
    def of(examples: Sequence[Example]) -> "_Told | None":
        telling = [one for one in examples if len(one.labels) > 1 and one.labels.any()]
        if not telling:
            return None
        shape = (len(telling), max(len(one.labels) for one in telling))
        rows, labels, none = np.zeros((*shape, len(FEATURES))), np.zeros(shape), np.ones(shape, dtype=np.bool_)
        for at, one in enumerate(telling):
            own = one.features.astype(np.float64)
            # Only differences within a question count; without the mean the numbers stay small.
            rows[at, : len(own)] = own - own.mean(axis=0)
            labels[at, : len(own)] = one.labels
            none[at, : len(own)] = False
        spread = np.sqrt((rows**2).sum(axis=(0, 1)) / (~none).sum())
        spread = np.where(spread > 1e-6, spread, 1.0)
        wrong = (labels < 0) & ~none
        # Where every candidate is wrong none can be better.
        wrong &= (~wrong & ~none).any(axis=1, keepdims=True)
        wrongness = -np.where(wrong, labels, 0.0).sum(axis=1)
        return _Told(rows / spread, np.maximum(labels, 0.0), wrong, wrongness, none, spread)

    def loss(self, weights: Numbers) -> float:
        scores = self._scores(weights)
        whole = _log_sum(scores)
        right = self.right.sum(axis=1) * whole - (self.right * np.where(self.none, 0.0, scores)).sum(axis=1)
        others = _log_sum(np.where(self.wrong, -np.inf, scores))
        return float((right + self.wrongness * (whole - others)).sum())

    def slopes(self, weights: Numbers) -> tuple[Numbers, Numbers]:
        """The loss's gradient, and a curvature that is never below the true one."""
        scores = self._scores(weights)
        likely, others = _softmax(scores), _softmax(np.where(self.wrong, -np.inf, scores))
        count = self.right.sum(axis=1) + self.wrongness
        pulls = count[:, None] * likely - self.right - self.wrongness[:, None] * others
        weighed = self.rows * (count[:, None] * likely)[..., None]
        means = np.einsum("qcf,qc->qf", self.rows, likely)
        curve = np.tensordot(weighed, self.rows, axes=((0, 1), (0, 1))) - (means * count[:, None]).T @ means
        return np.tensordot(pulls, self.rows, axes=((0, 1), (0, 1))), curve

    def _scores(self, weights: Numbers) -> Numbers:
        return np.where(self.none, -np.inf, self.rows @ weights)


def _log_sum(scores: Numbers) -> Numbers:
    most = scores.max(axis=1, keepdims=True)
    return np.asarray(most[:, 0] + np.log(np.exp(scores - most).sum(axis=1)))


def _softmax(scores: Numbers) -> Numbers:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
