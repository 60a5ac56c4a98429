"""Fits what comes with Duologue for ranking and for how sure it is: `.venv/bin/python bench/pages.py --fit`.

Writes bot/pages/answering/weights.json and sureness.json, fitted on MTRAG's three domains (Apache-2.0), and
bench/pages/left_out.json: for each domain the same, fitted on the other two. By those a domain is judged, so that
nothing is judged on what it was fitted on. FAQs, PolicyQA and the shop are judged by what is shipped.

Ranking: the regression of bot/pages/learning/fit.py, from weights that make words, cosine, tokens and company count
alike. The rest is not told by MTRAG and stands in `GIVEN`: a heading that asks the same counts more than all else
together; the map of privacy as much as PolicyQA's sites say of one another (each judged by a map that does not know
it); the page where the visitor is as much as one deviation of the words.

Sureness: small whole numbers of standard deviations, the simplest that tell own from foreign questions about as well as
any. (Answerable from unanswerable turns is told by 43 of these, too few to choose by.) The scale is such that
`SURE_ENOUGH` lets `FOREIGN_ANSWERED` of the foreign questions through, and that questions of the domain have `OWN_MEAN`
on average.
"""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.pages.answering import confidence, ranking
from bot.pages.answering.answer import SURE_ENOUGH, evidence, ranked
from bot.pages.answering.question import Turn
from bot.pages.answering.ranking import FEATURES, Ranked, Weights
from bot.pages.indexing.index import Index
from bot.pages.learning.fit import Example, fit
from pages import mtrag
from pages.figures import area_under_curve
from pages.sites import PROJECT, Asked, home_of, tell

ANSWERING = PROJECT / "bot" / "pages" / "answering"
LEFT_OUT = Path(__file__).parent / "left_out.json"
COMMAND = ".venv/bin/python bench/pages.py --fit"
TOLD = ("words", "cosine", "tokens", "company")
GIVEN = {"asks_alike": 10.0, "privacy": 10.0, "here": 0.25, "here_leaning": 0.25}
ALIKE = 0.5
"""What a standard deviation of each feature counts before anything is told."""
RIDGE = 100.0
ROUNDS = 4
"""A page has several passages, and nobody says which answers: the one that comes first, by the weights so far."""
TOPS = (5, 10)
MOST, AS_GOOD = 3, 0.005
"""The whole numbers that are tried, and how much less the area may be for simpler ones."""
FOREIGN_ANSWERED, OWN_MEAN = 0.05, 0.8

type Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Question:
    """Its candidates with their pages and words, and the pages that are right."""

    candidates: Ranked
    pages: np.ndarray
    words: tuple[str, ...]
    gold: frozenset[str]

    def scores(self, weights: Weights) -> np.ndarray:
        return self.candidates.features @ np.array([weights[name] for name in FEATURES])

    def example(self, weights: Weights) -> Example:
        """Of each right page the first passage is right; together they count as one question."""
        labels = np.zeros(len(self.pages), dtype=np.float32)
        scores = self.scores(weights)
        for page in self.gold & set(self.pages.tolist()):
            own = np.flatnonzero(self.pages == page)
            labels[own[scores[own].argmax()]] = 1 / len(self.gold)
        told = np.isin(FEATURES, TOLD).astype(np.float32)
        return Example(self.candidates.features * told, labels)

    def recall(self, weights: Weights, top: int) -> float:
        found: dict[str, str] = {}
        for at in np.argsort(-self.scores(weights), kind="stable"):
            found.setdefault(self.words[at], str(self.pages[at]))
        return len(self.gold & set(list(found.values())[:top])) / len(self.gold)


@dataclass(frozen=True)
class Told:
    """What tells how sure we are (`confidence.TOLD_BY`, a row each) of questions of four kinds."""

    own: Rows
    foreign: Rows
    answerable: Rows
    unanswerable: Rows

    def all(self) -> Rows:
        return np.concatenate([self.own, self.foreign, self.answerable, self.unanswerable])

    def areas(self, weights: Rows) -> tuple[float, float]:
        own, foreign, can, cannot = ((one @ weights).tolist() for one in self)
        return area_under_curve(own, foreign), area_under_curve(can, cannot)

    def __iter__(self) -> Iterator[Rows]:
        return iter((self.own, self.foreign, self.answerable, self.unanswerable))


@contextmanager
def learned_elsewhere(domain: str) -> Iterator[None]:
    """Ranks, and is sure, by what the other domains taught. Of what is not a domain nothing changes."""
    given = json.loads(LEFT_OUT.read_text(encoding="utf-8")).get(domain)
    if given is None:
        yield
        return
    with _ranked_by(given["weights"]), _sure_by([given["sureness"][name] for name in confidence.TOLD_BY]):
        yield


@contextmanager
def _ranked_by(weights: Mapping[str, float]) -> Iterator[None]:
    shipped = ranking.shipped_weights
    ranking.shipped_weights = lambda: weights  # type: ignore[assignment]
    try:
        yield
    finally:
        ranking.shipped_weights = shipped


@contextmanager
def _sure_by(weights: Sequence[float]) -> Iterator[None]:
    shipped = confidence.shipped_sureness
    confidence.shipped_sureness = lambda: np.array(weights)  # type: ignore[assignment]
    try:
        yield
    finally:
        confidence.shipped_sureness = shipped


