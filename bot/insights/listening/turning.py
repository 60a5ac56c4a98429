"""From which step on the mood was another than before, where that is clear.

Every split of the steps is looked at, and the one that sets the two sides furthest apart is judged by how often chance
does as much among as many splits: in so many series of steps with as many people each, in which nothing changes. What
days differ by beyond the chance of who wrote (Mondays, holidays) counts against it: the distance is measured in what is
left of the steps' spread about the two levels, where that is more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bot.insights.changes import FEW
from bot.insights.lift.estimates import Estimate, Label, Z
from bot.insights.listening.moods import Mood

SERIES = 4_999
SEED = 20_26
LEAST_STEPS = 2
"""On either side: one step alone may be anything."""
type Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Turning:
    """The first of the steps after it, by their place, and the means before and after."""

    place: int
    before: float
    after: float
    estimate: Estimate


def turning(steps: Sequence[Mood]) -> Turning | None:
    """The likeliest one; None where there is nothing to split. Steps without anybody are passed over."""
    there = [(place, one) for place, one in enumerate(steps) if one.people]
    people = np.array([one.people for _, one in there], dtype=np.float64)
    means = np.array([one.total / one.people for _, one in there])
    within = sum((one.people - 1) * one.spread for _, one in there)
    freedom = sum(one.people - 1 for _, one in there)
    splits = _splits(people)
    if not splits.any() or freedom < FEW or within <= 0:
        return None
    spread = within / freedom
    told = _furthest(means[None, :] / sqrt(spread), people, splits)
    by_chance = np.random.default_rng(SEED).standard_normal((SERIES, len(people))) / np.sqrt(people)
    as_far = int((_furthest(by_chance, people, splits).distance >= told.distance[0]).sum())
    split = int(told.split[0])
    before, after = (
        float(np.average(means[part], weights=people[part])) for part in (slice(None, split), slice(split, None))
    )
    error = sqrt(spread * max(1.0, float(told.rest[0])) * (1 / people[:split].sum() + 1 / people[split:].sum()))
    value = after - before
    p = (1 + as_far) / (1 + SERIES)
    estimate = Estimate(value, value - Z * error, value + Z * error, Label.DESCRIPTIVE, p)
    return Turning(there[split][0], before, after, estimate)


@dataclass(frozen=True)
class _Furthest:
    """Of each series: the split that sets it furthest apart, by how far, and what is left beside the two levels."""

    split: NDArray[np.int64]
    distance: Numbers
    rest: Numbers


def _splits(people: Numbers) -> NDArray[np.bool_]:
    """Whether it may be split before each step."""
    places, before = np.arange(len(people)), np.concatenate([[0.0], np.cumsum(people)[:-1]])
    enough = (before >= FEW) & (people.sum() - before >= FEW)
    found: NDArray[np.bool_] = enough & (places >= LEAST_STEPS) & (len(people) - places >= LEAST_STEPS)
    return found


def _furthest(series: Numbers, people: Numbers, splits: NDArray[np.bool_]) -> _Furthest:
    """Of each row of means, in units of one person's spread."""
    count = len(people)
    whole, total = people.sum(), series @ people
    before = np.cumsum(people)[:-1]
    sums = np.cumsum(series * people, axis=1)[:, :-1]
    gap = (total[:, None] - sums) / (whole - before) - sums / before
    between = gap**2 * before * (whole - before) / whole
    between[:, ~splits[1:]] = -1.0
    split = between.argmax(axis=1)
    best = between[np.arange(len(series)), split]
    spread = ((series - (total / whole)[:, None]) ** 2) @ people
    rest = np.maximum(0.0, spread - best) / max(1, count - 2)
    return _Furthest(split + 1, np.sqrt(best / np.maximum(1.0, rest)), rest)
