"""A question with what it stands in: the turns before it, the page it is asked on, and how much each word counts."""

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.pages.answering.asked_in import Among
from bot.pages.answering.ranking import Query, places_of
from bot.pages.answering.spelling import corrected, spelt, written_out
from bot.pages.indexing.encoder import Read
from bot.pages.indexing.index import Index
from bot.pages.indexing.languages import ENGLISH
from bot.pages.indexing.words import VAGUE, Term, leans_on_history, stems, terms_asked
from bot.store.pages import StoredPassage

_SAID = re.compile(r"(?:[^.!?\n]|[.!?](?!\s|$))*(?:[.!?]+|\n|$)")
_GOES_ON = re.compile(r"\W*(?:and|but|or|so|then)\b", re.IGNORECASE)
MAX_QUESTION = 1_000
MAX_HISTORY = 8
TALE = 20
"""Words around a question that hide it."""

EARLIER = 0.2
"""Weight of the visitor's turn before the last, and of each one further back once more."""
EARLIER_WHEN_LEANING = 0.35
BOT_ANSWER = 0.03
LEAST = 0.1
"""A word whose weight, times its idf, is less is not looked for."""
SAME_WORD, FACT = 0.3, 0.5
SECTION_SUPPORT = 0.15
CONTEXT = 0.7
"""The most that the words of earlier turns count in the coverage, beside those of a question that leans on them."""
LEAST_FACT_IDF = 2.0
FEW = 6
"""Pages that speak of a thing, when it is told on these and nowhere else."""
UNKNOWN = 1.3
"""A word that no page has counts this much more than the rarest that one has."""
TOO_VAGUE = 0.4
"""The most that "how much is it?" can reach when nothing tells what it is about."""


@dataclass(frozen=True)
class Turn:
    """Something said before; `by_visitor` or by bot or staff."""

    by_visitor: bool
    text: str


