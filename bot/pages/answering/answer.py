"""Answers a question from the pages: finds the passage, quotes its best words verbatim, and says how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.desk import Card, PageAnswer, Source
from bot.pages.answering.asked_in import Among, languages_to_try
from bot.pages.answering.by_words import is_english, sure_by_words
from bot.pages.answering.choice import Place, is_called, leaves_open, manner_abroad, manner_of, named, options
from bot.pages.answering.confidence import confidence, is_of_another
from bot.pages.answering.listed import Hit, Meant, best
from bot.pages.answering.question import MAX_QUESTION, Question, Turn, question_in
from bot.pages.answering.quoting import Quote, gives, quote, worth
from bot.pages.answering.ranking import Ranked, Weights, rank
from bot.pages.indexing.index import Index
from bot.pages.indexing.languages import ENGLISH
from bot.store.pages import StoredPassage

SURE_ENOUGH = 0.55
"""Below this confidence the bot says that it does not know. Measured by bench/pages.py."""
SURE_ENOUGH_BY_WORDS = 0.52
"""The same where words alone tell, without meaning, in other languages. Chosen in tests/pages/answering/abroad."""
MUCH_SURER = 0.15
"""Pages in another language than the question's answer it when they speak of so much more of what it asks."""
NEAREST = 3
QUOTED = 6
"""Of so many places the best words are compared."""
SURER_HERE = 0.1
"""By so much more must a product's page answer than what was talked of does."""
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
    """What is said to the visitor, and the ten best passages, one of each section, for those who check.

    `enough`: the confidence from which on it is said.
    """

    said: PageAnswer
    found: tuple[Found, ...] = ()
    enough: float = SURE_ENOUGH


FIRST_READ = Among(ENGLISH)
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
    if not within and (asked := question_in(index, question)):
        # What was told around the question hides it; but it may tell what the question is about.
        history, question = (*history, Turn(True, question.replace(asked, " "))), asked
    return _in_any_language(_Way(index, question, tuple(history), page, within, weights))


def _in_any_language(way: "_Way") -> Answer:
    index, page = way.index, way.page
    own, *others = languages_to_try(index, way.question[:MAX_QUESTION], index.numbers_of(page) if page else ())
    way = replace(way, among=own)
    found = _answer(way)
    # How sure an English answer is comes from its meaning too: it is not to be compared with one of words.
    if found.said.answered and own.language == ENGLISH:
        return found
    enough = found.said.confidence + MUCH_SURER if found.said.answered else 0.0
    elsewhere = (_answer(replace(way, among=among)) for among in others)
    return next((one for one in elsewhere if one.said.answered and one.said.confidence >= enough), found)


@dataclass(frozen=True)
class _Way:
    """A way to read a question; the arguments of `answer`, and the passages that may answer."""

    index: Index
    question: str
    history: Sequence[Turn]
    page: str | None
    within: str
    weights: Weights | None
    among: Among = FIRST_READ


def _answer(way: _Way) -> Answer:
    index = way.index
    asked = Question(index, way.question, way.history, way.page, way.among)
    if not asked.terms:
        return NOTHING
    hits = best(index, rank(index, asked.query(), way.weights, only=_only(way)), asked.page)
    if not hits:
        return NOTHING
    found = [Found(index.passages[hit.number], round(hit.score, 4)) for hit in hits]
    places = _places(asked, hits)
    first = places[0]
    enough = SURE_ENOUGH_BY_WORDS if asked.by_words_alone else SURE_ENOUGH
    if (otherwise := _otherwise(way, asked, first, enough)) is not None:
        return otherwise
    if first.confidence < enough:
        return Answer(PageAnswer(False, first.confidence, "", _nearest(found)), tuple(found), enough)
    ordered = sorted(found, key=lambda one: one.passage is not first.passage)
    is_clear = way.within or asked.is_told_by_context(first.passage)
    said = PageAnswer(
        True,
        first.confidence,
        first.quote,
        named(index, places),
        _card(first.passage, first.quote),
        () if is_clear else _options(asked, places, hits),
        manner_of(asked.text, first) if way.among.language == ENGLISH else manner_abroad(first),
    )
    return Answer(said, tuple(_in_order(ordered)), enough)


