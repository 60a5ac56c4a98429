"""Answers a question from the pages: finds the passage, quotes its best words verbatim, and says how sure it is."""

import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.desk import Card, PageAnswer, Source
from bot.pages.asked_in import Among, languages_to_try
from bot.pages.choice import Place, is_called, manner_abroad, manner_of, named, options
from bot.pages.encoder import Read
from bot.pages.index import Index
from bot.pages.languages import ENGLISH
from bot.pages.passages import sentences
from bot.pages.ranking import FEATURES, Query, Ranked, Weights, rank
from bot.pages.words import VAGUE, Term, facts_told, leans_on_history, stems, terms_asked
from bot.store.pages import StoredPassage

SURE_ENOUGH = 0.55
"""Below this confidence the bot says that it does not know. Measured by bench/pages.py."""
SURE_ENOUGH_BY_WORDS = 0.5
"""The same where words alone tell, without meaning, in other languages. Measured by tests/pages/test_abroad.py."""
MUCH_SURER = 0.15
"""Pages in another language than the question's answer it when they speak of so much more of what it asks."""
LISTED = 10
PIECES = 3
"""A section in so many pieces or fewer is listed once."""
FIRST, OF_PAGE = 5, 3
NEAREST = 3
QUOTED = 6
"""Of so many places the best words are compared."""
MAX_QUESTION = 1_000
MAX_HISTORY = 8
MAX_QUOTE = 600

EARLIER = 0.2
"""Weight of the visitor's turn before the last, and of each one further back once more."""
EARLIER_WHEN_LEANING = 0.35
BOT_ANSWER = 0.03
SAME_WORD, FACT = 0.3, 0.5
SECTION_SUPPORT = 0.25
SURE = np.array([0.22, 0.66, 0.66, 0.33, -0.265])
"""How sure we are by the words asked that a place speaks of, its cosine, the mean of the five highest cosines, its
tokens, and from the beginning. Either alone misleads: "hold" is said of prices; what nothing on the site comes near to
is off its topic. Chosen among rounder weights that tell own from foreign questions of MTRAG's domains alike."""
ONE_THING, ALL_OF_IT = (0.43, 0.85), 0.95
"""A question that names one thing only is answered by the place that names it: by coverage and cosine."""
ABOUT = 5
LEAD, SAME_QUESTION = 1.0, 2.0
"""What counts besides its worth when a quote is chosen: how far up it was found, that its heading asks the same."""
CONTEXT = 0.7
"""The most that the words of earlier turns count in the coverage, beside those of a question that leans on them."""
LEAST_FACT_IDF = 2.0
UNKNOWN = 1.3
"""A word that no page has counts this much more than the rarest that one has."""
TOO_VAGUE = 0.4
"""The most that "how much is it?" can reach when nothing tells what it is about."""
SHORT_SENTENCE_WORDS = 9


@dataclass(frozen=True)
class Turn:
    """Something said before; `by_visitor` or by bot or staff."""

    by_visitor: bool
    text: str


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


_WORD = re.compile(r"[^\W\d_]{5,}")
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
    asked = _Question(index, question, history, page, among)
    if not asked.terms:
        return NOTHING
    ranked = rank(index, asked.query(), weights, only=_only(index, within, among))
    hits = _best(index, ranked, asked.page)
    if not hits:
        return NOTHING
    found = [Found(index.passages[hit.number], round(hit.score, 4)) for hit in hits]
    tried = [(asked.place(hit, hits[0].score), hit) for hit in hits[:QUOTED]]
    # The first of equals: Python's sort keeps their order.
    tried.sort(key=lambda pair: -_serves(pair[0], pair[1], hits[0].score))
    places = [place for place, _ in tried]
    best = places[0]
    told = asked.is_told_by_context(best.passage)
    if asked.leaning and not asked.earlier and not within and not (told and best.confidence >= asked.sure_enough):
        # The page did not tell what is asked about; its words must not hide what is said, or left open, elsewhere.
        elsewhere = _answer(index, question, (), None, "", weights, among)
        if elsewhere.said.answered and (best.confidence < asked.sure_enough or elsewhere.said.options):
            return elsewhere
    if best.confidence < asked.sure_enough:
        return Answer(PageAnswer(False, best.confidence, "", _nearest(found)), tuple(found))
    ordered = sorted(found, key=lambda one: one.passage is not best.passage)
    said = PageAnswer(
        True,
        best.confidence,
        best.quote,
        named(index, places),
        _card(best.passage, best.quote),
        () if within or told else options(asked.text, asked.terms, places),
        manner_of(asked.text, best) if among.language == ENGLISH else manner_abroad(best),
    )
    return Answer(said, tuple(_in_order(ordered)))


