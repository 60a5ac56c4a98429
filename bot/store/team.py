"""Who of the staff can take part in conversations."""

from sqlalchemy import Connection, func, select

from bot.store.console_tables import staff
from bot.store.staff import Member

TEAM_AT_MOST = 500


def team(connection: Connection) -> list[Member]:
    """Agents and admins who are not disabled, by name."""
    rows = connection.execute(
        select(staff.c.id, staff.c.name, staff.c.role)
        .where(staff.c.role.in_(("agent", "admin")), staff.c.disabled_at.is_(None))
        .order_by(func.lower(staff.c.name), staff.c.id)
        .limit(TEAM_AT_MOST)
    )
    return [Member(row.id, row.name, row.role) for row in rows]
