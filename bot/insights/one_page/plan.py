"""When a report is sent, and of which days: weekly or monthly, at an hour of the recipients' clock. No clock is read.

An hour that does not exist, when clocks go forward, is the one after the gap; of one that comes twice it is the first.
"""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.interactions import Microseconds, as_datetime, microseconds

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
LAST_OF_A_MONTH = 31
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Every(StrEnum):
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Plan:
    """`day` is 1 (Monday) to 7 of a week, 1 to 31 of a month: in a short month the 31st is its last day."""

    every: Every
    day: int
    at: time
    timezone: ZoneInfo

    @property
    def words(self) -> str:
        day = f"every {WEEKDAYS[self.day - 1]}" if self.every is Every.WEEK else f"on day {self.day} of each month"
        return f"{day} at {self.at:%H:%M} ({self.timezone.key})"


@dataclass(frozen=True)
class Days:
    """What a report is of, both inclusive."""

    since: date
    until: date


def next_after(plan: Plan, moment: Microseconds) -> Microseconds:
    """The first time after the moment, never the moment itself; on each of its days once, whatever the clocks do."""
    day = as_datetime(moment).astimezone(plan.timezone).date() - A_DAY
    while True:
        day += A_DAY
        if _is_due_on(plan, day) and (at := _moment(plan, day)) > moment:
            return at


def latest(plan: Plan, due: Microseconds, now: Microseconds) -> Microseconds:
    """Of `due` and all times after it up to now the last one: what was missed meanwhile is not made up for."""
    while (later := next_after(plan, due)) <= now:
        due = later
    return due


def days_before(plan: Plan, due: Microseconds) -> Days:
    """The whole days that a report is of which is due then: the last week, or the last month of the calendar."""
    today = as_datetime(due).astimezone(plan.timezone).date()
    if plan.every is Every.WEEK:
        return Days(today - A_WEEK, today - A_DAY)
    until = today.replace(day=1) - A_DAY
    return Days(until.replace(day=1), until)


def _is_due_on(plan: Plan, day: date) -> bool:
    if plan.every is Every.WEEK:
        return day.isoweekday() == plan.day
    return day.day == min(plan.day, calendar.monthrange(day.year, day.month)[1])


def _moment(plan: Plan, day: date) -> Microseconds:
    # Without a fold: the first of two, and in a gap as far behind it as the clock went forward.
    return microseconds(datetime.combine(day, plan.at, plan.timezone).astimezone(UTC))
