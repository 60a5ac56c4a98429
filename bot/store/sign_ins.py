"""A member's sign-ins, one a browser: since when, used when, and their end."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from bot.interactions import Microseconds
from bot.store.audit import Act, of_member, record
from bot.store.console_tables import sign_ins, staff
from bot.store.staff import SIGNED_IN_FOR_US, Member, hash_of

USED_EVERY_US = 60 * 1_000_000
"""How exactly it is kept when a sign-in was used: a write at every request would be dear."""
PAGE_OF_SIGN_INS = 50


@dataclass(frozen=True)
class SignIn:
    """`agent` is the browser as it calls itself, which it may do as it likes."""

    id: str
    agent: str
    created_at: Microseconds
    used_at: Microseconds

    def is_to_be_noted(self, at: Microseconds) -> bool:
        """Whether it was last noted as used so long ago that it is time again."""
        return at - self.used_at >= USED_EVERY_US


def find_sign_in(connection: Connection, token: str, *, at: Microseconds) -> tuple[Member, SignIn] | None:
    """Whose sign-in has this secret, and which one it is; None when it has ended or its member is disabled."""
    s = sign_ins.c
    row = connection.execute(
        select(staff.c.name, staff.c.role, s.staff, s.id, s.agent, s.created_at, s.used_at)
        .join(staff, staff.c.id == s.staff)
        .where(
            s.token_hash == hash_of(token),
            s.created_at > at - SIGNED_IN_FOR_US,
            staff.c.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return Member(row.staff, row.name, row.role), SignIn(row.id, row.agent, row.created_at, row.used_at)


def note_use(connection: Connection, sign_in: str, *, at: Microseconds) -> None:
    connection.execute(update(sign_ins).where(sign_ins.c.id == sign_in, sign_ins.c.used_at < at).values(used_at=at))


def sign_ins_of(connection: Connection, member: str, *, at: Microseconds) -> list[SignIn]:
    """Those that last, the one used last first."""
    s = sign_ins.c
    query = (
        select(s.id, s.agent, s.created_at, s.used_at)
        .where(s.staff == member, s.created_at > at - SIGNED_IN_FOR_US)
        .order_by(s.used_at.desc(), s.created_at.desc(), s.id)
        .limit(PAGE_OF_SIGN_INS)
    )
    return [SignIn(row.id, row.agent, row.created_at, row.used_at) for row in connection.execute(query)]


def end_sign_in(connection: Connection, member: str, sign_in: str, *, at: Microseconds) -> bool:
    """Ends one of the member's own; False when it has ended already, or is somebody else's."""
    theirs = delete(sign_ins).where(sign_ins.c.id == sign_in, sign_ins.c.staff == member)
    ended = bool(connection.execute(theirs).rowcount)
    if ended:
        record(connection, at=at, staff=member, act=Act.ENDED_SIGN_IN, subject=of_member(member))
    return ended


def end_other_sign_ins(connection: Connection, member: str, kept: str, *, at: Microseconds) -> int:
    """Ends all but one of the member's own; how many there were."""
    theirs = delete(sign_ins).where(sign_ins.c.id != kept, sign_ins.c.staff == member)
    ended = connection.execute(theirs).rowcount
    if ended:
        record(connection, at=at, staff=member, act=Act.ENDED_SIGN_IN, subject=of_member(member))
    return ended
