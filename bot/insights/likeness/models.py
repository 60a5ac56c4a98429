"""The two models that may be asked who is alike: a ridge over the columns, and boosted trees."""

from typing import Any, Protocol

import numpy as np

from bot.insights.likeness.design import Design, design_of
from bot.insights.likeness.known import Known, Numbers

RIDGE = 0.1
"""scikit-learn's C: on the small real file more of a ridge than its 1.0 ranks better, and never worse on large ones."""
SEED = 1


class Model(Protocol):
    def scores(self, known: Known) -> Numbers:
        """How alike each person is, from 0 to 1."""
        ...


class Logistic:
    """Its weights say who is alike, too: one a part of the design, of columns that all vary as much."""

    def __init__(self, known: Known, is_seed: Numbers, weight: Numbers) -> None:
        from sklearn.linear_model import LogisticRegression

        self.design: Design = design_of(known)
        self._fit: Any = LogisticRegression(C=RIDGE, max_iter=500)
        self._fit.fit(self.design.of(known), is_seed, sample_weight=weight)

    @property
    def weights(self) -> Numbers:
        found: Numbers = self._fit.coef_[0]
        return found

    def scores(self, known: Known) -> Numbers:
        found: Numbers = self._fit.predict_proba(self.design.of(known))[:, 1]
        return found


class Boosted:
    def __init__(self, known: Known, is_seed: Numbers, weight: Numbers) -> None:
        from sklearn.ensemble import HistGradientBoostingClassifier

        self._design = design_of(known)
        self._fit: Any = HistGradientBoostingClassifier(
            learning_rate=0.06, max_iter=150, max_leaf_nodes=15, min_samples_leaf=20, l2_regularization=1.0,
            early_stopping=False, random_state=SEED,
        )  # fmt: skip
        self._fit.fit(self._design.of(known).astype(np.float32), is_seed, sample_weight=weight)

    def scores(self, known: Known) -> Numbers:
        found: Numbers = self._fit.predict_proba(self._design.of(known).astype(np.float32))[:, 1]
        return found


MODELS: dict[str, type[Logistic] | type[Boosted]] = {"logistic": Logistic, "boosted": Boosted}
