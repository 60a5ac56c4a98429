"""The staff's word that a visitor is a customer: whom it could be, saying so, and taking it back.

Nothing is merged but the view: the ledger gets a line, the log and the profiles stay as they are. It opens nothing to
the visitor either: who asks for an order has to prove themselves as before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, or_, select, update

from bot.interactions import ConversationId, CustomerId, Kind, Microseconds, SiteKey
from bot.profiles import ProfileId
from bot.store.audit import Act, record
from bot.store.conversations import existing
from bot.store.profiles import find_profiles
from bot.store.staff import Member
from bot.store.tables import identities, profiles, purchases
from bot.store.visitors import PROVEN, STAFF, Link, link

FOUND_AT_MOST = 10


@dataclass(frozen=True)
class Candidate:
    """A customer whom the visitor may be, as the shop's orders tell."""

    customer: CustomerId
    name: str | None = None
    email: str | None = None
    orders: int = 0
    last: Microseconds | None = None
    spent: dict[str, int] = field(default_factory=dict)


def candidates(connection: Connection, site: SiteKey, asked: str) -> list[Candidate]:
    """The customers of the site with this order number, mail address or id."""
    number, c = asked.removeprefix("#").strip(), purchases.c
    by_order = select(c.customer).where(c.site == site, c.id == number, c.type == Kind.PURCHASE.value)
    by_mail = select(c.customer).where(c.site == site, func.lower(c.email) == func.lower(asked))
    found = [asked] if is_customer(connection, site, asked) else []
    for query in (by_order, by_mail):
        rows = connection.execute(query.where(c.customer.is_not(None)).order_by(c.at.desc()).limit(FOUND_AT_MOST))
        found += rows.scalars()
    return [_candidate(connection, site, CustomerId(one)) for one in list(dict.fromkeys(found))[:FOUND_AT_MOST]]


def is_customer(connection: Connection, site: SiteKey, customer: str) -> bool:
    """Whether the site knows a customer of this id, by an order, a signed proof or the ledger."""
    bought = select(purchases.c.id).where(purchases.c.site == site, purchases.c.customer == customer)
    linked = select(identities.c.id).where(identities.c.site == site, identities.c.customer == customer)
    known = select(profiles.c.id).where(profiles.c.id == f"customer:{site}:{customer}")
    return any(connection.execute(query.limit(1)).first() is not None for query in (bought, linked, known))


def merge(
    connection: Connection, conversation: ConversationId, customer: CustomerId, member: Member, *, at: Microseconds
) -> Link:
    """Says that who leads the conversation is this customer. Said twice it is said once."""
    known = existing(connection, conversation)
    if known.visitor is None:
        return Link.NO_VISITOR
    if known.customer not in (None, customer):
        return Link.OTHER_CUSTOMER
    done = link(connection, known.site, known.visitor, customer, evidence=f"{STAFF}{member.name}", at=at)
    if done is Link.LINKED:
        record(connection, at=at, staff=member.id, act=Act.MERGED, subject=f"visitor:{known.visitor}")
    return done


def unmerge(connection: Connection, site: SiteKey, line: int, member: Member, *, at: Microseconds) -> bool | None:
    """Takes a line of the ledger back; False when it was taken back before, None when there is none to take back.

    What the shop signed stays: the browser would only show it again.
    """
    which = (identities.c.id == line, identities.c.site == site, identities.c.evidence != PROVEN)
    row = connection.execute(select(identities.c.visitor).where(*which)).one_or_none()
    if row is None:
        return None
    holds = update(identities).where(*which, identities.c.undone_at.is_(None)).values(undone_at=at)
    if connection.execute(holds).rowcount == 0:
        return False
    record(connection, at=at, staff=member.id, act=Act.UNMERGED, subject=f"visitor:{row.visitor}")
    return True


def _candidate(connection: Connection, site: SiteKey, customer: CustomerId) -> Candidate:
    c = purchases.c
    theirs = (c.site == site) & (c.customer == customer) & (c.type == Kind.PURCHASE.value)
    count, last = connection.execute(select(func.count(), func.max(c.at)).where(theirs)).one()
    told = select(c.name, c.email).where(theirs, or_(c.name.is_not(None), c.email.is_not(None)))
    row = connection.execute(told.order_by(c.at.desc(), c.id).limit(1)).one_or_none()
    name, email = (None, None) if row is None else row
    if row is None:
        name, email = _signed(connection, site, customer)
    return Candidate(customer, name, email, count, last, _spent(connection, site, customer))


def _signed(connection: Connection, site: SiteKey, customer: CustomerId) -> Sequence[str | None]:
    """Name and address of a customer who has bought nothing, where the shop has signed them."""
    found = find_profiles(connection, [ProfileId(f"customer:{site}:{customer}")])
    facts = [None if not found else found[0].fact(kind) for kind in ("name", "email")]
    return [None if one is None else one.value for one in facts]


def _spent(connection: Connection, site: SiteKey, customer: CustomerId) -> dict[str, int]:
    c = purchases.c
    sums = select(c.currency, c.type, func.sum(c.value).label("value")).where(
        c.site == site, c.customer == customer, c.type.in_((Kind.PURCHASE.value, Kind.REFUND.value))
    )
    spent: dict[str, int] = {}
    for row in connection.execute(sums.group_by(c.currency, c.type).order_by(c.currency, c.type)):
        # PostgreSQL's sum of whole numbers is a decimal.
        value = int(row.value) if row.type == Kind.PURCHASE.value else -int(row.value)
        spent[row.currency] = spent.get(row.currency, 0) + value
    return spent
