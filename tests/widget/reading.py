"""How hard a text is to read, as a school grade, by published formulas. Counts err on the hard side."""

import re
from functools import cache

from pyphen import Pyphen

WORD = re.compile(r"\w+(?:['’]\w+)*")
END = re.compile(r"(?<=[.!?؟…])\s+")
SOUNDS = {
    "en": re.compile(r"[aeiouy]+"),
    "de": re.compile(r"ei|ai|ie|[aä]u|eu|aa|ee|oo|[aeiouyäöü]"),
}
SILENT = re.compile(r"[^aeiouyl]e$")
LONG_WORD = 7
"""Letters; the Vienna formula's `more than six`."""


def sentences(text: str) -> list[str]:
    return END.split(text.strip())


def words(text: str) -> list[str]:
    return WORD.findall(text)


@cache
def hyphens(language: str) -> Pyphen:
    return Pyphen(lang={"en": "en_US", "de": "de_DE"}[language])


def syllables(word: str, language: str) -> int:
    """The larger of two counts: where a word may be parted, and the vowels that sound.

    No word is parted behind its first letter alone (`any`), and not every vowel sounds apart (`earlier`).
    """
    word = word.lower()
    sounds = len(SOUNDS[language].findall(word)) - (language == "en" and bool(SILENT.search(word)))
    return max(1, sounds, len(hyphens(language).positions(word)) + 1)


def flesch_kincaid(text: str) -> float:
    """The grade of an English text (Kincaid and others, 1975)."""
    said = words(text)
    spoken = sum(syllables(word, "en") for word in said)
    return 0.39 * len(said) / len(sentences(text)) + 11.8 * spoken / len(said) - 15.59


def vienna(text: str) -> float:
    """The grade of a German text: the first Wiener Sachtextformel (Bamberger and Vanecek, 1984)."""
    said = words(text)
    counts = [syllables(word, "de") for word in said]
    hard = 100 * sum(count >= 3 for count in counts) / len(said)
    easy = 100 * sum(count == 1 for count in counts) / len(said)
    long = 100 * sum(len(word) >= LONG_WORD for word in said) / len(said)
    return 0.1935 * hard + 0.1672 * len(said) / len(sentences(text)) + 0.1297 * long - 0.0327 * easy - 0.875
