"""The rules of alerts, and where each goes: kept for staff and the command line alike."""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.alert_rules import Quiet, Rule, What
from bot.interactions import Microseconds, SiteKey
from bot.store.alert_tables import (
    alert_deliveries,
    alert_limits,
    alert_people,
    alert_rules,
    alert_targets,
    alerts,
)
from bot.store.audit import Act, record
from bot.store.console_tables import staff
from bot.store.database import insert_into
from bot.store.ids import new_id

MOST_RULES, MOST_TARGETS = 40, 10
"""Of a site, and of a rule."""
OF_A_SITE_AN_HOUR = 12
ROTATES_US = 24 * 3_600 * 1_000_000
"""For so long after a change both secrets sign."""


@dataclass(frozen=True)
class Target:
    """Where a rule's alerts go. `kind` is mail or webhook; `paused_at`: since then nothing goes, for it failed."""

    id: str
    kind: str
    address: str
    is_confirmed: bool
    failures: int
    paused_at: Microseconds | None

    @property
    def is_open(self) -> bool:
        return self.is_confirmed and self.paused_at is None


@dataclass(frozen=True)
class Kept:
    """A rule as it is kept; `by` made it, None: the command line."""

    id: str
    rule: Rule
    by: str | None
    created_at: Microseconds
    targets: tuple[Target, ...]


def add_rule(connection: Connection, rule: Rule, *, by: str | None, at: Microseconds) -> str | None:
    """Its id; None when the site has too many, or one that watches for the same: a form that is sent twice adds one."""
    c = alert_rules.c
    mine = connection.execute(select(c.what, c.topic, c.usual, c.least).where(c.site == rule.site)).all()
    if len(mine) >= MOST_RULES or (rule.what, rule.topic, rule.usual, rule.least) in [tuple(row) for row in mine]:
        return None
    id = new_id(9)
    values = _row(rule) | {"id": id, "site": rule.site, "is_low": False, "staff": by, "created_at": at}
    connection.execute(insert(alert_rules).values(values))
    _audit(connection, rule.site, "added", by, at)
    return id


def set_rule(connection: Connection, id: str, rule: Rule, *, by: str | None, at: Microseconds) -> bool:
    """False when it is gone. What it was raised for stays raised."""
    done = connection.execute(update(alert_rules).where(alert_rules.c.id == id).values(_row(rule))).rowcount
    if done:
        _audit(connection, rule.site, "changed", by, at)
    return bool(done)


def drop_rule(connection: Connection, id: str, *, by: str | None, at: Microseconds) -> bool:
    """Ends it with all that is of it, also what waits to be sent; False when it is gone already."""
    site = connection.execute(select(alert_rules.c.site).where(alert_rules.c.id == id)).scalar()
    if site is None:
        return False
    for table in (alert_deliveries, alert_people, alerts, alert_targets):
        connection.execute(delete(table).where(table.c.rule == id))
    connection.execute(delete(alert_rules).where(alert_rules.c.id == id))
    _audit(connection, site, "removed", by, at)
    return True


def rules_of(connection: Connection, site: SiteKey) -> list[Kept]:
    """All of the site, the oldest first."""
    return _found(connection, alert_rules.c.site == site)


def rules_on(connection: Connection) -> list[Kept]:
    """All that are watched, of all sites."""
    return _found(connection, alert_rules.c.is_on)


def find_rule(connection: Connection, id: str) -> Kept | None:
    return next(iter(_found(connection, alert_rules.c.id == id)), None)


def limit_of(connection: Connection, site: SiteKey) -> int:
    """How many alerts the site gets in an hour, of all rules together."""
    kept = connection.execute(select(alert_limits.c.most_an_hour).where(alert_limits.c.site == site)).scalar()
    return OF_A_SITE_AN_HOUR if kept is None else kept


def set_limit(connection: Connection, site: SiteKey, most: int, *, by: str | None, at: Microseconds) -> None:
    kept = insert_into(connection, alert_limits).values(site=site, most_an_hour=most)
    connection.execute(kept.on_conflict_do_update(index_elements=["site"], set_={"most_an_hour": most}))
    _audit(connection, site, "limit", by, at)


def add_target(
    connection: Connection, rule: str, kind: str, address: str, *, by: str | None, is_admin: bool, at: Microseconds
) -> str | None:
    """Somewhere that it goes; its secret, for a webhook, to be shown once, else "". An admin's word will do, and a
    member's own name where it is a mail address; all others wait for an admin. None when there are too many, or it
    is there already."""
    c = alert_targets.c
    site = connection.execute(select(alert_rules.c.site).where(alert_rules.c.id == rule)).scalar()
    count = connection.execute(select(func.count()).select_from(alert_targets).where(c.rule == rule)).scalar_one()
    if site is None or count >= MOST_TARGETS:
        return None
    secret = new_secret() if kind == "webhook" else ""
    known = is_admin or (kind == "mail" and _is_of_staff(connection, address))
    kept = insert_into(connection, alert_targets).values(
        id=new_id(9), rule=rule, site=site, kind=kind, address=address, secrets=[secret] if secret else [], staff=by,
        is_confirmed=known, failures=0, created_at=at,
    )  # fmt: skip
    if not connection.execute(kept.on_conflict_do_nothing(index_elements=["rule", "kind", "address"])).rowcount:
        return None
    _audit(connection, site, f"added a {kind}", by, at)
    return secret


