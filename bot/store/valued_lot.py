"""Who of the best customers is served as everybody is, by lot, so that it can be told what valued service changes.

A person is drawn once, when they first wait for somebody as one of the best customers, and keeps their side. Only who
agreed to be measured is drawn: all others are served as the best customers they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Float,
    ForeignKey,
    Row,
    Table,
    Text,
    and_,
    delete,
    func,
    or_,
    select,
)

from bot.experiment import Arm, arm_of
from bot.interactions import Kind, Microseconds, SiteKey, VisitorId
from bot.store.database import insert_into
from bot.store.tables import At, conversations, interactions, metadata, purchases
from bot.store.visitors import ledger

valued_lot = Table(
    "valued_lot",
    metadata,
    Column("site", Text, ForeignKey("sites.key"), primary_key=True),
    Column("person", Text, primary_key=True),  # c:CUSTOMER or v:VISITOR
    Column("conversation", Text, nullable=False),  # in which they waited then
    Column("at", At, nullable=False),  # since when they waited
    Column("arm", Text, nullable=False),  # valued | as_everybody
    Column("share", Float, nullable=False),  # that was to be served as everybody
)
VALUED, AS_EVERYBODY = "valued", "as_everybody"
DAY_US = 86_400_000_000
WAITED_AT_MOST_US = 4 * 3_600_000_000
"""A wait counts up to here; who nobody came to by then waited so long."""
CALM_US, AGAIN_US = 7 * DAY_US, 90 * DAY_US
"""How long after they were drawn moods and orders count."""
_c = valued_lot.c


@dataclass(frozen=True)
class Drawn:
    """One of the best customers and what came of it; None where there is nothing to tell yet.

    `waited_us` is until staff took the conversation or spoke, four hours at most. `mood` is the mean of what they said
    in the week after, from -1 to 1. `again`: bought in the 90 days after. `resolved`: the conversation is.
    """

    arm: str
    at: Microseconds
    waited_us: int | None
    resolved: bool
    mood: float | None
    again: bool


def person_of(customer: str | None, visitor: str | None) -> str | None:
    return f"c:{customer}" if customer else f"v:{visitor}" if visitor else None


def draw(connection: Connection, site: SiteKey, salt: str, share: float, conversation: str, *, at: Microseconds) -> str:
    """The side of who leads this conversation, one of the best customers; VALUED for who can't be measured.

    With a share of 0 there is no lot, and everybody is served as who they are.
    """
    c = conversations.c
    row = connection.execute(
        select(c.customer, c.visitor, c.measure, c.ours, c.asked_person_at).where(c.id == conversation)
    ).one_or_none()
    person = None if row is None else person_of(row.customer, row.visitor)
    if share <= 0 or row is None or person is None or not row.measure or row.ours:
        return VALUED
    # Who was drawn as a browser keeps that side as the customer who they turned out to be.
    both = (person, person_of(None, row.visitor) or "")
    known = select(_c.arm).where(_c.site == site, _c.person.in_(both)).order_by(_c.at, _c.person).limit(1)
    if (before := connection.execute(known).scalar_one_or_none()) is not None:
        return str(before)
    # Its own key: who is not offered the chat is no likelier to be on this side too.
    is_held = arm_of(VisitorId(person), f"{salt}:valued", share) is Arm.HELD_OUT
    values = {"person": person, "conversation": conversation, "at": row.asked_person_at or at, "share": share}
    new = insert_into(connection, valued_lot).values(site=site, arm=AS_EVERYBODY if is_held else VALUED, **values)
    connection.execute(new.on_conflict_do_nothing(index_elements=["site", "person"]))
    return str(connection.execute(known).scalar_one())


def side_of(connection: Connection, site: SiteKey, share: float, customer: str | None, visitor: str | None) -> str:
    """The side that somebody was drawn to; VALUED for who was not."""
    both = [one for one in (person_of(customer, None), person_of(None, visitor)) if one is not None]
    known = select(_c.arm).where(_c.site == site, _c.person.in_(both)).order_by(_c.at, _c.person).limit(1)
    arm = connection.execute(known).scalar_one_or_none()
    return AS_EVERYBODY if share > 0 and arm == AS_EVERYBODY else VALUED


def outcomes(connection: Connection, site: SiteKey, *, now: Microseconds) -> list[Drawn]:
    """Of all who were drawn and are still there, in the order in which they were."""
    rows = connection.execute(select(valued_lot).where(_c.site == site).order_by(_c.at, _c.person)).all()
    drawn = _measured(connection, site, rows)
    came, done = _came(connection, site), _resolved(connection, site)
    mood, again = _mood(connection, site), _again(connection, site)
    return [
        Drawn(
            row.arm,
            row.at,
            _waited(came.get(row.person), row.at, now),
            row.person in done,
            mood.get(row.person),
            row.person in again,
        )
        for row in drawn
    ]


def of_people(site: SiteKey, visitors: Sequence[str], customers: Sequence[str]) -> ColumnElement[bool]:
    people = [*(f"v:{one}" for one in visitors), *(f"c:{one}" for one in customers)]
    return and_(_c.site == site, _c.person.in_(people))


def forget(
    connection: Connection, site: SiteKey, visitors: Sequence[str], customers: Sequence[str], ended: Sequence[str]
) -> None:
    """Of these people, and of who was drawn in these conversations."""
    theirs = or_(of_people(site, visitors, customers), _c.conversation.in_(ended))
    connection.execute(delete(valued_lot).where(theirs))


def _measured(connection: Connection, site: SiteKey, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Without those who agree no longer."""
    c = conversations.c
    agree = select(c.id, c.measure).where(c.id.in_(select(_c.conversation).where(_c.site == site)))
    willing = {row.id for row in connection.execute(agree.order_by(c.id)) if row.measure}
    return [row for row in rows if row.conversation in willing]


