"""Numbers about nobody: what was dropped at which door, and page views of those who did not agree."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.interactions import Microseconds, SiteKey, as_datetime
from bot.store.database import insert_into
from bot.store.tables import daily_views, drops

PAGE_LENGTH = 500
"""PostgreSQL can't index a key of more than 2,704 bytes, and a letter may take four."""


def day_of(at: Microseconds) -> str:
    """The day in UTC, as 2026-03-02."""
    return as_datetime(at).date().isoformat()


def count_drop(
    connection: Connection, site: SiteKey, *, door: str, reason: str, at: Microseconds, count: int = 1
) -> None:
    """Counts something that was dropped or altered at a door."""
    count_drops(connection, site, {reason: count}, door=door, at=at)


def count_drops(
    connection: Connection, site: SiteKey, reasons: Mapping[str, int], *, door: str, at: Microseconds
) -> None:
    if not reasons:
        return
    counted = insert_into(connection, drops)
    connection.execute(
        counted.on_conflict_do_update(
            index_elements=["site", "day", "door", "reason"],
            set_={"count": drops.c.count + counted.excluded.count},
        ),
        # In order, so that two processes that count the same reasons don't wait for each other.
        [
            {"site": site, "day": day_of(at), "door": door, "reason": reason, "count": reasons[reason]}
            for reason in sorted(reasons)
        ],
    )


def count_views(connection: Connection, site: SiteKey, pages: Mapping[str, int], *, at: Microseconds) -> None:
    """Adds page views to the day's total of each page; `pages` are addresses without query or fragment."""
    if not pages:
        return
    counted = insert_into(connection, daily_views)
    connection.execute(
        counted.on_conflict_do_update(
            index_elements=["site", "day", "url"], set_={"views": daily_views.c.views + counted.excluded.views}
        ),
        [
            {"site": site, "day": day_of(at), "url": page, "views": views}
            for page, views in sorted(_shortened(pages).items())
        ],
    )


def _shortened(pages: Mapping[str, int]) -> dict[str, int]:
    short: dict[str, int] = {}
    for page, views in pages.items():
        short[page[:PAGE_LENGTH]] = short.get(page[:PAGE_LENGTH], 0) + views
    return short


@dataclass(frozen=True)
class Drops:
    """How many were dropped at a door for a reason, on a day."""

    day: str
    door: str
    reason: str
    count: int


def drops_of(connection: Connection, site: SiteKey, since: Microseconds, until: Microseconds) -> list[Drops]:
    """What was dropped on the days that the window touches."""
    rows = connection.execute(
        select(drops.c.day, drops.c.door, drops.c.reason, drops.c.count)
        .where(drops.c.site == site, drops.c.day >= day_of(since), drops.c.day <= day_of(Microseconds(until - 1)))
        .order_by(drops.c.day, drops.c.door, drops.c.reason)
    )
    return [Drops(*row) for row in rows]


def views_of(connection: Connection, site: SiteKey, day: str) -> dict[str, int]:
    """Page views of those who did not agree to be measured, by page."""
    rows = connection.execute(
        select(daily_views.c.url, daily_views.c.views)
        .where(daily_views.c.site == site, daily_views.c.day == day)
        .order_by(daily_views.c.url)
    )
    return {row.url: row.views for row in rows}
