"""Whether a text that a language model wrote says only what the passages say that it cites.

Strict on purpose: what is refused costs nothing but style, since the page's own words are said instead. Each sentence
has to name its passage, and one sentence or row of that passage has to hold all its words, figures, names and
negations. Words are never weighed against each other: a single one that is not there refuses the whole text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.pages.indexing.words import plain_words, stems
from bot.pages.reading.passages import sentences
from bot.store.pages import StoredPassage

MOST = 800
"""Characters."""


class Refusal(StrEnum):
    """Why the page's own words are said instead; counted under these names."""

    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    BAD_STATUS = "bad_status"
    TOO_LARGE = "too_large"
    NOT_UNDERSTOOD = "not_understood"
    """It was no JSON, or not of the shape agreed on."""
    EMPTY = "empty"
    CUT_SHORT = "cut_short"
    INSTRUCTIONS = "instructions"
    """The pages, or the text, speak to a language model."""
    UNCITED = "uncited"
    FOREIGN_CITATION = "foreign_citation"
    FOREIGN_LINK = "foreign_link"
    FOREIGN_FIGURE = "foreign_figure"
    FOREIGN_NAME = "foreign_name"
    FOREIGN_WORD = "foreign_word"
    TURNED_ROUND = "turned_round"
    """What is denied is said, or the other way round."""


@dataclass(frozen=True)
class Faithful:
    """The text without its citations. `cited` are the places of the passages that it rests on, from 0, in order."""

    text: str
    cited: tuple[int, ...]


_CITED = re.compile(r"\s*((?:\s*\[\d{1,3}\])+)\s*([.!?…]*)")
_MARKUP = re.compile(r"[<>`|*_{}\\]|\]\(|&#?\w+;")
_LINK = re.compile(r"https?:\S+|www\.\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?:/\S*)?", re.IGNORECASE)
_FIGURE = re.compile(r"[€$£¥₹#+]?\s?\d+(?:[.,:/–-]\d+)*\s?[€$£¥₹%°]?")
_NAME = re.compile(r"(?<![.!?…]\s)(?<!^)\b[^\W\d_a-z][\w'’-]*")
_DENIES = re.compile(
    r"\b(?:no|not|never|none|nothing|nobody|neither|nor|without|cannot|except|only|unless|hardly)\b|\b\w+n['’]t\b",
    re.IGNORECASE,
)
_AGREES = re.compile(r"\b(?:yes|yeah|yep|sure|certainly|definitely|of course|absolutely|indeed)\b", re.IGNORECASE)
_LIMITS = frozenset(
    plain_words(
        "before after until till since within during least most more less fewer than all every each some any always "
        "both once twice again must may might should can could other same own"
    )
)
"""Words that searching leaves out, and that turn a promise into another one."""
_TO_A_MODEL = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|above|previous)\b"
    r"|\b(?:system|developer) (?:prompt|message)\b|\b(?:as an|language) (?:ai|model)\b"
    r"|\byou are (?:now |a |an )+(?:\w+ )?(?:assistant|model|ai|bot|chatbot)\b"
    r"|\b(?:answer|respond|reply) only (?:with|that)\b"
    r"|\bsay (?:that|exactly)\b.{0,60}\b(?:instead|always|visitors?|users?)\b",
    re.IGNORECASE | re.DOTALL,
)


def speaks_to_a_model(text: str) -> bool:
    """Whether the text tries to tell a language model what to do, or is about being one."""
    return bool(_TO_A_MODEL.search(text))


def check(text: str, passages: Sequence[StoredPassage]) -> Faithful | Refusal:
    """The text, when each sentence ends in a citation like [1] and the passage of that number says it."""
    text = " ".join(text.split())
    if not text:
        return Refusal.EMPTY
    if len(text) > MOST or _MARKUP.search(_CITED.sub("", text)):
        return Refusal.NOT_UNDERSTOOD
    if speaks_to_a_model(text):
        return Refusal.INSTRUCTIONS
    told: list[str] = []
    cited: dict[int, None] = {}
    start = 0
    for mark in _CITED.finditer(text):
        sentence = text[start : mark.start()].strip() + mark[2]
        numbers = [int(one) - 1 for one in re.findall(r"\d+", mark[1])]
        refused = _refused(sentence, numbers, passages)
        if refused is not None:
            return refused
        told.append(sentence)
        cited |= dict.fromkeys(numbers)
        start = mark.end()
    return Refusal.UNCITED if text[start:].strip() or not told else Faithful(" ".join(told), tuple(cited))


def _refused(sentence: str, numbers: Sequence[int], passages: Sequence[StoredPassage]) -> Refusal | None:
    if len(sentences(sentence)) != 1 or not plain_words(sentence):
        return Refusal.UNCITED
    if any(not 0 <= number < len(passages) for number in numbers):
        return Refusal.FOREIGN_CITATION
    for number in numbers:
        missing = [_missing(sentence, unit, passages[number]) for unit in _units(passages[number])]
        if None not in missing:
            # The part that comes nearest to saying it tells best what is wrong.
            return max((one for one in missing if one), key=list(Refusal).index)
    return None


def _units(passage: StoredPassage) -> list[str]:
    """The sentences and rows of a passage: figures and names of two of them must not be mixed."""
    return [passage.text[start:end] for start, end in sentences(passage.text)]


def _missing(sentence: str, unit: str, passage: StoredPassage) -> Refusal | None:
    """What of the sentence this part of the passage, below its headings, does not say."""
    around = " ".join((passage.title, *passage.heading, unit))
    if any(link.casefold() not in unit.casefold() for link in _LINK.findall(sentence)):
        return Refusal.FOREIGN_LINK
    if not _figures(sentence) <= _figures(unit):
        return Refusal.FOREIGN_FIGURE
    words = set(plain_words(around))
    if not {word for name in _NAME.findall(sentence) for word in plain_words(name)} <= words:
        return Refusal.FOREIGN_NAME
    if not set(stems(sentence)) <= set(stems(around)) or not _LIMITS & set(plain_words(sentence)) <= words:
        return Refusal.FOREIGN_WORD
    agrees = not _AGREES.search(sentence) or _AGREES.search(unit)
    return None if agrees and bool(_DENIES.search(sentence)) == bool(_DENIES.search(unit)) else Refusal.TURNED_ROUND


def _figures(text: str) -> set[tuple[str, str]]:
    """Each figure with its currency or sign, and the word that says of what: (5, day), (€18.00, "")."""
    found = set()
    for one in _FIGURE.finditer(text):
        figure = "".join(one[0].split())
        after = re.match(r"[\s-]*([^\W\d_]+)", text[one.end() :])
        of = stems(after[1]) if after else []
        found.add((figure, of[0] if of and figure.isdigit() else ""))
    return found
