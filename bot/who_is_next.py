"""Whom staff should come to first: who has waited longest, with a head start for some.

A head start is added to the time that somebody has waited, so the order of two changes only when something happens,
and nobody waits for ever: after four hours and a half, anybody is before everybody who has just come.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.interactions import Microseconds

UPSET_BELOW = -0.5
"""The mood of the last message, from -1 to 1."""
BEST = "among the best customers"
HEAD_STARTS = {
    "in distress": timedelta(hours=4),
    BEST: timedelta(minutes=30),
    "upset": timedelta(minutes=20),
    "complains": timedelta(minutes=10),
}
"""What each counts as having waited longer; they add up. In the order in which they are told."""
REASONS = {"distress": "in distress", "upset": "upset", "complaint": "complains", "no_answer": "got no answer"}
"""Why somebody asked for a person, where the bot says so."""


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits. `reason` is why they asked for a person, `worth` what a best customer has spent."""

    reason: str | None = None
    sentiment: float | None = None
    worth: str | None = None


def marks_of(waiting: Waiting) -> tuple[str, ...]:
    """What is special about somebody, in words, the gravest first."""
    told = {REASONS[waiting.reason]} if waiting.reason in REASONS else set()
    told |= {BEST} if waiting.worth else set()
    if waiting.sentiment is not None and waiting.sentiment <= UPSET_BELOW:
        told.add("upset")
    return tuple(one for one in (*HEAD_STARTS, "got no answer") if one in told)


def head_start(waiting: Waiting) -> Microseconds:
    """How much longer than they have they count as having waited."""
    whole = sum((HEAD_STARTS[one] for one in marks_of(waiting) if one in HEAD_STARTS), timedelta())
    return Microseconds(whole // timedelta(microseconds=1))


def told(waiting: Waiting, *, since: Microseconds, at: Microseconds) -> str:
    """Why they are where they are in the list: "waits 12 min · upset"."""
    best = f"{BEST} ({waiting.worth})"
    return " · ".join((f"waits {_length(at - since)}", *(best if one == BEST else one for one in marks_of(waiting))))


def _length(waited: int) -> str:
    minutes = max(0, waited) // 60_000_000
    if minutes < 60:
        return f"{minutes} min" if minutes else "less than a minute"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
