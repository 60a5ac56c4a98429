"""How an objective stands, by a rule that is the same for all and published: RULE is what the page and the docs say.

Only `reached` and `missed` are claims. Before its end an objective is reached only by an interval that holds however
often it is looked at, so looking every day makes nothing true; `on course` and `behind` are forecasts.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.insights.objectives.estimates import WEEK, Ranged
from bot.insights.objectives.measures import Unit


class Status(StrEnum):
    NOT_STARTED = "not started"
    TOO_FEW = "too few to judge"
    ON_COURSE = "on course"
    BEHIND = "behind"
    REACHED = "reached"
    MISSED = "missed"
    ENDED = "ended"
    WAITS = "waits for a guess"
    """Sales by lot, before anybody guessed what the chat changes: who has seen a result can't guess it any more."""


RULE = {
    Status.NOT_STARTED: "Its first day is to come.",
    Status.TOO_FEW: (
        "Too little was seen: fewer than the measure takes, or less than a week (half of its days, where that is "
        "less). Also at the end, where the target was met but chance alone may have done it."
    ),
    Status.ON_COURSE: "If it goes on as it did, the target is met at the end. A forecast.",
    Status.BEHIND: "If it goes on as it did, the target is not met at the end. A forecast.",
    Status.REACHED: (
        "Before the end: the whole interval, one that may be looked at every day, is at the target or above it. At the "
        "end: the value is, and what was gained is beyond chance. A count is reached once it is at its target."
    ),
    Status.MISSED: "At the end the value is below the target.",
    Status.ENDED: "Closed by somebody before its last day, without being reached.",
    Status.WAITS: "Sales by lot are shown once somebody guessed what the chat changes (page Lift).",
}
STOP_RULE = (
    "Stop early only when it says reached. Whatever is between that and the end is a forecast: to stop when it looks "
    "good, or to go on until it does, would make chance look like success."
)


@dataclass(frozen=True)
class Standing:
    """What is judged. `gain` is against the baseline, or by lot; `wanted` is the target less the baseline.

    `foretold` is the gain at the end, `enough` whether as many were seen as the measure takes.
    """

    unit: Unit
    whole_days: int
    days: int
    gain: Ranged | None
    wanted: float
    foretold: float | None
    enough: bool
    has_begun: bool
    is_over: bool
    is_closed: bool


def status_of(one: Standing) -> Status:
    if not one.has_begun:
        return Status.ENDED if one.is_closed else Status.NOT_STARTED
    if _is_reached(one):
        return Status.REACHED
    if one.is_closed and not one.is_over:
        return Status.ENDED
    if one.is_over:
        return _at_the_end(one)
    if one.gain is None or one.foretold is None or not one.enough or one.whole_days < least_days(one.days):
        return Status.TOO_FEW
    return Status.ON_COURSE if one.foretold >= one.wanted else Status.BEHIND


def least_days(days: int) -> int:
    """Whole days after which anything is foretold."""
    return min(WEEK, max(1, days // 2))


def _is_reached(one: Standing) -> bool:
    gain = one.gain
    if gain is None:
        return False
    if one.unit is Unit.COUNT:
        return gain.value >= one.wanted
    if not one.enough or gain.low is None:
        return False
    if one.is_over:
        return gain.value >= one.wanted and gain.low > 0
    return gain.low >= one.wanted


def _at_the_end(one: Standing) -> Status:
    if one.gain is None or not one.enough or (one.unit is not Unit.COUNT and one.gain.value >= one.wanted):
        return Status.TOO_FEW
    return Status.MISSED
