"""The visitors who agreed to something, and the ledger of who they are."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import Connection, insert, select, update

from bot.experiment import Arm, draw
from bot.interactions import (
    CONSENT_VERSION,
    ConversationId,
    CustomerId,
    Interaction,
    Kind,
    Microseconds,
    SiteKey,
    VisitorId,
)
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.tables import conversations, identities, visitors


@dataclass(frozen=True)
class Visitor:
    """A browser that agreed at least once. `staff` and `robot` are noise to the reports."""

    id: VisitorId
    site: SiteKey
    measure: bool
    memory: bool
    arm: Arm
    robot: bool
    staff: bool


def create(
    connection: Connection,
    site: Site,
    *,
    at: Microseconds,
    measure: bool,
    memory: bool,
    seen_first: bool = False,
    in_conversation: bool = False,
    conversation: ConversationId | None = None,
) -> Visitor:
    """A new visitor with an id nobody can guess, their place in the experiment drawn, their consent logged."""
    id = VisitorId(secrets.token_hex(16))
    arm = draw(
        id, site.salt, site.holdout, measured=measure, seen_first=seen_first, in_conversation=in_conversation
    )  # fmt: skip
    connection.execute(
        insert(visitors).values(
            id=id,
            site=site.key,
            created_at=at,
            measure=measure,
            memory=memory,
            consent_at=at,
            arm=arm.value,
            robot=False,
            staff=False,
        )
    )
    visitor = Visitor(id, site.key, measure, memory, arm, robot=False, staff=False)
    _log_consent(connection, visitor, at, conversation)
    return visitor


def find(connection: Connection, id: str, *, lock: bool = False) -> Visitor | None:
    """The visitor of this id, of whatever site; None when forgotten or never given.

    With `lock` they can't be forgotten before the transaction ends: whoever writes about a visitor asks so,
    or what they write could outlive the erasure.
    """
    asked = select(visitors).where(visitors.c.id == id)
    row = connection.execute(asked.with_for_update(read=True) if lock else asked).one_or_none()
    if row is None:
        return None
    return Visitor(row.id, row.site, row.measure, row.memory, Arm(row.arm), row.robot, row.staff)


def set_consent(
    connection: Connection,
    id: VisitorId,
    *,
    measure: bool,
    memory: bool,
    at: Microseconds,
    conversation: ConversationId | None = None,
) -> Visitor | None:
    """The visitor with this consent, also in their conversations; a change is logged. None when unknown."""
    _hold(connection, id)
    before = find(connection, id)
    if before is None or (before.measure, before.memory) == (measure, memory):
        return before
    connection.execute(
        update(visitors).where(visitors.c.id == id).values(measure=measure, memory=memory, consent_at=at)
    )
    connection.execute(
        update(conversations).where(conversations.c.visitor == id).values(measure=measure, memory=memory)
    )
    after = Visitor(id, before.site, measure, memory, before.arm, before.robot, before.staff)
    _log_consent(connection, after, at, conversation)
    return after


def _log_consent(
    connection: Connection, visitor: Visitor, at: Microseconds, conversation: ConversationId | None
) -> None:
    consent = Interaction(
        at=at,
        site=visitor.site,
        kind=Kind.CONSENT,
        source="consent",
        source_id=f"{visitor.id}:{secrets.token_hex(8)}",
        visitor=visitor.id,
        conversation=conversation,
        arm=visitor.arm.value,
        data={"measure": visitor.measure, "memory": visitor.memory, "version": CONSENT_VERSION},
    )
    append(connection, [consent])


def mark_staff(connection: Connection, id: VisitorId, *, staff: bool = True) -> None:
    """From now on this browser is one of the shop's own people; or, with False, is not."""
    connection.execute(update(visitors).where(visitors.c.id == id).values(staff=staff))


def is_in_conversation(connection: Connection, id: VisitorId) -> bool:
    """Whether the visitor has a conversation that is not resolved."""
    found = select(conversations.c.id).where(conversations.c.visitor == id, conversations.c.state != "resolved")
    return connection.execute(found.limit(1)).one_or_none() is not None


