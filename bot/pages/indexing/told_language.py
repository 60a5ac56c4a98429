"""Which language a page is in: what its text says, where that is clear; else what its HTML tells."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from bot.pages.indexing.languages import BY_PAIRS, ENGLISH, LANGUAGES, UNSPACED, frequent_words, language_code
from bot.store.pages import StoredPassage

LOOKED_AT = 1_500
"""Characters of a text: more of them tell nothing more."""
LEAST_WORDS, LEAST_TO_CORRECT = 12, 30
"""A shorter text tells nothing; a longer one is needed to say otherwise than the page's HTML."""
LEAST_SHARE, LEAST_DIFFERENT = 0.14, 5
"""Of the words that are among the language's most frequent, and how many different ones: running text has 0.15 to
0.6, the least in languages of many endings; a list of names or a formula has next to none, or a few again and again."""
FAR_LESS = 0.6
"""Another language has at most so much of the first one's share. Danish and Norwegian do not differ by so much."""
# A letter alone is a word in many languages, and a quantity in the formulas of all of them.
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff])+")
_KANA, _HANGUL, _THAI = re.compile("[\u3040-\u30ff]"), re.compile("[\uac00-\ud7af]"), re.compile("[\u0e00-\u0e7f]")


def with_languages(passages: Sequence[StoredPassage]) -> list[StoredPassage]:
    """The passages, each with the code of its own language, as some pages are in two; empty when nothing tells."""
    texts: dict[str, list[str]] = defaultdict(list)
    for one in passages:
        texts[one.url].append(one.text[:LOOKED_AT])
    pages: dict[str, str] = {}
    for one in passages:
        if one.url not in pages:
            pages[one.url] = language_of("\n".join(texts[one.url]), language_code(one.language))
    own = [pages[one.url] if len(texts[one.url]) == 1 else language_of(one.text, pages[one.url]) for one in passages]
    return [
        one if one.language == language else replace(one, language=language)
        for one, language in zip(passages, own, strict=True)
    ]


def language_of(text: str, told: str = "") -> str:
    """The language of a text that is `told` to be in one, or in none; empty when neither tells."""
    text = text[:LOOKED_AT]
    if (unspaced := len(UNSPACED.findall(text))) * 4 > len(text):
        return told if told in BY_PAIRS and unspaced < LEAST_TO_CORRECT else _by_script(text)
    words = Counter(_WORD.findall(text.lower()))
    if words.total() < (LEAST_TO_CORRECT if told else LEAST_WORDS):
        return told
    votes: Counter[str] = Counter()
    different: Counter[str] = Counter()
    for word, times in words.items():
        for language in _speakers().get(word, ()):
            votes[language] += times
            different[language] += 1
    best = max(votes, key=lambda one: (votes[one], one == told), default="")
    clear = votes[best] >= LEAST_SHARE * words.total() and different[best] >= LEAST_DIFFERENT
    return best if clear and all(_far_less(votes, one, best) for one in (told, ENGLISH)) else told


def _far_less(votes: Mapping[str, int], one: str, best: str) -> bool:
    return one == best or votes.get(one, 0) <= FAR_LESS * votes[best]


def _by_script(text: str) -> str:
    if len(_KANA.findall(text)) * 12 > len(text):
        return "ja"
    return "ko" if _HANGUL.search(text) else "th" if _THAI.search(text) else "zh"


@cache
def _speakers() -> dict[str, tuple[str, ...]]:
    """In which languages a word is frequent."""
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for language in sorted(LANGUAGES):
        for word in frequent_words(language):
            found[word] += (language,)
    return dict(found)
