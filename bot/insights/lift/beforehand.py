"""What was known of people before they could talk: the columns by which talkers are compared with people alike."""

from collections import Counter
from contextlib import suppress
from math import cos, log1p, pi, sin
from urllib.parse import parse_qs, urlsplit

import numpy as np

from bot.insights.lift.reading import ROWS_AT_ONCE, Drawee
from bot.insights.lift.sides import Numbers
from bot.interactions import Microseconds, VisitorId, as_datetime
from bot.store.drawn import FirstView, first_views_after
from bot.store.pages_of_rows import Span
from bot.store.store import Store
from bot.visits import page_of

PAGES = 8
"""First pages with a column of their own, the most frequent; the others share one."""
SENT_BY = ("search", "own", "elsewhere", "nobody")
SEARCHES = ("google.", "bing.", "duckduckgo.", "ecosia.", "yahoo.", "qwant.", "startpage.", "search.")


async def first_views(store: Store, whole: Span) -> dict[VisitorId, FirstView]:
    """The first page of everybody's in the window."""
    found: dict[VisitorId, FirstView] = {}
    after = ""
    while rows := await store.read(first_views_after, whole, after, ROWS_AT_ONCE):
        found.update((row.visitor, row) for row in rows)
        after = rows[-1].visitor
    return found


def columns_of(people: list[Drawee], views: dict[VisitorId, FirstView], currency: str) -> Numbers:
    """A row for each person: first page, who sent them, campaign, hour, weekend, what they had brought before."""
    pages = [_page(views.get(one.visitor)) for one in people]
    most = [page for page, _ in Counter(pages).most_common(PAGES)]
    return np.array(
        [
            [
                *(float(page == known) for known in most),
                *_arrival(views.get(one.visitor)),
                *_moment(one.at),
                log1p(max(0, (one.before or {}).get(currency, 0))),
            ]
            for one, page in zip(people, pages, strict=True)
        ],
        dtype=np.float64,
    ).reshape(len(people), -1)


def _page(view: FirstView | None) -> str:
    try:
        return page_of(view.url) if view is not None else ""
    except ValueError:
        return ""


def _arrival(view: FirstView | None) -> list[float]:
    if view is None:
        return [0.0] * (len(SENT_BY) + 1)
    sent_by, campaign = _sent_by(view), False
    with suppress(ValueError):
        campaign = any(name.startswith("utm_") for name in parse_qs(urlsplit(view.url).query))
    return [*(float(sent_by == one) for one in SENT_BY), float(campaign)]


def _sent_by(view: FirstView) -> str:
    try:
        host, own = urlsplit(view.referrer).hostname or "", urlsplit(view.url).hostname
    except ValueError:
        return "elsewhere"
    if not host:
        return "nobody"
    if host == own:
        return "own"
    return "search" if any(name in host for name in SEARCHES) else "elsewhere"


def _moment(at: Microseconds) -> list[float]:
    moment = as_datetime(at)
    turn = 2 * pi * (moment.hour + moment.minute / 60) / 24
    return [sin(turn), cos(turn), float(moment.weekday() >= 5)]
