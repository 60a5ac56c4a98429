"""Who was drawn, a page at a time, and how much was looked at by people whom nobody may tell apart."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from bot.experiment import Arm
from bot.interactions import Microseconds, SiteKey, VisitorId
from bot.store.counts import day_of
from bot.store.pages_of_rows import Span
from bot.store.tables import daily_views, visitors


class Drawn(NamedTuple):
    """A browser that the lot put into an arm, and when. `noise`: 1 of a robot's or one of staff."""

    visitor: VisitorId
    at: Microseconds
    arm: str
    noise: int


def drawn_after(
    connection: Connection, site: SiteKey, until: Microseconds, after: VisitorId, limit: int
) -> list[Drawn]:
    """Everybody drawn just before `until`, in the order of their ids, of which `after` is the last that is known."""
    table = visitors.c
    rows = connection.execute(
        select(table.id, table.created_at, table.arm, table.robot, table.staff)
        .where(table.id > after, table.site == site, table.arm != Arm.NONE.value, table.created_at < until)
        .order_by(table.id)
        .limit(limit)
    )
    return [Drawn(id, at, arm, int(robot or staff)) for id, at, arm, robot, staff in rows]


def views_of_nobody(connection: Connection, span: Span) -> int:
    """Page views of people who did not agree to be measured, on all days that the window touches."""
    daily = daily_views.c
    counted = select(func.coalesce(func.sum(daily.views), 0)).where(
        daily.site == span.site, daily.day >= day_of(span.since), daily.day <= day_of(Microseconds(span.until - 1))
    )
    return int(connection.execute(counted).scalar_one())
