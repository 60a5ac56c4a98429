"""Who leads a conversation, as far as consent and the ledger tell: their browsers, pages, orders and conversations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from sqlalchemy import ColumnElement, Connection, func, or_, select

from bot.interactions import ConversationId, CustomerId, Kind, Microseconds, SiteKey, VisitorId
from bot.profiles import Profile, ProfileId, learn
from bot.store.conversations import Conversation
from bot.store.logged import logged
from bot.store.profiles import find_profiles
from bot.store.tables import conversations, identities, interactions, messages, purchases, visitors

BROWSERS = 20
VIEWS_LOOKED_AT = 300
LISTED = 20
"""Orders and earlier conversations that are listed, the latest first."""
ROWS_OF_ONE = 2_000
FIRST_WORDS = 90


@dataclass(frozen=True)
class Linked:
    """A line of the ledger that holds now. `id` names it, so that an old page undoes no newer one."""

    id: int
    visitor: VisitorId
    customer: CustomerId
    evidence: str
    since: Microseconds


@dataclass(frozen=True)
class Browser:
    """What one browser agreed to, since when."""

    id: VisitorId
    measure: bool
    memory: bool
    consent_at: Microseconds
    noise: bool


@dataclass(frozen=True)
class View:
    at: Microseconds
    url: str
    title: str


@dataclass(frozen=True)
class Order:
    """What was bought; `back` is what was refunded of it, in the same minor units."""

    id: str
    at: Microseconds
    value: int
    currency: str
    back: int = 0
    status: str | None = None


@dataclass(frozen=True)
class Talk:
    """Another conversation of theirs. `stars` is the last rating in it."""

    id: ConversationId
    began: Microseconds
    owner: str
    state: str
    words: str
    stars: int | None = None


@dataclass(frozen=True)
class Person:
    """Empty but for `here`, what they said in this very conversation, where nothing else may be known."""

    site: SiteKey
    here: Profile
    customer: CustomerId | None = None
    browsers: tuple[Browser, ...] = ()
    links: tuple[Linked, ...] = ()
    profiles: tuple[Profile, ...] = ()
    views: tuple[View, ...] = ()
    orders: tuple[Order, ...] = ()
    talks: tuple[Talk, ...] = ()


def person_of(connection: Connection, conversation: Conversation) -> Person:
    """All of it at one moment. Of a browser that does not agree to be measured (any more) no pages are looked up."""
    nobody = Person(conversation.site, _said_here(connection, conversation), conversation.customer)
    customer = conversation.customer or _customer_of(connection, conversation.site, conversation.visitor)
    if customer is None and conversation.visitor is None:
        return nobody
    links = _links(connection, conversation.site, customer) if customer else ()
    browsers = _browsers(connection, conversation, links)
    if not customer and not any(one.measure or one.memory for one in browsers):
        return replace(nobody, browsers=browsers)
    return replace(
        nobody,
        customer=customer,
        browsers=browsers,
        links=links,
        profiles=_profiles(connection, conversation.site, customer, browsers),
        views=_views(connection, [one.id for one in browsers if one.measure]),
        orders=_orders(connection, conversation.site, _buyer(customer, browsers)),
        talks=_talks(connection, conversation, customer, browsers),
    )


def _said_here(connection: Connection, conversation: Conversation) -> Profile:
    understood = select(interactions).where(
        interactions.c.conversation == conversation.id, interactions.c.type == Kind.UNDERSTANDING.value
    )
    rows = connection.execute(understood.order_by(interactions.c.id).limit(ROWS_OF_ONE))
    told = (logged(row).interaction for row in rows)
    return reduce(learn, told, Profile(id=ProfileId(""), site=conversation.site, memory=True))


def _customer_of(connection: Connection, site: SiteKey, visitor: VisitorId | None) -> CustomerId | None:
    now = select(identities.c.customer).where(
        identities.c.site == site, identities.c.visitor == visitor, identities.c.undone_at.is_(None)
    )
    return connection.execute(now.order_by(identities.c.id.desc()).limit(1)).scalar_one_or_none()


def _links(connection: Connection, site: SiteKey, customer: CustomerId) -> tuple[Linked, ...]:
    now = select(identities).where(
        identities.c.site == site, identities.c.customer == customer, identities.c.undone_at.is_(None)
    )
    rows = connection.execute(now.order_by(identities.c.id.desc()).limit(BROWSERS))
    return tuple(Linked(row.id, row.visitor, row.customer, row.evidence, row.since) for row in rows)


def _browsers(connection: Connection, conversation: Conversation, links: Sequence[Linked]) -> tuple[Browser, ...]:
    """This conversation's own first."""
    ids = list(dict.fromkeys([*filter(None, [conversation.visitor]), *(one.visitor for one in links)]))
    rows = connection.execute(select(visitors).where(visitors.c.id.in_(ids)).order_by(visitors.c.id))
    known = {
        row.id: Browser(row.id, row.measure, row.memory, row.consent_at, row.robot or row.staff) for row in rows
    }  # fmt: skip
    return tuple(known[id] for id in ids if id in known)