PROVEN, BY_REFERENCE, STAFF = "identify", "reference", "staff "
"""Evidence: the browser that became this visitor showed a signed proof, or one that only knew the reference did; or
a member of staff says so, whose name follows."""


class Link(Enum):
    """What came of saying who a visitor is."""

    LINKED = auto()
    ALREADY = auto()
    OTHER_CUSTOMER = auto()
    """The visitor is someone else; two customers are never merged."""
    NO_VISITOR = auto()


def link(
    connection: Connection, site: SiteKey, visitor: VisitorId, customer: CustomerId, *, evidence: str, at: Microseconds
) -> Link:
    """Says that this visitor is this customer, on this evidence ("identify", "purchase", "staff Dana")."""
    if not _hold(connection, visitor):
        return Link.NO_VISITOR
    known = _link_of(connection, site, visitor)
    if known is not None and not _gives_way(*known, to=customer, on=evidence):
        return Link.ALREADY if known[0] == customer else Link.OTHER_CUSTOMER
    if known is not None:
        unlink(connection, site, visitor, at=at)
    connection.execute(
        insert(identities).values(site=site, visitor=visitor, customer=customer, evidence=evidence, since=at)
    )
    return Link.LINKED


def _gives_way(customer: CustomerId, evidence: str, *, to: CustomerId, on: str) -> bool:
    """Whether a line of the ledger is undone by a new one. A reference alone is weak, and staff may be wrong: neither
    must keep the visitor from being who they are."""
    if evidence == BY_REFERENCE:
        return customer != to
    return evidence.startswith(STAFF) and on != BY_REFERENCE and not on.startswith(STAFF)


def unlink(connection: Connection, site: SiteKey, visitor: VisitorId, *, at: Microseconds) -> bool:
    """Undoes the visitor's link; the ledger keeps that there was one. False when there is none."""
    undone = connection.execute(
        update(identities)
        .where(identities.c.site == site, identities.c.visitor == visitor, identities.c.undone_at.is_(None))
        .values(undone_at=at)
    )
    return undone.rowcount > 0


def customer_of(connection: Connection, site: SiteKey, visitor: VisitorId) -> CustomerId | None:
    """Who this visitor is, as the ledger stands now."""
    known = _link_of(connection, site, visitor)
    return None if known is None else known[0]


def customers_of(connection: Connection, of: Collection[VisitorId]) -> dict[VisitorId, CustomerId]:
    """Who of these visitors is known to be which customer, as the ledger stands now."""
    rows = connection.execute(
        select(identities.c.visitor, identities.c.customer)
        .where(identities.c.visitor.in_(of), identities.c.undone_at.is_(None))
        .order_by(identities.c.id)
    )
    return {row.visitor: row.customer for row in rows}


def _link_of(connection: Connection, site: SiteKey, visitor: VisitorId) -> tuple[CustomerId, str] | None:
    """The customer and the evidence, as the ledger stands now."""
    row = connection.execute(
        select(identities.c.customer, identities.c.evidence)
        .where(identities.c.site == site, identities.c.visitor == visitor, identities.c.undone_at.is_(None))
        .order_by(identities.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.customer, row.evidence)


def visitors_of(connection: Connection, site: SiteKey, customer: CustomerId) -> list[VisitorId]:
    """The browsers of this customer, as the ledger stands now, first linked first."""
    rows = connection.execute(
        select(identities.c.visitor)
        .where(identities.c.site == site, identities.c.customer == customer, identities.c.undone_at.is_(None))
        .order_by(identities.c.id)
    )
    return [row.visitor for row in rows]


def _hold(connection: Connection, id: VisitorId) -> bool:
    # Of two that change one visitor at once, the second waits and sees what the first did.
    held = connection.execute(select(visitors.c.id).where(visitors.c.id == id).with_for_update())
    return held.one_or_none() is not None


def ledger(connection: Connection, site: SiteKey) -> dict[VisitorId, CustomerId]:
    """All visitors of the site who are known to be customers, as the ledger stands now."""
    rows = connection.execute(
        select(identities.c.visitor, identities.c.customer)
        .where(identities.c.site == site, identities.c.undone_at.is_(None))
        .order_by(identities.c.id)
    )
    return {row.visitor: row.customer for row in rows}
