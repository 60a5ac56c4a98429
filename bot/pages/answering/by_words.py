"""How sure we are of a place by its words alone, where they are not English: what is asked and told belong together."""

import re
from collections.abc import Collection
from functools import lru_cache

from bot.pages.answering.question import Question
from bot.pages.answering.quoting import Telling
from bot.pages.indexing.demanded import DAYS, demanded, is_given
from bot.pages.indexing.index import Index
from bot.pages.indexing.languages import ENGLISH, is_small
from bot.pages.indexing.words import facts_told, stems
from bot.pages.reading.passages import sentences
from bot.store.pages import StoredPassage

UNHEARD = 0.7
"""What a word that no page has counts, of what it counts elsewhere: it is as often another word for what they tell."""
NOT_GIVEN = 0.5
"""What is left where the kind of fact that is asked for is not told beside the words that are asked about."""
NOT_NAMED = 0.5
"""The same of a place that is silent about a day, a number or a name of the question. These three were chosen on the
questions of tests/pages/answering/abroad/chosen; without any of them fewer are told apart there."""
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[A-Za-z]")
_ALL_NOUNS = frozenset({"de"})
"""Languages in which a capital makes no name."""
_LETTERS = 5
"""Of a day's name: they tell the days apart, whatever the ending."""


def is_english(asked: Question, passage: StoredPassage) -> bool:
    return asked.language == asked.index.language_of(passage) == ENGLISH


def sure_by_words(asked: Question, number: int, quoted: str) -> float:
    """The share of what is asked that one sentence or row of the quote speaks of, its headings beside it; of the
    passage of this number."""
    passage = asked.index.passages[number]
    told_in = asked.index.language_of(passage)
    nearest = stems(" ".join((*passage.heading[-1:], quoted)), told_in)
    if told_in != asked.language and not _same_names(asked, told_in, nearest):
        return 0.0
    words = stems(" ".join((passage.title, *passage.heading, quoted)), told_in)
    telling, kinds = Telling(asked, number), demanded(asked.text, asked.language)
    sure = max(_sure_of(telling, quoted[start:end], kinds, told_in) for start, end in sentences(quoted))
    return sure if _has_all_named(asked, told_in, words, quoted) else sure * NOT_NAMED


def _sure_of(telling: Telling, part: str, kinds: Collection[str], language: str) -> float:
    asked = telling.asked
    unheard = sum(count for term, count in asked.counts if _is_unheard(asked.index, term.any_of) and not term.is_fact)
    share = telling.told(part) / (1.0 - (1.0 - UNHEARD) * unheard)
    told = frozenset(facts_told(part, language))
    news = _without_days(part, asked.text, language)
    return share if all(is_given(kind, news, language, told) for kind in kinds) else share * NOT_GIVEN


def _is_unheard(index: Index, stems: Collection[str]) -> bool:
    return not any(map(index.has, stems))


def _has_all_named(asked: Question, told_in: str, words: Collection[str], quoted: str) -> bool:
    """Whether the place has every day, number and name of the question. Two days are a list, or a first and a last."""
    if told_in != asked.language:
        return True
    if told_in in DAYS:
        wanted, told = _days_in(asked.text, told_in), _days_in(quoted, told_in)
        if not wanted <= told and len(told) < 2:
            return False
    return all(_is_among(name, told_in, words) for name in names_in(asked.text, asked.language))


def _same_names(asked: Question, told_in: str, words: Collection[str]) -> bool:
    """Whether a place in another language has the question's names and numbers; all else in it may mean anything."""
    names = names_in(asked.text, asked.language, nouns=True)
    if not names:
        names = tuple(one for one in _WORD.findall(asked.text) if not _is_own(one, asked))
    lacked = [one for one in names if not _is_among(one, told_in, words)]
    common = asked.language in _ALL_NOUNS and all(_is_own(one, asked) for one in lacked)
    return len(lacked) < len(names) and (common or not lacked)


def _is_own(word: str, asked: Question) -> bool:
    """Whether it is a word of the question's own language: its pages have it."""
    return is_small(word.lower(), asked.language) or any(
        asked.language in asked.index.speakers(stem) for stem in stems(word, asked.language)
    )


def _is_among(name: str, language: str, words: Collection[str]) -> bool:
    return any(stem in words for stem in stems(name, language))


@lru_cache(maxsize=1_024)
def names_in(question: str, language: str, *, nouns: bool = False) -> tuple[str, ...]:
    """The numbers and names of a question: words with a capital, or in other letters than the rest.

    Without its `nouns`, where all of them have a capital.
    """
    first, *words = _WORD.findall(question) or [""]
    capitals = nouns or language not in _ALL_NOUNS
    foreign = not _LATIN.search(first)
    stand_out = [one for one in words if (capitals and one[0].isupper()) or (foreign and _LATIN.match(one))]
    named = [one for one in stand_out if not is_small(one.lower(), language)]
    return tuple(one for one in words if one.isdecimal() or one in named)


def _days_in(text: str, language: str) -> frozenset[str]:
    return frozenset(one.casefold()[:_LETTERS] for one in DAYS[language].findall(text))


def _without_days(text: str, question: str, language: str) -> str:
    """The text without the days that the question itself tells: they are no answer to "when?"."""
    if language not in DAYS:
        return text
    asked = _days_in(question, language)
    return DAYS[language].sub(lambda found: "" if found[0].casefold()[:_LETTERS] in asked else found[0], text)
