"""Fits bot/pages/answering/privacy.npz on PolicyQA's dev part, and shows what it does on sites it was not fitted on.

A low-rank map M of question vectors: a passage p gains p.M.q. Listwise softmax over each site's paragraphs, by Adam,
from a fixed seed. The gate is a logistic regression of its questions against those of MTRAG and covid_faq.
"""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.pages.answering import privacy as product
from bot.pages.indexing.encoder import Encoder
from pages import mtrag
from pages.faq import Faq
from pages.inside import policies
from pages.sites import CACHE, PROJECT, tell

RANK, STEPS, RATE, RIDGE, SHARPNESS = 16, 80, 0.01, 0.01, 12.0
FOLDS = 5
PLACE = PROJECT / "bot" / "pages" / "privacy.npz"

type Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """The questions of one site: a row each, and which of the site's paragraphs (rows of `said`) answer, as shares."""

    questions: Rows
    said: Rows
    right: Rows


@contextmanager
def learned_elsewhere(site: str) -> Iterator[None]:
    """Answers by what other sites than this one taught, in place of the file, which knows all of them."""
    shipped = product.learned
    product.learned = lambda: _without(int(site.rpartition("-")[2]) % FOLDS)  # type: ignore[assignment]
    try:
        yield
    finally:
        product.learned = shipped


@cache
def _without(fold: int) -> product.Map:
    sites, questions = _asked(Encoder(CACHE / "encoder"))
    return _file([site for name, site in sites.items() if int(name.rpartition("-")[2]) % FOLDS != fold], questions)


def _file(sites: Sequence[Asked], questions: Rows) -> product.Map:
    asked, said = _map(sites)
    gate, bias = _gate(questions, _others())
    told = {"asked": asked, "said": said, "gate": gate, "bias": np.array([bias])}
    return {name: rows.astype(np.float32) for name, rows in told.items()}


def fit() -> None:
    """Prints hit at 5 by cosine alone and with the map, each site judged by a map of the others; then writes."""
    sites, questions = _asked(Encoder(CACHE / "encoder"))
    names = sorted(sites, key=lambda name: int(name.rpartition("-")[2]))
    plain, mapped = [], []
    for fold in range(FOLDS):
        out = names[fold::FOLDS]
        asked, said = _map([sites[name] for name in names if name not in out])
        for name in out:
            site = sites[name]
            cosines = site.questions @ site.said.T
            plain += _hits(cosines, site.right)
            mapped += _hits(cosines + (site.questions @ asked) @ (site.said @ said).T, site.right)
    print(
        f"hit@5 of {len(plain)} questions by cosine {statistics.mean(plain):.3f}, mapped {statistics.mean(mapped):.3f}"
    )
    learned = _file([sites[name] for name in names], questions)
    np.savez_compressed(PLACE, **{name: rows.astype(np.float16) for name, rows in learned.items()})
    tell(f"wrote {PLACE.name}")


def _asked(encoder: Encoder) -> tuple[dict[str, Asked], Rows]:
    given = policies(1)
    texts = sorted({question for _, question, _ in given.asked.values()})
    rows = dict(zip(texts, encoder.encode(texts).astype(np.float64), strict=True))
    sites = {}
    for site, paragraphs in given.paragraphs.items():
        ids = list(paragraphs)
        # As an index understands them: a page without a title is its text.
        said = encoder.encode([f"\n{paragraphs[one]}" for one in ids]).astype(np.float64)
        own = [(question, gold) for where, question, gold in given.asked.values() if where == site]
        right = np.array([[float(one in gold) for one in ids] for _, gold in own])
        sites[site] = Asked(np.array([rows[question] for question, _ in own]), said, right / right.sum(1)[:, None])
    return sites, np.array([rows[text] for text in texts])


def _others() -> Rows:
    encoder = Encoder(CACHE / "encoder")
    texts = sorted({one.last for one in mtrag.queries()} | {one.rewrite for one in mtrag.queries()})
    return encoder.encode([*texts, *sorted(set(Faq().asked.values()))]).astype(np.float64)


def _hits(scores: Rows, right: Rows) -> list[bool]:
    best = np.argsort(-scores, axis=1)[:, :5]
    return [bool(row[own].any()) for row, own in zip(right, best, strict=True)]


def _map(sites: Sequence[Asked]) -> tuple[Rows, Rows]:
    """`asked` and `said`, (384, RANK) each: a passage gains (passage @ said) . (question @ asked)."""
    drawn = np.random.default_rng(0)
    width = sites[0].said.shape[1]
    parts = [drawn.normal(0, 0.02, (width, RANK)), np.zeros((width, RANK))]
    first, second = [np.zeros_like(one) for one in parts], [np.zeros_like(one) for one in parts]
    count = sum(len(one.questions) for one in sites)
    for step in range(1, STEPS + 1):
        gradients = [RIDGE * one for one in parts]
        for site in sites:
            asked, said = site.questions @ parts[0], site.said @ parts[1]
            scores = SHARPNESS * (site.questions @ site.said.T + asked @ said.T)
            shares = np.exp(scores - scores.max(1, keepdims=True))
            wrong = SHARPNESS * (shares / shares.sum(1, keepdims=True) - site.right) / count
            gradients[0] += site.questions.T @ (wrong @ said)
            gradients[1] += site.said.T @ (wrong.T @ asked)
        for one, gradient, mean, square in zip(parts, gradients, first, second, strict=True):
            mean += 0.1 * (gradient - mean)
            square += 0.01 * (gradient**2 - square)
            one -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-9)
    return parts[0], parts[1]


def _gate(about: Rows, others: Rows) -> tuple[Rows, float]:
    rows = np.vstack([about, others])
    wanted = np.concatenate([np.ones(len(about)), np.zeros(len(others))])
    weights = np.where(wanted == 1, 0.5 / len(about), 0.5 / len(others))
    gate, bias = np.zeros(rows.shape[1]), 0.0
    for _ in range(3_000):
        wrong = weights * (1 / (1 + np.exp(-(rows @ gate + bias))) - wanted)
        gate -= 5.0 * (rows.T @ wrong + 2e-4 * gate)
        bias -= 5.0 * float(wrong.sum())
    told = rows @ gate + bias
    own, wrong = np.mean(told[: len(about)] > 0), np.mean(told[len(about) :] > 0)
    tell(f"taken for questions about privacy: {own:.3f} of those, {wrong:.3f} of others")
    return gate, bias
