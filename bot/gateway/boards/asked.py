"""What every board is asked for by its address, and how it says money and labels.

    wanted = wanted_of(request, sites, today)    # Wanted, or the sentence that says what is wrong with the address
    wanted.window                                # the days, of `since` and `until` or of a preset (`window=7d`)
    wanted.compared                              # the days to compare with (`against=previous` or `year`), or None
    wanted.where                                 # `channel=search`, `country=AT`: people, by the first that is known
    wanted.by                                    # what people are told apart by (`by=channel`)
    wanted.query(by="campaign", channel=None)    # the same address with another `by`, and of all channels

A board that asks for site and days alone takes `site_of` and `window_of`; presets work there too. The frame
(`boards/board.html`) draws the form and the presets, `boards/filters.html` the fields for the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.gateway.bodies import is_storable
from bot.insights.segments import BY
from bot.store.sites import Site

WINDOW = timedelta(days=30)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
LABELS = {
    "descriptive": "These figures say who talked and who bought. They do not say that talking made anybody buy.",
    "adjusted": "These figures compare people who are alike in what we know of them; what we don't know may differ.",
    "randomized": "Who was offered the chat was drawn by lot, so the difference is the chat's own doing.",
}


PRESETS = {
    "7d": "Last 7 days",
    "30d": "Last 30 days",
    "90d": "Last 90 days",
    "month": "This month",
    "last-month": "Last month",
    "year": "This year",
    "last-year": "Last year",
}
"""Windows that move with today: what is kept under such an address shows the latest days whenever it is opened."""
AGAINST = {"previous": "the days before", "year": "a year earlier"}
UNKNOWN = "~"
"""In an address the value of whom nothing is known of: no value of the log is this sign alone."""
LONGEST = 500


@dataclass(frozen=True)
class Window:
    """Whole days in UTC, both inclusive. `preset` is how they were asked for, where it was by one."""

    since: date
    until: date
    preset: str = ""

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


@dataclass(frozen=True)
class Address:
    """What a board was asked for, to ask for the same with changes: other days, the next part of a list."""

    fields: Mapping[str, str | None]

    def query(self, **changes: str | None) -> str:
        """None takes a field out."""
        return urlencode({name: one for name, one in {**self.fields, **changes}.items() if one is not None})


@dataclass(frozen=True)
class Wanted:
    """All that a board is asked for. `where` are (dimension, value): people, by the first that is known of them."""

    site: Site | None
    window: Window
    against: str = ""
    where: tuple[tuple[str, str], ...] = ()
    by: str | None = None

    @property
    def compared(self) -> Window | None:
        """The days that these are compared with: as many, right before them, or the same ones a year earlier."""
        if self.against == "year":
            return Window(_a_year_before(self.window.since), _a_year_before(self.window.until))
        before = self.window.since - timedelta(days=1)
        return Window(before - (self.window.until - self.window.since), before) if self.against else None

    @property
    def filters(self) -> tuple[str, ...]:
        """`where` as the questions take it: channel=search."""
        return tuple(f"{name}={value}" for name, value in self.where)

    def value_of(self, dimension: str) -> str:
        """What is filtered by, empty when all are wanted."""
        return dict(self.where).get(dimension, "")

    def without_filters(self) -> str:
        return self.query(**dict.fromkeys(dict(self.where)))

    def query(self, **changes: str | None) -> str:
        """The address of the same, with these changes; None takes one out."""
        return self.address.query(**changes)

    @property
    def address(self) -> Address:
        days = _fields_of(self.site, self.window) if self.site else {}
        return Address({**days, "against": self.against or None, **dict(self.where), "by": self.by})


def wanted_of(request: web.Request, sites: Sequence[Site], today: date) -> Wanted | str:
    """What the address asks for, or the sentence that says what is wrong with it; 404 for an unknown site."""
    window = window_of(request, today)
    if isinstance(window, str):
        return window
    where = {name: request.query[name].strip() for name in BY if request.query.get(name, "").strip()}
    if any(len(value) > LONGEST or not is_storable(value) for value in where.values()):
        return f"A filter in this address is longer than {LONGEST} characters, or no text. Choose again."
    against = request.query.get("against", "")
    if against and against not in AGAINST:
        return f"Compare with {' or '.join(AGAINST)}; there is no other time to compare with."
    by = request.query.get("by")
    wanted = Wanted(site_of(request, sites), window, against, tuple(where.items()), by if by in BY else None)
    if wanted.compared and wanted.compared.since < FIRST_DAY:
        return f"There is nothing to compare with before {FIRST_DAY}; choose later days."
    return wanted


def site_of(request: web.Request, sites: Sequence[Site]) -> Site | None:
    """The site asked for, else the first one; None while there is none at all."""
    key = request.query.get("site")
    if key is None:
        return sites[0] if sites else None
    for site in sites:
        if site.key == key:
            return site
    raise web.HTTPNotFound


def window_of(request: web.Request, today: date) -> Window | str:
    """The window asked for, or the sentence that says what is wrong with it. Without one, the last 30 days."""
    named = request.query.get("window")
    if named and not request.query.get("since") and not request.query.get("until"):
        if named not in PRESETS:
            return f"There is no such window; there are {', '.join(PRESETS)}, or give days, e.g. since=2026-03-02."
        return preset(named, today)
    try:
        until = date.fromisoformat(request.query.get("until") or today.isoformat())
        since = date.fromisoformat(request.query.get("since") or (until - WINDOW + timedelta(days=1)).isoformat())
    except (ValueError, OverflowError):
        return "Give days as year-month-day, e.g. 2026-03-02."
    if not FIRST_DAY <= since <= until <= LAST_DAY:
        return f"The window goes from {since} to {until}; give a first day that is not after the last one."
    return Window(since, until)


def preset(name: str, today: date) -> Window:
    """The days of a window that moves with today; one that is not over ends today."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    ends = {"last-month": month - timedelta(days=1), "last-year": year - timedelta(days=1)}
    until = ends.get(name, today)
    if name.endswith("d"):
        since = until - timedelta(days=int(name[:-1]) - 1)
    else:
        since = until.replace(day=1) if "month" in name else until.replace(month=1, day=1)
    return Window(since, until, name)


def _a_year_before(day: date) -> date:
    # The 29th of February was not there a year ago.
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def part_of(request: web.Request) -> int:
    """Which part of a long list is asked for, from 0 on; 404 for what is none."""
    part = request.query.get("part", "0")
    if not (part.isascii() and part.isdigit() and len(part) <= 6):
        raise web.HTTPNotFound
    return int(part)


def beside_part(address: Address, part: int, size: int, total: int) -> dict[str, Any]:
    """What `parts.pager` needs: the first row's number, and the addresses of the parts before and after."""
    return {
        "first": part * size + 1,
        "newer": address.query(part=str(part - 1)) if part else None,
        "older": address.query(part=str(part + 1)) if (part + 1) * size < total else None,
    }


def address_of(site: Site, window: Window, **fields: str) -> Address:
    return Address({**_fields_of(site, window), **fields})


def query_of(site: Site, window: Window) -> str:
    return address_of(site, window).query()


def _fields_of(site: Site, window: Window) -> dict[str, str | None]:
    if window.preset:
        return {"site": site.key, "window": window.preset}
    return {"site": site.key, "since": window.since.isoformat(), "until": window.until.isoformat()}


def money(amount: str, currency: str) -> str:
    return f"{Decimal(amount):,}\N{NO-BREAK SPACE}{currency}"
