"""The outbox of reports: what is to be sent, what became of it, and who wants no more."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, exists, func, or_, select, update

from bot.interactions import Microseconds, SiteKey
from bot.store.conversations import hash_of
from bot.store.mail_stops import is_stopped, stop
from bot.store.report_schedules import as_stopped
from bot.store.report_tables import report_mails, report_schedules

AT_ONCE, SHOWN = 20, 50


@dataclass(frozen=True)
class ReportMail:
    """`since` and `until` are the days that it is of; `state` is waiting, sent, refused or needless."""

    id: str
    schedule: str
    site: SiteKey
    address: str
    since: str
    until: str
    state: str
    tries: int
    trouble: str | None
    created_at: Microseconds
    sent_at: Microseconds | None


@dataclass(frozen=True)
class ReportsStand:
    """How the mailed reports of a site stand. `trouble` is what the last try of one that did not go failed with."""

    site: SiteKey
    waiting: int
    refused: int
    trouble: str | None


def reports_stand(connection: Connection) -> list[ReportsStand]:
    """Of each site that has reports waiting or refused, by its key."""
    c = report_mails.c
    open_ = c.state.in_(("waiting", "refused"))
    counted = select(c.site, c.state, func.count()).where(open_).group_by(c.site, c.state)
    of: dict[SiteKey, dict[str, int]] = {}
    for site, state, count in connection.execute(counted):
        of.setdefault(site, {})[state] = count
    return [
        ReportsStand(site, states.get("waiting", 0), states.get("refused", 0), _trouble(connection, site))
        for site, states in sorted(of.items())
    ]


def _trouble(connection: Connection, site: SiteKey) -> str | None:
    c = report_mails.c
    failed = select(c.trouble).where(c.site == site, c.state.in_(("waiting", "refused")), c.trouble.is_not(None))
    return connection.execute(failed.order_by(c.due_at.desc(), c.id).limit(1)).scalar()


def reports_due(connection: Connection, at: Microseconds) -> bool:
    """Whether there is anything for the worker to do."""
    mails = exists().where(report_mails.c.state == "waiting", report_mails.c.due_at <= at)
    schedules = exists().where(report_schedules.c.due_at <= at)
    return bool(connection.execute(select(or_(mails, schedules))).scalar_one())


def due(connection: Connection, *, at: Microseconds) -> list[ReportMail]:
    """What is to be sent now, the longest due first; what is of the same days together."""
    c = report_mails.c
    waiting = _mails().where(c.state == "waiting", c.due_at <= at)
    return _all(connection, waiting.order_by(c.due_at, c.site, c.since, c.until, c.id).limit(AT_ONCE))


def take(connection: Connection, id: str, *, at: Microseconds, hold: timedelta) -> str | None:
    """Takes the mail to send it: for so long nobody else does, and after a crash it is due again.

    The secret to say stop with; None when somebody else has the mail, or its recipient wants no more.
    """
    c, secret = report_mails.c, secrets.token_urlsafe(24)
    until = at + hold // timedelta(microseconds=1)
    mine = update(report_mails).where(c.id == id, c.state == "waiting", c.due_at <= at)
    if not connection.execute(mine.values(tries=c.tries + 1, due_at=until, stop_hash=hash_of(secret))).rowcount:
        return None
    row = connection.execute(select(c.site, c.address).where(c.id == id)).one()
    if is_stopped(connection, row.site, as_stopped(row.address)):
        becomes(connection, id, state="needless")
        return None
    return secret


def becomes(connection: Connection, id: str, /, **values: Any) -> None:
    """What became of a try: state, sent_at, trouble, due_at."""
    connection.execute(update(report_mails).where(report_mails.c.id == id).values(**values))


def try_again(connection: Connection, id: str, *, at: Microseconds) -> bool:
    """What was refused is tried anew; False when it is not refused (any more)."""
    anew = update(report_mails).where(report_mails.c.id == id, report_mails.c.state == "refused")
    values = {"state": "waiting", "tries": 0, "due_at": at, "created_at": at}
    return bool(connection.execute(anew.values(**values)).rowcount)


def reports_mailed(connection: Connection, site: SiteKey) -> list[ReportMail]:
    """What was sent of the site, or will be, the latest first."""
    c = report_mails.c
    return _all(connection, _mails().where(c.site == site).order_by(c.created_at.desc(), c.id).limit(SHOWN))


def leads_to_no_report(connection: Connection, secret: str) -> bool:
    """Whether no report was mailed with this secret."""
    return _of_secret(connection, secret) is None


def reports_stopped_by(connection: Connection, secret: str, *, at: Microseconds) -> bool:
    """No report of the site goes to the address any more to which this secret was mailed; False when nobody has it."""
    row = _of_secret(connection, secret)
    if row is None:
        return False
    stop(connection, row.site, as_stopped(row.address), at=at)
    return True


def _of_secret(connection: Connection, secret: str) -> Any:
    c = report_mails.c
    return connection.execute(select(c.site, c.address).where(c.stop_hash == hash_of(secret)).limit(1)).one_or_none()


def _mails() -> Select[Any]:
    return select(*(report_mails.c[name] for name in ReportMail.__dataclass_fields__))


def _all(connection: Connection, asked: Select[Any]) -> list[ReportMail]:
    return [ReportMail(**row) for row in connection.execute(asked).mappings()]