async def fit_shipped() -> None:
    """Fits, prints what it brings on what it was not fitted on, and writes the files."""
    async with AsyncExitStack() as homes:
        indexes: dict[str, Index] = {}
        for domain in mtrag.DOMAINS:
            pages = [one.page() for one in mtrag.passages(domain)]
            sites = await homes.enter_async_context(home_of(domain, {domain: pages}))
            indexes[domain] = await sites[domain].index()
    questions = {domain: _questions(domain, index) for domain, index in indexes.items()}
    left_out = {}
    for domain in indexes:
        others = {other: index for other, index in indexes.items() if other != domain}
        left_out[domain] = _fitted(others, questions)
        weights = left_out[domain]["weights"]
        recalls = [np.mean([one.recall(weights, top) for one in questions[domain]]) for top in TOPS]
        with _ranked_by(weights):
            areas = _told({domain: indexes[domain]}, mtrag.DOMAINS).areas(_row(left_out[domain]["sureness"]))
        print(f"{domain:8} judged by the others: recall {recalls[0]:.3f} {recalls[1]:.3f}, "
              f"off topic {areas[0]:.3f}, unanswerable {areas[1]:.3f}")  # fmt: skip
    shipped = _fitted(indexes, questions)
    told = {"fitted_on": {domain: len(own) for domain, own in questions.items()}, "command": COMMAND}
    _write(ANSWERING / "weights.json", told | {"weights": shipped["weights"]})
    _write(ANSWERING / "sureness.json", told | {"deviations": shipped["deviations"], "weights": shipped["sureness"]})
    _write(LEFT_OUT, left_out)


def _fitted(indexes: Mapping[str, Index], questions: Mapping[str, Sequence[Question]]) -> dict[str, Any]:
    weights = fitted([one for domain in indexes for one in questions[domain]])
    tell(f"how sure, on {' and '.join(indexes)}")
    with _ranked_by(weights):
        told = _told(indexes, tuple(indexes))
    deviations, sure = _sureness(told)
    return {"weights": weights, "deviations": deviations, "sureness": sure}


def fitted(questions: Sequence[Question]) -> dict[str, float]:
    """The weights by which the right pages come first most likely."""
    apart = [one.candidates.features - one.candidates.features.mean(axis=0) for one in questions]
    spread = np.sqrt(np.mean([(one**2).mean(axis=0) for one in apart], axis=0))
    start = {name: ALIKE / float(one) if name in TOLD else 0.0 for name, one in zip(FEATURES, spread, strict=True)}
    learned: Weights = start
    for _ in range(ROUNDS):
        learned = fit([one.example(learned) for one in questions], start, ridge=RIDGE)
    return {name: round(learned[name], 3) if name in TOLD else GIVEN.get(name, 0.0) for name in FEATURES}


def _sureness(told: Told) -> tuple[dict[str, int], dict[str, float]]:
    """The whole numbers of deviations, and the weights they come to."""
    names = confidence.TOLD_BY[:-1]
    spread = told.all()[:, :-1].std(axis=0)
    tried = [one for one in itertools.product(range(1, MOST + 1), repeat=len(names)) if np.gcd.reduce(one) == 1]
    areas = {one: told.areas(_of(one, spread))[0] for one in tried}
    best = max(areas.values())
    chosen = min((one for one in tried if areas[one] >= best - AS_GOOD), key=lambda one: (sum(one), -areas[one]))
    weights = _of(chosen, spread)
    least, own = np.quantile(told.foreign @ weights, 1 - FOREIGN_ANSWERED), (told.own @ weights).mean()
    slope = (OWN_MEAN - SURE_ENOUGH) / (own - least)
    counts = (weights * slope)[:-1]
    always = SURE_ENOUGH - least * slope
    sure = dict(zip(confidence.TOLD_BY, (*counts.tolist(), float(always)), strict=True))
    return dict(zip(names, chosen, strict=True)), {name: round(one, 4) for name, one in sure.items()}


def _of(counts: Sequence[int], spread: Rows) -> Rows:
    return np.array([*(np.array(counts) / spread), 0.0])


def _row(sure: Mapping[str, float]) -> Rows:
    return np.array([sure[name] for name in confidence.TOLD_BY])


def _told(indexes: Mapping[str, Index], foreign: Sequence[str]) -> Told:
    """What tells of the questions of each domain on its own site, and of those of the `foreign` domains there."""
    queries, turns = mtrag.queries(), mtrag.labelled()
    found: list[list[Rows]] = [[], [], [], []]
    for domain, index in indexes.items():
        kinds = (
            [one.asked() for one in queries if one.domain == domain],
            [one.asked() for one in queries if one.domain in foreign and one.domain != domain],
            [one.asked for one in turns if one.domain == domain and one.answerability == "ANSWERABLE"],
            [one.asked for one in turns if one.domain == domain and one.answerability == "UNANSWERABLE"],
        )
        for rows, asked in zip(found, kinds, strict=True):
            rows += _rows(index, asked)
    return Told(*(np.array(rows) for rows in found))


def _rows(index: Index, asked: Iterable[Asked]) -> list[Rows]:
    rows = []
    for one in asked:
        told = evidence(index, one.question, _turns(one))
        rows.append(np.zeros(len(confidence.TOLD_BY)) if told is None else np.array([told[0], *told[1], 1.0]))
    return rows


def _turns(asked: Asked) -> list[Turn]:
    return [Turn(who == "visitor", text) for who, text in asked.history]


def _questions(domain: str, index: Index) -> list[Question]:
    tell(f"asking {domain}")
    found = []
    for one in mtrag.queries():
        if one.domain != domain:
            continue
        candidates = ranked(index, one.last, _turns(one.asked()))
        if candidates is not None and len(candidates.numbers):
            passages = [index.passages[number] for number in candidates.numbers.tolist()]
            pages = np.array([passage.url for passage in passages])
            found.append(Question(candidates, pages, tuple(passage.digest for passage in passages), one.gold))
    return found


def _write(file: Path, told: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    tell(f"written: {file.relative_to(PROJECT)}")
