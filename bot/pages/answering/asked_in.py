"""Which language a question is in, of those that its site has pages in, and which of its pages answer it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.pages.indexing.demanded import MEASURED
from bot.pages.indexing.facts_abroad import SAME
from bot.pages.indexing.index import Index
from bot.pages.indexing.languages import ENGLISH, is_small, words_in
from bot.pages.indexing.words import Term, stems, terms_asked


@dataclass(frozen=True)
class Among:
    """The passages that may answer: those in the question's `language`, or, `elsewhere`, those in the others."""

    language: str
    elsewhere: bool = False

    def by_words_alone(self, index: Index) -> bool:
        """The encoder reads English only: what it makes of another language must not decide."""
        return index.meaning is not None and (self.elsewhere or self.language != ENGLISH)

    def only(self, index: Index) -> NDArray[np.bool_] | None:
        """Which passages those are; None for all."""
        if len(index.languages) == 1:
            return None
        own = index.is_in(self.language)
        return ~own if self.elsewhere else own

    def is_spoken(self, index: Index, question: str) -> bool:
        """Whether anything that the question asks about is said in the other languages at all."""
        asked = self.terms(index, question, terms_asked(question, self.language))
        others = set(index.languages) - {self.language}
        return any(not others.isdisjoint(index.speakers(one)) for term in asked for one in term.any_of)

    def terms(self, index: Index, text: str, terms: Sequence[Term]) -> tuple[Term, ...]:
        """The terms with what they may be on the pages: other endings, which stemmers leave more of than in English.

        In the other languages, what their words are looked for by there: names are the same in all.
        """
        if self.language != ENGLISH:
            terms = _without_measure(terms, text, self.language)
            terms = [
                one if any(map(index.has, one.any_of)) else replace(one, others=one.others | index.kin(one.stem))
                for one in (replace(one, others=one.others | _same(one, self.language)) for one in terms)
            ]
        if not self.elsewhere:
            return tuple(terms)
        abroad: dict[str, set[str]] = defaultdict(set)
        for word in words_in(text, self.language):
            for own in stems(word, self.language):
                abroad[own].update(stem for other in index.languages for stem in stems(word, other))
        return tuple(replace(one, others=one.others | (abroad[one.stem] - {one.stem})) for one in terms)


def _same(term: Term, language: str) -> frozenset[str]:
    return frozenset().union(*(group for group in _groups(language) if not group.isdisjoint(term.any_of))) - {term.stem}


@cache
def _groups(language: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(stems(line, language)) for line in SAME.get(language, ()))


def _without_measure(terms: Sequence[Term], text: str, language: str) -> Sequence[Term]:
    """The terms without "high" of "how high is the fee?"; pages tell the fee without it."""
    asks = MEASURED.get(language)
    if asks is None or not asks.search(text):
        return terms
    named = {stem for one in terms_asked(asks.sub(" ", text), language) for stem in one.any_of}
    return [one for one in terms if one.is_fact or one.stem in named] or terms


def languages_to_try(index: Index, question: str, page: Sequence[int]) -> Iterator[Among]:
    """The question's own language first: its words decide, else the page, else what most of the site is in."""
    language = language_asked(index, question, page)
    yield Among(language)
    abroad = Among(language, elsewhere=True)
    if len(index.languages) > 1 and abroad.is_spoken(index, question):
        yield abroad


def language_asked(index: Index, question: str, page: Sequence[int]) -> str:
    """The one that has most of the question's words, be it as small words or in its passages."""
    if len(index.languages) == 1:
        return index.languages[0]
    here = index.language_of(index.passages[page[0]]) if page else ""
    told = {language: _told(index, question, language) for language in index.languages}
    # The first of equals is the site's main one.
    return max(index.languages, key=lambda one: (told[one], one == here))


def _told(index: Index, question: str, language: str) -> int:
    words = dict.fromkeys(words_in(question, language))
    return sum(
        is_small(word, language) or any(language in index.speakers(stem) for stem in stems(word, language))
        for word in words
    )
