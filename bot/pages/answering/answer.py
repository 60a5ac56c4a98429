"""Answers a question from the pages: finds the passage, quotes its best words verbatim, and says how sure it is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.desk import Card, PageAnswer, Source
from bot.pages.answering.asked_in import Among, languages_to_try
from bot.pages.answering.by_words import is_english, sure_by_words
from bot.pages.answering.choice import Place, is_called, leaves_open, manner_abroad, manner_of, named, options
from bot.pages.answering.question import MAX_QUESTION, Question, Turn
from bot.pages.answering.quoting import quote, worth
from bot.pages.answering.ranking import FEATURES, Ranked, Weights, rank
from bot.pages.indexing.index import Index
from bot.pages.indexing.languages import ENGLISH
from bot.pages.indexing.meaning import question_of
from bot.store.pages import StoredPassage

SURE_ENOUGH = 0.55
"""Below this confidence the bot says that it does not know. Measured by bench/pages.py."""
SURE_ENOUGH_BY_WORDS = 0.52
"""The same where words alone tell, without meaning, in other languages. Chosen in tests/pages/answering/abroad."""
MUCH_SURER = 0.15
"""Pages in another language than the question's answer it when they speak of so much more of what it asks."""
LISTED = 10
PIECES = 3
"""A section in so many pieces or fewer is listed once."""
FIRST, OF_PAGE = 5, 3
NEAREST = 3
QUOTED = 6
"""Of so many places the best words are compared."""
SURE = np.array([0.22, 0.66, 0.66, 0.33, -0.265])
"""How sure we are by the words asked that a place speaks of, its cosine, the mean of the five highest cosines, its
tokens, and from the beginning. Either alone misleads: "hold" is said of prices; what nothing on the site comes near to
is off its topic. Chosen among rounder weights that tell own from foreign questions of MTRAG's domains alike."""
ONE_THING, ALL_OF_IT = (0.43, 0.85), 0.95
"""A question that names one thing only is answered by the place that names it: by coverage and cosine."""
CALLED = 0.6
"""The same of a question that is the name of the place and nothing else: "Care"."""
SURER_HERE = 0.1
"""By so much more must a product's page answer than what was talked of does."""
OF_ANOTHER = 0.5
"""The most of a place that answers the question of another name."""
ABOUT = 5
NOT_SURER = 0.05
"""What talk of Norway may add to how sure we are of "do you ship to Atlantis?" when no page speaks of Atlantis."""
LEAD, SAME_QUESTION, SAME_NAME = 1.0, 2.0, 0.1
"""What counts besides its worth when a quote is chosen: how far up it was found, a heading that asks the same, and one
that is what was asked."""


@dataclass(frozen=True)
class Found:
    """A passage that may answer, best first. `score` is comparable within one answer only."""

    passage: StoredPassage
    score: float


@dataclass(frozen=True)
class Answer:
    """What is said to the visitor, and the ten best passages, one of each section, for those who check."""

    said: PageAnswer
    found: tuple[Found, ...] = ()


NOTHING = Answer(PageAnswer(answered=False, confidence=0.0))


def answer(
    index: Index,
    question: str,
    history: Sequence[Turn] = (),
    page: str | None = None,
    within: str = "",
    weights: Weights | None = None,
) -> Answer:
    """The answer of the pages to `question`. `page` is the URL on which it was asked.

    `within` is the name of a heading or a page, of the `options` of an answer: only what is there answers.

    `confidence`, from 0 to 1, comes from how near the quoted place is in meaning, and from the share of what the
    question asks about that it speaks of, each word counted by how rare it is on the site.
    """
    own, *others = languages_to_try(index, question[:MAX_QUESTION], index.numbers_of(page) if page else ())
    found = _answer(index, question, history, page, within, weights, own)
    # How sure an English answer is comes from its meaning too: it is not to be compared with one of words.
    if found.said.answered and own.language == ENGLISH:
        return found
    enough = found.said.confidence + MUCH_SURER if found.said.answered else 0.0
    elsewhere = (_answer(index, question, history, page, within, weights, among) for among in others)
    return next((one for one in elsewhere if one.said.answered and one.said.confidence >= enough), found)


