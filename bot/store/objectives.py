"""Objectives as they are kept: set down, changed by one at a time, closed once, and looked at when it is time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from bot.interactions import Microseconds, SiteKey, microseconds
from bot.store.audit import Act, record
from bot.store.console_tables import staff as members
from bot.store.database import insert_into
from bot.store.ids import new_id
from bot.store.objective_tables import objectives
from bot.store.tables import pages, sites

MOST_OPEN, LISTED = 50, 200
"""Of a site: those that are not closed; and those that a page or command lists."""
DUE_AT_ONCE = 50
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Contract:
    """What is set down. Days are of UTC, both inclusive; `within` has a line each.

    Shares are from 0 to 1, counts are people, money is in major units a person. The baseline's interval, how many it is
    of, their variance and its days are None where it was given.
    """

    name: str
    measure: str
    scope: str
    within: str
    owner: str
    currency: str | None
    baseline: float
    baseline_low: float | None
    baseline_high: float | None
    baseline_n: int | None
    baseline_variance: float | None
    baseline_since: str | None
    baseline_until: str | None
    target: float
    smallest: float
    since: str
    until: str


@dataclass(frozen=True)
class Objective(Contract):
    """`owner_name` is theirs, `owner_left` whether they are staff no longer. Who is None acted by the command line."""

    id: str
    site: SiteKey
    owner_name: str
    owner_left: bool
    first_target: float
    first_until: str
    version: int
    created_at: Microseconds
    created_by: str | None
    changed_at: Microseconds | None
    changed_by: str | None
    closed_at: Microseconds | None
    closed_by: str | None
    closed_why: str | None
    look_at: Microseconds | None


class NotAdded(StrEnum):
    MANY = "many"
    OWNER = "owner"
    """Nobody of the staff, or no longer."""


@dataclass(frozen=True)
class Alike:
    """The open one that counts the same in days that overlap."""

    known: Objective


def add_objective(
    connection: Connection, site: SiteKey, told: Contract, *, staff: str | None, at: Microseconds
) -> Objective | Alike | NotAdded:
    """The new one, or why there is none."""
    c = objectives.c
    mine = select(func.count()).select_from(objectives).where(c.site == site, c.closed_at.is_(None))
    same = _found().where(
        c.site == site, c.measure == told.measure, c.scope == told.scope, func.lower(c.within) == told.within.lower(),
        c.closed_at.is_(None), c.since <= told.until, c.until >= told.since,
    )  # fmt: skip
    # One at a time: of two alike that come together, the second finds the first. SQLite has one writer anyway.
    connection.execute(select(sites.c.key).where(sites.c.key == site).with_for_update())
    if (alike := _first(connection, same)) is not None:
        return Alike(alike)
    if connection.execute(mine).scalar_one() >= MOST_OPEN:
        return NotAdded.MANY
    if not is_staff(connection, told.owner):
        return NotAdded.OWNER
    id = new_id(9)
    connection.execute(
        insert_into(connection, objectives).values(
            **vars(told), id=id, site=site, first_target=told.target, first_until=told.until, version=1,
            created_at=at, created_by=staff, look_at=at,
        )
    )  # fmt: skip
    record(connection, at=at, staff=staff, act=Act.SET_OBJECTIVE, subject=of_objective(id), detail=f"{site} set down")
    found = find_objective(connection, id)
    assert found is not None
    return found


def find_objective(connection: Connection, id: str) -> Objective | None:
    return _first(connection, _found().where(objectives.c.id == id))


def objectives_of(connection: Connection, site: SiteKey) -> list[Objective]:
    """All of the site: those that are open by their last day, then those that were closed, the latest first."""
    c = objectives.c
    order = (c.closed_at.isnot(None), c.closed_at.desc(), c.until, c.id)
    return _all(connection, _found().where(c.site == site).order_by(*order).limit(LISTED))


def change_objective(
    connection: Connection, known: Objective, changes: dict[str, Any], *, staff: str | None, at: Microseconds
) -> bool:
    """Changes it as `known` had it; False when somebody changed or closed it since: theirs stands, and is to be read.

    A target or last day that is changed is looked at anew; what it was at first stays beside it.
    """
    c = objectives.c
    mine = update(objectives).where(c.id == known.id, c.version == known.version, c.closed_at.is_(None))
    values = {**changes, "version": known.version + 1, "changed_at": at, "changed_by": staff, "look_at": at}
    if not connection.execute(mine.values(values)).rowcount:
        return False
    # No names and no words: of those the log of what was done has none.
    moved = [f"{name} {getattr(known, name)} to {changes[name]}" for name in ("target", "until") if name in changes]
    detail = ", ".join([f"{known.site} changed", *moved])
    record(connection, at=at, staff=staff, act=Act.SET_OBJECTIVE, subject=of_objective(known.id), detail=detail)
    return True


def close_objective(connection: Connection, id: str, why: str, *, staff: str | None, at: Microseconds) -> bool:
    """Closes it for good; False when it was closed before."""
    c = objectives.c
    mine = update(objectives).where(c.id == id, c.closed_at.is_(None))
    values = {"closed_at": at, "closed_by": staff, "closed_why": why or None, "version": c.version + 1, "look_at": at}
    if not connection.execute(mine.values(values)).rowcount:
        return False
    record(connection, at=at, staff=staff, act=Act.SET_OBJECTIVE, subject=of_objective(id), detail="closed")
    return True


def objectives_to_look_at(connection: Connection, at: Microseconds) -> list[Objective]:
    """Those that it is time for, the longest due first."""
    c = objectives.c
    return _all(connection, _found().where(c.look_at <= at).order_by(c.look_at, c.id).limit(DUE_AT_ONCE))


def look_again(connection: Connection, known: Objective, *, at: Microseconds | None) -> bool:
    """Notes when it is looked at next (None: never); False when another has looked, or somebody changed it, since."""
    c = objectives.c
    mine = update(objectives).where(c.id == known.id, c.look_at == known.look_at, c.version == known.version)
    return bool(connection.execute(mine.values(look_at=at)).rowcount)


def staff_now(connection: Connection) -> list[tuple[str, str]]:
    """Everybody who may own one: (id, name) by name."""
    c = members.c
    rows = connection.execute(select(c.id, c.name).where(c.disabled_at.is_(None)).order_by(c.name, c.id).limit(1_000))
    return [(row.id, row.name) for row in rows]


def is_staff(connection: Connection, id: str) -> bool:
    """Whether they are of the staff now."""
    c = members.c
    return connection.execute(select(c.id).where(c.id == id, c.disabled_at.is_(None))).first() is not None


def pages_known(connection: Connection, crawl: int, urls: Collection[str]) -> set[str]:
    """Those of the addresses that the crawl has, also under a trailing slash."""
    ways = {way: url for url in urls for way in (url, f"{url}/")}
    rows = connection.execute(select(pages.c.url).where(pages.c.crawl == crawl, pages.c.url.in_(sorted(ways))))
    return {ways[row.url] for row in rows}


def of_objective(id: str) -> str:
    """As the audit log names it."""
    return f"objective:{id}"


def begins(day: str) -> Microseconds:
    """The moment at which this day of UTC does."""
    return microseconds(datetime.fromisoformat(day).replace(tzinfo=UTC))


def ends(day: str) -> Microseconds:
    """The moment just after this day."""
    return microseconds(datetime.fromisoformat(day).replace(tzinfo=UTC) + DAY)


_NAMES = {name: members.alias(name) for name in ("theirs", "made", "changer", "closer")}


def _found() -> Select[Any]:
    c, who = objectives.c, _NAMES
    plain = [one for one in c if one.name not in ("created_by", "changed_by", "closed_by")]
    asked = select(
        *plain,
        who["theirs"].c.name.label("owner_name"),
        who["theirs"].c.disabled_at.isnot(None).label("owner_left"),
        who["made"].c.name.label("created_by"),
        who["changer"].c.name.label("changed_by"),
        who["closer"].c.name.label("closed_by"),
    )
    joined = objectives.join(who["theirs"], who["theirs"].c.id == c.owner)
    for alias, column in (("made", c.created_by), ("changer", c.changed_by), ("closer", c.closed_by)):
        joined = joined.outerjoin(who[alias], who[alias].c.id == column)
    return asked.select_from(joined)


def _first(connection: Connection, asked: Select[Any]) -> Objective | None:
    found = _all(connection, asked.order_by(objectives.c.until, objectives.c.id).limit(1))
    return found[0] if found else None


def _all(connection: Connection, asked: Select[Any]) -> list[Objective]:
    rows = connection.execute(asked).mappings()
    return [Objective(**{**row, "owner_left": bool(row["owner_left"])}) for row in rows]