def _otherwise(way: _Way, asked: Question, first: Place, enough: float) -> Answer | None:
    """The answer to the question when it is read without what is around it, where that one is better."""
    is_sure = first.confidence >= enough
    if way.within:
        return None
    if asked.earlier:
        # What was said before must not hide the one page that tells, or the product that the visitor looks at.
        if asked.may_mean_what_is_here(sure=is_sure):
            found = _answer(replace(way, history=()))
            least = first.confidence + SURER_HERE if is_sure else 0.0
            return found if found.said.answered and found.said.confidence >= least else None
    elif asked.leaning and not (is_sure and asked.is_told_by_context(first.passage)):
        # The page did not tell what is asked about; its words must not hide what is said, or left open, elsewhere.
        found = _answer(replace(way, history=(), page=None))
        return found if found.said.answered and (not is_sure or found.said.options) else None
    return None


def ranked(index: Index, question: str, history: Sequence[Turn] = (), page: str | None = None) -> Ranked | None:
    """The passages that an answer would be chosen from, with their features; None when nothing is asked about."""
    among = next(languages_to_try(index, question[:MAX_QUESTION], index.numbers_of(page) if page else ()))
    asked = Question(index, question, history, page, among)
    return rank(index, asked.query(), only=among.only(index)) if asked.terms else None


def evidence(index: Index, question: str, history: Sequence[Turn] = ()) -> tuple[float, Meant] | None:
    """What tells how sure we are of the place that would be quoted: its coverage, and what it means; None without."""
    among = next(languages_to_try(index, question[:MAX_QUESTION], ()))
    asked = Question(index, question, history, None, among)
    hits = best(index, rank(index, asked.query(), only=among.only(index)), ()) if asked.terms else []
    if not hits:
        return None
    first = _places(asked, hits)[0]
    (hit,) = (one for one in hits if index.passages[one.number] is first.passage)
    return None if hit.meant is None else (_coverage(asked, hit, quote(asked, hit.number)), hit.meant)


def _options(asked: Question, places: Sequence[Place], hits: Sequence[Hit]) -> tuple[str, ...]:
    """What to ask back with. What was meant may be below the places that could be quoted."""
    if not leaves_open(asked.terms):
        return ()
    tried = {id(place.passage) for place in places}
    others = [hit for hit in hits if id(asked.index.passages[hit.number]) not in tried]
    return options(asked.text, asked.terms, [*places, *(_place(asked, hit, hits[0].score) for hit in others)])


def _only(way: _Way) -> NDArray[np.bool_] | None:
    """Which passages may answer; None for all."""
    own = way.among.only(way.index)
    if not way.within:
        return own
    called = np.array([is_called(one, way.within) for one in way.index.passages], dtype=np.bool_)
    return called if own is None else own & called


def _places(asked: Question, hits: Sequence[Hit]) -> list[Place]:
    """Where the answer may be quoted from, the best first."""
    top = hits[0].score
    # The one that speaks of most of what is asked is worth a look, however far down.
    best_told = sorted(hits[QUOTED - 1 :], key=lambda hit: -hit.covered)[:1]
    tried = [(_place(asked, hit, top), hit) for hit in (*hits[: QUOTED - 1], *best_told)]
    # The first of equals: Python's sort keeps their order.
    tried.sort(key=lambda pair: -_serves(asked, pair[0], pair[1], top))
    return _by_name(asked, [place for place, _ in tried])


def _by_name(asked: Question, places: list[Place]) -> list[Place]:
    """Before a place whose words tell it of other names comes one as good whose words tell it of what is asked."""
    first = places[0]
    lacked = asked.lacked_in(first.quote)
    if not lacked or not gives(asked, first.quote) or not asked.names_another(first.quote):
        return places
    for at, one in enumerate(places):
        if one.worth >= first.worth and gives(asked, one.quote) and not lacked & asked.lacked_in(one.quote):
            return [one, *places[:at], *places[at + 1 :]]
    return places


def _place(asked: Question, hit: Hit, top: float) -> Place:
    """The passage found with its best words. `top` is the score of the first of all found."""
    passage = asked.index.passages[hit.number]
    words = quote(asked, hit.number)
    sure = round(confidence(asked, passage, _coverage(asked, hit, words), hit), 4)
    near = hit.meant.near if hit.meant else 0.0
    return Place(passage, words.text, words.coverage, sure, near, worth(asked, words, hit.score / top))


def _coverage(asked: Question, hit: Hit, words: Quote) -> float:
    """The share of what is asked that the place and its best words speak of."""
    passage = asked.index.passages[hit.number]
    if is_english(asked, passage):
        return (words.coverage + hit.covered) / 2
    return sure_by_words(asked, hit.number, words.text)


def _serves(asked: Question, place: Place, hit: Hit, top: float) -> float:
    """How well it would serve to quote this place."""
    serves = place.worth + LEAD * hit.score / top + SAME_NAME * asked.is_name_of(place.passage)
    return serves if is_of_another(asked, hit) else serves + SAME_QUESTION * hit.asks_alike


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
