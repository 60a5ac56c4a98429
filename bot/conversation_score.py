"""The conversation score: from 0, a monologue, to 100. docs/insights.md has the formula in words.

It is made of counts, and counts add up: those of a page are the turns that visitors took on it.
"""

import re
from dataclasses import dataclass, fields
from typing import NamedTuple

FORMULA = 1
"""Raised when the same words get another score: what was judged before is then judged again."""
VOICE, ANSWERED, REPLIED, FOLLOWED = 25, 30, 25, 20
"""Points of the four parts; of those that can't be judged the others take the weight."""
BALANCE = 0.5
"""From half of the words on, the visitor has had a fair share."""
ENOUGH_FOLLOW_UPS = 2
"""A question, and two more after its answers: with three it is a dialogue proper, however long it goes on."""
PITCH = 10
"""Points off for each pitch."""
QUOTE_WORDS = 20
"""What a quoted passage counts at most: as if its page had said it in one sentence.

The visitor asked for it, and its length is the page's doing, not the bot's talkativeness. Without a cap a good answer
would cost more than a bad one; were it left out altogether, ten passages in a row would be silence.
"""
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+|[.,]\d+)*")


@dataclass(frozen=True)
class Counts:
    """What was counted. `waiting` are the turns that needed a reply, `replied` those of them that got one.

    `questions` are those that the pages were asked; `answered` the ones that a page or, later, a person answered.
    `follow_ups` are answers after which the visitor went on.
    """

    turns: int = 0
    visitor_words: int = 0
    our_words: int = 0
    questions: int = 0
    answered: int = 0
    waiting: int = 0
    replied: int = 0
    follow_ups: int = 0
    pitches: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in COUNTED))


COUNTED = tuple(one.name for one in fields(Counts))


class Part(NamedTuple):
    """A part of the score: `points` of `of`; None when there was nothing to judge it by."""

    name: str
    points: float | None
    of: int


def parts_of(counts: Counts) -> tuple[Part, ...]:
    return (
        Part("voice", _voice(counts), VOICE),
        Part("answered", _share(counts.answered, counts.questions, ANSWERED), ANSWERED),
        Part("replied", _share(counts.replied, counts.waiting, REPLIED), REPLIED),
        Part("followed", FOLLOWED * min(counts.follow_ups, ENOUGH_FOLLOW_UPS) / ENOUGH_FOLLOW_UPS, FOLLOWED),
    )


def score_of(counts: Counts) -> int | None:
    """The score, a whole number from 0 to 100; None where no visitor said anything: there is nothing to judge."""
    if not counts.turns:
        return None
    judged = [part for part in parts_of(counts) if part.points is not None]
    reached = sum(part.points or 0 for part in judged) / sum(part.of for part in judged)
    # Half up: what Python rounds to the even number nobody can check by hand.
    return max(0, int(100 * reached - PITCH * counts.pitches + 0.5))


def words_in(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))


def own_words(text: str, quotes: tuple[str, ...]) -> str:
    """What was said beside what was quoted."""
    for quote in quotes:
        if quote:
            text = text.replace(quote, "\n", 1)
    return text


def words_of(text: str, quotes: tuple[str, ...]) -> int:
    """How many words it counts for, quoted ones up to QUOTE_WORDS a message."""
    own = words_in(own_words(text, quotes))
    return own + min(QUOTE_WORDS, words_in(text) - own)


def _voice(counts: Counts) -> float | None:
    # Where nobody replied the visitor's share is all of it, and that is no merit.
    if not counts.our_words:
        return None
    share = counts.visitor_words / (counts.visitor_words + counts.our_words)
    return VOICE * min(1.0, share / BALANCE)


def _share(part: int, whole: int, points: int) -> float | None:
    return points * part / whole if whole else None
