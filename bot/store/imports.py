"""Files that are taken in: all of one or nothing, in transactions so short that nobody waits for them.

What a file tells is put aside first, where no reader looks. One small step then accepts it: from there on it is certain
to come into the log, whoever ends the process meanwhile, since anybody can go on where it ended. Undone, it goes the
same way back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from bot.interactions import CustomerId, Microseconds, SiteKey
from bot.profiles import ProfileId
from bot.store.ad_consents import take_back
from bot.store.audit import Act, record
from bot.store.import_tables import import_rows, imports
from bot.store.imported import Row, take_contacts, take_orders
from bot.store.profiles import rebuild
from bot.store.purchases import IMPORTED
from bot.store.sites import Site
from bot.store.tables import interactions, purchases

ROWS_AT_ONCE, BACK_AT_ONCE = 50, 500
"""Into the log, and out of it: there, what customers are left with is learned again each time."""
OPEN = ("accepted", "undoing")
MINUTE_US = 60 * 1_000_000
LEFT_US = 10 * MINUTE_US
"""Put aside by somebody who has not been heard of for so long, it is taken away."""
_rows = import_rows.c
_DONE = (
    update(import_rows)
    .where(_rows["import"] == bindparam("whose"), _rows.number == bindparam("which"))
    .values(body=None, customer=None, made=bindparam("as_made"))
)


@dataclass(frozen=True)
class Import:
    """A file: what it was, who imported it (None: the command), and how far it has come: `upto` of its `rows`."""

    id: int
    site: SiteKey
    kind: str
    name: str
    state: str
    rows: int
    created_at: Microseconds
    upto: int = 0
    staff: str | None = None


def begin(connection: Connection, site: SiteKey, kind: str, name: str, *, staff: str | None, at: Microseconds) -> int:
    """A new import that nothing is put aside for yet; its id. What others left behind is taken away."""
    tidy(connection, at=at)
    values = {"site": site, "kind": kind, "name": name[:200], "state": "staging", "rows": 0, "upto": 0, "staff": staff}
    added = connection.execute(insert(imports).values(**values, created_at=at, seen_at=at).returning(imports.c.id))
    return int(added.scalar_one())


def put_aside(connection: Connection, id: int, site: SiteKey, rows: Sequence[Row], *, at: Microseconds) -> None:
    """Rows with their numbers, which grow from 1 on; nobody sees them before the import is accepted."""
    seen = connection.execute(
        update(imports).where(imports.c.id == id, imports.c.state == "staging").values(seen_at=at)
    )
    if not seen.rowcount:
        raise LookupError(f"import {id} is no longer there")
    told = [{"import": id, "number": row.number, "site": site, "body": row.body, "customer": row.whose} for row in rows]
    connection.execute(insert(import_rows), told)


def accept(connection: Connection, id: int, *, rows: int, staff: str | None, at: Microseconds) -> None:
    """From now on all of it is certain to come into the log."""
    of = connection.execute(
        update(imports)
        .where(imports.c.id == id, imports.c.state == "staging")
        .values(state="accepted", rows=rows, seen_at=at)
        .returning(imports.c.kind)
    ).scalar_one()
    record(connection, at=at, staff=staff, act=Act.IMPORTED, subject=f"import:{id}", detail=f"{rows} rows of {of}")


def go_on(connection: Connection, site: Site, id: int, *, at: Microseconds) -> int:
    """Brings the next rows of an accepted import into the log, or those of one that is undone out of it; how many.

    0: there are no more, and it is done.
    """
    row = connection.execute(select(imports).where(imports.c.id == id).with_for_update()).one()
    if row.state not in OPEN:
        return 0
    return (_forth if row.state == "accepted" else _back)(connection, site, row, at)


def undo(connection: Connection, id: int, *, staff: str | None, at: Microseconds) -> Import | None:
    """Begins to undo it; `go_on` does. None when there is none of this id that is done."""
    changed = connection.execute(
        update(imports).where(imports.c.id == id, imports.c.state == "done").values(state="undoing", seen_at=at)
    )
    if changed.rowcount:
        record(connection, at=at, staff=staff, act=Act.UNDID_IMPORT, subject=f"import:{id}")
    found = find(connection, id)
    return found if found is not None and found.state == "undoing" else None


def find(connection: Connection, id: int) -> Import | None:
    row = connection.execute(select(imports).where(imports.c.id == id)).one_or_none()
    return None if row is None else _import(row)


def unfinished(connection: Connection, *, before: Microseconds) -> list[Import]:
    """What was accepted, or is being undone, and nobody has worked at since `before`; the oldest first."""
    theirs = select(imports).where(imports.c.state.in_(OPEN), imports.c.seen_at < before)
    return [_import(row) for row in connection.execute(theirs.order_by(imports.c.id).limit(100))]


def left_before(at: Microseconds) -> Microseconds:
    """What nobody has worked at since then, anybody may go on with."""
    return Microseconds(at - MINUTE_US)


def latest(connection: Connection, site: SiteKey, *, limit: int = 50) -> list[Import]:
    """The latest imports of the site that were accepted."""
    theirs = select(imports).where(imports.c.site == site, imports.c.state != "staging")
    return [_import(row) for row in connection.execute(theirs.order_by(imports.c.id.desc()).limit(limit))]


def throw_away(connection: Connection, id: int) -> None:
    """What was put aside and never accepted."""
    if connection.execute(select(imports.c.id).where(imports.c.id == id, imports.c.state == "staging")).first():
        connection.execute(delete(import_rows).where(_rows["import"] == id))
        connection.execute(delete(imports).where(imports.c.id == id))


def is_untidy(connection: Connection, at: Microseconds) -> bool:
    """Whether a killed process has left something aside that nobody will accept any more."""
    return connection.execute(_left(at).limit(1)).first() is not None


def tidy(connection: Connection, *, at: Microseconds) -> int:
    """Takes away what was put aside, not accepted, and left for ten minutes; how many imports that was."""
    left = connection.execute(_left(at).order_by(imports.c.id).limit(100)).scalars().all()
    for id in left:
        throw_away(connection, id)
    return len(left)


def _left(at: Microseconds) -> Select[Any]:
    return select(imports.c.id).where(imports.c.state == "staging", imports.c.seen_at < at - LEFT_US)


def forget_put_aside(connection: Connection, site: SiteKey, customers: Collection[CustomerId]) -> None:
    """What files tell of these customers and is not in the log yet. Their orders stay, as nobody's."""
    theirs = (_rows.site == site) & _rows.customer.in_(customers)
    found = select(_rows["import"].label("whose"), _rows.number, _rows.body).where(theirs).order_by(_rows.number)
    for row in connection.execute(found).all():
        this = (_rows["import"] == row.whose) & (_rows.number == row.number)
        if "told" in row.body:
            connection.execute(delete(import_rows).where(this))
            continue
        body = {name: value for name, value in row.body.items() if name not in ("customer", "email", "name")}
        connection.execute(update(import_rows).where(this).values(body=body, customer=None))


