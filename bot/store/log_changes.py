"""What the copy of the log in files does not have yet: rows that were changed or erased since, and new ones."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from bot.interactions import SiteKey
from bot.store.log_marks import Mark
from bot.store.tables import identities, interactions, log_changes, visitors

RAW = (
    "id", "at", "site", "visitor", "customer", "type", "conversation", "seq", "turn", "url", "arm", "value", "currency",
    "source", "data",
)  # fmt: skip
"""What is copied of a row; `data` as its JSON text."""
SLACK_US = 600_000_000
"""How much longer back than the copy links are looked at: who wrote them had another clock, or committed late."""
LINKS_SLACK = 1_000
AT_ONCE = 500


@dataclass(frozen=True)
class Copied:
    """How far the copy has come, and when: in the log, in its changes, and in the ledger of who is who."""

    rows: Mark = field(default_factory=Mark)
    changes: Mark = field(default_factory=Mark)
    at: int = 0
    links: int = 0
    links_at: int = 0


@dataclass(frozen=True)
class Waiting:
    """What has to be known beside the files to tell what is so now.

    `changed`: the rows of which the files tell what is not so any more. `rows` are these as they are now, as far as
    there still are any, and the new ones; with `whole` False there are too many new ones, and none is among them.
    `links`: (visitor, customer) that are so now, None for nobody. `marked`: the robots and staff.
    """

    changed: tuple[int, ...]
    rows: tuple[dict[str, Any], ...]
    whole: bool
    links: dict[str, str | None]
    marked: tuple[str, ...]


def waiting(connection: Connection, site: SiteKey, copied: Copied, *, limit: int) -> Waiting:
    # The changes first: a row that is changed meanwhile is then told as it was or as it is, and not left out.
    changed = sorted({number for number in _changed(connection, copied.changes) if number in copied.rows})
    new = list(_new(connection, copied.rows, limit + 1))
    whole = len(new) <= limit
    rows = [*_of(connection, changed), *(new if whole else ())]
    return Waiting(
        tuple(changed),
        tuple(row for row in rows if row["site"] == site),
        whole,
        _links(connection, site, copied),
        _marked(connection, site),
    )


def is_behind(connection: Connection, copied: Copied) -> bool:
    """Whether anything happened that the copy does not have."""
    new = select(interactions.c.id).where(interactions.c.id > copied.rows.upto)
    return connection.execute(new.limit(1)).first() is not None


def has_changed(connection: Connection, copied: Copied) -> bool:
    """Whether anything was changed or erased since it was copied; what was not copied yet does not matter."""
    changed = select(log_changes.c.number).where(
        log_changes.c.number > copied.changes.upto, log_changes.c.interaction <= copied.rows.upto
    )
    return connection.execute(changed.limit(1)).first() is not None


def newest_change(connection: Connection) -> int:
    """The number of the last change or erasure; 0 when there was none."""
    return int(connection.execute(select(func.coalesce(func.max(log_changes.c.number), 0))).scalar_one())


def _changed(connection: Connection, mark: Mark) -> Iterator[int]:
    for which in _within(log_changes.c.number, mark):
        yield from connection.execute(
            select(log_changes.c.interaction).where(which).order_by(log_changes.c.number)
        ).scalars()


def _new(connection: Connection, mark: Mark, limit: int) -> Iterator[dict[str, Any]]:
    for which in _within(interactions.c.id, mark):
        yield from _raw(connection, which, limit)


def _of(connection: Connection, ids: Iterable[int]) -> Iterator[dict[str, Any]]:
    for some in batched(ids, AT_ONCE):
        yield from _raw(connection, interactions.c.id.in_(some), AT_ONCE)


def _within(number: ColumnElement[int], mark: Mark) -> Iterator[ColumnElement[bool]]:
    for some in batched(mark.ranges(), AT_ONCE // 5):
        yield or_(*(and_(number >= first, number <= last) for first, last in some))


def _raw(connection: Connection, which: ColumnElement[bool], limit: int) -> Iterator[dict[str, Any]]:
    asked = select(*(interactions.c[name] for name in RAW)).where(which)
    for row in connection.execute(asked.order_by(interactions.c.id).limit(limit)).mappings():
        yield {**row, "data": json.dumps(row["data"])}


def _links(connection: Connection, site: SiteKey, copied: Copied) -> dict[str, str | None]:
    table = identities.c
    lately = or_(table.id > copied.links - LINKS_SLACK, table.undone_at >= copied.links_at - SLACK_US)
    asked = select(table.visitor, table.customer, table.undone_at).where(table.site == site, lately)
    links: dict[str, str | None] = {}
    for row in connection.execute(asked.order_by(table.id)):
        if row.undone_at is None:
            links[row.visitor] = row.customer
        else:
            links.setdefault(row.visitor, None)
    return links


def _marked(connection: Connection, site: SiteKey) -> tuple[str, ...]:
    marked = select(visitors.c.id).where(visitors.c.site == site, or_(visitors.c.robot, visitors.c.staff))
    return tuple(connection.execute(marked.order_by(visitors.c.id)).scalars())
