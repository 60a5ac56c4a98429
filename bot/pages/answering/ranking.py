"""Puts the passages of a site in the order in which they answer a question, by weights that are read from a file.

First every passage is looked at for its words and its meaning; then the best of them once more, for what is costlier
to tell. What is told of a passage is its features; the weights say what each of them counts.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from bot.pages.answering.privacy import answers_alike
from bot.pages.indexing.encoder import Read
from bot.pages.indexing.highest import highest
from bot.pages.indexing.index import Index
from bot.pages.indexing.words import Term

LOOKED_AT = 50
"""So many passages are looked at a second time."""
WIDER = 4
"""So many times more are considered for that."""
OF_PAGE = 60
"""And so many of the page where the question is asked."""
RELATED = 0.3
"""The cosine from which a passage may be found for its meaning alone."""
COMPANY = 4
MEANING_FIRST = 1.4
"""What meaning weighs beside the words when those are chosen."""

FEATURES = (
    "words",
    "meaning",
    "cosine",
    "tokens",
    "company",
    "asks_alike",
    "privacy",
    "covered",
    "named",
    "facts",
    "length",
    "here",
    "here_leaning",
)
"""Of a passage beside a question:

words: the BM25 score over all turns, meaning: the cosine with the question after the turns before, both in deviations
from the site's mean; cosine: that cosine itself; tokens: how well each token of the question has one like it in the
passage, 0 to 1; company: the cosine with the mean of the four passages that words, cosine and tokens put first, which
are mostly about what was meant; asks_alike: how much nearer than `ALIKE` its heading, or its title, asks the same;
privacy: what was learned of questions about it (bot/pages/answering/privacy.py); covered, named: the share of what is
asked that it, or its title and headings alone, speak of; facts: whether it gives the kinds of facts asked for; length:
the logarithm of its characters; here: whether the visitor looks at its page; here_leaning: the same, when the question
can't be understood without what is around it.
"""

type Numbers = NDArray[np.int64]
type Floats = NDArray[np.float32]
type Weights = Mapping[str, float]


@dataclass(frozen=True)
class Query:
    """A question as the ranking takes it. `words` is the BM25 score of every passage; `counts` what is asked about,
    each with its share; `page` the numbers of the passages of the page where it was asked."""

    words: Floats
    counts: Sequence[tuple[Term, float]]
    asked: Read | None
    page: Sequence[int] = ()
    leaning: bool = False


@dataclass(frozen=True)
class Ranked:
    """The passages that were looked at, best first: their numbers, scores above 0, features (a row each), and the
    cosine and the coverage of each.

    `near_alone` is the cosine with the question by itself; None where nothing was said before."""

    numbers: Numbers
    scores: Floats
    features: Floats
    near: Floats
    covered: Floats
    near_alone: Floats | None = None


@cache
def shipped_weights() -> Weights:
    """The weights that come with Duologue; how they were fitted stands in the file itself."""
    told = json.loads((files("bot.pages.answering") / "weights.json").read_text(encoding="utf-8"))
    return {name: float(told["weights"][name]) for name in FEATURES}


def rank(
    index: Index, query: Query, weights: Weights | None = None, *, only: NDArray[np.bool_] | None = None
) -> Ranked:
    """The best passages of the index, or of `only` some, at most `LOOKED_AT`; what was not found is left out."""
    near = None if query.asked is None or index.meaning is None else index.meaning.nearness(query.asked)
    first = _First(query.words, near)
    numbers = _candidates(query, first, only)
    told = _features(index, query, numbers, first)
    counted = np.array([(weights or shipped_weights())[name] for name in FEATURES], dtype=np.float32)
    scores = told @ counted
    order = np.lexsort((numbers, -scores))
    # Above 0, also where all are alike: a site may have one passage only.
    scores = scores - scores.min(initial=0.0) + np.float32(0.01)
    meant = np.zeros(len(numbers), dtype=np.float32) if near is None else near[numbers]
    covered = told[:, FEATURES.index("covered")]
    alone = None
    if query.asked is not None and query.asked.alone is not None and index.meaning is not None:
        alone = index.meaning.vectors[numbers[order]] @ query.asked.alone
    return Ranked(numbers[order], scores[order], told[order], meant[order], covered[order], alone)


class _First:
    """What is known of every passage: the score of its words, and its cosine; `near` is None without meaning."""

    def __init__(self, words: Floats, near: Floats | None) -> None:
        self.words, self.near = words, near
        self._words = _Deviations(words)
        self._near = None if near is None else _Deviations(near)

    def said(self, numbers: Numbers) -> Floats:
        """The words of these passages, in deviations."""
        return self._words.of(self.words[numbers])

    def meant(self, numbers: Numbers) -> Floats:
        """Their cosines, in deviations."""
        if self.near is None or self._near is None:
            return np.zeros(len(numbers), dtype=np.float32)
        return self._near.of(self.near[numbers])

    def both(self) -> Floats:
        """What puts all passages in order."""
        if self.near is None or self._near is None:
            return self.words
        return self.words + np.float32(MEANING_FIRST * self._words.spread / self._near.spread) * self.near


class _Deviations:
    """Tells values in standard deviations from the mean of all."""

    def __init__(self, values: Floats) -> None:
        count = max(1, len(values))
        self._mean = float(values.sum(dtype=np.float64)) / count
        spread = max(0.0, float(np.dot(values, values)) / count - self._mean**2) ** 0.5
        self.spread = spread if spread > 1e-6 else 1.0

    def of(self, values: Floats) -> Floats:
        return np.asarray((values - self._mean) / self.spread, dtype=np.float32)


def _candidates(query: Query, first: _First, only: NDArray[np.bool_] | None) -> Numbers:
    """The numbers of the passages that are worth a second look, in no order."""
    every = first.both()
    if only is not None:
        every = np.where(only, every, np.float32(-np.inf))
    best = highest(every, WIDER * LOOKED_AT)
    # What has none of the words and means something else was not found.
    may = first.words[best] > 0
    if first.near is not None:
        may |= first.near[best] >= RELATED
    found = best[may & np.isfinite(every[best])]
    found = found[highest(every[found], LOOKED_AT)]
    if len(query.page):
        # Whatever is asked on a page, the page itself is looked at.
        own = np.asarray(query.page[:OF_PAGE])
        found = np.union1d(found, own if only is None else own[only[own]])
    return found.astype(np.int64)


def _features(index: Index, query: Query, numbers: Numbers, first: _First) -> Floats:
    """A row of `FEATURES` for each of the passages."""
    near = first.near
    told = {name: np.zeros(len(numbers), dtype=np.float32) for name in FEATURES}
    told["words"] = first.said(numbers)
    told["covered"] = _covered(index, query, numbers)
    told["named"] = _named(index, query, numbers)
    told["facts"] = _gives_facts(index, query, numbers)
    told["length"] = np.log1p(index.lengths[numbers])
    told["here"] = np.isin(numbers, query.page).astype(np.float32)
    told["here_leaning"] = told["here"] * np.float32(query.leaning)
    if near is not None and query.asked is not None and index.meaning is not None and len(numbers):
        told["meaning"] = first.meant(numbers)
        told["cosine"] = near[numbers]
        told["tokens"] = index.meaning.said_alike(query.asked, numbers)
        told["privacy"] = answers_alike(query.asked.vector, index.meaning.vectors[numbers])
        told["asks_alike"] = index.meaning.asks_alike(query.asked, numbers)
        told["company"] = _company(told, index.meaning.vectors[numbers])
    return np.stack([told[name] for name in FEATURES], axis=1).astype(np.float32)


def _company(told: Mapping[str, Floats], vectors: Floats) -> Floats:
    """By words, meaning and tokens in equal parts, whatever they weigh: what is learned from must not move."""
    scores = sum(_standard(told[name]) for name in ("words", "cosine", "tokens"))
    best = np.argsort(-np.asarray(scores), kind="stable")[:COMPANY]
    return vectors @ _unit(vectors[best].mean(axis=0))


def _standard(values: Floats) -> Floats:
    """In standard deviations from the mean of these."""
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-6), dtype=np.float32)


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), dtype=np.float32)


def _covered(index: Index, query: Query, numbers: Numbers) -> Floats:
    covered = np.zeros(len(numbers), dtype=np.float32)
    for term, count in query.counts:
        covered += np.float32(count) * index.has_any(term.any_of, numbers)
    return covered


def _named(index: Index, query: Query, numbers: Numbers) -> Floats:
    """The share of what is asked that the title and the headings alone speak of."""
    places = places_of(query.counts)
    counts = [count for _, count in query.counts]
    shares: dict[int, float] = {}
    for number, section in zip(numbers.tolist(), index.section_of[numbers].tolist(), strict=True):
        # The passages of a section have one title and one path of headings.
        if section not in shares:
            found = {place for one in places.keys() & index.named(number) for place in places[one]}
            shares[section] = sum(counts[place] for place in sorted(found))
    return np.array([shares[section] for section in index.section_of[numbers].tolist()], dtype=np.float32)


def places_of(counts: Sequence[tuple[Term, float]]) -> dict[str, list[int]]:
    """Under every word that any of these may be called, the places of those that may."""
    places: dict[str, list[int]] = {}
    for place, (term, _) in enumerate(counts):
        for one in term.any_of:
            places.setdefault(one, []).append(place)
    return places


def _gives_facts(index: Index, query: Query, numbers: Numbers) -> Floats:
    asked = [term.stem for term, _ in query.counts if term.is_fact]
    gives = [index.has_any((fact,), numbers) for fact in asked]
    return np.all(gives, axis=0).astype(np.float32) if gives else np.zeros(len(numbers), dtype=np.float32)
