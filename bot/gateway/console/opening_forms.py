"""What the forms about the opening hours say: read field by field, so that each fault stands where it was made."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot import site_values as values
from bot.errors import ConfigurationError
from bot.hours import DAYS
from bot.site_settings import SiteSettings, parse

DAY_NAMES = dict(zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
MOST_MINUTES = 120
Settings = dict[str, Any]


class Stale(Exception):
    """A colleague has changed the hours since the form was drawn."""


@dataclass(frozen=True)
class Faults(Exception):
    """What is wrong, by the name of the field."""

    by_field: dict[str, str]


def mark(settings: Mapping[str, Any]) -> str:
    """What a form carries, to be known for stale: the week and the minutes as they were when it was drawn."""
    week = {name: value for name, value in (settings.get("hours") or {}).items() if name in ("timezone", *DAYS)}
    told = json.dumps([week, settings.get("nobody_after_min")], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def week_of(given: Mapping[str, str]) -> Callable[[Settings], SiteSettings]:
    """What the form of the week changes. Without any span the site has no hours."""
    faults: dict[str, str] = {}
    week = {day: _read(faults, day, given, _spans) for day in DAYS}
    open_days = {day: spans for day, spans in week.items() if spans}
    zone = _read(faults, "timezone", given, values.timezone) if open_days or given.get("timezone", "").strip() else ""
    minutes = _read(faults, "minutes", given, _minutes)
    if faults:
        raise Faults(faults)

    def change(settings: Settings) -> SiteSettings:
        if mark(settings) != given.get("was"):
            raise Stale
        kept = {name: value for name, value in (settings.get("hours") or {}).items() if name not in DAYS}
        hours = {"hours": kept | {"timezone": zone} | open_days} if open_days else {"hours": None}
        return _parsed(settings | hours | {"nobody_after_min": minutes})

    return change


def holiday_of(given: Mapping[str, str]) -> Callable[[Settings], SiteSettings]:
    faults: dict[str, str] = {}
    day = _read(faults, "day", given, lambda text: values.dates([text])[0])
    name = _read(faults, "holiday", given, values.day_name)
    if faults:
        raise Faults(faults)
    return lambda settings: _with(settings, holidays=(_hours(settings).get("holidays") or {}) | {day: name})


def closing_of(given: Mapping[str, str]) -> Callable[[Settings], SiteSettings]:
    faults: dict[str, str] = {}
    begins, ends = (_read(faults, field, given, values.wall_clock) for field in ("begins", "ends"))
    name = _read(faults, "closing", given, values.day_name)
    if not faults and ends <= begins:
        faults["ends"] = "It has to be after the beginning."
    if faults:
        raise Faults(faults)
    new = {"begins": begins, "ends": ends, "name": name}
    # The same once more is the same: who presses twice closes once.
    return lambda settings: _with(
        settings, closings=[one for one in _hours(settings).get("closings") or [] if one != new] + [new]
    )


def without_day(day: str) -> Callable[[Settings], SiteSettings]:
    """Without this holiday, or this date that was closed without a name. One that is gone already is stale."""

    def change(settings: Settings) -> SiteSettings:
        holidays, closed = dict(_hours(settings).get("holidays") or {}), list(_hours(settings).get("closed") or [])
        if day not in holidays and day not in closed:
            raise Stale
        holidays.pop(day, None)
        return _with(settings, holidays=holidays or None, closed=[one for one in closed if one != day] or None)

    return change


def without_closing(begins: str, ends: str) -> Callable[[Settings], SiteSettings]:
    def change(settings: Settings) -> SiteSettings:
        before = _hours(settings).get("closings") or []
        left = [one for one in before if (one["begins"], one["ends"]) != (begins, ends)]
        if left == before:
            raise Stale
        return _with(settings, closings=left or None)

    return change


def _hours(settings: Settings) -> Settings:
    if not settings.get("hours"):
        raise Faults({"week": "Say first in the week when people answer."})
    return dict(settings["hours"])


def _with(settings: Settings, **parts: Any) -> SiteSettings:
    hours = {name: value for name, value in (_hours(settings) | parts).items() if value is not None}
    return _parsed(settings | {"hours": hours})


def _parsed(settings: Settings) -> SiteSettings:
    try:
        return parse({name: value for name, value in settings.items() if value is not None})
    except ConfigurationError as error:
        raise Faults({"week": str(error)}) from error


def _read(faults: dict[str, str], field: str, given: Mapping[str, str], read: Callable[[str], Any]) -> Any:
    """The field's value; None, and its fault is noted, when it can't be read."""
    try:
        return read(given.get(field, "").strip())
    except ValueError as error:
        told = str(error)
        faults[field] = f"{told[:1].upper()}{told[1:]}{'' if told.endswith('?') else '.'}"
        return None


def _spans(text: str) -> list[str]:
    listed = values.listed(text)
    assert isinstance(listed, list)
    if len(listed) > 10:
        raise ValueError("a day has at most 10 spans")
    return values.spans(listed)


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= MOST_MINUTES):
        raise ValueError(f"give whole minutes from 0 to {MOST_MINUTES}")
    return int(text)
