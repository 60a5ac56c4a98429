"""Who behaves as a robot: many pages in a minute, and nothing that only a person does.

They are marked and counted, and staff undo it. A mark keeps nothing out of the log: undone, all of it counts again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from bot.interactions import Kind, Microseconds, SiteKey, VisitorId
from bot.store.audit import Act, record
from bot.store.console_tables import audit
from bot.store.counts import count_drop
from bot.store.tables import interactions, visitors
from bot.store.visitors import Visitor

MINUTE_US = 60 * 1_000_000
LATELY_US = 10 * MINUTE_US
"""Clocks of browsers are some minutes wrong."""
LOOKED_AT = 4
"""Rows for each page view that is one too many: a page reports other things beside."""
PAGE_OF_ROBOTS = 50
DOOR, REASON = "events", "behaves_as_robot"
BY_A_PERSON = (
    Kind.OPENED,
    Kind.MESSAGE,
    Kind.PRESS,
    Kind.RATING,
    Kind.ORDER,
    Kind.CONTACT,
    Kind.IDENTIFIED,
    Kind.PURCHASE,
)
"""What a page does not do by itself. `track` is not among them: what the shop's page reports may need nobody."""


@dataclass(frozen=True)
class Robot:
    """A visitor who is left out. `views` of pages in all, the latest at `last_at`."""

    id: VisitorId
    site: SiteKey
    since: Microseconds
    views: int
    last_at: Microseconds | None


def of_visitor(visitor: str) -> str:
    """As the audit log names them."""
    return f"visitor:{visitor}"


def mark_if_robot(connection: Connection, visitor: Visitor, *, views_a_minute: int, at: Microseconds) -> bool:
    """Marks the visitor when they behave so, once; whom a member of staff took for a person never again.

    `views_a_minute` is what a person may do at the most; with 0 nobody is marked.
    """
    if not views_a_minute or visitor.robot or visitor.staff:
        return False
    if not _is_hasty(connection, visitor.id, views_a_minute, at):
        return False
    if _did(connection, visitor.id, BY_A_PERSON) or _is_cleared(connection, visitor.id):
        return False
    connection.execute(update(visitors).where(visitors.c.id == visitor.id).values(robot=True))
    count_drop(connection, visitor.site, door=DOOR, reason=REASON, at=at)
    return True


def clear(connection: Connection, id: VisitorId, staff: str, *, at: Microseconds) -> bool:
    """Says that a marked visitor is a person, for good. False when they are marked no more, or gone."""
    undone = connection.execute(update(visitors).where(visitors.c.id == id, visitors.c.robot).values(robot=False))
    if undone.rowcount:
        record(connection, at=at, staff=staff, act=Act.CLEARED_ROBOT, subject=of_visitor(id))
    return undone.rowcount > 0


def robots(connection: Connection, *, after: int = 0, limit: int = PAGE_OF_ROBOTS) -> list[Robot]:
    """The marked, the latest first; `after` so many."""
    marked = select(visitors.c.id, visitors.c.site, visitors.c.created_at).where(visitors.c.robot)
    page = marked.order_by(visitors.c.created_at.desc(), visitors.c.id).offset(after).limit(limit)
    rows = connection.execute(page).all()
    views = _views(connection, [row.id for row in rows])
    return [Robot(row.id, row.site, row.created_at, *views.get(row.id, (0, None))) for row in rows]


def _is_hasty(connection: Connection, id: VisitorId, views_a_minute: int, at: Microseconds) -> bool:
    """Whether a minute has more of their latest page views than that."""
    log = interactions.c
    latest = select(log.type, log.at).where(log.visitor == id).order_by(log.id.desc())
    one_too_many = connection.execute(latest.offset(views_a_minute).limit(1)).one_or_none()
    # Hardly anybody did so much lately: for a batch of theirs this one short look into an index is all.
    if one_too_many is None or at - one_too_many.at > LATELY_US:
        return False
    rows = connection.execute(latest.limit(LOOKED_AT * views_a_minute))
    views = sorted(row.at for row in rows if row.type == Kind.PAGE_VIEW.value)
    return any(later - view <= MINUTE_US for view, later in zip(views, views[views_a_minute:], strict=False))


def _did(connection: Connection, id: VisitorId, kinds: Sequence[Kind]) -> bool:
    found = select(interactions.c.id).where(interactions.c.visitor == id, interactions.c.type.in_(kinds))
    return connection.execute(found.limit(1)).one_or_none() is not None


def _is_cleared(connection: Connection, id: VisitorId) -> bool:
    found = select(audit.c.id).where(audit.c.subject == of_visitor(id), audit.c.act == Act.CLEARED_ROBOT)
    return connection.execute(found.limit(1)).one_or_none() is not None


def _views(connection: Connection, of: Sequence[VisitorId]) -> dict[VisitorId, tuple[int, Microseconds]]:
    log = interactions.c
    counted = select(log.visitor, func.count().label("views"), func.max(log.at).label("last_at"))
    asked = counted.where(log.visitor.in_(of), log.type == Kind.PAGE_VIEW.value).group_by(log.visitor)
    return {row.visitor: (row.views, row.last_at) for row in connection.execute(asked)}
