"""What to fix first: the questions that no page answers, by how many people an answer would help, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.interactions import ConversationId

FEWEST = 3
"""People: what fewer asked is too few to judge."""
LONGEST = 120


@dataclass(frozen=True)
class Missed:
    """Questions of one meaning. `worth`: what its people are worth together, by bot/store/worth.py. `pages`: where it
    was asked, by how often, the most often first. `ended`: conversations in which nothing was said or done after it."""

    question: str
    people: int
    times: int
    buyers: int
    worth: int
    ended: int
    pages: tuple[tuple[str, int], ...]
    places: tuple[tuple[ConversationId, int], ...]

    @property
    def points(self) -> int:
        """Each person counts as much as they are worth, and each conversation that ended there once more."""
        return self.worth + self.ended

    @property
    def page(self) -> str | None:
        return self.pages[0][0] if self.pages else None


@dataclass(frozen=True)
class Fixes:
    """`first` are in the order they are to be mended in, `few` those of too few people to judge."""

    first: tuple[Missed, ...]
    few: int


def ranked(missed: Iterable[Missed]) -> Fixes:
    found = list(missed)
    enough = [one for one in found if one.people >= FEWEST]
    order = sorted(enough, key=lambda one: (-one.points, -one.people, -one.times, one.question))
    return Fixes(tuple(order), len(found) - len(enough))


def reason(one: Missed, name: str | None) -> str:
    """Why, in a sentence with its numbers; `name` is that of the page on which it was asked most often."""
    elsewhere = len(one.pages) - 1
    more = f" and on {elsewhere:,} other page{'' if elsewhere == 1 else 's'}" if elsewhere > 0 else ""
    where = f" on {name}{more}" if name else ""
    parts = [f"{one.people:,} people asked this{where}, and no page answers it"]
    if one.ended:
        parts.append(f"{_talks(one.ended)} ended with it")
    if one.buyers:
        parts.append(f"{one.buyers:,} of them {'has' if one.buyers == 1 else 'have'} bought from you")
    return "; ".join(parts) + "."


def ended_in(places: Sequence[tuple[ConversationId, int]], last: dict[ConversationId, int]) -> int:
    """The conversations whose end, by `last`, is at one of these places."""
    return len({conversation for conversation, seq in places if last.get(conversation) == seq})


def _talks(number: int) -> str:
    return f"{number:,} conversation{'' if number == 1 else 's'}"
