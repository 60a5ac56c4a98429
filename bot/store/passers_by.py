"""What is known of visitors who are on the site now: who they are, whether they talk, whether somebody invited them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.experiment import Arm
from bot.interactions import ConversationId, CustomerId, Microseconds, VisitorId
from bot.profiles import Profile, ProfileId, together
from bot.store.personal_invites import PersonalInvite, latest_of
from bot.store.profiles import find_profiles
from bot.store.tables import conversations, identities, visitors


@dataclass(frozen=True)
class Passerby:
    visitor: VisitorId
    customer: CustomerId | None
    held_out: bool
    profile: Profile | None
    """Of the browser and of the customer whom the ledger knows it for, as one person."""
    conversation: ConversationId | None
    """The one that they lead now."""
    invite: PersonalInvite | None


def passers_by(connection: Connection, ids: Sequence[VisitorId], *, at: Microseconds) -> dict[VisitorId, Passerby]:
    """Those of them who agree to be measured; the shop's own people and robots are not among them."""
    v = visitors.c
    wanted = select(v.id, v.site, v.arm).where(v.id.in_(ids), v.measure, ~v.staff, ~v.robot)
    rows = connection.execute(wanted.order_by(v.id)).all()
    here = [row.id for row in rows]
    known = _customers(connection, here)
    theirs = {
        row.id: [
            *([ProfileId(f"customer:{row.site}:{known[row.id]}")] if row.id in known else []),
            ProfileId(f"visitor:{row.id}"),
        ]
        for row in rows
    }
    profiles = {one.id: one for one in find_profiles(connection, [id for ids in theirs.values() for id in ids])}
    talking, invited = _talking(connection, here), latest_of(connection, here, at=at)
    return {
        row.id: Passerby(
            row.id,
            known.get(row.id),
            row.arm == Arm.HELD_OUT.value,
            _as_one([profiles[id] for id in theirs[row.id] if id in profiles]),
            talking.get(row.id),
            invited.get(row.id),
        )
        for row in rows
    }


def _as_one(found: Sequence[Profile]) -> Profile | None:
    return together(found) if found else None


def _customers(connection: Connection, of: Sequence[VisitorId]) -> dict[VisitorId, CustomerId]:
    now = select(identities.c.visitor, identities.c.customer).where(
        identities.c.visitor.in_(of), identities.c.undone_at.is_(None)
    )
    return {row.visitor: row.customer for row in connection.execute(now.order_by(identities.c.id))}


def _talking(connection: Connection, of: Sequence[VisitorId]) -> dict[VisitorId, ConversationId]:
    c = conversations.c
    now = select(c.visitor, c.id).where(c.visitor.in_(of), c.state != "resolved", c.seq > 0)
    return {row.visitor: row.id for row in connection.execute(now.order_by(c.changed_at, c.id))}