def _forth(connection: Connection, site: Site, row: Any, at: Microseconds) -> int:
    rows = _next(connection, row.id, _rows.number > row.upto, _rows.number.asc(), ROWS_AT_ONCE)
    if not rows:
        connection.execute(update(imports).where(imports.c.id == row.id).values(state="done", seen_at=at))
        return 0
    take = take_orders if row.kind == "orders" else take_contacts
    made = take(connection, site, rows, at=row.created_at)
    done = [{"whose": row.id, "which": one.number, "as_made": made.get(one.number)} for one in rows]
    connection.execute(_DONE, done)
    connection.execute(update(imports).where(imports.c.id == row.id).values(upto=rows[-1].number, seen_at=at))
    return len(rows)


def _back(connection: Connection, site: Site, row: Any, at: Microseconds) -> int:
    rows = _next(connection, row.id, _rows.number <= row.upto, _rows.number.desc(), BACK_AT_ONCE)
    if not rows:
        connection.execute(delete(import_rows).where(_rows["import"] == row.id))
        connection.execute(update(imports).where(imports.c.id == row.id).values(state="undone", seen_at=at))
        return 0
    _take_back(connection, site, [one.made for one in rows if one.made is not None])
    numbers = [one.number for one in rows]
    connection.execute(delete(import_rows).where(_rows["import"] == row.id, _rows.number.in_(numbers)))
    connection.execute(update(imports).where(imports.c.id == row.id).values(upto=min(numbers) - 1, seen_at=at))
    return len(rows)


def _take_back(connection: Connection, site: Site, made: list[str]) -> None:
    log = interactions.c
    ours = (log.source == IMPORTED) & log.source_id.in_(made)
    known = select(log.customer).where(ours, log.visitor.is_(None), log.customer.is_not(None)).distinct()
    whose = sorted(connection.execute(known).scalars())
    ids = [one.removeprefix(f"{site.key}:") for one in made]
    connection.execute(delete(purchases).where(purchases.c.site == site.key, purchases.c.id.in_(ids)))
    connection.execute(delete(interactions).where(ours))
    take_back(connection, site.key, IMPORTED, made)
    for customer in whose:
        rebuild(connection, ProfileId(f"customer:{site.key}:{customer}"), site.key)


def _next(connection: Connection, id: int, which: Any, order: Any, limit: int) -> list[Row]:
    found = select(import_rows).where(_rows["import"] == id, which).order_by(order).limit(limit)
    return [Row(row.number, row.body or {}, row.customer, row.made) for row in connection.execute(found)]


def _import(row: Any) -> Import:
    return Import(row.id, row.site, row.kind, row.name, row.state, row.rows, row.created_at, row.upto, row.staff)