def _answer(
    index: Index,
    question: str,
    history: Sequence[Turn],
    page: str | None,
    within: str,
    weights: Weights | None,
    among: Among,
) -> Answer:
    asked = Question(index, question, history, page, among)
    if not asked.terms:
        return NOTHING
    enough = SURE_ENOUGH_BY_WORDS if asked.by_words_alone else SURE_ENOUGH
    ranked = rank(index, asked.query(), weights, only=_only(index, within, among))
    hits = _best(index, ranked, asked.page)
    if not hits:
        return NOTHING
    found = [Found(index.passages[hit.number], round(hit.score, 4)) for hit in hits]
    tried = [(_place(asked, hit, hits[0].score), hit) for hit in hits[:QUOTED]]
    # The first of equals: Python's sort keeps their order.
    tried.sort(key=lambda pair: -_serves(asked, pair[0], pair[1], hits[0].score))
    places = [place for place, _ in tried]
    best = places[0]
    told = asked.is_told_by_context(best.passage)
    if asked.leaning and not asked.earlier and not within and not (told and best.confidence >= enough):
        # The page did not tell what is asked about; its words must not hide what is said, or left open, elsewhere.
        elsewhere = _answer(index, question, (), None, "", weights, among)
        if elsewhere.said.answered and (best.confidence < enough or elsewhere.said.options):
            return elsewhere
    least = 0.0 if best.confidence < enough else best.confidence + SURER_HERE
    if asked.earlier and not within and asked.may_mean_what_is_here(sure=least > 0):
        # What was said before must not hide the one page that tells, or the product that the visitor looks at.
        elsewhere = _answer(index, question, (), page, "", weights, among)
        if elsewhere.said.answered and elsewhere.said.confidence >= least:
            return elsewhere
    if best.confidence < enough:
        return Answer(PageAnswer(False, best.confidence, "", _nearest(found)), tuple(found))
    ordered = sorted(found, key=lambda one: one.passage is not best.passage)
    said = PageAnswer(
        True,
        best.confidence,
        best.quote,
        named(index, places),
        _card(best.passage, best.quote),
        () if within or told else _options(asked, places, hits),
        manner_of(asked.text, best) if among.language == ENGLISH else manner_abroad(best),
    )
    return Answer(said, tuple(_in_order(ordered)))


def ranked(index: Index, question: str, history: Sequence[Turn] = (), page: str | None = None) -> Ranked | None:
    """The passages that an answer would be chosen from, with their features; None when nothing is asked about."""
    among = next(languages_to_try(index, question[:MAX_QUESTION], index.numbers_of(page) if page else ()))
    asked = Question(index, question, history, page, among)
    return rank(index, asked.query(), only=among.only(index)) if asked.terms else None


class _Meant(NamedTuple):
    """The cosine of a passage, the mean of the five highest on the site, and what the passage has of the question's
    tokens."""

    near: float
    around: float
    tokens: float


@dataclass(frozen=True)
class _Hit:
    """A passage by its number. `meant` is None when nothing was understood; `covered` as in the features."""

    number: int
    score: float
    meant: _Meant | None
    covered: float
    asks_alike: float = 0.0
    alone: _Meant | None = None
    """What the question by itself means; None where nothing was said before."""


def _best(index: Index, ranked: Ranked, page: Sequence[int]) -> list[_Hit]:
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
    meant = _meant(None if index.meaning is None else ranked.near, tokens)
    alone = _meant(ranked.near_alone, tokens)
    return [
        _Hit(
            numbers[at],
            float(ranked.scores[at]),
            meant[at],
            float(ranked.covered[at]),
            float(alike[at]),
            alone[at],
        )
        for at in listed
    ]


def _meant(near: NDArray[np.float32] | None, tokens: NDArray[np.float32]) -> Sequence[_Meant | None]:
    if near is None:
        return [None] * len(tokens)
    around = float(np.sort(near)[-ABOUT:].mean()) if len(near) else 0.0
    return [_Meant(one, around, own) for one, own in zip(near.tolist(), tokens.tolist(), strict=True)]


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