def ranked(index: Index, question: str, history: Sequence[Turn] = (), page: str | None = None) -> Ranked | None:
    """The passages that an answer would be chosen from, with their features; None when nothing is asked about."""
    among = next(languages_to_try(index, question[:MAX_QUESTION], index.numbers_of(page) if page else ()))
    asked = _Question(index, question, history, page, among)
    return rank(index, asked.query(), only=among.only(index)) if asked.terms else None


@dataclass(frozen=True)
class _Quote:
    """`coverage` is the share of what is asked that it speaks of, `density` the share of it that speaks of that."""

    text: str
    coverage: float
    density: float


class _Question:
    """A question with what it stands in: the words it weighs, and how much each counts."""

    def __init__(self, index: Index, question: str, history: Sequence[Turn], page: str | None, among: Among) -> None:
        self.index = index
        self.text = question[:MAX_QUESTION]
        self.language = among.language
        self.by_words_alone = among.by_words_alone(index)
        terms = among.terms(index, self.text, terms_asked(self.text, self.language))
        self.terms = tuple(_spelt(index, term) for term in terms)
        self.page = index.numbers_of(page) if page else ()
        said = [turn for turn in history if turn.text.strip()][-MAX_HISTORY:]
        self.earlier = [turn.text[:MAX_QUESTION] for turn in reversed(said) if turn.by_visitor]
        self.answer_before = next((turn.text[:MAX_QUESTION] for turn in reversed(said) if not turn.by_visitor), "")
        self.leaning = bool(self.earlier or self.page) and leans_on_history(self.text, self.terms, self.language)
        self.counts = self._counts()
        named = [term for term, _ in self.counts if term.stem not in VAGUE and not term.stem.isdigit()]
        self.most_confidence = 1.0 if named else TOO_VAGUE

    def query(self) -> Query:
        """What the ranking takes of the question."""
        return Query(self._words(), self.counts, self._asked(), self.page, self.leaning)

    def _words(self) -> NDArray[np.float32]:
        """BM25 over all turns, and the passage's neighbours of the same section."""
        first = EARLIER_WHEN_LEANING if self.leaning else EARLIER
        weights: dict[str, float] = defaultdict(float)
        self._weigh(weights, self.text, 1.0)
        for back, text in enumerate(self.earlier):
            self._weigh(weights, text, first * EARLIER**back)
        for stem in set(stems(self.answer_before, self.language)):
            weights[stem] += BOT_ANSWER
        if self.page:
            for stem in set(stems(self.index.passages[self.page[0]].title, self.language)):
                weights[stem] += first if self.leaning else BOT_ANSWER
        scores = self.index.scores(weights)
        return scores + np.float32(SECTION_SUPPORT) * (self.index.section_sums(scores) - scores)

    def _asked(self) -> Read | None:
        """What the question means after the turns before it, or on the page; None without an encoder."""
        if self.index.meaning is None or self.by_words_alone:
            return None
        around = self.earlier[::-1] or self.context()
        # A slip of the finger makes a word mean nothing.
        return self.index.meaning.ask(_corrected(self.index, self.text), around)

    def confidence(self, coverage: float, hit: "_Hit") -> float:
        """Of the quoted place: what it speaks of, what it means, and how much on the site is about the same."""
        sure = coverage
        if hit.meant is not None and not self.by_words_alone:
            sure = float(SURE @ np.array([coverage, *hit.meant, 1.0]))
            if len(self.terms) == 1 and coverage > ALL_OF_IT:
                # "Parking?" is said in one place, and nothing around is about it.
                sure = max(sure, ONE_THING[0] * coverage + ONE_THING[1] * hit.meant.near)
        return max(0.0, min(self.most_confidence, sure, 1.0))

    @property
    def sure_enough(self) -> float:
        return SURE_ENOUGH_BY_WORDS if self.by_words_alone else SURE_ENOUGH

    def context(self) -> list[str]:
        """What a question that names too little is about: the turns before it, or else the page it is asked on."""
        if not self.leaning:
            return []
        return self.earlier[:2] or [self.index.passages[self.page[0]].title]

    def is_told_by_context(self, passage: StoredPassage) -> bool:
        """Whether a question that leans on what is around it got this place from there: from a turn, or the page."""
        if not self.leaning:
            return False
        return any(terms_asked(text, self.language) for text in self.earlier) or any(
            self.index.passages[one] is passage for one in self.page
        )

    def quote(self, passage: StoredPassage) -> _Quote:
        """The one or two sentences, or the row, that speak of most of what is asked."""
        language = self.index.language_of(passage)
        around = frozenset(_terms_in(" ".join((passage.title, *passage.heading)), language))
        spans = sentences(passage.text)
        told = [self._told(passage.text[start:end], around, language) for start, end in spans]
        density = [self._density(passage.text[start:end], language) for start, end in spans]
        best = max(range(len(spans)), key=lambda one: (told[one] + density[one] / 8, -one))
        first, last = self._with_neighbour(passage, spans, told, around, best)
        start, end = spans[first][0], spans[last][1]
        text = passage.text[start:end]
        return _Quote(_cut(text), max(told[best], self._told(text, around, language)), density[best])

    def place(self, hit: "_Hit", top: float) -> Place:
        """The passage found with its best words. `top` is the score of the first of all found."""
        passage = self.index.passages[hit.number]
        quote = self.quote(passage)
        sure = round(self.confidence((quote.coverage + hit.covered) / 2, hit), 4)
        near = hit.meant.near if hit.meant else 0.0
        return Place(passage, quote.text, quote.coverage, sure, near, self.worth(quote, hit.score / top))

    def worth(self, quote: _Quote, score: float) -> float:
        """How well a quote would serve. One that gives the kind of fact asked for beats one that repeats the words."""
        facts = {term.stem for term, _ in self.counts if term.is_fact}
        gives = 1.0 if facts and facts.issubset(facts_told(quote.text, self.language)) else 0.0
        return quote.coverage + 0.4 * score + 0.25 * quote.density + 0.3 * gives

    def _with_neighbour(
        self,
        passage: StoredPassage,
        spans: list[tuple[int, int]],
        told: list[float],
        around: frozenset[str],
        best: int,
    ) -> tuple[int, int]:
        """Takes the sentence before or after along, when it tells more of what is asked, or the best is too short."""
        choices: list[tuple[float, int, int]] = []
        for first, last in ((best - 1, best), (best, best + 1)):
            if first < 0 or last >= len(spans):
                continue
            text = passage.text[spans[first][0] : spans[last][1]]
            if "\n" not in text and len(text) <= MAX_QUOTE:
                choices.append((self._told(text, around, self.index.language_of(passage)), first, last))
        if not choices:
            return best, best
        start, end = spans[best]
        more, first, last = max(choices, key=lambda choice: (round(choice[0], 6), choice[1]))
        short = len(passage.text[start:end].split()) < SHORT_SENTENCE_WORDS
        opens = best == 0 and last == 1 and any(heading.endswith("?") for heading in passage.heading[-1:])
        other = told[first + last - best]
        also = other >= 0.8 * told[best] and len(passage.text[spans[first][0] : spans[last][1]]) <= 240
        return (first, last) if more > told[best] + 0.01 or short or opens or also else (best, best)

    def _told(self, text: str, around: frozenset[str], language: str) -> float:
        """The share of what is asked that these words speak of; their headings count for most of it too."""
        terms = _terms_in(text, language)
        told = 0.0
        for term, count in self.counts:
            if not term.any_of.isdisjoint(terms):
                told += count
            elif not term.any_of.isdisjoint(around):
                told += 0.7 * count
        return told

    def _density(self, text: str, language: str) -> float:
        terms = _terms_in(text, language)
        asked = frozenset().union(*(term.any_of for term, _ in self.counts))
        return len(terms & asked) / max(len(terms), 4)

    def _weigh(self, weights: dict[str, float], text: str, weight: float) -> None:
        for stem in dict.fromkeys(stems(text, self.language)):
            weights[stem] += weight
        for term in terms_asked(text, self.language):
            if term.is_fact:
                weights[term.stem] += weight * FACT
            for other in _spelt(self.index, term).others:
                weights[other] += weight * SAME_WORD

    def _counts(self) -> list[tuple[Term, float]]:
        """What each thing asked counts in the coverage, summing up to 1."""
        counts = {term: self._idf(term) for term in self.terms}
        own = sum(counts.values())
        context = self._context_counts(asks_fact=any(term.is_fact for term in self.terms))
        around = sum(context.values())
        for term, count in context.items():
            counts.setdefault(term, count * min(1.0, CONTEXT * own / around))
        whole = sum(counts.values())
        return [(term, count / whole) for term, count in counts.items()] if whole else []

    def _context_counts(self, *, asks_fact: bool) -> dict[Term, float]:
        counts: dict[Term, float] = {}
        for back, text in enumerate(self.context()):
            for term in terms_asked(text, self.language):
                # What is asked now replaces what was asked before: "and how much?" after "how long?". The kind of
                # fact stays when the thing changes: "what about Sweden?" after "how long to Norway?".
                if not (term.is_fact and asks_fact):
                    known = _spelt(self.index, term)
                    counts.setdefault(known, (2.0 if term.is_fact else 1.0) * 0.5**back * self._idf(known))
        return counts

    def _idf(self, term: Term) -> float:
        known = [idf for stem in (term.stem, *term.others) if (idf := self.index.idf(stem)) is not None]
        if not known:
            return UNKNOWN * self.index.rarest
        own = self.index.idf(term.stem)
        return max(own or min(known), LEAST_FACT_IDF if term.is_fact else 0.0)


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


