"""What staff type into the search, as words to look for; and where a text has them.

Words in any order, the last one perhaps unfinished, "quotes" for words in this order. Nothing that is typed is a
command: whatever is neither letter nor digit parts words.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

WORDS_AT_MOST = 12
LONGEST_WORD = 60
SHORTEST_BEGINNING = 2
"""A single letter is a word: half of all that was said has a word that begins with it."""
EXCERPT = 200
_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]?|([^"“”„«»]+)')
# "Groesse" is "Größe", but "blue" is no "blü", "neue" no "neü" and "quer" no "qür".
_WRITTEN_OUT = re.compile(r"(?<![aeiouq])([aou])e(?=[a-z])")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True)
class Term:
    """Words that follow each other; nearly always it is one. `begins`: the last of them may go on.

    `spellings` are ways to write all of them, in small letters.
    """

    spellings: tuple[tuple[str, ...], ...]
    begins: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the term in a folded text."""
        end = "" if self.begins else r"(?![^\W_])"
        ways = "|".join(r"[\W_]+".join(re.escape(fold(word)) for word in words) for words in self.spellings)
        return re.compile(rf"(?<![^\W_])(?:{ways}){end}")


@dataclass(frozen=True)
class Sought:
    """All of the terms have to be there; without any there is nothing to look for."""

    terms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Piece:
    text: str
    hit: bool = False


def parse(typed: str) -> Sought:
    """The words of what was typed, at most a dozen."""
    terms: list[Term] = []
    left = WORDS_AT_MOST
    for quoted, bare in _QUOTED.findall(typed):
        found = _words(quoted or bare)[:left]
        left -= len(found)
        if quoted and found:
            terms.append(_term(found))
        elif found:
            terms += [_term([word]) for word in found]
            if left and typed.endswith(bare) and len(found[-1]) >= SHORTEST_BEGINNING:
                terms[-1] = _term([found[-1]], begins=True)
    return Sought(tuple(dict.fromkeys(terms)))


def _words(text: str) -> list[str]:
    # Vowel signs are part of a word, in Hindi or Thai too.
    told = (
        one if one.isalnum() or unicodedata.category(one)[0] == "M" else " "
        for one in unicodedata.normalize("NFC", text)
    )
    words = "".join(told).split()
    return [word[:LONGEST_WORD] for word in words if any(one.isalnum() for one in word)]


def _term(words: list[str], *, begins: bool = False) -> Term:
    plain = tuple(word.lower().replace("ß", "ss") for word in words)
    written_out = tuple(word.translate(_UMLAUTS) for word in plain)
    drawn_in = tuple(_WRITTEN_OUT.sub(r"\1", word) for word in plain)
    return Term(tuple(dict.fromkeys((plain, written_out, drawn_in))), begins)


def fold(text: str) -> str:
    """The text without capitals and accents: ß is ss, ä is a."""
    apart = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return unicodedata.normalize("NFC", "".join(one for one in apart if not "\u0300" <= one <= "\u036f"))


def marked(text: str, sought: Sought, *, length: int = EXCERPT) -> list[Piece]:
    """The part of the text around the first hit, in pieces; those that were looked for are told."""
    folded, places = _folded_with_places(text)
    hits = sorted(
        (places[found.start()], places[found.end() - 1] + 1)
        for term in sought.terms
        for found in term.pattern.finditer(folded)
        if found.end() > found.start()
    )
    begin = _begin_of_excerpt(text, hits[0][0] if hits else 0, length)
    end = min(len(text), begin + length)
    pieces, at = [Piece("… ")] if begin else [], begin
    for start, stop in hits:
        if start >= at and stop <= end:
            pieces += [Piece(text[at:start])] if start > at else []
            pieces.append(Piece(text[start:stop], hit=True))
            at = stop
    return [*pieces, Piece(text[at:end] + (" …" if end < len(text) else ""))]


def _begin_of_excerpt(text: str, first: int, length: int) -> int:
    if first < length * 3 // 4:
        return 0
    space = text.find(" ", first - length // 2, first)
    return first if space < 0 else space + 1


def _folded_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters where it comes from: folding changes lengths."""
    if text.isascii():
        return text.lower(), range(len(text))
    parts = [_folded(one) for one in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


# A letter each, and most are the same few.
_folded = lru_cache(4_096)(fold)
