"""Which of the ranked passages are listed: never the same words twice, and some of the page where it was asked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.pages.answering.ranking import FEATURES, Ranked
from bot.pages.indexing.index import Index

LISTED = 10
PIECES = 3
"""A section in so many pieces or fewer is listed once."""
FIRST, OF_PAGE = 5, 3
ABOUT, ONE_IN = 5, 2_000
"""The highest cosines that tell whether a site is about what was asked: one for so many of its passages, at most five.
On a small site a single passage is about any one thing."""


class Meant(NamedTuple):
    """The cosine of a passage, the mean of the highest on the site (`ABOUT`), and what the passage has of the
    question's tokens."""

    near: float
    around: float
    tokens: float


@dataclass(frozen=True)
class Hit:
    """A passage by its number. `meant` is None when nothing was understood; `covered` as in the features."""

    number: int
    score: float
    meant: Meant | None
    covered: float
    asks_alike: float = 0.0
    alone: Meant | None = None
    """What the question by itself means; None where nothing was said before."""


def best(index: Index, ranked: Ranked, page: Sequence[int]) -> list[Hit]:
    """The ten best passages, never the same words twice, and of a section cut in pieces one in three.

    Three of the first five are of the `page` where the question is asked, if it has so many: to know where the visitor
    is tells more than any score.
    """
    numbers = ranked.numbers.tolist()
    places = list(_without_repeats(index, numbers, frozenset(page)))
    own = [at for at in places if numbers[at] in page][:OF_PAGE]
    others = [at for at in places if at not in own][: FIRST - len(own)]
    first = sorted((*own, *others))
    listed = [*first, *(at for at in places if at not in first)][:LISTED]
    tokens, alike = (ranked.features[:, FEATURES.index(name)] for name in ("tokens", "asks_alike"))
    about = max(1, min(ABOUT, len(index) // ONE_IN))
    meant = _meant(None if index.meaning is None else ranked.near, tokens, about)
    alone = _meant(ranked.near_alone, tokens, about)
    return [
        Hit(
            numbers[at],
            float(ranked.scores[at]),
            meant[at],
            float(ranked.covered[at]),
            float(alike[at]),
            alone[at],
        )
        for at in listed
    ]


def _meant(near: NDArray[np.float32] | None, tokens: NDArray[np.float32], about: int) -> Sequence[Meant | None]:
    if near is None:
        return [None] * len(tokens)
    around = float(np.sort(near)[-about:].mean()) if len(near) else 0.0
    return [Meant(one, around, own) for one, own in zip(near.tolist(), tokens.tolist(), strict=True)]


def _without_repeats(index: Index, numbers: Sequence[int], page: frozenset[int]) -> Iterator[int]:
    """The places in `numbers` that are listed, in their order."""
    sections = index.section_of[numbers].tolist()
    sizes = index.section_sizes[sections].tolist()
    of_section: Counter[int] = Counter()
    texts: set[str] = set()
    for at, (number, section, size) in enumerate(zip(numbers, sections, sizes, strict=True)):
        text = index.passages[number].digest
        if text not in texts and (number in page or of_section[section] * PIECES < size):
            of_section[section] += 1
            texts.add(text)
            yield at