def _profiles(
    connection: Connection, site: SiteKey, customer: CustomerId | None, browsers: Sequence[Browser]
) -> tuple[Profile, ...]:
    agreed = [ProfileId(f"visitor:{one.id}") for one in browsers if one.measure or one.memory]
    known = [ProfileId(f"customer:{site}:{customer}")] if customer else []
    return tuple(find_profiles(connection, [*known, *agreed]))


def _views(connection: Connection, of: Sequence[VisitorId]) -> tuple[View, ...]:
    # By ix_interactions_visitor; of somebody who views more than this the earliest are not looked at.
    rows = connection.execute(
        select(interactions.c.at, interactions.c.url, interactions.c.data)
        .where(interactions.c.visitor.in_(of), interactions.c.type == Kind.PAGE_VIEW.value)
        .order_by(interactions.c.id.desc())
        .limit(VIEWS_LOOKED_AT)
    )
    return tuple(View(row.at, row.url or "", row.data.get("title") or "") for row in rows)


def _buyer(customer: CustomerId | None, browsers: Sequence[Browser]) -> ColumnElement[bool]:
    theirs = purchases.c.visitor.in_([one.id for one in browsers])
    return theirs if customer is None else or_(theirs, purchases.c.customer == customer)


def _orders(connection: Connection, site: SiteKey, theirs: ColumnElement[bool]) -> tuple[Order, ...]:
    c = purchases.c
    bought = select(c.id, c.at, c.value, c.currency).where(c.site == site, c.type == Kind.PURCHASE.value, theirs)
    rows = connection.execute(bought.order_by(c.at.desc(), c.id).limit(LISTED)).all()
    orders = {row.id: Order(row.id, row.at, row.value or 0, row.currency or "") for row in rows}
    told = select(c.of, c.type, c.value, c.status, c.currency).where(c.site == site, c.of.in_(list(orders)))
    for row in connection.execute(told.order_by(c.at, c.id).limit(ROWS_OF_ONE)):
        known = orders[row.of]
        if row.type == Kind.REFUND.value and row.currency == known.currency:
            orders[row.of] = replace(known, back=known.back + (row.value or 0))
        elif row.status:
            orders[row.of] = replace(known, status=row.status)
    return tuple(orders.values())


def _talks(
    connection: Connection, but: Conversation, customer: CustomerId | None, browsers: Sequence[Browser]
) -> tuple[Talk, ...]:
    c = conversations.c
    theirs = c.visitor.in_([one.id for one in browsers])
    whose = theirs if customer is None else or_(theirs, c.customer == customer)
    others = select(c.id, c.created_at, c.owner, c.state).where(c.site == but.site, whose, c.id != but.id, c.seq > 0)
    rows = connection.execute(others.order_by(c.changed_at.desc(), c.id).limit(LISTED)).all()
    ids = [row.id for row in rows]
    words, stars = _first_words(connection, ids), _stars(connection, ids)
    return tuple(
        Talk(row.id, row.created_at, row.owner, row.state, words.get(row.id, ""), stars.get(row.id)) for row in rows
    )


def _first_words(connection: Connection, of: Sequence[ConversationId]) -> dict[str, str]:
    m = messages.c
    first = (
        select(m.conversation, func.min(m.seq).label("seq"))
        .where(m.conversation.in_(of), m.sender == "visitor")
        .group_by(m.conversation)
        .subquery()
    )
    said = select(m.conversation, func.substr(m.text, 1, FIRST_WORDS).label("words")).join(
        first, (first.c.conversation == m.conversation) & (first.c.seq == m.seq)
    )
    return {row.conversation: row.words for row in connection.execute(said.order_by(m.conversation).limit(LISTED))}


def _stars(connection: Connection, of: Sequence[ConversationId]) -> dict[str, int]:
    rated = select(interactions.c.conversation, interactions.c.data).where(
        interactions.c.conversation.in_(of), interactions.c.type == Kind.RATING.value
    )
    rows = connection.execute(rated.order_by(interactions.c.id).limit(ROWS_OF_ONE))
    return {row.conversation: row.data["stars"] for row in rows if isinstance(row.data.get("stars"), int)}
