"""What the report says: each finding a number with its interval, definition and label, and one sentence made of it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.insights.lift.estimates import Estimate, Label
from bot.insights.one_page.shares import Share
from bot.insights.percents import percent

FEWEST = 10
"""Of what a share or a mean is about (buyers, questions, conversations), below which it is "too few to judge"."""


class Part(StrEnum):
    """The parts of the page in the order in which they are read; the values are their headings."""

    PEOPLE = "Who came and who bought"
    BEST = "Who the best customers are"
    TALK = "Who converses, and what they bring"
    EFFECT = "Whether talking made a difference"
    OBJECTIVES = "What is wanted, and how it stands"
    QUESTIONS = "What was asked that no page answers"
    LISTENING = "What people say"
    MEND = "Which page to mend first"
    SCORE = "How the conversations went"
    CHANGES = "What changed"


class State(StrEnum):
    FOUND = "found"
    NOTHING = "nothing found"
    """It was looked for, and what there is may be chance."""
    TOO_FEW = "too few to judge"
    ABSENT = "nothing there"
    """There is nothing that a number could be made of."""
    HIDDEN = "waits for a guess"


@dataclass(frozen=True)
class Finding:
    """`n` is how many the number is made of; `evidence` the page of the dashboard that has the figures behind it.

    `value` is None unless something was found; `low` and `high` are None of what was counted whole.
    """

    name: str
    part: Part
    state: State
    sentence: str
    definition: str
    label: Label
    n: int
    evidence: str
    unit: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None


def found(finding: Finding, told: Estimate | Share | float, unit: str) -> Finding:
    """The finding with its number; a sentence without one is never told as found."""
    match told:
        case Estimate():
            return replace(
                finding, state=State.FOUND, unit=unit, value=told.value, low=told.low, high=told.high, p=told.p
            )
        case Share():
            low, high = told.interval
            return replace(finding, state=State.FOUND, unit=unit, value=told.value, low=low, high=high)
    return replace(finding, state=State.FOUND, unit=unit, value=told)


def counted(number: int, one: str, many: str = "") -> str:
    """1 buyer, 2 buyers."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def of_share(share: Share) -> str:
    """The share and its interval in brackets' words: 6.1 % (5.4 to 6.8 %)."""
    low, high = share.interval
    return f"{percent(share.value)} ({_bare(low)} to {percent(high)})"


def points(found: Estimate) -> str:
    """The interval of a difference of shares: 1.2 to 4.5 points."""
    low, high = sorted((abs(found.low), abs(found.high)))
    return f"{_bare(low)} to {_bare(high)} points"


def _bare(share: float) -> str:
    return percent(share).removesuffix("\N{NO-BREAK SPACE}%")
