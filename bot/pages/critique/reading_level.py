"""How hard an English text is to read: the Flesch-Kincaid grade, in years of school."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

MIN_WORDS = 30
"""Of a text with fewer words in whole sentences the grade says nothing."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# "being" and "buying" have a second syllable that a run of vowels hides.
_VOWELS = re.compile(r"[aeiouy]+?(?=ing)|[aeiouy]+")
# Said with the syllable before: "bake", "baked", "bakes"; but not "table", "wanted", "houses".
_SILENT = re.compile(r"(?:[^aeiouyl]e|[aeiouy]le|[^aeioudty]ed|[^aeiouycgsxz]es)$")
_STOPS = frozenset(".!?…")
# Together a third of any English text or more, and few of them are words of another language.
_SMALL = """
the of and to a in is for on with that are it be as this you we our your by from at or not have will can an all they
their was were if but which there
"""
_ENGLISH = frozenset(_SMALL.split())
ENGLISH_SHARE = 0.18
"""Pages with many rows of numbers and names have fewer than prose."""


def words(text: str) -> list[str]:
    """The words in their order as they are written; numbers are none."""
    return _WORD.findall(text)


def is_english(text: str) -> bool:
    """Whether the small words of English hold it together; a list of names is in no language."""
    found = words(text)
    return bool(found) and sum(word.lower() in _ENGLISH for word in found) / len(found) >= ENGLISH_SHARE


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """As many as it has runs of vowels, without a silent e; at least one."""
    word = word.lower()
    runs = len(_VOWELS.findall(word))
    return max(1, runs - bool(_SILENT.search(word)))


def grade(sentences: Iterable[str]) -> float | None:
    """0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid and others, 1975); None without a word."""
    counted = [words(sentence) for sentence in sentences]
    counted = [sentence for sentence in counted if sentence]
    said = [word for sentence in counted for word in sentence]
    if not said:
        return None
    return 0.39 * len(said) / len(counted) + 11.8 * sum(map(syllables, said)) / len(said) - 15.59


def whole(sentences: Iterable[str]) -> list[str]:
    """The sentences that end as one: rows of tables, items of lists and captions don't."""
    return [sentence for sentence in sentences if sentence.rstrip("\"'”’)]")[-1:] in _STOPS]


def grade_of_page(sentences: Sequence[str]) -> float | None:
    """The grade of the whole sentences, to a tenth; None when they have fewer than 30 words."""
    told = whole(sentences)
    if sum(len(words(sentence)) for sentence in told) < MIN_WORDS:
        return None
    found = grade(told)
    return None if found is None else round(found, 1)


def hardest(sentences: Sequence[str], *, min_words: int = 8) -> str | None:
    """The sentence with the highest grade of its own; None when none has so many words."""
    long = [sentence for sentence in whole(sentences) if len(words(sentence)) >= min_words]
    return max(long, key=lambda sentence: grade([sentence]) or 0.0, default=None)
