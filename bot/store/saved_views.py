"""Views of the list, or of the dashboard, that members keep under a name, for themselves or for all."""

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, Table, delete, func, or_, select

from bot.interactions import Microseconds
from bot.store.console_tables import saved_views, staff
from bot.store.database import insert_into

VIEWS_AT_MOST = 50
NAME_LENGTH = 40


@dataclass(frozen=True)
class SavedView:
    """`query` is that of the list's address, or a board's whole one. `by` is who shared it; None of one's own."""

    id: str
    name: str
    query: str
    shared: bool
    by: str | None


def views_of(connection: Connection, member: str, *, of: Table = saved_views) -> list[SavedView]:
    """One's own, then those that others share, by name; `of` the list, or of `board_views`."""
    views = of.c
    rows = connection.execute(
        select(of, staff.c.name.label("by"))
        .join(staff, staff.c.id == views.staff)
        .where(or_(views.staff == member, views.shared))
        .order_by(views.staff != member, func.lower(views.name), views.id)
        .limit(2 * VIEWS_AT_MOST)
    )
    return [SavedView(row.id, row.name, row.query, row.shared, None if row.staff == member else row.by) for row in rows]


def save(
    connection: Connection,
    member: str,
    name: str,
    query: str,
    *,
    shared: bool,
    at: Microseconds,
    of: Table = saved_views,
) -> bool:
    """Keeps the view; one of the same name is replaced. False when the member has too many."""
    mine = select(func.count()).select_from(of).where(of.c.staff == member)
    same = select(of.c.id).where(of.c.staff == member, of.c.name == name)
    if connection.execute(same).first() is None and connection.execute(mine).scalar_one() >= VIEWS_AT_MOST:
        return False
    kept = {"query": query, "shared": shared}
    connection.execute(
        insert_into(connection, of)
        .values(id=secrets.token_urlsafe(9), staff=member, name=name, created_at=at, **kept)
        .on_conflict_do_update(index_elements=["staff", "name"], set_=kept)
    )
    return True


def drop(connection: Connection, member: str, view: str, *, of: Table = saved_views) -> None:
    """Deletes one's own view; that of another is left as it is, and one that is gone is deleted already."""
    connection.execute(delete(of).where(of.c.id == view, of.c.staff == member))
