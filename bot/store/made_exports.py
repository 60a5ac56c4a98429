"""The exports that were asked for in a browser or by a call: which are being made, and which can still be fetched.

A file counts as long as its row is here. Whoever erases somebody removes the rows of the site with them, and the files
follow: no file outlives whom it tells of.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Row,
    Table,
    Text,
    delete,
    select,
    update,
)

from bot.interactions import Microseconds, SiteKey
from bot.store.tables import At, metadata

KEPT = timedelta(hours=24)
PAGE = 50
made_exports = Table(
    "made_exports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("since", Text, nullable=False),  # as it was asked for; empty: from the beginning
    Column("until", Text, nullable=False),
    Column("bom", Boolean, nullable=False),
    Column("staff", Text, nullable=False),  # who asked
    Column("state", Text, nullable=False),  # making | made | failed
    Column("told", Text, nullable=False),  # why it failed
    Column("rows", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("asked_at", At, nullable=False),
    Column("made_at", At),
    Column("expires_at", At, nullable=False),
    Index("ix_made_exports_asked_at", "asked_at", "id"),  # the list, the latest first
    Index("ix_made_exports_expires_at", "expires_at"),  # what is over
)


@dataclass(frozen=True)
class Asked:
    site: SiteKey
    kind: str
    format: str
    since: str = ""
    until: str = ""
    bom: bool = False


@dataclass(frozen=True)
class Made:
    """An export that was asked for, and what became of it. `state` is making, made or failed."""

    id: str
    asked: Asked
    staff: str
    state: str
    told: str
    rows: int
    bytes: int
    sha256: str
    asked_at: Microseconds
    expires_at: Microseconds

    @property
    def file(self) -> str:
        return f"{self.id}.{self.asked.format}"


def begin(connection: Connection, asked: Asked, *, staff: str, at: Microseconds) -> Made:
    row = {
        "id": secrets.token_hex(16), **vars(asked), "staff": staff, "state": "making", "told": "", "rows": 0,
        "bytes": 0, "sha256": "", "asked_at": at, "expires_at": at + KEPT // timedelta(microseconds=1),
    }  # fmt: skip
    made = connection.execute(made_exports.insert().values(row).returning(*made_exports.c)).one()
    return _made(made)


def finish(connection: Connection, id: str, *, rows: int, bytes: int, sha256: str, at: Microseconds) -> bool:
    """False when it is not wanted any more: somebody was erased while it was made."""
    done = {"state": "made", "rows": rows, "bytes": bytes, "sha256": sha256, "made_at": at}
    done["expires_at"] = at + KEPT // timedelta(microseconds=1)
    return _change(connection, id, done)


def fail(connection: Connection, id: str, told: str) -> bool:
    return _change(connection, id, {"state": "failed", "told": told})


def find_export(connection: Connection, id: str, *, at: Microseconds) -> Made | None:
    found = connection.execute(
        select(made_exports).where(made_exports.c.id == id, made_exports.c.expires_at > at)
    ).one_or_none()
    return None if found is None else _made(found)


def latest_of(connection: Connection, asked: Asked, *, staff: str, at: Microseconds) -> Made | None:
    """The last one that this member asked for in the same words, if it was made and is still kept."""
    table = made_exports.c
    same = [table[name] == value for name, value in (vars(asked) | {"staff": staff, "state": "made"}).items()]
    found = connection.execute(
        select(made_exports).where(*same, table.expires_at > at).order_by(table.asked_at.desc(), table.id).limit(1)
    ).one_or_none()
    return None if found is None else _made(found)


def listed(connection: Connection, site: SiteKey, *, at: Microseconds, skip: int = 0) -> list[Made]:
    """A page and one more, so that one sees whether there is another; the latest first."""
    table = made_exports.c
    rows = connection.execute(
        select(made_exports)
        .where(table.site == site, table.expires_at > at)
        .order_by(table.asked_at.desc(), table.id)
        .offset(skip)
        .limit(PAGE + 1)
    )
    return [_made(row) for row in rows]


def drop(connection: Connection, id: str) -> bool:
    gone = connection.execute(delete(made_exports).where(made_exports.c.id == id).returning(made_exports.c.id))
    return gone.one_or_none() is not None


def drop_of_site(connection: Connection, site: SiteKey) -> None:
    """Nobody fetches any of them any more: one who is being erased may be in it."""
    connection.execute(delete(made_exports).where(made_exports.c.site == site))


def kept(connection: Connection, *, at: Microseconds) -> frozenset[str]:
    """The ids of all that are not over; what is over is removed."""
    connection.execute(delete(made_exports).where(made_exports.c.expires_at <= at))
    return frozenset(connection.execute(select(made_exports.c.id).order_by(made_exports.c.id)).scalars())


def _change(connection: Connection, id: str, values: dict[str, Any]) -> bool:
    changed = update(made_exports).where(made_exports.c.id == id, made_exports.c.state == "making").values(values)
    return connection.execute(changed.returning(made_exports.c.id)).one_or_none() is not None


def _made(row: Row[Any]) -> Made:
    asked = Asked(SiteKey(row.site), row.kind, row.format, row.since, row.until, row.bom)
    return Made(
        row.id, asked, row.staff, row.state, row.told, row.rows, row.bytes, row.sha256, Microseconds(row.asked_at),
        Microseconds(row.expires_at),
    )  # fmt: skip
