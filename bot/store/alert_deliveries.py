"""The outbox of alerts: what is to go where, what became of it, and when somewhere is given up."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, update

from bot.alert_rules import Rule
from bot.card_numbers import mask
from bot.interactions import Kind, Microseconds, SiteKey
from bot.mail_addresses import addresses_in
from bot.store.alert_tables import alert_deliveries, alert_people, alert_rules, alert_targets, alerts
from bot.store.alerts import ROTATES_US, as_rule
from bot.store.conversations import hash_of
from bot.store.mail_stops import is_stopped, stop
from bot.store.tables import conversations, interactions, messages, sites, visitors

AT_ONCE, SHOWN = 20, 50
STATES = ("waiting", "sent", "given_up", "needless")
FAILURES_BORNE = 3
"""So many alerts given up in a row, and nothing more goes there until somebody of the staff says so."""
QUOTES, QUOTE_LENGTH = 3, 160
KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Raised:
    """An alert. `count` of people; `more` were held back before it; `told_at` None: it is held back itself."""

    id: str
    rule_id: str
    rule: Rule
    at: Microseconds
    count: int
    figures: dict[str, Any]
    told_at: Microseconds | None
    more: int


@dataclass(frozen=True)
class Delivery:
    """One alert on its way to one address. `state` is waiting, sent, given_up or needless."""

    id: str
    alert: str
    target: str
    kind: str
    address: str
    state: str
    tries: int
    trouble: str | None
    created_at: Microseconds
    sent_at: Microseconds | None


@dataclass(frozen=True)
class Ready:
    """All that a delivery says, as it is now. `secrets` sign it; `stop` is what a mail's recipient says stop with."""

    delivery: Delivery
    raised: Raised
    site_name: str
    secrets: tuple[str, ...]
    stop: str
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """Who is behind an alert, as far as that is known; `quote` is what they said."""

    visitor: str | None
    customer: str | None
    conversation: str
    quote: str


def due(connection: Connection, *, at: Microseconds) -> list[str]:
    """The ids of what is to go now, the longest due first."""
    c = alert_deliveries.c
    asked = select(c.id).where(c.state == "waiting", c.due_at <= at)
    return list(connection.execute(asked.order_by(c.due_at, c.id).limit(AT_ONCE)).scalars())


def take(connection: Connection, id: str, *, at: Microseconds, hold: timedelta) -> Ready | None:
    """Takes the delivery to send it: for so long nobody else does, and after a crash it is due again.

    None when somebody else has it, or it is needless: its address was paused or wants no more.
    """
    c, secret = alert_deliveries.c, secrets.token_urlsafe(24)
    mine = update(alert_deliveries).where(c.id == id, c.state == "waiting", c.due_at <= at)
    values = {"tries": c.tries + 1, "due_at": at + _us(hold), "stop_hash": hash_of(secret)}
    if not connection.execute(mine.values(values)).rowcount:
        return None
    delivery = _one(connection, id)
    t = alert_targets.c
    target = connection.execute(select(alert_targets).where(t.id == delivery.target)).one()
    raised = _raised_of(connection, alerts.c.id == delivery.alert)[0]
    is_over = target.kind == "mail" and is_stopped(connection, target.site, as_stopped(target.address))
    if is_over or target.paused_at is not None:
        becomes(connection, id, state="needless", trouble="Paused." if target.paused_at else None)
        return None
    name = connection.execute(select(sites.c.name).where(sites.c.key == target.site)).scalar_one()
    rotating = target.rotated_at is not None and at - target.rotated_at < ROTATES_US
    quotes = tuple(one.quote for one in people_of(connection, raised) if one.quote) if raised.rule.words else ()
    return Ready(delivery, raised, name, tuple(target.secrets[: 2 if rotating else 1]), secret, quotes[:QUOTES])


def is_sent(connection: Connection, delivery: Delivery, *, at: Microseconds) -> None:
    becomes(connection, delivery.id, state="sent", sent_at=at, trouble=None)
    connection.execute(update(alert_targets).where(alert_targets.c.id == delivery.target).values(failures=0))


def is_given_up(connection: Connection, delivery: Delivery, trouble: str, *, at: Microseconds, for_good: bool) -> None:
    """It goes no more. After FAILURES_BORNE in a row, or when the address says that it is gone, nothing goes there."""
    becomes(connection, delivery.id, state="given_up", trouble=trouble)
    t = alert_targets.c
    failed = update(alert_targets).where(t.id == delivery.target).values(failures=t.failures + 1).returning(t.failures)
    failures = connection.execute(failed).scalar()
    if failures is not None and (for_good or failures >= FAILURES_BORNE):
        connection.execute(
            update(alert_targets).where(t.id == delivery.target, t.paused_at.is_(None)).values(paused_at=at)
        )


def becomes(connection: Connection, id: str, /, **values: Any) -> None:
    """What became of a try: state, sent_at, trouble, due_at."""
    connection.execute(update(alert_deliveries).where(alert_deliveries.c.id == id).values(**values))


def deliveries_of(connection: Connection, site: SiteKey) -> list[Delivery]:
    """What went out of the site, or will, the latest first."""
    c = alert_deliveries.c
    return _all(connection, _deliveries().where(c.site == site).order_by(c.created_at.desc(), c.id).limit(SHOWN))