class Question:
    """What is asked of an index; read only after it is made."""

    def __init__(self, index: Index, question: str, history: Sequence[Turn], page: str | None, among: Among) -> None:
        self.index = index
        self.text = written_out(question[:MAX_QUESTION])
        self.language = among.language
        self.by_words_alone = among.by_words_alone(index)
        terms = among.terms(index, self.text, _terms_in(self.text, self.language))
        self.terms = tuple(spelt(index, term) for term in terms)
        self.page = index.numbers_of(page) if page else ()
        said = [turn for turn in history if turn.text.strip()][-MAX_HISTORY:]
        self.earlier = [turn.text[:MAX_QUESTION] for turn in reversed(said) if turn.by_visitor]
        self.answer_before = next((turn.text[:MAX_QUESTION] for turn in reversed(said) if not turn.by_visitor), "")
        self.leaning = bool(self.earlier or self.page) and leans_on_history(self.text, self.terms, self.language)
        self.counts = self._counts()
        self._places = places_of(self.counts)
        self.wanted = frozenset(self._places)
        """All that any of it may be called."""
        named = [term for term, _ in self.counts if term.stem not in VAGUE and not term.stem.isdigit()]
        self.most_confidence = 1.0 if named else TOO_VAGUE

    @property
    def has_unknown(self) -> bool:
        """Whether it asks about something of which no page has a word."""
        return any(not term.is_fact and not any(map(self.index.has, term.any_of)) for term in self.terms)

    def may_mean_what_is_here(self, *, sure: bool) -> bool:
        """Whether it may be asked without a thought of what was said before: "how much is it?" on a product's page, or
        "are you hiring?", of which few pages speak. `sure` when what was said before answers it."""
        if sure:
            on_product = bool(self.page) and self.index.passages[self.page[0]].product is not None
            return self.leaning and on_product and not _GOES_ON.match(self.text)
        if self.leaning and self.page:
            return True
        return len(self.terms) == 1 and self.index.is_on_few_pages(self.terms[0].any_of, FEW)

    def is_name_of(self, passage: StoredPassage) -> bool:
        """Whether the heading above the passage says what is asked and nothing else."""
        asked = tuple(term.stem for term in self.terms)
        return any(_stems_in(heading, self.language) == asked for heading in passage.heading[-1:])

    def is_of_another_name(self, heading: str, number: int) -> bool:
        """Whether the heading asks the same of another name, "do you ship to Norway?" for Sweden; the passage `number`
        below it must not speak of the name that is asked.
        """
        asked = {stem for term in self.terms for stem in term.any_of}
        theirs = _terms_in(heading, self.language)
        lacked = [term for term in self.terms if not any(term.any_of & one.any_of for one in theirs)]
        added = [term.stem for term in theirs if term.any_of.isdisjoint(asked)]
        # Other words may be other words for the same: a trip is a holiday.
        if len(self.terms) < 2 or len(lacked) != 1 or len(added) != 1 or added[0] not in _names_in(heading):
            return False
        return not self.index.has_any(lacked[0].any_of, np.array([number]))[0]

    def lacked_in(self, text: str) -> frozenset[str]:
        """What is asked, but for kinds of facts, and the text has no word of."""
        own = frozenset(stems(text, self.language))
        return frozenset(term.stem for term in self.terms if not term.is_fact and term.any_of.isdisjoint(own))

    def names_another(self, text: str) -> bool:
        """Whether the text has a name that is not asked for."""
        return not _names_in(text) <= {stem for term in self.terms for stem in term.any_of}

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
        for stem in _stems_in(self.answer_before, self.language):
            weights[stem] += BOT_ANSWER
        if self.page:
            for stem in set(stems(self.index.passages[self.page[0]].title, self.language)):
                weights[stem] += first if self.leaning else BOT_ANSWER
        # What was said long ago, or by everybody, moves nothing and stands in most of a large site.
        telling = {term: one for term, one in weights.items() if one * (self.index.idf(term) or 0.0) >= LEAST}
        scores = self.index.scores(telling)
        return scores + np.float32(SECTION_SUPPORT) * (self.index.section_sums(scores) - scores)

    def _asked(self) -> Read | None:
        """What the question means after the turns before it, or on the page; None without an encoder."""
        if self.index.meaning is None or self.by_words_alone:
            return None
        around = self.earlier[::-1] or self.context()
        # A slip of the finger makes a word mean nothing.
        return self.index.meaning.ask(corrected(self.index, self.text), around)

    def asked_in(self, terms: Set[str]) -> set[int]:
        """Which of the things asked, by their places in `counts`, these terms speak of."""
        return {place for one in self.wanted & terms for place in self._places[one]}

    def context(self) -> list[str]:
        """What a question that names too little is about: the turns before it, or else the page it is asked on."""
        if not self.leaning:
            return []
        return self.earlier[:2] or [self.index.passages[self.page[0]].title]

    def is_told_by_context(self, passage: StoredPassage) -> bool:
        """Whether a question that leans on what is around it got this place from there: from a turn, or the page."""
        if not self.leaning:
            return False
        return any(_terms_in(text, self.language) for text in self.earlier) or any(
            self.index.passages[one] is passage for one in self.page
        )

    def _weigh(self, weights: dict[str, float], text: str, weight: float) -> None:
        own = _stems_in(text, self.language)
        for stem in own:
            weights[stem] += weight
        for term in _terms_in(text, self.language):
            if term.is_fact:
                weights[term.stem] += weight * FACT
            elif term.stem not in own:
                # "Send back" is a return.
                weights[term.stem] += weight
            for other in spelt(self.index, term).others:
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
            for term in _terms_in(text, self.language):
                # What is asked now replaces what was asked before: "and how much?" after "how long?". The kind of
                # fact stays when the thing changes: "what about Sweden?" after "how long to Norway?".
                if not (term.is_fact and asks_fact):
                    known = spelt(self.index, term)
                    counts.setdefault(known, (2.0 if term.is_fact else 1.0) * 0.5**back * self._idf(known))
        return counts

    def _idf(self, term: Term) -> float:
        known = [idf for stem in (term.stem, *term.others) if (idf := self.index.idf(stem)) is not None]
        if not known:
            return UNKNOWN * self.index.rarest
        own = self.index.idf(term.stem)
        return max(own or min(known), LEAST_FACT_IDF if term.is_fact else 0.0)


def question_in(index: Index, text: str) -> str:
    """The last sentence that asks, where it can be understood alone and what is around it is a long tale, or of nothing
    that the site speaks of; empty else."""
    # Visitors begin sentences small, so that those of a page are not cut like theirs.
    said = [one for one in _SAID.findall(text[:MAX_QUESTION]) if one.strip()]
    asked = next((one for one in reversed(said) if one.rstrip().endswith("?")), "") if len(said) > 1 else ""
    if not asked or leans_on_history(asked, _terms_in(asked, ENGLISH)):
        return ""
    around = text.replace(asked, " ")
    is_foreign = not any(index.has(stem) for term in _terms_in(around, ENGLISH) for stem in term.any_of)
    return asked if is_foreign or len(around.split()) >= TALE else ""


@lru_cache(maxsize=1_024)
def _terms_in(text: str, language: str) -> tuple[Term, ...]:
    """Remembered, as `_stems_in`: the turns of a conversation are read again with each question."""
    return terms_asked(text, language)


@lru_cache(maxsize=1_024)
def _stems_in(text: str, language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stems(text, language)))


@lru_cache(maxsize=1_024)
def _names_in(heading: str) -> frozenset[str]:
    """The stems of words with a capital, where not each word has one."""
    _, *words = re.findall(r"[^\W\d_]+", heading) or [""]
    names = [word for word in words if word[0].isupper()]
    return frozenset(stems(" ".join(names))) if len(names) <= len(words) / 2 else frozenset()
