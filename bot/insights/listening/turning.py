"""From which step on the mood was another than before, where that is clear.

Every split of the steps is looked at, and the one that sets the two sides furthest apart is judged by how often chance
does as much among as many splits, in two ways, of which the less sure one counts: in series of steps with as many
people each in which nothing changes; and in the same steps in any other order, since days may differ by more than the
chance of who wrote (Mondays, holidays). By the second, fewer than twelve steps are too few for a turn to be told.
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
ROUNDING = 1e-9
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
    if not _splits(people).any() or freedom < FEW or within <= 0:
        return None
    spread = within / freedom
    told = _furthest(means[None, :] / sqrt(spread), people[None, :])
    split, distance = int(told.split[0]), float(told.distance[0])
    before, after = (
        float(np.average(means[part], weights=people[part])) for part in (slice(None, split), slice(split, None))
    )
    rest = max(1.0, float(told.rest[0]))
    error = sqrt(spread * rest * (1 / people[:split].sum() + 1 / people[split:].sum()))
    value = after - before
    p = max(_by_chance(people, distance), _in_another_order(means / sqrt(spread), people, distance))
    estimate = Estimate(value, value - Z * error, value + Z * error, Label.DESCRIPTIVE, p)
    return Turning(there[split][0], before, after, estimate)


def _by_chance(people: Numbers, distance: float) -> float:
    """How often steps of so many people, among whom nothing changes, are set as far apart."""
    drawn = np.random.default_rng(SEED).standard_normal((SERIES, len(people))) / np.sqrt(people)
    return _share(_furthest(drawn, np.broadcast_to(people, drawn.shape)), distance)


def _in_another_order(means: Numbers, people: Numbers, distance: float) -> float:
    """How often the same steps are, in an order by lot."""
    order = np.random.default_rng(SEED).random((SERIES, len(people))).argsort(axis=1)
    return _share(_furthest(means[order], people[order]), distance)


def _share(found: "_Furthest", distance: float) -> float:
    return (1 + int((found.distance >= distance * (1 - ROUNDING)).sum())) / (1 + SERIES)


@dataclass(frozen=True)
class _Furthest:
    """Of each series: the split that sets it furthest apart, by how far, and what is left beside the two levels."""

    split: NDArray[np.int64]
    distance: Numbers
    rest: Numbers


def _splits(people: Numbers) -> NDArray[np.bool_]:
    """Of each row, whether it may be split before each step but the first."""
    places, before = np.arange(1, people.shape[-1]), np.cumsum(people, axis=-1)[..., :-1]
    enough = (before >= FEW) & (people.sum(axis=-1, keepdims=True) - before >= FEW)
    found: NDArray[np.bool_] = enough & (places >= LEAST_STEPS) & (people.shape[-1] - places >= LEAST_STEPS)
    return found


def _furthest(series: Numbers, people: Numbers) -> _Furthest:
    """Of each row of means, in units of one person's spread."""
    count = people.shape[1]
    whole, total = people.sum(axis=1, keepdims=True), (series * people).sum(axis=1, keepdims=True)
    before, sums = np.cumsum(people, axis=1)[:, :-1], np.cumsum(series * people, axis=1)[:, :-1]
    gap = (total - sums) / (whole - before) - sums / before
    between = np.where(_splits(people), gap**2 * before * (whole - before) / whole, -1.0)
    split = between.argmax(axis=1)
    best = np.maximum(0.0, between[np.arange(len(series)), split])
    spread = ((series - total / whole) ** 2 * people).sum(axis=1)
    rest = np.maximum(0.0, spread - best) / max(1, count - 2)
    return _Furthest(split + 1, np.sqrt(best / np.maximum(1.0, rest)), rest)