def raised_lately(connection: Connection, site: SiteKey) -> list[Raised]:
    """The alerts of the site without tests, the latest first."""
    return _raised_of(connection, alerts.c.site == site, ~alerts.c.cause.startswith("test:"))


def find_raised(connection: Connection, id: str) -> Raised | None:
    return next(iter(_raised_of(connection, alerts.c.id == id)), None)


def people_of(connection: Connection, raised: Raised) -> list[Person]:
    """Who is behind the alert, each once, without who was erased since; with what they said, if they agreed."""
    p, log = alert_people.c, interactions.c
    asked = (
        select(p.visitor, p.customer, p.conversation, p.seq, log.type, log.data, messages.c.text, visitors.c.measure)
        .join(conversations, conversations.c.id == p.conversation)
        .outerjoin(visitors, visitors.c.id == p.visitor)
        .outerjoin(interactions, log.id == p.interaction)
        .outerjoin(messages, (messages.c.conversation == p.conversation) & (messages.c.seq == p.seq))
        .where(p.alert == raised.id)
        .order_by(p.interaction)
        .limit(SHOWN)
    )
    found: dict[str, Person] = {}
    for row in connection.execute(asked):
        who = row.customer or row.visitor or row.conversation
        found.setdefault(who, Person(row.visitor, row.customer, row.conversation, _quote(row, raised.rule)))
    return list(found.values())


def counts_of(connection: Connection) -> dict[str, int]:
    """How many deliveries are in each state; those of alerts older than KEPT are not there any more."""
    c = alert_deliveries.c
    return {row[0]: row[1] for row in connection.execute(select(c.state, func.count()).group_by(c.state))}


def drop_old(connection: Connection, *, at: Microseconds) -> None:
    """Alerts, with whom they were of and what went out, are kept for KEPT."""
    old = select(alerts.c.id).where(alerts.c.at < at - _us(KEPT))
    for table in (alert_deliveries, alert_people):
        connection.execute(delete(table).where(table.c.alert.in_(old)))
    connection.execute(delete(alerts).where(alerts.c.at < at - _us(KEPT)))


def as_stopped(address: str) -> str:
    """Under which name who wants no alerts is kept: reports and answers still come to the same address."""
    return f"alert:{address}"


def leads_to_no_alert(connection: Connection, secret: str) -> bool:
    """Whether no alert was mailed with this secret."""
    return _of_secret(connection, secret) is None


def alerts_stopped_by(connection: Connection, secret: str, *, at: Microseconds) -> bool:
    """No alert of the site is mailed any more to the address to which this secret was; False when nobody has it."""
    row = _of_secret(connection, secret)
    if row is None:
        return False
    stop(connection, row.site, as_stopped(row.address), at=at)
    return True


def stopped_of(connection: Connection, site: SiteKey, addresses: list[str]) -> set[str]:
    """Of these addresses those that want no alerts of the site."""
    return {one for one in addresses if is_stopped(connection, site, as_stopped(one))}


def _of_secret(connection: Connection, secret: str) -> Any:
    c, t = alert_deliveries.c, alert_targets.c
    asked = select(c.site, t.address).join(alert_targets, t.id == c.target).where(t.kind == "mail")
    return connection.execute(asked.where(c.stop_hash == hash_of(secret)).limit(1)).one_or_none()


def _quote(row: Any, rule: Rule) -> str:
    """The words of the statement; of a question the whole message; of stars what was written beside them."""
    said = row.text or ""
    data = row.data if isinstance(row.data, dict) else {}
    if not row.measure:
        return ""
    if row.type == Kind.RATING:
        said = str(data.get("words") or "")
    stated = (one for one in data.get("statements") or () if one.get("kind") == rule.heard.value)
    about = (one for one in stated if not rule.topic or rule.topic in (one.get("topics") or ()))
    said = next((str(one.get("text") or "") for one in about), said)
    return _masked(" ".join(said.split()))[:QUOTE_LENGTH]


def _masked(said: str) -> str:
    for start, end, _ in reversed(list(addresses_in(said))):
        said = f"{said[:start]}…{said[end:]}"
    return mask(said)


def _one(connection: Connection, id: str) -> Delivery:
    return _all(connection, _deliveries().where(alert_deliveries.c.id == id))[0]


def _deliveries() -> Select[Any]:
    c, t = alert_deliveries.c, alert_targets.c
    return select(
        c.id, c.alert, c.target, t.kind, t.address, c.state, c.tries, c.trouble, c.created_at, c.sent_at
    ).join(alert_targets, t.id == c.target)  # fmt: skip


def _all(connection: Connection, asked: Select[Any]) -> list[Delivery]:
    return [Delivery(**row) for row in connection.execute(asked).mappings()]


def _raised_of(connection: Connection, *which: Any) -> list[Raised]:
    c = alerts.c
    asked = select(
        alert_rules, c.id.label("alert"), c.at.label("raised_at"), c.count.label("people"), c.figures, c.told_at, c.more
    ).join(alert_rules, alert_rules.c.id == c.rule)  # fmt: skip
    rows = connection.execute(asked.where(*which).order_by(c.at.desc(), c.id).limit(SHOWN))
    return [
        Raised(row.alert, row.id, as_rule(row), row.raised_at, row.people, row.figures, row.told_at, row.more)
        for row in rows
    ]


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
