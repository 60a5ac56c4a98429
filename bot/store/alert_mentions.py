"""Who said what lately, as far as alerts ask for it: read from the log as it grows, each row once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    text,
    update,
)

from bot.alert_rules import DAY, DAYS_BEFORE, Rule, Spread, What
from bot.interactions import ConversationId, Kind, Microseconds, SiteKey
from bot.store.alert_tables import alert_marks, alert_mentions, alert_people
from bot.store.database import insert_into
from bot.store.log_marks import Gap, Mark, Moment
from bot.store.noise import is_noise
from bot.store.tables import conversations, identities, interactions, sites, visitors

AT_ONCE = 2_000
MOST = 5_000
"""Of what is open of one rule: the latest."""
KEPT = DAY * (DAYS_BEFORE + 2)
_TELLING = (Kind.UNDERSTANDING.value, Kind.UNANSWERED.value, Kind.RATING.value)
_STATED = (What.COMPLAINT, What.OBJECTION, What.NEED, What.PRAISE)
_log, _said = interactions.c, alert_mentions.c


@dataclass(frozen=True)
class Mention:
    """One thing that somebody said; `person` is the same for all browsers of a customer."""

    interaction: int
    person: str
    conversation: ConversationId
    seq: int
    """Of the message; 0 of what is no message."""


def read_log(connection: Connection, *, at: Microseconds) -> int:
    """Takes down what the log has new; how many rows were looked at: fewer than AT_ONCE when it has come to the end.

    Two that read at once wait for each other; what one has read, the other has not to.
    """
    kept = connection.execute(select(alert_marks.c.mark).where(alert_marks.c.id == 1).with_for_update()).scalar_one()
    mark = _within_reach(connection, _mark(kept), at)
    before = _moment(connection, at)
    rows = connection.execute(_rows(mark)).all()
    if mentions := [one for row in rows for one in _mentions(row)]:
        put = insert_into(connection, alert_mentions)
        connection.execute(put.on_conflict_do_nothing(index_elements=["interaction", "what", "topic"]), mentions)
    # What had ended before these rows were read, and what had not begun after: both ways nothing is missed.
    after = Moment(at, before.oldest, _moment(connection, at).next)
    moved = mark.moved([row.id for row in rows], after)
    told = {"upto": moved.upto, "gaps": [[gap.first, gap.last, gap.next, gap.at] for gap in moved.gaps]}
    values: dict[str, Any] = {"mark": told} | ({"looked_at": at} if len(rows) < AT_ONCE else {})
    connection.execute(update(alert_marks).where(alert_marks.c.id == 1).values(values))
    return len(rows)


def drop_old(connection: Connection, *, at: Microseconds) -> None:
    """What was said before any day that anything is compared with."""
    connection.execute(delete(alert_mentions).where(_said.at < at - _us(KEPT)))


def is_new(connection: Connection, *, since: timedelta, at: Microseconds) -> bool:
    """Whether the log has grown, and was not looked at for so long."""
    row = connection.execute(select(alert_marks).where(alert_marks.c.id == 1)).one()
    grown = select(_log.id).where(_log.id > row.mark["upto"]).limit(1)
    return row.looked_at <= at - _us(since) and connection.execute(grown).first() is not None


def open_mentions(connection: Connection, id: str, rule: Rule, *, at: Microseconds) -> list[Mention]:
    """What was said within a day by who does not count already for an alert of this rule, the latest first."""
    counted = select(_person(alert_people.c)).where(alert_people.c.rule == id, alert_people.c.at > at - _us(DAY))
    who = _person(_said)
    asked = (
        select(_said.interaction, who.label("person"), _said.conversation, _said.seq)
        .join(conversations, conversations.c.id == _said.conversation)
        .where(*_of(rule.site, rule.heard, rule.topic), _said.at > at - _us(DAY), _said.at <= at)
        .where(*_counts(rule.site), who.not_in(counted))
    )
    rows = connection.execute(asked.order_by(_said.at.desc(), _said.interaction.desc()).limit(MOST))
    return [Mention(row.interaction, row.person, row.conversation, row.seq or 0) for row in rows]


def days_before(connection: Connection, rule: Rule, *, at: Microseconds) -> list[int]:
    """How many people said it on each of the days before the last 24 hours, since anything is known of the site."""
    first = connection.execute(select(func.min(_said.at)).where(_said.site == rule.site)).scalar()
    until = at - _us(DAY)
    days = 0 if first is None else max(0, min(DAYS_BEFORE, (until - first) // _us(DAY)))
    day = (until - _said.at) // _us(DAY)
    asked = (
        select(day.label("day"), func.count(_person(_said).distinct()).label("people"))
        .join(conversations, conversations.c.id == _said.conversation)
        .where(*_of(rule.site, rule.heard, rule.topic), _said.at <= until, _said.at > until - _us(DAY * DAYS_BEFORE))
        .where(*_counts(rule.site))
        .group_by(text("day"))
    )
    counted = {int(row.day): row.people for row in connection.execute(asked)}
    return [counted.get(one, 0) for one in range(days)]


def moods(connection: Connection, site: SiteKey, since: Microseconds, until: Microseconds) -> Spread:
    """The mood of everybody who said something then, each counted once with the mean of theirs."""
    each = (
        select(func.avg(_said.value).label("mood"))
        .join(conversations, conversations.c.id == _said.conversation)
        .where(*_of(site, What.MOOD, ""), _said.at > since, _said.at <= until, *_counts(site))
        .group_by(_person(_said))
        .subquery()
    )
    asked = select(func.count(), func.avg(each.c.mood), func.sum(each.c.mood * each.c.mood)).select_from(each)
    people, mean, squares = connection.execute(asked).one()
    if not people:
        return Spread(0, 0.0, 0.0)
    variance = max(0.0, (float(squares) - people * float(mean) ** 2) / max(1, people - 1))
    return Spread(people, float(mean), variance)


def _of(site: SiteKey, what: What, topic: str) -> tuple[ColumnElement[bool], ...]:
    return _said.site == site, _said.what == what.value, _said.topic == topic


def _counts(site: SiteKey) -> tuple[ColumnElement[bool], ...]:
    """Neither a robot nor of our own, and still willing to be measured."""
    agrees = select(visitors.c.id).where(visitors.c.id == _said.visitor, visitors.c.measure)
    return not_(is_noise(site)), agrees.exists()


def _person(c: Any) -> ColumnElement[str]:
    """The customer whom the visitor is known as now, else the one of the row, else the visitor."""
    now = (
        select(identities.c.customer)
        .where(identities.c.site == c.site, identities.c.visitor == c.visitor, identities.c.undone_at.is_(None))
        .order_by(identities.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    customer = func.coalesce(now, c.customer)
    return case((customer.is_not(None), literal("c:").concat(customer)), else_=literal("v:").concat(c.visitor))


def _within_reach(connection: Connection, mark: Mark, at: Microseconds) -> Mark:
    """Not before the first row of the last month: what is older is asked for by nobody."""
    if mark.upto:
        known = connection.execute(select(_log.at).where(_log.id > mark.upto).order_by(_log.id).limit(1)).scalar()
        if known is None or known >= at - _us(KEPT):
            return mark
    # Of all of them the lowest: who was offline tells late, and then numbers don't follow the clock.
    firsts = [
        connection.execute(select(func.min(_log.id)).where(_log.site == site, _log.at >= at - _us(KEPT))).scalar()
        for site in connection.execute(select(sites.c.key).order_by(sites.c.key)).scalars().all()
    ]
    return Mark(max(mark.upto, min((one for one in firsts if one is not None), default=1) - 1))


def _rows(mark: Mark) -> Any:
    ranges = or_(*(and_(_log.id >= first, _log.id <= last) for first, last in mark.ranges()))
    # The other rows too, by their number alone: one that is left out would look like one still to come.
    data = case((_log.type.in_(_TELLING), _log.data), else_=null()).label("data")
    columns = (_log.id, _log.at, _log.site, _log.type, _log.visitor, _log.customer, _log.conversation, _log.seq, data)
    return select(*columns).where(ranges).order_by(_log.id).limit(AT_ONCE)


def _mentions(row: Any) -> Iterator[dict[str, Any]]:
    """Of who agreed: the log names nobody else."""
    if row.type not in _TELLING or row.visitor is None or row.conversation is None or not isinstance(row.data, dict):
        return
    same = {
        "interaction": row.id, "site": row.site, "at": row.at, "visitor": row.visitor, "customer": row.customer,
        "conversation": row.conversation, "seq": row.seq,
    }  # fmt: skip
    for what, topic, value in sorted(_told(row.type, row.data), key=str):
        yield same | {"what": what, "topic": topic, "value": value}


def _told(type: str, data: dict[str, Any]) -> set[tuple[str, str, float | None]]:
    match type:
        case Kind.UNANSWERED:
            return {(What.QUESTION.value, "", None)}
        case Kind.RATING:
            stars = data.get("stars")
            return {(What.STARS.value, "", float(stars))} if stars in (1, 2) else set()
    found: set[tuple[str, str, float | None]] = {(What.TOPIC.value, str(one), None) for one in data.get("topics") or ()}
    if isinstance(mood := data.get("sentiment"), int | float):
        found.add((What.MOOD.value, "", float(mood)))
    for one in data.get("statements") or ():
        if one.get("kind") in _STATED:
            found |= {(str(one["kind"]), topic, None) for topic in ("", *map(str, one.get("topics") or ()))}
    return found


def _mark(kept: dict[str, Any]) -> Mark:
    return Mark(kept["upto"], tuple(Gap(*gap) for gap in kept["gaps"]))


def _moment(connection: Connection, at: Microseconds) -> Moment:
    if connection.dialect.name == "sqlite":
        return Moment(at)
    row = connection.execute(
        text(
            "SELECT pg_snapshot_xmin(s)::text::bigint AS oldest, pg_snapshot_xmax(s)::text::bigint AS next "
            "FROM pg_current_snapshot() s"
        )
    ).one()
    return Moment(at, row.oldest, row.next)


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
