"""What visitors told of the pages' answers without being asked which passage is right: by stars, presses, insisting."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.pages.answering.question import Turn
from bot.pages.indexing.words import plain_words
from bot.store.talks import Line, Talk
from bot.store.turns import HISTORY

WELL, BADLY = 4, 2
"""Stars from which a conversation is rated well, and up to which badly."""


class Sign(StrEnum):
    """How we know, the surest first."""

    CHOSEN = "chosen"
    """Asked back, the visitor chose this place."""
    RATED_WELL = "rated_well"
    RATED_BADLY = "rated_badly"
    REWORDED = "reworded"
    """They asked the same again at once, in other words."""
    WANTED_PERSON = "wanted_person"
    """They asked for a person at once."""


LABELS = {
    Sign.CHOSEN: 1.0,
    Sign.RATED_WELL: 1.0,
    Sign.RATED_BADLY: -0.3,
    Sign.REWORDED: -0.2,
    Sign.WANTED_PERSON: -0.2,
}
"""What each counts; below 0 the place was wrong. That it was we only guess: a bad mood may have other reasons."""

type Same = Callable[[str, str], bool]


@dataclass(frozen=True)
class Verdict:
    """A question, and the place (the page's address, the words quoted from it) that was right or wrong."""

    question: str
    history: tuple[Turn, ...]
    page: str | None
    place: tuple[str, str]
    sign: Sign


def verdicts(talk: Talk, same: Same) -> Iterator[Verdict]:
    """At most one of each answer; what was said of that very answer goes before the stars of the conversation.

    `same` tells whether two questions ask the same.
    """
    for at, line in enumerate(talk.lines):
        if line.sender != "visitor" or line.seq not in talk.asked or (place := _quoted(talk, line)) is None:
            continue
        if (opened := _left_open(talk.lines, at)) is not None:
            yield _verdict(talk, opened, place, Sign.CHOSEN)
        elif (sign := _after(talk, at, same) or _rated(talk, line)) is not None:
            yield _verdict(talk, at, place, sign)


def is_reworded(question: str, other: str, *, alike: Callable[[str, str], bool]) -> bool:
    """Whether two questions that mean about the same ask the same: with one word for another they rather do not."""
    words, others = set(plain_words(question)), set(plain_words(other))
    if len(words - others) == len(others - words) == 1:
        return False
    return alike(question, other)


def _verdict(talk: Talk, at: int, place: tuple[str, str], sign: Sign) -> Verdict:
    line = talk.lines[at]
    before = tuple(Turn(one.sender == "visitor", one.text) for one in talk.lines[max(0, at - HISTORY) : at])
    return Verdict(line.text, before, line.page, place, sign)


def _quoted(talk: Talk, asked: Line) -> tuple[str, str] | None:
    """The place that the reply to this message quotes."""
    replies = (one for one in talk.lines if one.sender == "bot" and one.turn == asked.turn and one.quoted)
    return next((one.quoted for one in replies), None)


def _left_open(lines: tuple[Line, ...], at: int) -> int | None:
    """Where the question stands that the bot asked back about, if this line chooses one of its options."""
    chosen, opened = lines[at].text, None
    # The bot may have said its options more than once; or asked back about what was chosen.
    while at >= 2 and lines[at - 2].sender == "visitor" and _offers(lines[at - 1], chosen, lines[at].text):
        at = opened = at - 2
    return opened


def _offers(line: Line, *texts: str) -> bool:
    return not {text.strip().casefold() for text in texts}.isdisjoint(one.casefold() for one in line.options)


def _after(talk: Talk, at: int, same: Same) -> Sign | None:
    """What the visitor did right after the answer, if it tells that the place was wrong."""
    if talk.lines[at].seq in talk.given_up:
        return Sign.WANTED_PERSON
    later = (one for one in range(at + 1, len(talk.lines)) if talk.lines[one].sender == "visitor")
    if (following := next(later, None)) is None or _left_open(talk.lines, following) is not None:
        return None
    again = talk.lines[following]
    return Sign.REWORDED if again.seq in talk.asked and same(talk.lines[at].text, again.text) else None


def _rated(talk: Talk, line: Line) -> Sign | None:
    # Where staff took part, the stars are theirs too.
    by_staff = any(one.sender == "staff" for one in talk.lines)
    if talk.stars is None or line.seq not in talk.rated or by_staff or BADLY < talk.stars < WELL:
        return None
    return Sign.RATED_WELL if talk.stars >= WELL else Sign.RATED_BADLY