def _options(asked: Question, places: Sequence[Place], hits: Sequence[_Hit]) -> tuple[str, ...]:
    """What to ask back with. What was meant may be below the places that could be quoted."""
    if not leaves_open(asked.terms):
        return ()
    return options(asked.text, asked.terms, [*places, *(_place(asked, hit, hits[0].score) for hit in hits[QUOTED:])])


def _only(index: Index, within: str, among: Among) -> NDArray[np.bool_] | None:
    """Which passages may answer; None for all."""
    own = among.only(index)
    if not within:
        return own
    return _called(index, within) if own is None else own & _called(index, within)


def _place(asked: Question, hit: _Hit, top: float) -> Place:
    """The passage found with its best words. `top` is the score of the first of all found."""
    passage = asked.index.passages[hit.number]
    best = quote(asked, passage)
    english = is_english(asked, passage)
    coverage = (best.coverage + hit.covered) / 2 if english else sure_by_words(asked, passage, best.text)
    sure = round(_confidence(asked, passage, coverage, hit), 4)
    near = hit.meant.near if hit.meant else 0.0
    return Place(passage, best.text, best.coverage, sure, near, worth(asked, best, hit.score / top))


def _confidence(asked: Question, passage: StoredPassage, coverage: float, hit: _Hit) -> float:
    """Of the quoted place: what it speaks of, what it means, and how much on the site is about the same."""
    sure = coverage
    if hit.meant is not None and not asked.by_words_alone:
        sure = float(SURE @ np.array([coverage, *hit.meant, 1.0]))
        if hit.alone is not None and not asked.leaning and asked.has_unknown:
            sure = min(sure, float(SURE @ np.array([coverage, *hit.alone, 1.0])) + NOT_SURER)
        if len(asked.terms) == 1 and coverage > ALL_OF_IT:
            # "Parking?" is said in one place, and nothing around is about it.
            sure = max(sure, ONE_THING[0] * coverage + ONE_THING[1] * hit.meant.near)
    if asked.is_name_of(passage):
        sure = max(sure, CALLED)
    if _is_of_another(asked, hit):
        sure = min(sure, OF_ANOTHER)
    return max(0.0, min(asked.most_confidence, sure, 1.0))


def _serves(asked: Question, place: Place, hit: _Hit, top: float) -> float:
    """How well it would serve to quote this place."""
    serves = place.worth + LEAD * hit.score / top + SAME_NAME * asked.is_name_of(place.passage)
    return serves if _is_of_another(asked, hit) else serves + SAME_QUESTION * hit.asks_alike


def _is_of_another(asked: Question, hit: _Hit) -> bool:
    """Whether the place answers the same question of another name: of Norway, not Sweden."""
    heading = question_of(asked.index.passages[hit.number])
    return hit.asks_alike > 0 and asked.is_of_another_name(heading, hit.number)


def _called(index: Index, within: str) -> NDArray[np.bool_]:
    return np.array([is_called(one, within) for one in index.passages], dtype=np.bool_)


def _nearest(found: list[Found]) -> tuple[Source, ...]:
    pages = {one.passage.url: Source(one.passage.url, one.passage.title, "") for one in reversed(found[:5])}
    return tuple(reversed(pages.values()))[:NEAREST]


def _card(passage: StoredPassage, quoted: str) -> Card | None:
    """The page's product, when the words are about it: a product's page tells of shipping too."""
    product = passage.product
    if product is None or product.name.casefold() not in " ".join((*passage.heading[-1:], quoted)).casefold():
        return None
    return Card(product.name, passage.url, product.price, product.image)


def _in_order(found: list[Found]) -> list[Found]:
    """As given; a score is raised to what stands below it, so that the list is sorted."""
    ordered: list[Found] = []
    for one in reversed(found):
        least = ordered[-1].score if ordered else one.score
        ordered.append(Found(one.passage, max(one.score, least)))
    return ordered[::-1]