def _came(connection: Connection, site: SiteKey) -> dict[str, int]:
    """When staff first took the conversation, or spoke in it, after they had asked."""
    i = interactions.c
    taken = and_(i.type == Kind.HANDOVER.value, i.data["to"].as_string() == "staff")
    spoke = and_(i.type == Kind.ANSWER.value, i.data["from"].as_string() == "staff")
    rows = (
        select(_c.person, func.min(i.at).label("first"))
        .join(interactions, i.conversation == _c.conversation)
        .where(_c.site == site, i.at >= _c.at, or_(taken, spoke))
        .group_by(_c.person)
        .order_by(_c.person)
    )
    return {row.person: row.first for row in connection.execute(rows)}


def _resolved(connection: Connection, site: SiteKey) -> set[str]:
    joined = select(_c.person).join(conversations, conversations.c.id == _c.conversation)
    rows = joined.where(_c.site == site, conversations.c.state == "resolved").order_by(_c.person)
    return set(connection.execute(rows).scalars())


def _mood(connection: Connection, site: SiteKey) -> dict[str, float]:
    i = interactions.c
    mood = i.data["sentiment"].as_float()
    rows = (
        select(_c.person, func.avg(mood).label("mood"))
        .join(interactions, i.conversation == _c.conversation)
        .where(_c.site == site, i.type == Kind.UNDERSTANDING.value, i.at > _c.at, i.at <= _c.at + CALM_US)
        .where(mood.is_not(None))
        .group_by(_c.person)
        .order_by(_c.person)
    )
    return {row.person: float(row.mood) for row in connection.execute(rows) if row.mood is not None}


def _again(connection: Connection, site: SiteKey) -> set[str]:
    p = purchases.c
    known = ledger(connection, site)
    bought = select(p.customer, p.visitor, p.at).where(p.site == site, p.type == Kind.PURCHASE.value)
    since = select(func.min(_c.at)).where(_c.site == site).scalar_subquery()
    drawn = {row.person: row.at for row in connection.execute(select(_c.person, _c.at).where(_c.site == site))}
    found = set()
    for row in connection.execute(bought.where(p.at > since).order_by(p.at, p.id)):
        person = person_of(row.customer or known.get(VisitorId(row.visitor or "")), row.visitor)
        at = drawn.get(person or "")
        if person is not None and at is not None and at < row.at <= at + AGAIN_US:
            found.add(person)
    return found


def _waited(came: int | None, asked: int, now: int) -> int | None:
    """None while they may still be waiting, and it has not been as long as counts."""
    if came is not None:
        return min(came - asked, WAITED_AT_MOST_US)
    return WAITED_AT_MOST_US if now - asked >= WAITED_AT_MOST_US else None
