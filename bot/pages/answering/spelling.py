"""What a word that no page has was probably meant to be: one letter wrong, missing, too many or swapped."""

import re
import string

from bot.pages.indexing.index import Index
from bot.pages.indexing.words import Term, stems

KEPT = 4_096
"""Words that were looked for: the turns of a conversation are looked at again with each question."""
LEAST_HALF, LOOKED_THROUGH = 2, 50
"""Letters of the half of a word, and passages in which it is looked for in two."""
_IN_SHORT = {"hrs": "hours", "appt": "appointment", "addr": "address", "tmrw": "tomorrow", "qty": "quantity"}
_SHORT = re.compile(rf"\b(?:{'|'.join(_IN_SHORT)})\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{5,}")


def written_out(text: str) -> str:
    """The text with what people in haste write in short: hrs are hours."""
    return _SHORT.sub(lambda short: _IN_SHORT[short[0].lower()], text)


def corrected(index: Index, text: str) -> str:
    """The text with the words that no page has as they were probably meant."""
    return _WORD.sub(lambda word: _meant(index, word[0]), text)


def _meant(index: Index, word: str) -> str:
    near = {one for stem in stems(word) if not index.has(stem) for one in spelt(index, Term(stem)).others}
    return min(near, default=word)


def spelt(index: Index, term: Term) -> Term:
    """The term with what it probably means when no page has it: one letter wrong, missing, too many or swapped."""
    word = term.stem
    if len(word) < 5 or not word.isalpha() or any(index.has(one) for one in term.any_of):
        return term
    near = _near(index, word)
    return Term(word, term.others | near) if near else term


def _near(index: Index, word: str) -> frozenset[str]:
    known = index.spellings.get(word)
    if known is None:
        # Iceland is no Ireland with a slip.
        is_right = index.meaning is not None and index.meaning.encoder.has_word(word)
        known = frozenset() if is_right else _slips(index, word) | _in_two(index, word)
        if len(index.spellings) >= KEPT:
            index.spellings.clear()
        index.spellings[word] = known
    return known


def _slips(index: Index, word: str) -> frozenset[str]:
    # "itchy" and "itch" have different stems.
    near = {word[:-1]} & {word.removesuffix("i")}
    # Of short words too many are one letter apart: a robot is no root.
    near |= _one_letter_off(word) if len(word) > 5 else _once_where_twice(word) | _one_missing(word)
    return frozenset(one for one in near if index.has(one))


def _in_two(index: Index, word: str) -> frozenset[str]:
    """The first half of a word that the pages write in two: a checkup is a check-up."""
    for at in range(LEAST_HALF + 1, len(word) - LEAST_HALF + 1):
        first, second = stems(word[:at]), stems(word[at:])
        # "Up" is too small a word to be looked for by itself.
        if not first or not index.has(first[0]) or not all(map(index.has, second)):
            continue
        apart = re.compile(rf"\b{word[:at]}[-\s]{word[at:]}", re.IGNORECASE)
        passages = index.some_with((first[0], *second), LOOKED_THROUGH)
        if any(apart.search(" ".join((*one.heading, one.text))) for one in passages):
            return frozenset({first[0]})
    return frozenset()


def _once_where_twice(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(1, len(word)) if word[at] == word[at - 1]}


def _one_missing(word: str) -> set[str]:
    return {word[:at] + letter + word[at:] for at in range(1, len(word)) for letter in string.ascii_lowercase}


def _one_letter_off(word: str) -> set[str]:
    """Every word one slip away; the first letter is hardly ever the wrong one."""
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    return {
        *(before + after[1:] for before, after in cuts if after),
        *(before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1),
        *(before + letter + after[1:] for before, after in cuts if after for letter in string.ascii_lowercase),
        *(before + letter + after for before, after in cuts for letter in string.ascii_lowercase),
    }
