"""Who was drawn, and what happened to those who were: what the report about lift is made of, a page at a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.experiment import Arm
from bot.interactions import Kind, Microseconds, SiteKey, VisitorId
from bot.store.counts import day_of
from bot.store.logged import Logged, logged
from bot.store.pages_of_rows import Span
from bot.store.tables import daily_views, interactions, visitors


@dataclass(frozen=True)
class Drawn:
    """A browser that the lot put into an arm, and when. `noise`: a robot's or one of staff."""

    visitor: VisitorId
    at: Microseconds
    arm: Arm
    noise: bool


@dataclass(frozen=True)
class FirstView:
    """The first page that a browser was seen on, and the page that sent it there."""

    visitor: VisitorId
    at: Microseconds
    url: str
    referrer: str


def drawn_after(
    connection: Connection, site: SiteKey, until: Microseconds, after: tuple[int, str], limit: int
) -> list[Drawn]:
    """Everybody drawn just before `until`, in the order in which they were; `after` is the last one's moment and id."""
    table = visitors.c
    rows = connection.execute(
        select(table.id, table.created_at, table.arm, table.robot, table.staff)
        .where(
            table.site == site,
            table.arm != Arm.NONE.value,
            table.created_at < until,
            (table.created_at > after[0]) | ((table.created_at == after[0]) & (table.id > after[1])),
        )
        .order_by(table.created_at, table.id)
        .limit(limit)
    )
    return [Drawn(row.id, row.created_at, Arm(row.arm), row.robot or row.staff) for row in rows]


def happened_after(
    connection: Connection, span: Span, kinds: Sequence[Kind], after_id: int, limit: int
) -> list[Logged]:
    """What happened of these kinds in the window, in the order of the log."""
    table = interactions.c
    rows = connection.execute(
        select(interactions)
        .where(
            table.id > after_id,
            # Sums and joined texts keep the planner from the index by time: it would sort the window for each page.
            table.site.concat("") == span.site,
            table.type.in_([kind.value for kind in kinds]),
            table.at + 0 >= span.since,
            table.at + 0 < span.until,
        )
        .order_by(table.id)
        .limit(limit)
    )
    return [logged(row) for row in rows]


def first_views_after(connection: Connection, span: Span, after: str, limit: int) -> list[FirstView]:
    """The first page view in the window of each browser, in the order of their ids."""
    table = interactions.c
    first = (
        select(func.min(table.id).label("id"))
        .where(
            table.visitor > after,
            table.site.concat("") == span.site,
            table.type == Kind.PAGE_VIEW.value,
            table.at + 0 >= span.since,
            table.at + 0 < span.until,
        )
        .group_by(table.visitor)
        .order_by(table.visitor)
        .limit(limit)
        .subquery()
    )
    rows = connection.execute(
        select(table.visitor, table.at, table.url, table.data)
        .join(first, first.c.id == table.id)
        .order_by(table.visitor)
        .limit(limit)
    )
    return [FirstView(row.visitor, row.at, row.url or "", str(row.data.get("referrer") or "")) for row in rows]


def views_by_arm(connection: Connection, span: Span) -> dict[str, int]:
    """Page views of the window by the arm of who viewed; under "" those of people who did not agree to be measured."""
    table, daily = interactions.c, daily_views.c
    rows = connection.execute(
        select(table.arm, func.count())
        .where(
            table.site == span.site,
            table.type == Kind.PAGE_VIEW.value,
            table.at >= span.since,
            table.at < span.until,
        )
        .group_by(table.arm)
    )
    found: Counter[str] = Counter()
    for arm, count in rows:
        found[arm or Arm.NONE.value] += count
    others = connection.execute(
        select(func.coalesce(func.sum(daily.views), 0)).where(
            daily.site == span.site, daily.day >= day_of(span.since), daily.day <= day_of(Microseconds(span.until - 1))
        )
    ).scalar_one()
    return dict(found) | {"": int(others)}