def confirm_target(connection: Connection, rule: str, target: str, *, by: str | None, at: Microseconds) -> bool:
    """An admin says that it may go there; False when it does not wait for that (any more)."""
    return _changed(connection, rule, target, "confirmed", by, at, {"is_confirmed": True}, is_confirmed=False)


def resume_target(connection: Connection, rule: str, target: str, *, by: str | None, at: Microseconds) -> bool:
    """Alerts go there again, after it was paused."""
    return _changed(connection, rule, target, "resumed", by, at, {"paused_at": None, "failures": 0})


def drop_target(connection: Connection, rule: str, target: str, *, by: str | None, at: Microseconds) -> bool:
    """Nothing more goes there; what waits to go there neither."""
    c = alert_targets.c
    site = connection.execute(select(c.site).where(c.id == target, c.rule == rule)).scalar()
    if site is None:
        return False
    connection.execute(delete(alert_deliveries).where(alert_deliveries.c.target == target))
    connection.execute(delete(alert_targets).where(c.id == target))
    _audit(connection, site, "removed an address", by, at)
    return True


def rotate_secret(connection: Connection, rule: str, target: str, *, by: str | None, at: Microseconds) -> str | None:
    """A new secret, to be shown once; for a day the old one signs too. None when there is no such webhook."""
    c = alert_targets.c
    kept = connection.execute(
        select(c.secrets).where(c.id == target, c.rule == rule, c.kind == "webhook").with_for_update()
    ).scalar()
    if kept is None:
        return None
    secret = new_secret()
    values = {"secrets": [secret, *kept[:1]], "rotated_at": at}
    _changed(connection, rule, target, "changed a secret", by, at, values)
    return secret


def new_secret() -> str:
    return f"alert_{secrets.token_urlsafe(32)}"


def _changed(
    connection: Connection, rule: str, target: str, act: str, by: str | None, at: Microseconds, values: dict[str, Any],
    **was: Any,
) -> bool:  # fmt: skip
    c = alert_targets.c
    mine = update(alert_targets).where(c.id == target, c.rule == rule, *(c[name] == one for name, one in was.items()))
    site = connection.execute(mine.values(values).returning(c.site)).scalar()
    if site is not None:
        _audit(connection, site, act, by, at)
    return site is not None


def _is_of_staff(connection: Connection, address: str) -> bool:
    found = select(staff.c.id).where(func.lower(staff.c.name) == address.lower(), staff.c.disabled_at.is_(None))
    return connection.execute(found.limit(1)).first() is not None


def _audit(connection: Connection, site: SiteKey, detail: str, by: str | None, at: Microseconds) -> None:
    record(connection, at=at, staff=by, act=Act.CHANGED_ALERT, subject=f"site:{site}", detail=detail)


def _row(rule: Rule) -> dict[str, Any]:
    quiet = rule.quiet
    return {
        "what": rule.what.value, "topic": rule.topic, "usual": rule.usual, "least": rule.least,
        "most_an_hour": rule.most_an_hour, "quiet_from": None if quiet is None else quiet.since,
        "quiet_until": None if quiet is None else quiet.until, "timezone": rule.timezone, "words": rule.words,
        "is_on": rule.is_on,
    }  # fmt: skip


def as_rule(row: Any) -> Rule:
    quiet = None if row.quiet_from is None else Quiet(row.quiet_from, row.quiet_until)
    return Rule(
        site=row.site, what=What(row.what), topic=row.topic, usual=row.usual, least=row.least,
        most_an_hour=row.most_an_hour, quiet=quiet, timezone=row.timezone, words=row.words, is_on=row.is_on,
    )  # fmt: skip


def _found(connection: Connection, which: Any) -> list[Kept]:
    c = alert_rules.c
    asked = select(alert_rules, staff.c.name.label("by")).join(staff, staff.c.id == c.staff, isouter=True).where(which)
    rows = connection.execute(asked.order_by(c.created_at, c.id)).all()
    targets = _targets(connection, [row.id for row in rows])
    return [
        Kept(row.id, as_rule(row), row.by, row.created_at, tuple(one for rule, one in targets if rule == row.id))
        for row in rows
    ]


def _targets(connection: Connection, rules: list[str]) -> list[tuple[str, Target]]:
    c = alert_targets.c
    asked = select(alert_targets).where(c.rule.in_(rules)).order_by(c.created_at, c.kind, c.address)
    return [
        (row.rule, Target(row.id, row.kind, row.address, row.is_confirmed, row.failures, row.paused_at))
        for row in connection.execute(asked)
    ]