def _best(index: Index, ranked: Ranked, page: Sequence[int]) -> list[_Hit]:
    """The ten best passages, never the same words twice, and of a section cut in pieces one in three.

    Three of the first five are of the `page` where the question is asked, if it has so many: to know where the visitor
    is tells more than any score.
    """
    hits = list(_without_repeats(index, ranked, frozenset(page)))
    own = [one for one in hits if one.number in page][:OF_PAGE]
    others = [one for one in hits if one not in own][: FIRST - len(own)]
    first = sorted((*own, *others), key=lambda one: -one.score)
    return [*first, *(one for one in hits if one not in first)][:LISTED]


def _without_repeats(index: Index, ranked: Ranked, page: frozenset[int]) -> Iterator[_Hit]:
    of_section: Counter[int] = Counter()
    tokens, alike = (ranked.features[:, FEATURES.index(name)] for name in ("tokens", "asks_alike"))
    around = float(np.sort(ranked.near)[-ABOUT:].mean()) if len(ranked.near) else 0.0
    texts: set[str] = set()
    for at, number in enumerate(ranked.numbers.tolist()):
        section, text = int(index.section_of[number]), index.passages[number].digest
        may = number in page or of_section[section] * PIECES < index.section_sizes[section]
        if text not in texts and may:
            of_section[section] += 1
            texts.add(text)
            meant = None if index.meaning is None else _Meant(float(ranked.near[at]), around, float(tokens[at]))
            yield _Hit(number, float(ranked.scores[at]), meant, float(ranked.covered[at]), float(alike[at]))


