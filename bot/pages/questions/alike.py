"""Which texts ask the same: average linkage over the encoder's vectors, the same for the same texts in any order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.pages.indexing.encoder import Encoder, Vectors

ALIKE = 0.55
"""The mean cosine of two groups from which they are one. Measured by bench/questions.py: the lowest at which 0.9 of a
question's group is of its own kind."""
CORE = 5_000
"""Texts that are compared each with each, in 100 MB; what comes after them joins their groups, or none."""
AT_ONCE = 4_096

type Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Placed:
    """Of each text: the number of its group, or -1 when it is like none; and its cosine with the group's centre."""

    groups: Numbers
    nearness: Vectors


def alike(
    texts: Sequence[str],
    encoder: Encoder,
    *,
    at_least: float = ALIKE,
    core: int = CORE,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Placed:
    """The groups of `texts`, which are distinct and come with what matters most first.

    Only the first `core` make groups. Vectors of the others are not kept: memory does not grow with them.
    """
    first = _encoded(texts[:core], encoder, on_progress)
    groups = linked(first, at_least)
    means = _means(first, groups)
    centres = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
    placed, near = [groups], [_cosines(first, centres[groups])]
    for start in range(core, len(texts), AT_ONCE):
        vectors = encoder.encode(texts[start : start + AT_ONCE])
        likeness = vectors @ means.T
        best = likeness.argmax(axis=1)
        joins = likeness[np.arange(len(best)), best] >= at_least
        placed.append(np.where(joins, best, -1))
        near.append(_cosines(vectors, centres[best]))
        on_progress(min(start + AT_ONCE, len(texts)))
    return Placed(np.concatenate(placed), np.concatenate(near))


def linked(vectors: Vectors, at_least: float) -> Numbers:
    """The number of each vector's group, from 0 in the order of their first members.

    The two groups whose members are on average nearest are made one, until no two are as near as `at_least`.
    """
    count = len(vectors)
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -np.inf)
    sizes, group_of = np.ones(count, dtype=np.float32), np.arange(count)
    nearest = likeness.argmax(axis=1) if count else np.zeros(0, dtype=np.int64)
    near = likeness[np.arange(count), nearest]
    while count and near[one := int(near.argmax())] >= at_least:
        other = int(nearest[one])
        # The average over two groups' members follows from those of each: nothing is compared again.
        both = (likeness[one] * sizes[one] + likeness[other] * sizes[other]) / (sizes[one] + sizes[other])
        both[one] = -np.inf
        likeness[one], likeness[:, one] = both, both
        likeness[other], likeness[:, other], near[other] = -np.inf, -np.inf, -np.inf
        sizes[one] += sizes[other]
        group_of[group_of == other] = one
        lost = np.flatnonzero(np.isin(nearest, (one, other)) & (near > -np.inf))
        for row in {one, *lost.tolist()}:
            nearest[row] = likeness[row].argmax()
            near[row] = likeness[row, nearest[row]]
        closer = both > near
        nearest[closer], near[closer] = one, both[closer]
    return _numbered(group_of)


def _encoded(texts: Sequence[str], encoder: Encoder, on_progress: Callable[[int], None]) -> Vectors:
    parts = []
    for start in range(0, len(texts), AT_ONCE):
        parts.append(encoder.encode(texts[start : start + AT_ONCE]))
        on_progress(min(start + AT_ONCE, len(texts)))
    return np.concatenate(parts) if parts else encoder.encode([])


def _means(vectors: Vectors, groups: Numbers) -> Vectors:
    """The mean of each group's vectors: its product with a vector is that one's average cosine with the group."""
    count = int(groups.max()) + 1 if len(groups) else 0
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, groups, vectors)
    return (sums / np.bincount(groups, minlength=count)[:, None]).astype(np.float32)


def _cosines(vectors: Vectors, others: Vectors) -> Vectors:
    cosines: Vectors = (vectors * others).sum(axis=1)
    return cosines


def _numbered(group_of: Numbers) -> Numbers:
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(int(one), len(numbers)) for one in group_of], dtype=np.int64)
