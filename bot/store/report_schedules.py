"""When reports are sent and to whom; a period of a schedule is put into the outbox once, whoever comes to do it."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update

from bot.interactions import Microseconds, SiteKey
from bot.store.audit import Act, record
from bot.store.console_tables import staff
from bot.store.database import insert_into
from bot.store.ids import new_id
from bot.store.mail_stops import is_stopped
from bot.store.report_tables import report_mails, report_recipients, report_schedules

MOST_SCHEDULES, MOST_RECIPIENTS = 20, 20
"""Of a site, and of a schedule."""
DUE_AT_ONCE = 20


@dataclass(frozen=True)
class Recipient:
    """`is_stopped`: they have said that they want no reports of this site any more."""

    address: str
    is_confirmed: bool
    is_stopped: bool


@dataclass(frozen=True)
class Schedule:
    """`minute` is of the day, by the clock of the time zone."""

    id: str
    site: SiteKey
    every: str
    day: int
    minute: int
    timezone: str
    by: str
    due_at: Microseconds
    recipients: tuple[Recipient, ...]


def as_stopped(address: str) -> str:
    """Under which name who wants no reports is kept: answers to visitors still come to the same address."""
    return f"report:{address}"


def add_schedule(
    connection: Connection, site: SiteKey, *, every: str, day: int, minute: int, timezone: str, staff: str,
    at: Microseconds, due_at: Microseconds,
) -> str | None:  # fmt: skip
    """Its id; None when the site has too many, or the same one: a form that is sent twice adds one."""
    c = report_schedules.c
    mine = connection.execute(select(c.every, c.day, c.minute, c.timezone).where(c.site == site)).all()
    if len(mine) >= MOST_SCHEDULES or (every, day, minute, timezone) in [tuple(row) for row in mine]:
        return None
    id = new_id(9)
    connection.execute(
        insert_into(connection, report_schedules).values(
            id=id, site=site, every=every, day=day, minute=minute, timezone=timezone, staff=staff, created_at=at,
            due_at=due_at,
        )
    )  # fmt: skip
    record(connection, at=at, staff=staff, act=Act.SCHEDULED, subject=f"site:{site}")
    return id


def drop_schedule(connection: Connection, id: str, *, staff: str, at: Microseconds) -> bool:
    """Ends it with all that is of it, also what waits to be sent; False when it is gone already."""
    site = connection.execute(select(report_schedules.c.site).where(report_schedules.c.id == id)).scalar()
    if site is None:
        return False
    for table in (report_mails, report_recipients):
        connection.execute(delete(table).where(table.c.schedule == id))
    connection.execute(delete(report_schedules).where(report_schedules.c.id == id))
    record(connection, at=at, staff=staff, act=Act.SCHEDULED, subject=f"site:{site}", detail="ended")
    return True


def schedules_of(connection: Connection, site: SiteKey) -> list[Schedule]:
    """All of the site, the next one first."""
    c = report_schedules.c
    return _found(connection, c.site == site, MOST_SCHEDULES)


def find_schedule(connection: Connection, id: str) -> Schedule | None:
    found = _found(connection, report_schedules.c.id == id, 1)
    return found[0] if found else None


def schedules_due(connection: Connection, at: Microseconds) -> list[Schedule]:
    """Those to be sent, the longest due first."""
    return _found(connection, report_schedules.c.due_at <= at, DUE_AT_ONCE)


def add_recipient(
    connection: Connection, schedule: str, address: str, *, staff: str, is_admin: bool, at: Microseconds
) -> bool:
    """Somebody whom it goes to. An admin's word will do, and a member's own name where it is an address; all others
    wait for an admin. False when there are too many; who is there already stays as they are."""
    mine = select(func.count()).select_from(report_recipients).where(report_recipients.c.schedule == schedule)
    site = connection.execute(select(report_schedules.c.site).where(report_schedules.c.id == schedule)).scalar()
    if site is None or connection.execute(mine).scalar_one() >= MOST_RECIPIENTS:
        return False
    known = is_admin or _is_of_staff(connection, address)
    kept = insert_into(connection, report_recipients).values(
        schedule=schedule, address=address, site=site, staff=staff, confirmed_by=staff if known else None, created_at=at
    )
    connection.execute(kept.on_conflict_do_nothing(index_elements=["schedule", "address"]))
    return True


def confirm_recipient(connection: Connection, schedule: str, address: str, *, staff: str) -> bool:
    """An admin says that it may go there; False when nobody of this address waits for that (any more)."""
    c = report_recipients.c
    waiting = update(report_recipients).where(c.schedule == schedule, c.address == address, c.confirmed_by.is_(None))
    return bool(connection.execute(waiting.values(confirmed_by=staff)).rowcount)


def drop_recipient(connection: Connection, schedule: str, address: str) -> None:
    """Nothing more goes there; what waits to go there neither."""
    for table, state in ((report_recipients, True), (report_mails, report_mails.c.state == "waiting")):
        connection.execute(delete(table).where(table.c.schedule == schedule, table.c.address == address, state))  # type: ignore[arg-type]


def put_period(
    connection: Connection, schedule: Schedule, *, since: str, until: str, at: Microseconds, next_due: Microseconds
) -> int:
    """Puts the mails of this period into the outbox; how many. 0 when another worker has done it meanwhile."""
    c = report_schedules.c
    mine = update(report_schedules).where(c.id == schedule.id, c.due_at == schedule.due_at).values(due_at=next_due)
    if not connection.execute(mine).rowcount:
        return 0
    return put_mails(connection, schedule, since=since, until=until, at=at)


def put_mails(
    connection: Connection, schedule: Schedule, *, since: str, until: str, at: Microseconds, once: str = ""
) -> int:
    """A mail to each confirmed recipient who has not said stop. `once` makes a reason of its own: of one press."""
    count = 0
    for one in schedule.recipients:
        if one.is_stopped or not one.is_confirmed:
            continue
        reason = f"{schedule.id}:{since}:{until}:{one.address}{once and f':{once}'}"
        put = insert_into(connection, report_mails).values(
            id=new_id(16), reason=reason, schedule=schedule.id, site=schedule.site, address=one.address,
            since=since, until=until, state="waiting", tries=0, created_at=at, due_at=at,
        )  # fmt: skip
        count += connection.execute(put.on_conflict_do_nothing(index_elements=["reason"])).rowcount
    return count


def _is_of_staff(connection: Connection, address: str) -> bool:
    found = select(staff.c.id).where(func.lower(staff.c.name) == address.lower(), staff.c.disabled_at.is_(None))
    return connection.execute(found.limit(1)).first() is not None


def _found(connection: Connection, which: object, limit: int) -> list[Schedule]:
    c = report_schedules.c
    asked = select(report_schedules, staff.c.name.label("by")).join(staff, staff.c.id == c.staff)
    rows = connection.execute(asked.where(which).order_by(c.due_at, c.id).limit(limit)).all()  # type: ignore[arg-type]
    return [
        Schedule(
            row.id, row.site, row.every, row.day, row.minute, row.timezone, row.by, row.due_at,
            _recipients(connection, row.id),
        )
        for row in rows
    ]  # fmt: skip


def _recipients(connection: Connection, schedule: str) -> tuple[Recipient, ...]:
    c = report_recipients.c
    asked = select(c.address, c.confirmed_by, c.site).where(c.schedule == schedule).order_by(c.address)
    rows = connection.execute(asked.limit(MOST_RECIPIENTS)).all()
    return tuple(
        Recipient(row.address, row.confirmed_by is not None, is_stopped(connection, row.site, as_stopped(row.address)))
        for row in rows
    )
