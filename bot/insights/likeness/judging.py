"""How well a model ranks people it has not seen, against ranking them by what they had spent."""

from dataclasses import dataclass

import numpy as np

from bot.insights.likeness.known import Amount, Known, Numbers
from bot.insights.likeness.models import MODELS, SEED

FOLDS = 5
TENTH = 0.1
SURE = 1.959963984540054
PERFECT = 0.95
"""A single column that ranks as well as this is more likely a trace of the outcome than a sign of it."""
TOO_GOOD, LEANS = 0.9, 0.1
FEW_COLUMNS = 5
"""An AUC that is so good, and so much worse without one column; of few columns, one always is much."""


@dataclass(frozen=True)
class Ranked:
    """Of people who were not learned from: a figure a fold."""

    auc: tuple[float, ...]
    lift: tuple[float, ...]

    @property
    def mean_auc(self) -> float:
        return float(np.mean(self.auc))

    @property
    def mean_lift(self) -> float:
        return float(np.mean(self.lift))

    @property
    def auc_error(self) -> float:
        return error_of(self.auc)

    @property
    def lift_error(self) -> float:
        return error_of(self.lift)


@dataclass(frozen=True)
class Judged:
    """`chosen` is the model that earned it; `suspects` are columns that may know the outcome, with why."""

    chosen: str
    ranked: dict[str, Ranked]
    by_spend: Ranked | None
    people: int
    seeds: int
    suspects: tuple[tuple[str, str], ...]

    @property
    def best(self) -> Ranked:
        return self.ranked[self.chosen]

    @property
    def lifts(self) -> bool:
        """Whether the first tenth has more of the seeds than any tenth has, surely."""
        return self.best.mean_lift - SURE * self.best.lift_error > 1

    @property
    def against_spend(self) -> float | None:
        """By how many standard errors the lift is above that of past spend; None where there is no spend."""
        return None if self.by_spend is None else _errors(self.best.lift, self.by_spend.lift)


def judged(known: Known, is_seed: Numbers, spent: Numbers | None, weight: Numbers | None = None) -> Judged:
    """Five folds, each ranked by what the other four taught. Trees only where they are better by a standard error."""
    weight = np.ones(len(is_seed)) if weight is None else weight
    folds = _folds(is_seed)
    ranked = {name: _ranked(name, known, is_seed, weight, folds) for name in MODELS}
    gains = np.subtract(ranked["boosted"].auc, ranked["logistic"].auc)
    chosen = "boosted" if gains.mean() > error_of(gains) else "logistic"
    plain = None if spent is None else _of_scores([spent[held] for _, held in folds], is_seed, weight, folds)
    suspects = _suspects(known, is_seed, weight, folds, chosen, ranked[chosen].mean_auc)
    return Judged(chosen, ranked, plain, len(is_seed), int(is_seed.sum()), suspects)


def auc(score: Numbers, is_seed: Numbers, weight: Numbers) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(is_seed, score, sample_weight=weight))


def lift(score: Numbers, is_seed: Numbers, weight: Numbers) -> float:
    """How many times as many seeds the tenth with the highest scores has as a tenth by chance. Equals share a seat."""
    _, group = np.unique(-score, return_inverse=True)
    people, seeds = np.bincount(group, weights=weight), np.bincount(group, weights=weight * is_seed)
    before = np.cumsum(people) - people
    taken = np.clip((TENTH * people.sum() - before) / people, 0, 1)
    return float(taken @ seeds / seeds.sum() / TENTH)


def error_of(figures: Numbers | tuple[float, ...]) -> float:
    return float(np.std(figures, ddof=1) / np.sqrt(len(figures)))


type Folds = list[tuple[np.ndarray, np.ndarray]]


def _folds(is_seed: Numbers) -> Folds:
    from sklearn.model_selection import StratifiedKFold

    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(np.zeros(len(is_seed)), is_seed))


def _ranked(name: str, known: Known, is_seed: Numbers, weight: Numbers, folds: Folds) -> Ranked:
    scores = [
        MODELS[name](known.of(learned), is_seed[learned], weight[learned]).scores(known.of(held))
        for learned, held in folds
    ]
    return _of_scores(scores, is_seed, weight, folds)


def _of_scores(scores: list[Numbers], is_seed: Numbers, weight: Numbers, folds: Folds) -> Ranked:
    held = [(score, is_seed[which], weight[which]) for score, (_, which) in zip(scores, folds, strict=True)]
    return Ranked(tuple(auc(*one) for one in held), tuple(lift(*one) for one in held))


def _suspects(
    known: Known, is_seed: Numbers, weight: Numbers, folds: Folds, chosen: str, whole: float
) -> tuple[tuple[str, str], ...]:
    alone = {one.name: _alone(one.values, is_seed, weight) for one in known.columns if isinstance(one, Amount)}
    found = [(name, f"alone it ranks people with an AUC of {value:.3f}") for name, value in alone.items()
             if value >= PERFECT]  # fmt: skip
    best = max(alone, key=lambda name: alone[name], default=None)
    is_told = best is None or any(name == best for name, _ in found)
    if not is_told and best is not None and whole >= TOO_GOOD and len(known.columns) > FEW_COLUMNS:
        without = _ranked(chosen, known.without(best), is_seed, weight, folds).mean_auc
        if whole - without >= LEANS:
            found.append((best, f"without it the AUC is {without:.3f} instead of {whole:.3f}"))
    return tuple(found)


def _alone(values: Numbers, is_seed: Numbers, weight: Numbers) -> float:
    found = auc(np.nan_to_num(values, nan=float(np.nanmin(values)) - 1) if np.isfinite(values).any() else
                np.zeros(len(values)), is_seed, weight)  # fmt: skip
    return max(found, 1 - found)


def _errors(ours: tuple[float, ...], theirs: tuple[float, ...]) -> float:
    """The mean difference in standard errors."""
    differences = np.subtract(ours, theirs)
    error = error_of(differences)
    return float(differences.mean() / error) if error > 0 else 0.0
