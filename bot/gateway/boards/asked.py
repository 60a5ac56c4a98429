"""What every board is asked for by its address: the site, the days; and how it says money and labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from aiohttp import web

from bot.store.sites import Site

WINDOW = timedelta(days=30)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
LABELS = {
    "descriptive": "These figures say who talked and who bought. They do not say that talking made anybody buy.",
    "adjusted": "These figures compare people who are alike in what we know of them; what we don't know may differ.",
    "randomized": "Who was offered the chat was drawn by lot, so the difference is the chat's own doing.",
}


@dataclass(frozen=True)
class Window:
    """Whole days in UTC, both inclusive."""

    since: date
    until: date


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
    try:
        until = date.fromisoformat(request.query.get("until") or today.isoformat())
        since = date.fromisoformat(request.query.get("since") or (until - WINDOW + timedelta(days=1)).isoformat())
    except (ValueError, OverflowError):
        return "Give days as year-month-day, e.g. 2026-03-02."
    if not FIRST_DAY <= since <= until <= LAST_DAY:
        return f"The window goes from {since} to {until}; give a first day that is not after the last one."
    return Window(since, until)


def query_of(site: Site, window: Window) -> str:
    return urlencode({"site": site.key, "since": window.since.isoformat(), "until": window.until.isoformat()})


def money(amount: str, currency: str) -> str:
    return f"{Decimal(amount):,}\N{NO-BREAK SPACE}{currency}"
