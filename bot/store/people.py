"""Who is staff, and what an admin changes about a member. Nobody is deleted: what they did stays theirs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select, tuple_, update

from bot.conversation import StaffLeft
from bot.interactions import Kind, Microseconds
from bot.store.audit import Act, of_member, record
from bot.store.console_tables import sign_ins, staff
from bot.store.conversations import happen, interaction
from bot.store.interactions import append
from bot.store.staff import SIGNED_IN_FOR_US, Done, Member, sign_in
from bot.store.tables import conversations

PAGE_OF_PEOPLE = 50


class Refusal(StrEnum):
    """Why nothing was changed."""

    UNKNOWN = "unknown"
    STALE = "stale"
    """It was changed meanwhile, to something else than who asks has seen."""
    LAST_ADMIN = "last_admin"
    """Nobody would be left who may add or change anybody."""
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a reason


@dataclass(frozen=True)
class Person(Member):
    """`used_at` is when they were last here, None when they are signed in nowhere."""

    created_at: Microseconds
    disabled_at: Microseconds | None
    used_at: Microseconds | None
    conversations: int
    """How many they have now."""


@dataclass(frozen=True)
class Changed:
    """`left` are the conversations that wait for another person now."""

    member: Member
    left: tuple[Done, ...] = ()


def people(connection: Connection, *, at: Microseconds, after: tuple[str, str] | None = None) -> list[Person]:
    """A page of them by name, also who is disabled; `after` is the name and id of the last one of the page before."""
    used = select(func.max(sign_ins.c.used_at)).where(
        sign_ins.c.staff == staff.c.id, sign_ins.c.created_at > at - SIGNED_IN_FOR_US
    )
    query = select(staff, used.scalar_subquery().label("used_at"))
    if after is not None:
        query = query.where(tuple_(staff.c.name, staff.c.id) > tuple_(*after))
    rows = connection.execute(query.order_by(staff.c.name, staff.c.id).limit(PAGE_OF_PEOPLE)).all()
    have = _conversations_of(connection, [row.id for row in rows])
    return [
        Person(row.id, row.name, row.role, row.created_at, row.disabled_at, row.used_at, have.get(row.id, 0))
        for row in rows
    ]


def _conversations_of(connection: Connection, members: list[str]) -> dict[str, int]:
    """How many each has; who has none is left out."""
    c = conversations.c
    query = select(c.staff, func.count().label("has")).where(c.staff.in_(members), c.owner == "staff")
    return {row.staff: row.has for row in connection.execute(query.group_by(c.staff).order_by(c.staff))}


def id_of(connection: Connection, name: str) -> str | None:
    return connection.execute(select(staff.c.id).where(staff.c.name == name)).scalar_one_or_none()


def role_of(connection: Connection, member: str) -> str | None:
    return connection.execute(select(staff.c.role).where(staff.c.id == member)).scalar_one_or_none()


def change_role(
    connection: Connection, member: str, role: str, *, was: str, leaves: bool, at: Microseconds, by: str | None
) -> Changed | Refusal:
    """Gives another role and ends the sign-ins. `was` is the role that who asks has seen.

    `leaves`: the new role may not converse, so their conversations wait for another person.
    """
    found = _locked(connection, member)
    if found is None:
        return Refusal.UNKNOWN
    if found.role == role:
        return Changed(_member(found))
    if found.role != was:
        return Refusal.STALE
    if _is_last_admin(connection, found):
        return Refusal.LAST_ADMIN
    connection.execute(update(staff).where(staff.c.id == member).values(role=role))
    _sign_out_everywhere(connection, member)
    left = _leave(connection, member, at=at) if leaves else ()
    record(
        connection, at=at, staff=by, act=Act.CHANGED_ROLE, subject=of_member(member), detail=f"{found.role} to {role}"
    )
    return Changed(Member(found.id, found.name, role), left)


def disable(connection: Connection, member: str, *, at: Microseconds, by: str | None) -> Changed | Refusal:
    """Signs them out everywhere for good; what they have waits for another person."""
    found = _locked(connection, member)
    if found is None:
        return Refusal.UNKNOWN
    if found.disabled_at is not None:
        return Changed(_member(found))
    if _is_last_admin(connection, found):
        return Refusal.LAST_ADMIN
    connection.execute(update(staff).where(staff.c.id == member).values(disabled_at=at))
    _sign_out_everywhere(connection, member)
    record(connection, at=at, staff=by, act=Act.DISABLED, subject=of_member(member))
    return Changed(_member(found), _leave(connection, member, at=at))


def enable(connection: Connection, member: str, *, at: Microseconds, by: str | None) -> Changed | Refusal:
    """Lets them sign in again, with the password that they had."""
    found = _locked(connection, member)
    if found is None:
        return Refusal.UNKNOWN
    if found.disabled_at is not None:
        connection.execute(update(staff).where(staff.c.id == member).values(disabled_at=None))
        record(connection, at=at, staff=by, act=Act.ENABLED, subject=of_member(member))
    return Changed(_member(found))


def give_password(
    connection: Connection, member: str, password_hash: str, *, at: Microseconds, by: str | None
) -> Changed | Refusal:
    """Another password, for who has lost theirs; their sign-ins end."""
    found = _locked(connection, member)
    if found is None:
        return Refusal.UNKNOWN
    _set_password(connection, member, password_hash)
    record(connection, at=at, staff=by, act=Act.RESET_PASSWORD, subject=of_member(member))
    return Changed(_member(found))


def change_own_password(
    connection: Connection, member: Member, password_hash: str, *, was: str, agent: str, at: Microseconds
) -> str | None:
    """Ends all sign-ins and gives the secret of a new one; None when `was`, the hash before, is theirs no more."""
    found = _locked(connection, member.id)
    if found is None or found.password_hash != was:
        return None
    _set_password(connection, member.id, password_hash)
    record(connection, at=at, staff=member.id, act=Act.CHANGED_PASSWORD, subject=of_member(member.id))
    return sign_in(connection, member, at=at, agent=agent)


def _locked(connection: Connection, member: str) -> Row[Any] | None:
    # With all admins: two who demote each other at once must not both find that the other is one. In one order.
    rows = select(staff).where(or_(staff.c.id == member, staff.c.role == "admin")).order_by(staff.c.id)
    # Not for the key: a line of the audit log refers to it, and may be written by who holds a conversation.
    found = connection.execute(rows.with_for_update(key_share=True)).all()
    return next((row for row in found if row.id == member), None)


def _is_last_admin(connection: Connection, found: Row[Any]) -> bool:
    others = select(staff.c.id).where(
        staff.c.role == "admin", staff.c.disabled_at.is_(None), staff.c.id != found.id
    )  # fmt: skip
    is_one = found.role == "admin" and found.disabled_at is None
    return is_one and connection.execute(others.limit(1)).first() is None


def _set_password(connection: Connection, member: str, password_hash: str) -> None:
    connection.execute(update(staff).where(staff.c.id == member).values(password_hash=password_hash))
    _sign_out_everywhere(connection, member)


def _sign_out_everywhere(connection: Connection, member: str) -> None:
    connection.execute(delete(sign_ins).where(sign_ins.c.staff == member))


def _leave(connection: Connection, member: str, *, at: Microseconds) -> tuple[Done, ...]:
    theirs = select(conversations.c.id).where(conversations.c.staff == member).order_by(conversations.c.id)
    left = []
    for id in connection.execute(theirs).scalars().all():
        after, effects = happen(connection, id, StaffLeft(member), at=at)
        # Not "nobody": that counts as the visitor's wish for a person, and they have said nothing.
        data = {"to": "waiting", "was": "staff", "staff": member}
        row = interaction(
            after, Kind.HANDOVER, at=at, source_id=f"{id}:left:{member}:{at}", data=data, source="staff"
        )  # fmt: skip
        append(connection, [row])
        left.append(Done(after, effects))
    return tuple(left)


def _member(row: Row[Any]) -> Member:
    return Member(row.id, row.name, row.role)
