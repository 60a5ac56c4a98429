"""Fits the weights that come with Duologue: `.venv/bin/python bench/pages.py --fit [--ridge N]` writes
bot/pages/answering/weights.json; with `--quick` on the domain `cloud` and the FAQ only, and nothing is written.

Fitted on MTRAG's three domains (Apache-2.0) and covid_faq (MIT). Which features help elsewhere is told by leaving one
domain out at a time. Recall is of the gold pages among the first passages of different words, before an answer is
chosen from them; so it is not that of `--only retrieval`, but compares weights alike.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import numpy as np

from bot.pages.answering.answer import ranked
from bot.pages.answering.question import Turn
from bot.pages.answering.ranking import FEATURES, Ranked, Weights, shipped_weights
from bot.pages.indexing.index import Index
from bot.pages.learning.fit import Example, fit
from pages import faq, mtrag
from pages.sites import PROJECT, Asked, home_of, tell

FILE = PROJECT / "bot" / "pages" / "weights.json"
COMMAND = ".venv/bin/python bench/pages.py --fit"
RIDGE = 2.0
ROUNDS = 4
"""A page has several passages, and nobody says which answers: the one that comes first, by the weights so far."""
TOPS = (5, 10)


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
        return Example(self.candidates.features, labels)

    def recall(self, weights: Weights, top: int) -> float:
        found: dict[str, str] = {}
        for at in np.argsort(-self.scores(weights), kind="stable"):
            found.setdefault(self.words[at], str(self.pages[at]))
        return len(self.gold & set(list(found.values())[:top])) / len(self.gold)


async def fit_shipped(*, quick: bool, ridge: float) -> None:
    """Fits, prints what it brings, and writes the file unless `quick`."""
    domains = await _questions(mtrag.DOMAINS[:1] if quick else mtrag.DOMAINS)
    learned = fitted([one for own in domains.values() for one in own], ridge)
    _print_recall(domains, learned, ridge)
    for name, shipped in shipped_weights().items():
        print(f"{name:16} {shipped:9.3f} {learned[name]:9.3f}")
    if quick:
        return
    told = {
        "fitted_on": {domain: len(own) for domain, own in domains.items()},
        "command": COMMAND + (f" --ridge {ridge:g}" if ridge != RIDGE else ""),
        "weights": {name: round(weight, 4) for name, weight in learned.items()},
    }
    FILE.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    tell(f"written: {FILE.relative_to(PROJECT)}")


def fitted(questions: Sequence[Question], ridge: float) -> Weights:
    """The weights by which the right pages come first most likely; those that no question tells of keep their share."""
    shipped = shipped_weights()
    learned: Weights = shipped
    for _ in range(ROUNDS):
        learned = fit([one.example(learned) for one in questions], shipped, ridge=ridge)
    rows = np.concatenate([one.candidates.features for one in questions])
    told = {name for name, spread in zip(FEATURES, rows.std(axis=0), strict=True) if spread > 0}
    # Only the order counts, so all may have become smaller together.
    size = np.mean([one.scores(learned).std() / max(one.scores(shipped).std(), 1e-9) for one in questions])
    return {name: learned[name] if name in told else shipped[name] * float(size) for name in FEATURES}


async def _questions(mtrag_domains: Sequence[str]) -> dict[str, list[Question]]:
    found: dict[str, list[Question]] = {}
    asked = mtrag.queries()
    async with AsyncExitStack() as homes:
        for domain in mtrag_domains:
            pages = [one.page() for one in mtrag.passages(domain)]
            sites = await homes.enter_async_context(home_of(domain, {domain: pages}))
            own = [one for one in asked if one.domain == domain]
            gold = {one.id: one.gold for one in own}
            found[domain] = _candidates(domain, await sites[domain].index(), [one.asked() for one in own], gold)
        frequent = faq.Faq()
        sites = await homes.enter_async_context(home_of("faq", frequent.sites()))
        pairs = [Asked(id_, question) for id_, question in frequent.asked.items()]
        found["faq"] = _candidates("faq", await sites["faq"].index(), pairs, frequent.gold)
    return found


def _candidates(name: str, index: Index, asked: Sequence[Asked], gold: Mapping[str, frozenset[str]]) -> list[Question]:
    tell(f"asking {name}: {len(asked):,} questions")
    found = []
    for one in asked:
        history = [Turn(who == "visitor", text) for who, text in one.history]
        if (candidates := ranked(index, one.question, history, one.page)) is not None and len(candidates.numbers):
            passages = [index.passages[number] for number in candidates.numbers.tolist()]
            pages = np.array([passage.url for passage in passages])
            found.append(Question(candidates, pages, tuple(passage.digest for passage in passages), gold[one.id]))
    return found


def _print_recall(domains: Mapping[str, Sequence[Question]], learned: Weights, ridge: float) -> None:
    print(f"{'recall at 5 / 10':16} {'shipped':>15} {'left out':>15} {'fitted on it':>15}  of questions")
    for domain, own in domains.items():
        elsewhere = fitted([one for other, all_ in domains.items() if other != domain for one in all_], ridge)
        cells = [_recalls(own, weights) for weights in (shipped_weights(), elsewhere, learned)]
        print(f"{domain:16} " + " ".join(f"{cell:>15}" for cell in cells) + f"  {len(own)}")


def _recalls(questions: Sequence[Question], weights: Weights) -> str:
    return " / ".join(f"{np.mean([one.recall(weights, top) for one in questions]):.3f}" for top in TOPS)
