"""Raising alerts: once for each cause, whoever looks; and held back where too many would go at once.

Whoever raises or tells one holds the site for it until the commit, so two workers do it one after the other, and what
one has done the other finds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, func, insert, or_, select, update

from bot.alert_rules import Rule, is_quiet
from bot.conversation import Owner, State
from bot.interactions import ConversationId, Kind, Microseconds, SiteKey
from bot.store.alert_mentions import Mention, open_mentions
from bot.store.alert_tables import (
    alert_deliveries,
    alert_mentions,
    alert_people,
    alert_rules,
    alert_targets,
    alerts,
)
from bot.store.alerts import as_rule, limit_of
from bot.store.console_tables import nobody_came
from bot.store.database import insert_into
from bot.store.ids import new_id
from bot.store.noise import is_noise
from bot.store.tables import conversations, purchases, sites

HOUR, LATE = timedelta(hours=1), timedelta(days=1)
STALE = timedelta(days=7)
"""What is held back for longer is no news any more."""
TEST = "test:"
TESTS_AN_HOUR = 10
WAIT_AT_ONCE = 100


@dataclass(frozen=True)
class Overdue:
    """Somebody who asked for a person, and nobody came. `reason` is why, where the bot says so."""

    conversation: ConversationId
    asked_at: Microseconds
    reason: str


def raise_people(
    connection: Connection,
    id: str,
    interactions: Sequence[int],
    *,
    at: Microseconds,
    least: int,
    figures: dict[str, Any],
) -> str | None:
    """Raises an alert of those who said these things; its id. None when they are fewer than `least` (any more): who
    was erased meanwhile is not there, and who counted for another alert of the rule within a day does not again."""
    rule = _held(connection, id)
    if rule is None:
        return None
    wanted = set(interactions)
    open = [one for one in open_mentions(connection, id, rule, at=at) if one.interaction in wanted]
    people = len({one.person for one in open})
    if people < max(1, least):
        return None
    cause = f"said:{min(one.interaction for one in open)}"
    alert = _raised(connection, id, rule, cause, people, figures, at)
    if alert is not None:
        _note_people(connection, alert, id, rule, open, at)
        _tell(connection, alert, id, rule, at)
    return alert


def raise_waiting(connection: Connection, id: str, one: Overdue, *, at: Microseconds) -> str | None:
    """Raises one for who waits; None when it was raised, or somebody has come."""
    rule = _held(connection, id)
    if rule is None or one not in overdue(connection, rule, at=at):
        return None
    cause, figures = f"waits:{one.conversation}:{one.asked_at}", {"reason": one.reason}
    alert = _raised(connection, id, rule, cause, 1, figures, at)
    if alert is not None:
        who = {"conversation": one.conversation, "seq": None, "interaction": 0}
        same = {"alert": alert, "rule": id, "site": rule.site, "at": at}
        connection.execute(insert(alert_people).values(who | same))
        _tell(connection, alert, id, rule, at)
    return alert


def raise_mood(
    connection: Connection, id: str, *, people: int, figures: dict[str, Any], at: Microseconds
) -> str | None:
    """Raises one for a drop of the mood; None while it has not recovered from the last one."""
    rule = _held(connection, id)
    mine = update(alert_rules).where(alert_rules.c.id == id, alert_rules.c.is_low.is_(False))
    if rule is None or not connection.execute(mine.values(is_low=True)).rowcount:
        return None
    alert = _raised(connection, id, rule, f"mood:{at}", people, figures, at)
    if alert is not None:
        _tell(connection, alert, id, rule, at)
    return alert


def has_recovered(connection: Connection, id: str) -> None:
    """The mood is not low any more: the next drop is a new one."""
    low = update(alert_rules).where(alert_rules.c.id == id, alert_rules.c.is_low)
    connection.execute(low.values(is_low=False))


def send_test(connection: Connection, id: str, *, press: str, at: Microseconds) -> int:
    """A test to everywhere that the rule's alerts go, at once; to how many, 0 when there is nowhere. The same press
    sends one. Tests hold nothing back, and there are TESTS_AN_HOUR at most."""
    rule = _held(connection, id)
    c = alerts.c
    lately = select(func.count()).where(c.rule == id, c.cause.startswith(TEST), c.at > at - _us(HOUR))
    if rule is None or connection.execute(lately).scalar_one() >= TESTS_AN_HOUR:
        return 0
    alert = _raised(connection, id, rule, f"{TEST}{press}", 0, {"test": True}, at)
    if alert is None:
        return 0
    connection.execute(update(alerts).where(c.id == alert).values(told_at=at))
    return _put(connection, alert, id, rule.site, at)


def tell_held_back(connection: Connection, id: str, *, at: Microseconds) -> bool:
    """The latest that was held back goes, with the number of the others, once one may; whether one did."""
    rule = _held(connection, id)
    if rule is None:
        return False
    c = alerts.c
    waits = select(c.id).where(c.rule == id, c.told_at.is_(None), c.told_by.is_(None), c.at > at - _us(STALE))
    latest = connection.execute(waits.order_by(c.at.desc(), c.id).limit(1)).scalar()
    return latest is not None and _tell(connection, latest, id, rule, at)


def holding(connection: Connection, *, at: Microseconds) -> list[str]:
    """The rules of which something was held back that may go now."""
    c, r = alerts.c, alert_rules.c
    held = select(c.rule).where(c.told_at.is_(None), c.told_by.is_(None), c.at > at - _us(STALE))
    rows = connection.execute(select(alert_rules).where(r.is_on, r.id.in_(held)).order_by(r.id)).all()
    return [row.id for row in rows if _may_go(connection, row.id, as_rule(row), at)]


def overdue(connection: Connection, rule: Rule, *, at: Microseconds) -> list[Overdue]:
    """Who asked for a person within a day, has waited for `least` minutes, and nobody has come since; the first first.

    Also who went back to the bot meanwhile. Of the shop's own people and robots nobody.
    """
    c, since, until = conversations.c, at - _us(LATE), at - rule.least * 60_000_000
    vain = (
        select(nobody_came.c.conversation)
        .where(
            nobody_came.c.conversation == c.id, nobody_came.c.asked_at == c.asked_person_at,
            nobody_came.c.ended_at.is_(None),
        )
        .exists()
    )  # fmt: skip
    waits = or_(and_(c.owner == Owner.NOBODY.value, c.state == State.WAITING.value), vain)
    asked = select(c.id, c.asked_person_at, c.reason).where(
        c.site == rule.site, c.asked_person_at > since, c.asked_person_at <= until, waits, ~is_noise(rule.site)
    )
    rows = connection.execute(asked.order_by(c.asked_person_at, c.id).limit(WAIT_AT_ONCE))
    return [Overdue(row.id, row.asked_person_at, row.reason or "") for row in rows]


def unraised(connection: Connection, id: str, rule: Rule, *, at: Microseconds) -> list[Overdue]:
    """Of those who wait too long, whom no alert was raised for."""
    found = overdue(connection, rule, at=at)
    causes = [f"waits:{one.conversation}:{one.asked_at}" for one in found]
    known = set(
        connection.execute(select(alerts.c.cause).where(alerts.c.rule == id, alerts.c.cause.in_(causes))).scalars()
    )
    return [one for one, cause in zip(found, causes, strict=True) if cause not in known]


def spent_by(connection: Connection, site: SiteKey, people: Sequence[str]) -> dict[str, dict[str, int]]:
    """What each (c:ID or v:ID) has spent, purchases less refunds, by currency."""
    found: dict[str, dict[str, int]] = {}
    p = purchases.c
    net = func.sum(case((p.type == Kind.REFUND.value, -p.value), else_=p.value)).label("net")
    for kind, column in (("c", p.customer), ("v", p.visitor)):
        ids = [one[2:] for one in people if one.startswith(f"{kind}:")]
        asked = select(column.label("who"), p.currency, net).where(
            p.site == site, p.type.in_((Kind.PURCHASE.value, Kind.REFUND.value)), column.in_(ids)
        )
        for row in connection.execute(asked.group_by(column, p.currency).order_by(column, p.currency)):
            found.setdefault(f"{kind}:{row.who}", {})[row.currency] = int(row.net)
    return found


def forget_alerted(
    connection: Connection, site: SiteKey, visitors: Sequence[str], customers: Sequence[str], ended: Sequence[str]
) -> None:
    """Who is erased is in no alert any more; that so many said it stays a number."""
    for table in (alert_mentions, alert_people):
        c = table.c
        theirs = or_(
            c.conversation.in_(ended), c.visitor.in_(visitors), and_(c.site == site, c.customer.in_(customers))
        )
        connection.execute(table.delete().where(theirs))


def _held(connection: Connection, id: str) -> Rule | None:
    """The rule, with its site held until the commit; None when it is gone or off."""
    site = connection.execute(select(alert_rules.c.site).where(alert_rules.c.id == id)).scalar()
    # Not the whole row: whoever writes of the site's visitors meanwhile goes on.
    connection.execute(select(sites.c.key).where(sites.c.key == site).with_for_update(key_share=True))
    row = connection.execute(select(alert_rules).where(alert_rules.c.id == id)).one_or_none()
    return None if row is None or not row.is_on else as_rule(row)


def _raised(
    connection: Connection, id: str, rule: Rule, cause: str, count: int, figures: dict[str, Any], at: Microseconds
) -> str | None:
    alert = new_id(12)
    row = insert_into(connection, alerts).values(
        id=alert, rule=id, site=rule.site, cause=cause, at=at, count=count, figures=figures, more=0
    )
    done = connection.execute(row.on_conflict_do_nothing(index_elements=["rule", "cause"])).rowcount
    return alert if done else None


def _note_people(
    connection: Connection, alert: str, id: str, rule: Rule, said: Sequence[Mention], at: Microseconds
) -> None:
    m = alert_mentions.c
    numbers = [one.interaction for one in said]
    asked = select(m.interaction, m.visitor, m.customer, m.conversation, m.seq).where(
        m.interaction.in_(numbers), m.what == rule.heard.value, m.topic == rule.topic
    )
    same = {"alert": alert, "rule": id, "site": rule.site, "at": at}
    connection.execute(insert(alert_people), [dict(row) | same for row in connection.execute(asked).mappings()])


def _tell(connection: Connection, alert: str, id: str, rule: Rule, at: Microseconds) -> bool:
    """Puts it into the outbox, unless it is quiet or an hour's are gone; then it is held back."""
    if not _may_go(connection, id, rule, at):
        return False
    c = alerts.c
    held = update(alerts).where(c.rule == id, c.told_at.is_(None), c.told_by.is_(None), c.id != alert)
    more = connection.execute(held.values(told_by=alert)).rowcount
    connection.execute(update(alerts).where(c.id == alert).values(told_at=at, more=more))
    _put(connection, alert, id, rule.site, at)
    return True


def _may_go(connection: Connection, id: str, rule: Rule, at: Microseconds) -> bool:
    if is_quiet(rule, at) or _told(connection, alerts.c.rule == id, at) >= rule.most_an_hour:
        return False
    return _told(connection, alerts.c.site == rule.site, at) < limit_of(connection, rule.site)


def _told(connection: Connection, whose: Any, at: Microseconds) -> int:
    c = alerts.c
    lately = select(func.count()).where(whose, c.told_at > at - _us(HOUR), ~c.cause.startswith(TEST))
    return int(connection.execute(lately).scalar_one())


def _put(connection: Connection, alert: str, id: str, site: SiteKey, at: Microseconds) -> int:
    t = alert_targets.c
    asked = select(t.id).where(t.rule == id, t.is_confirmed, t.paused_at.is_(None)).order_by(t.created_at, t.id)
    rows = [
        {"id": new_id(16), "alert": alert, "target": target, "rule": id, "site": site, "state": "waiting", "tries": 0,
         "created_at": at, "due_at": at}
        for target in connection.execute(asked).scalars()
    ]  # fmt: skip
    if rows:
        connection.execute(insert(alert_deliveries), rows)
    return len(rows)


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
