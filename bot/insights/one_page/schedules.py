"""A schedule of the store as a plan, and what a form says of one: read field by field, each fault where it was made."""

from collections.abc import Mapping
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.insights.one_page.plan import Every, Plan
from bot.store.report_schedules import Schedule

MOST_DAY = {Every.WEEK: 7, Every.MONTH: 31}


def plan_of(schedule: Schedule) -> Plan:
    at = time(*divmod(schedule.minute, 60))
    return Plan(Every(schedule.every), schedule.day, at, ZoneInfo(schedule.timezone))


def plan_given(fields: Mapping[str, str]) -> Plan | str:
    """The plan that a form asks for, or the sentence that says what is wrong with it."""
    every = fields.get("every", "")
    if every not in tuple(Every):
        return "Choose each week or each month."
    day = fields.get("weekday" if every == Every.WEEK else "day", "")
    if not day.isascii() or not day.isdecimal() or not 1 <= int(day[:3]) <= MOST_DAY[Every(every)]:
        return f"Give the day: 1 to {MOST_DAY[Every(every)]}."
    try:
        at = time.fromisoformat(fields.get("at", "")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return "Give the time as hours and minutes, e.g. 08:30."
    try:
        zone = ZoneInfo(fields.get("timezone", "").strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "Give the time zone by its name, e.g. Europe/Vienna or UTC."
    return Plan(Every(every), int(day), at, zone)
