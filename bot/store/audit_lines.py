"""Reading the audit log: its lines, the latest first, by who, what, whose and when."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Select, literal, or_, select, tuple_

from bot.interactions import Microseconds
from bot.store.console_tables import audit, staff
from bot.store.conversations import Conversation, find
from bot.store.tables import conversations

PAGE_OF_LINES = 50
COMMAND_LINE = "command"
"""Instead of a member's id: what nobody of the staff did, but who runs the server."""


@dataclass(frozen=True)
class Line:
    """`staff` and `name` are None for the command line."""

    id: int
    at: Microseconds
    staff: str | None
    name: str | None
    act: str
    subject: str
    detail: str


@dataclass(frozen=True)
class Wanted:
    """What a line has to be; None: anything. `subject` of a visitor or customer is also their conversations."""

    staff: str | None = None
    act: str | None = None
    subject: str | None = None
    since: Microseconds | None = None
    until: Microseconds | None = None
    """Just before which."""


def lines(
    connection: Connection, wanted: Wanted, *, after: tuple[int, int] | None = None, limit: int = PAGE_OF_LINES
) -> list[Line]:
    """`after` is the (at, id) of the last one of the page before. New lines come before the first page."""
    query = select(audit, staff.c.name).outerjoin(staff, staff.c.id == audit.c.staff)
    if wanted.staff is not None:
        query = query.where(audit.c.staff == (None if wanted.staff == COMMAND_LINE else wanted.staff))
    if wanted.act is not None:
        query = query.where(audit.c.act == wanted.act)
    if wanted.subject is not None:
        query = query.where(or_(audit.c.subject == wanted.subject, audit.c.subject.in_(_talks_of(wanted.subject))))
    if wanted.since is not None:
        query = query.where(audit.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(audit.c.at < wanted.until)
    if after is not None:
        query = query.where(tuple_(audit.c.at, audit.c.id) < tuple_(*after))
    rows = connection.execute(query.order_by(audit.c.at.desc(), audit.c.id.desc()).limit(limit))
    return [Line(row.id, row.at, row.staff, row.name, row.act, row.subject, row.detail) for row in rows]


def _talks_of(subject: str) -> Select[str]:
    """The conversations of a visitor or customer, named as subjects are."""
    kind, _, id = subject.partition(":")
    c, found = conversations.c, select(literal("conversation:") + conversations.c.id)
    if kind == "visitor":
        return found.where(c.visitor == id)
    site, _, customer = id.partition(":")
    return found.where(c.site == site, c.customer == customer if kind == "customer" else literal(False))


def talks_in(connection: Connection, subjects: Iterable[str]) -> list[Conversation]:
    """The conversations among them that are still there."""
    ids = [id for kind, _, id in (one.partition(":") for one in sorted(subjects)) if kind == "conversation"]
    return [found for id in ids if (found := find(connection, id)) is not None]


def names_of_staff(connection: Connection) -> list[tuple[str, str]]:
    """Everybody who is or was staff, for the filter: (id, name) by name."""
    rows = connection.execute(select(staff.c.id, staff.c.name).order_by(staff.c.name, staff.c.id).limit(1_000))
    return [(row.id, row.name) for row in rows]
