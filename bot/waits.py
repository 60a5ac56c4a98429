"""How long a person takes to come: what is said of it comes from how long they took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from bot.hours import Hours, Opening, is_open, next_opening
from bot.interactions import Microseconds

WINDOW = timedelta(days=30)
FEWEST = 5
"""Of fewer waits a median says nothing."""
WITHOUT_WAITS_S = 120
"""What is said when somebody is there and there are too few waits to go by."""
LEFT_ALONE = timedelta(minutes=15)
"""Who has waited this long and still waits counts as well: else those nobody came for would not be seen."""


@dataclass(frozen=True)
class Wait:
    """Somebody asked for a person; `answered_at` is when one took the conversation, None when nobody has."""

    asked_at: Microseconds
    answered_at: Microseconds | None


@dataclass(frozen=True)
class Outlook:
    """What a visitor who wants a person may be told.

    `wait_s` None: unknown. `open` None: the site has set no hours. `opens` when closed, and it is known.
    """

    wait_s: int | None = None
    open: bool | None = None
    opens: Opening | None = None


def outlook(hours: Hours | None, waits: Sequence[Wait], *, present: bool, at: Microseconds) -> Outlook:
    """`waits` are the latest that count; `present` says whether a member of the staff has lately been seen."""
    if hours is not None and not is_open(hours, at):
        return Outlook(None, False, next_opening(hours, at))
    # Hours are the site's word that somebody comes. Without them, and with nobody there, nobody knows.
    if hours is None and not present:
        return Outlook()
    expected = _expected_s(_lengths(waits, at))
    if expected is None and present:
        expected = WITHOUT_WAITS_S
    return Outlook(expected, None if hours is None else True)


def nobody_came(hours: Hours | None, after: timedelta, asked_at: Microseconds, at: Microseconds) -> bool:
    """Whether who asked then has waited too long. Who asked while it was closed was told so, and waits for the morning.

    `after` zero: nobody ever has.
    """
    is_long = timedelta(0) < after <= timedelta(microseconds=at - asked_at)
    return is_long and (hours is None or is_open(hours, asked_at))


def that_count(waits: Sequence[Wait], hours: Hours | None) -> list[Wait]:
    """Who asked in the night waited for the morning: that says nothing of a wait by day."""
    return [one for one in waits if hours is None or is_open(hours, one.asked_at)]


def _lengths(waits: Sequence[Wait], at: Microseconds) -> list[int]:
    """In microseconds."""
    since = at - WINDOW // timedelta(microseconds=1)
    alone = LEFT_ALONE // timedelta(microseconds=1)
    lengths = [
        (at if one.answered_at is None else one.answered_at) - one.asked_at
        for one in waits
        if since <= one.asked_at <= at and (one.answered_at is not None or at - one.asked_at >= alone)
    ]
    return [max(0, length) for length in lengths]


def _expected_s(lengths: Sequence[int]) -> int | None:
    return None if len(lengths) < FEWEST else -(-int(median(lengths)) // 1_000_000)
