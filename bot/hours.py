"""When people answer: a site's opening hours, on its own clock, through changes of summer time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from bot.interactions import Microseconds, as_datetime, microseconds

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOKS_AHEAD = timedelta(days=14)
"""An opening further away is not told: by then hours change."""
_MICROSECONDS_AHEAD = LOOKS_AHEAD // timedelta(microseconds=1)
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*(?:([01]\d|2[0-3]):([0-5]\d)|(24:00))", re.ASCII)


@dataclass(frozen=True, order=True)
class Span:
    """From `opens` until just before `closes`, in minutes of one day; 1,440 is its end."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{self.opens // 60:02}:{self.opens % 60:02}-{self.closes // 60:02}:{self.closes % 60:02}"


@dataclass(frozen=True)
class Hours:
    """`week` has the spans of each day, Monday first; a day without any is closed, as are the dates in `closed`.

    `closings` are from and until, on the site's clock and in order, whatever the week says.
    """

    timezone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    closed: frozenset[date] = frozenset()
    closings: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True)
class Opening:
    """When people are back. `local` is the site's clock, `days` how many midnights on it are before."""

    at: Microseconds
    local: datetime
    days: int


def parse_span(text: str) -> Span:
    """The span of "09:00-17:30"; ValueError says what is wrong with it."""
    read = _SPAN.fullmatch(text.strip())
    if read is None:
        raise ValueError(f'"{text}" is no time from and to, as 09:00-17:00 is')
    hour, minute, *end = read.groups()
    opens = int(hour) * 60 + int(minute)
    closes = 1_440 if end[2] else int(end[0]) * 60 + int(end[1])
    if closes <= opens:
        raise ValueError(f'"{text}" ends before it begins; past midnight takes two days: until 24:00, then from 00:00')
    return Span(opens, closes)


def in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    """One day's spans, the earliest first; ValueError when two overlap."""
    ordered = tuple(sorted(spans))
    for one, following in pairwise(ordered):
        if following.opens < one.closes:
            raise ValueError(f'"{one}" and "{following}" overlap')
    return ordered


def is_open(hours: Hours, at: Microseconds) -> bool:
    today = as_datetime(at).astimezone(hours.timezone).date()
    return any(opens <= at < closes for opens, closes in _openings(hours, today, days=1))


def next_opening(hours: Hours, at: Microseconds) -> Opening | None:
    """When a site that is closed opens; None when it does not within fourteen days."""
    today = as_datetime(at).astimezone(hours.timezone).date()
    last = as_datetime(at) + LOOKS_AHEAD
    for opens, closes in _openings(hours, today, days=LOOKS_AHEAD.days + 1):
        if at < opens < closes and as_datetime(opens) <= last:
            local = as_datetime(opens).astimezone(hours.timezone)
            return Opening(opens, local, (local.date() - today).days)
    return None


def next_closing(hours: Hours, at: Microseconds) -> Microseconds | None:
    """When a site that is open closes; None when it does not within fourteen days, or is closed."""
    today, closed_from = as_datetime(at).astimezone(hours.timezone).date(), None
    for opens, closes in _openings(hours, today, days=LOOKS_AHEAD.days + 1):
        if closed_from is not None and opens > closed_from:
            return closed_from
        if opens <= at < closes or closed_from is not None:
            # What is open to midnight and from midnight does not close there.
            closed_from = closes
    return closed_from if closed_from is not None and closed_from - at < _MICROSECONDS_AHEAD else None


def _openings(hours: Hours, first: date, *, days: int) -> Iterator[tuple[Microseconds, Microseconds]]:
    """The spans of so many days as moments, in order.

    An hour that comes twice when clocks go back is open both times. In one that is skipped, a span keeps its
    length: what would begin at 01:30 begins at 02:30.
    """
    for number in range(days):
        day = first + timedelta(days=number)
        for span in () if day in hours.closed else hours.week[day.weekday()]:
            ends = (_moment(day, span.closes, hours.timezone, fold) for fold in (0, 1))
            yield from _without_closings(hours, _moment(day, span.opens, hours.timezone, 0), max(ends))


def _without_closings(
    hours: Hours, opens: Microseconds, closes: Microseconds
) -> Iterator[tuple[Microseconds, Microseconds]]:
    """What is left of one span."""
    for closing in hours.closings:
        began, ended = (microseconds(wall.replace(tzinfo=hours.timezone).astimezone(UTC)) for wall in closing)
        if began >= closes or ended <= opens:
            continue
        if opens < began:
            yield opens, began
        opens = max(opens, ended)
    if opens < closes:
        yield opens, closes


def _moment(day: date, minute: int, timezone: ZoneInfo, fold: int) -> Microseconds:
    midnight_after, rest = divmod(minute, 1_440)
    wall = datetime.combine(day + timedelta(days=midnight_after), time(rest // 60, rest % 60))
    return microseconds(wall.replace(tzinfo=timezone, fold=fold).astimezone(UTC))


_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}
_MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "de": (
        *("Januar", "Februar", "März", "April", "Mai", "Juni"),
        *("Juli", "August", "September", "Oktober", "November", "Dezember"),
    ),
}
_SOON = {"en": ("today", "tomorrow"), "de": ("heute", "morgen")}
_ON = {"en": "on {}", "de": "am {}"}
_DATE = {"en": " {} {}", "de": ", {}. {}"}
_TIME = {"en": " at {0.hour}:{0:%M}", "de": " um {0.hour}:{0:%M} Uhr"}
_CLOCK = {"en": "{} time", "de": "Zeit in {}"}


def in_words(opening: Opening, language: Literal["en", "de"] = "en") -> str:
    """As a visitor reads it: "tomorrow at 9:00", "on Monday at 9:00", "on Monday 4 January at 9:00", by whose clock."""
    local, soon = opening.local, _SOON[language]
    day = soon[opening.days] if opening.days < len(soon) else _ON[language].format(_DAYS[language][local.weekday()])
    if opening.days >= 7:
        day += _DATE[language].format(local.day, _MONTHS[language][local.month - 1]) + ("," if language == "de" else "")
    return f"{day}{_TIME[language].format(local)} ({_clock(local, language)})"


def day_in_words(day: date, language: Literal["en", "de"] = "en") -> str:
    """ "Friday, 20 November": a day of these weeks, so that its year is known."""
    date_of = _DATE[language].removeprefix(",").format(day.day, _MONTHS[language][day.month - 1])
    return f"{_DAYS[language][day.weekday()]},{date_of}"


def _clock(local: datetime, language: str) -> str:
    """The clock's town, since visitors may live by another: Europe/Dublin is "Dublin time"."""
    region, _, town = str(local.tzinfo).rpartition("/")
    return f"{local:%Z}" if region in ("", "Etc") else _CLOCK[language].format(town.replace("_", " "))