def _only(index: Index, within: str, among: Among) -> NDArray[np.bool_] | None:
    """Which passages may answer; None for all."""
    own = among.only(index)
    if not within:
        return own
    return _called(index, within) if own is None else own & _called(index, within)


def _serves(place: Place, hit: _Hit, top: float) -> float:
    """How well it would serve to quote this place."""
    return place.worth + LEAD * hit.score / top + SAME_QUESTION * hit.asks_alike


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


def _cut(text: str) -> str:
    """At most 600 characters, ending between words; still verbatim."""
    return text if len(text) <= MAX_QUOTE else text[:MAX_QUOTE].rpartition(" ")[0]


@lru_cache(maxsize=16_384)
def _terms_in(text: str, language: str) -> frozenset[str]:
    return frozenset((*stems(text, language), *facts_told(text, language)))


def _corrected(index: Index, text: str) -> str:
    """The text with the words that no page has as they were probably meant."""
    return _WORD.sub(lambda word: _meant(index, word[0]), text)


def _meant(index: Index, word: str) -> str:
    near = {one for stem in stems(word) if not index.has(stem) for one in _spelt(index, Term(stem)).others}
    return min(near, default=word)


def _spelt(index: Index, term: Term) -> Term:
    """The term with what it probably means when no page has it: one letter wrong, missing, too many or swapped."""
    word = term.stem
    if len(word) < 5 or not word.isalpha() or any(index.has(one) for one in term.any_of):
        return term
    # "itchy" and "itch" have different stems.
    near = {word[:-1]} & {word.removesuffix("i")}
    # Of short words too many are one letter apart: a robot is no root.
    near |= _one_letter_off(word) if len(word) > 5 else _once_where_twice(word)
    near = {one for one in near if index.has(one)}
    return Term(word, term.others | near) if near else term


def _once_where_twice(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(1, len(word)) if word[at] == word[at - 1]}


def _one_letter_off(word: str) -> set[str]:
    """Every word one slip away; the first letter is hardly ever the wrong one."""
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    return {
        *(before + after[1:] for before, after in cuts if after),
        *(before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1),
        *(before + letter + after[1:] for before, after in cuts if after for letter in string.ascii_lowercase),
        *(before + letter + after for before, after in cuts for letter in string.ascii_lowercase),
    }
