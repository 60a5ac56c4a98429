"""Invitations to talk that a member of staff writes to one visitor: once in a visit, closable, and then it is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from bot.experiment import Arm
from bot.interactions import Kind, Microseconds, SiteKey, VisitorId
from bot.invites import ACCEPTED, CLOSED, SHOWN
from bot.profiles import ProfileId
from bot.store.audit import Act, record
from bot.store.console_tables import invitations, staff
from bot.store.invites import known_of
from bot.store.profiles import find_profile
from bot.store.staff import Member
from bot.store.tables import interactions, visitors
from bot.store.visitors import Visitor, find
from bot.visits import IDLE_LIMIT

LENGTH = 200
"""Characters, as of an invitation by rule."""
VISIT_US = IDLE_LIMIT // timedelta(microseconds=1)
EVENTS = 5_000


class Became(StrEnum):
    """What became of an invitation, as far as the visitor's browser has told."""

    WAITING = "waiting"
    """It goes with the next sign of life."""
    GIVEN = "given"
    """It is with the browser, which waits until nobody types."""
    SHOWN = "shown"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    NOT_SEEN = "not seen"
    """The visit ended before it was shown."""


class Refused(StrEnum):
    """Why nobody was invited."""

    GONE = "gone"
    """Erased, of another site, or not agreeing to be measured any more."""
    STAFF = "staff"
    HELD_OUT = "held_out"
    IN_CONVERSATION = "in_conversation"
    DECLINED = "declined"
    """They have closed an invitation before: they are never invited again."""
    ALREADY = "already"
    """Somebody has invited them in this visit."""


@dataclass(frozen=True)
class PersonalInvite:
    """`by` is the name of who wrote it."""

    id: str
    visitor: VisitorId
    by: str
    text: str
    at: Microseconds
    given_at: Microseconds | None
    became: Became = Became.WAITING


def invite(
    connection: Connection, site: SiteKey, visitor: str, member: Member, *, id: str, text: str, at: Microseconds
) -> Refused | None:
    """Leaves the invitation for the visitor's next sign of life; the same `id` again does nothing."""
    # Of two who invite at once the second waits here, and finds the first one's.
    connection.execute(select(visitors.c.id).where(visitors.c.id == visitor).with_for_update())
    if connection.execute(select(invitations.c.id).where(invitations.c.id == id)).first() is not None:
        return None
    if (refused := _refused(connection, site, find(connection, visitor), at)) is not None:
        return refused
    connection.execute(
        insert(invitations).values(id=id, site=site, visitor=visitor, staff=member.id, text=text, at=at)
    )  # fmt: skip
    record(connection, at=at, staff=member.id, act=Act.INVITED, subject=f"visitor:{visitor}")
    return None


def _refused(connection: Connection, site: SiteKey, visitor: Visitor | None, at: Microseconds) -> Refused | None:
    if visitor is None or visitor.site != site or not visitor.measure:
        return Refused.GONE
    if visitor.staff or visitor.robot:
        return Refused.STAFF
    if visitor.arm is Arm.HELD_OUT:
        return Refused.HELD_OUT
    known = known_of(connection, site, visitor.id)
    if known.in_conversation:
        return Refused.IN_CONVERSATION
    if known.declined:
        return Refused.DECLINED
    last = _latest(connection, [visitor.id]).get(visitor.id)
    # The last half hour is this visit whatever the browser's clock says, by which the profile counts visits.
    same = last is not None and (last.at >= _visit_began(connection, visitor.id, at) or at - last.at < VISIT_US)
    return Refused.ALREADY if same else None


def _visit_began(connection: Connection, visitor: VisitorId, at: Microseconds) -> int:
    profile = find_profile(connection, ProfileId(f"visitor:{visitor}"))
    latest = () if profile is None else profile.visit_count.latest
    return latest[-1][0] if latest else at


def waiting_for(connection: Connection, visitor: VisitorId, *, at: Microseconds) -> PersonalInvite | None:
    """The invitation that their browser has not shown yet: until then each answer has it, since one may get lost."""
    last = latest_of(connection, [visitor], at=at).get(visitor)
    if last is None or last.became not in (Became.WAITING, Became.GIVEN):
        return None
    # Whoever began to talk meanwhile, or closed another one, is left alone.
    held = find(connection, visitor)
    known = None if held is None else known_of(connection, held.site, visitor)
    return None if known is None or known.in_conversation or known.declined else last


def accepted_of(connection: Connection, visitor: VisitorId, *, at: Microseconds) -> str | None:
    """Who of the staff invited this visitor, when they have accepted it in this visit; a member's id."""
    last = latest_of(connection, [visitor], at=at).get(visitor)
    if last is None or last.became is not Became.ACCEPTED or at - last.at >= VISIT_US:
        return None
    return connection.execute(select(invitations.c.staff).where(invitations.c.id == last.id)).scalar_one_or_none()


def give(connection: Connection, id: str, *, at: Microseconds) -> None:
    """Notes that it went out with an answer."""
    connection.execute(
        update(invitations).where(invitations.c.id == id, invitations.c.given_at.is_(None)).values(given_at=at)
    )


def latest_of(connection: Connection, of: Sequence[VisitorId], *, at: Microseconds) -> dict[VisitorId, PersonalInvite]:
    """The last invitation of each, and what became of it."""
    found = _latest(connection, of)
    told = _told(connection, list(found))
    return {
        visitor: PersonalInvite(
            one.id, visitor, one.by, one.text, one.at, one.given_at, _became(one, told.get(one.id, set()), at)
        )
        for visitor, one in found.items()
    }


def _became(one: PersonalInvite, told: set[str], at: Microseconds) -> Became:
    for name, became in ((ACCEPTED, Became.ACCEPTED), (CLOSED, Became.CLOSED), (SHOWN, Became.SHOWN)):
        if name in told:
            return became
    if at - one.at >= VISIT_US:
        return Became.NOT_SEEN
    return Became.WAITING if one.given_at is None else Became.GIVEN


def _latest(connection: Connection, of: Sequence[VisitorId]) -> dict[VisitorId, PersonalInvite]:
    c = invitations.c
    asked = select(c.id, c.visitor, c.text, c.at, c.given_at, staff.c.name).join(staff, staff.c.id == c.staff)
    # The latest last, which is the one that stays.
    rows = connection.execute(asked.where(c.visitor.in_(of)).order_by(c.at, c.id).limit(EVENTS))
    return {row.visitor: PersonalInvite(row.id, row.visitor, row.name, row.text, row.at, row.given_at) for row in rows}


def _told(connection: Connection, of: Sequence[VisitorId]) -> dict[str, set[str]]:
    """What the browsers of these visitors have told of invitations, by the invitation's id."""
    log = interactions.c
    rows = connection.execute(
        select(log.data)
        .where(log.visitor.in_(of), log.type == Kind.TRACK.value, log.data["name"].as_string().startswith("invite_"))
        .order_by(log.id.desc())
        .limit(EVENTS)
    )
    told: dict[str, set[str]] = {}
    for row in rows:
        if isinstance(id := (row.data.get("props") or {}).get("invite"), str):
            told.setdefault(id, set()).add(row.data["name"])
    return told
