"""Forgetting: who asks to be forgotten is gone from every table when this returns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, or_, select, update

from bot.interactions import ConversationId, CustomerId, Kind, Microseconds, SiteKey, VisitorId
from bot.profiles import FACTS, ProfileId
from bot.store.ad_consents import forget as forget_ad_consents
from bot.store.alerts_raised import forget_alerted
from bot.store.audit import Act, forget_subjects, of_conversation, record
from bot.store.blanking import blank
from bot.store.console_tables import conversation_labels, invitations, nobody_came, reviews
from bot.store.conversations import give_receipt, hash_of, receipt
from bot.store.files import erase
from bot.store.imports import forget_put_aside
from bot.store.made_exports import drop_of_site
from bot.store.mail_tables import conversation_keys, mails
from bot.store.order_addresses import own_addresses
from bot.store.profiles import rebuild
from bot.store.purchases import IMPORTED, SOURCE
from bot.store.scores import forget_scores
from bot.store.tables import (
    conversations,
    identities,
    interactions,
    messages,
    profiles,
    purchases,
    receipts,
    turns,
    visitors,
)
from bot.store.valued_lot import forget as forget_valued_lot
from bot.store.visitors import BY_REFERENCE, PROVEN

MONEY = (Kind.PURCHASE.value, Kind.REFUND.value, Kind.STATUS.value)
NAMING = (Kind.IDENTIFIED.value, Kind.PURCHASE.value, Kind.CONSENT.value)
"""Rows that may say beside other things who somebody is."""
KEPT_OF_MONEY = ("order", "margin", "status")
TOLD_BY_SHOPS = (SOURCE, IMPORTED)


@dataclass(frozen=True)
class Forgotten:
    """Who is gone: open sockets of these conversations have to be closed."""

    visitors: tuple[VisitorId, ...] = ()
    conversations: tuple[ConversationId, ...] = ()


@dataclass(frozen=True)
class Reach:
    """One person: their browsers, the customers they are known as, and the conversations they led."""

    site: SiteKey
    visitors: tuple[VisitorId, ...]
    customers: tuple[CustomerId, ...]
    conversations: tuple[ConversationId, ...]


def forget_visitor(connection: Connection, site: SiteKey, visitor: VisitorId) -> Forgotten:
    """Forgets the person behind this visitor: also their other browsers, when the ledger knows them.

    Orders stay as money without a person, since the shop has to account for them.
    """
    customers = _customers(connection, site, [visitor])
    return _forget(connection, site, {visitor}, customers)


def forget_customer(connection: Connection, site: SiteKey, customer: CustomerId) -> Forgotten:
    """Forgets a customer with all their browsers."""
    return _forget(connection, site, set(), {customer})


def reach(connection: Connection, conversation: ConversationId) -> Reach | None:
    """Whom `forget_person` would forget now; None when the conversation is not there."""
    row = connection.execute(
        select(conversations.c.site, conversations.c.visitor, conversations.c.customer).where(
            conversations.c.id == conversation
        )
    ).one_or_none()
    if row is None:
        return None
    whose = set() if row.visitor is None else {row.visitor}
    customers = {row.customer} if row.customer else set()
    return reach_of(connection, row.site, visitors=whose, customers=customers, also=(conversation,))


def reach_of(
    connection: Connection,
    site: SiteKey,
    *,
    visitors: set[VisitorId],
    customers: set[CustomerId],
    also: Iterable[ConversationId] = (),
) -> Reach:
    """The one person of whom these are browsers and customers; whether there is anything of them or not."""
    known = customers | _customers(connection, site, sorted(visitors))
    browsers = _browsers(connection, site, visitors, known)
    led = {*also, *connection.execute(_led(site, browsers, known)).scalars()}
    return Reach(site, tuple(browsers), tuple(sorted(known)), tuple(sorted(led)))


def forget_person(
    connection: Connection, conversation: ConversationId, *, staff: str | None, at: Microseconds
) -> Forgotten:
    """Forgets who leads the conversation, at the staff's word: all that the ledger has of them.

    That it was done is in the audit log with it, under the person's pseudonym, or neither is.
    """
    found = reach(connection, conversation)
    if found is None:
        return Forgotten()
    gone = _forget(connection, found.site, set(found.visitors), set(found.customers), also=[conversation])
    record(connection, at=at, staff=staff, act=Act.ERASED, subject=of_conversation(conversation))
    return gone


def forget_asked(connection: Connection, conversation: ConversationId, *, token: str) -> Forgotten:
    """Forgets at the word of the browser that has this token: all of the person, or what a mail's link opened to it.

    A link is forwarded, and read over a shoulder: it opens one conversation, so it erases that one alone.
    """
    keys = conversation_keys.c
    is_given = select(keys.conversation).where(keys.token_hash == hash_of(token), keys.kind == "browser")
    by_link = connection.execute(is_given.limit(1)).first() is not None
    return (_forget_this_alone if by_link else forget_conversation)(connection, conversation)


def forget_as_said(connection: Connection, conversation: ConversationId) -> Forgotten:
    """Forgets at a sentence. Words don't tell whose they are once a mail's link has led here: then this one alone."""
    by_link = is_led_by_link(connection, conversation)
    return (_forget_this_alone if by_link else forget_conversation)(connection, conversation)


def is_led_by_link(connection: Connection, conversation: ConversationId) -> bool:
    """Whether a mail's link has led a browser to it."""
    keys = conversation_keys.c
    led_here = select(keys.conversation).where(keys.conversation == conversation, keys.kind == "browser")
    return connection.execute(led_here.limit(1)).first() is not None


def _forget_this_alone(connection: Connection, conversation: ConversationId) -> Forgotten:
    """All that was said in it, and what was learned by that."""
    whose = select(conversations.c.site, conversations.c.visitor, conversations.c.customer)
    row = connection.execute(whose.where(conversations.c.id == conversation).with_for_update()).one_or_none()
    if row is None:
        return Forgotten()
    forgotten = _forget(connection, row.site, set(), set(), also=[conversation])
    if row.visitor is not None:
        rebuild(connection, ProfileId(f"visitor:{row.visitor}"), row.site)
    if row.customer is not None:
        rebuild(connection, ProfileId(f"customer:{row.site}:{row.customer}"), row.site)
    return forgotten


def forget_conversation(connection: Connection, conversation: ConversationId) -> Forgotten:
    """Forgets a conversation and whoever has shown in it that they led it.

    Whoever asks is taken at their proof, not at their word: a reference of a visitor who talked elsewhere, or an
    e-mail address in a checkout, erases nobody else's conversations.
    """
    row = connection.execute(
        select(conversations.c.site, conversations.c.visitor, conversations.c.owns_visitor, conversations.c.customer)
        .where(conversations.c.id == conversation)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return Forgotten()
    customers = set() if row.customer is None else {row.customer}
    if row.visitor is None or not (row.owns_visitor or _is_only_one(connection, conversation, row.visitor)):
        forgotten = _forget(connection, row.site, set(), customers, also=[conversation])
        if row.visitor is not None and row.visitor not in forgotten.visitors:
            _forget_pages_of(connection, row.site, row.visitor)
        return forgotten
    proven = _customers(connection, row.site, [row.visitor], evidence=PROVEN)
    return _forget(connection, row.site, {row.visitor}, customers | proven, also=[conversation])


def _is_only_one(connection: Connection, conversation: ConversationId, visitor: VisitorId) -> bool:
    others = select(conversations.c.id).where(conversations.c.visitor == visitor, conversations.c.id != conversation)
    return connection.execute(others.limit(1)).first() is None


def _forget_pages_of(connection: Connection, site: SiteKey, visitor: VisitorId) -> None:
    """Forgets what a visitor looked at; what they said in other conversations is theirs to erase, with their token."""
    beside = and_(interactions.c.visitor == visitor, interactions.c.conversation.is_(None))
    connection.execute(delete(interactions).where(beside, interactions.c.type.not_in((*MONEY, Kind.CONSENT.value))))
    rebuild(connection, ProfileId(f"visitor:{visitor}"), site)


def _customers(
    connection: Connection, site: SiteKey, whose: Sequence[VisitorId], *, evidence: str | None = None
) -> set[CustomerId]:
    found = select(identities.c.customer).where(
        identities.c.site == site, identities.c.visitor.in_(whose), identities.c.undone_at.is_(None)
    )
    if evidence is not None:
        found = found.where(identities.c.evidence == evidence)
    return set(connection.execute(found).scalars())


def _forget(
    connection: Connection,
    site: SiteKey,
    whose: set[VisitorId],
    customers: set[CustomerId],
    also: Iterable[ConversationId] = (),
) -> Forgotten:
    gone = _browsers(connection, site, whose, customers)
    # Whoever is writing about them finishes first; whoever comes later finds no visitor.
    connection.execute(select(visitors.c.id).where(visitors.c.id.in_(gone)).order_by(visitors.c.id).with_for_update())
    ended = sorted({*also, *connection.execute(_led(site, gone, customers).with_for_update()).scalars()})
    addresses = own_addresses(connection, site, customers=customers, visitors=gone)
    forget_ad_consents(connection, site, customers, addresses)
    _unlink_money(connection, site, gone, customers)
    _erase_log(connection, site, gone, customers, ended)
    forget_put_aside(connection, site, customers)
    erase(connection, ended)
    drop_of_site(connection, site)
    forget_scores(connection, ended)
    forget_alerted(connection, site, gone, sorted(customers), ended)
    connection.execute(delete(reviews).where(reviews.c.conversation.in_(ended)))
    for table in (conversation_keys, mails, messages, receipts, turns, conversation_labels, nobody_came):
        connection.execute(delete(table).where(table.c.conversation.in_(ended)))
    connection.execute(delete(conversations).where(conversations.c.id.in_(ended)))
    ids = [f"visitor:{id}" for id in gone] + [f"customer:{site}:{id}" for id in sorted(customers)]
    connection.execute(delete(profiles).where(profiles.c.id.in_(ids)))
    forget_subjects(connection, [*ids, *map(of_conversation, ended)])
    connection.execute(
        delete(identities).where(
            identities.c.site == site, or_(identities.c.visitor.in_(gone), identities.c.customer.in_(customers))
        )
    )
    forget_valued_lot(connection, site, gone, sorted(customers), ended)
    connection.execute(delete(invitations).where(invitations.c.visitor.in_(gone)))
    connection.execute(delete(visitors).where(visitors.c.id.in_(gone)))
    return Forgotten(tuple(gone), tuple(ended))


def _browsers(
    connection: Connection, site: SiteKey, whose: set[VisitorId], customers: set[CustomerId]
) -> list[VisitorId]:
    """These and all others of the customers; one that only showed a reference is not theirs for certain."""
    linked = select(identities.c.visitor).where(
        identities.c.site == site,
        identities.c.customer.in_(customers),
        identities.c.undone_at.is_(None),
        identities.c.evidence != BY_REFERENCE,
    )
    return sorted({*whose, *connection.execute(linked).scalars()})


def _led(site: SiteKey, gone: Sequence[VisitorId], customers: set[CustomerId]) -> Select[tuple[ConversationId]]:
    theirs = or_(conversations.c.visitor.in_(gone), conversations.c.customer.in_(customers))
    return select(conversations.c.id).where(conversations.c.site == site, theirs).order_by(conversations.c.id)


def _unlink_money(connection: Connection, site: SiteKey, gone: list[VisitorId], customers: set[CustomerId]) -> None:
    """Takes the person out of their orders, also of those that only their e-mail address tells."""
    theirs = and_(
        purchases.c.site == site, or_(purchases.c.visitor.in_(gone), purchases.c.customer.in_(customers))
    )  # fmt: skip
    # Anybody can give any address in a checkout: only that of a known customer tells of their other orders.
    known = and_(purchases.c.site == site, purchases.c.customer.in_(customers), purchases.c.email.is_not(None))
    addresses = select(purchases.c.email).where(known).distinct()
    emails = list(connection.execute(addresses).scalars())
    orders = or_(theirs, and_(purchases.c.site == site, purchases.c.email.in_(emails)))
    ids = list(connection.execute(select(purchases.c.id).where(orders).order_by(purchases.c.id)).scalars())
    connection.execute(
        update(purchases).where(orders).values(visitor=None, customer=None, email=None, name=None, tracking=None)
    )
    for id in ids:
        row = interactions.c.source_id == f"{site}:{id}"
        _scrub(connection, and_(interactions.c.source.in_(TOLD_BY_SHOPS), row))


def _scrub(connection: Connection, which: ColumnElement[bool]) -> None:
    rows = connection.execute(select(interactions.c.id, interactions.c.data).where(which).order_by(interactions.c.id))
    for id, data in rows.all():
        kept = {name: data[name] for name in KEPT_OF_MONEY if name in data}
        connection.execute(
            update(interactions)
            .where(interactions.c.id == id)
            .values(visitor=None, customer=None, conversation=None, url=None, arm=None, data=kept)
        )


def _erase_log(
    connection: Connection,
    site: SiteKey,
    gone: list[VisitorId],
    customers: set[CustomerId],
    ended: list[ConversationId],
) -> None:
    theirs = or_(
        interactions.c.visitor.in_(gone),
        and_(interactions.c.site == site, interactions.c.customer.in_(customers)),
        interactions.c.conversation.in_(ended),
    )
    _scrub(connection, and_(theirs, interactions.c.type.in_(MONEY), interactions.c.source.in_(TOLD_BY_SHOPS)))
    connection.execute(delete(interactions).where(theirs))


def forget_fact(connection: Connection, conversation: ConversationId, *, frame: str, fact: str) -> None:
    """As `forget_facts`, once for the frame. `fact` is the id that `memory` showed."""
    known, _ = receipt(connection, conversation, frame)
    if known:
        return
    give_receipt(connection, conversation, frame, None)
    forget_facts(connection, conversation, [fact])


def forget_facts(connection: Connection, conversation: ConversationId, facts: Sequence[str]) -> None:
    """Forgets things that the visitor told; one that is not there is forgotten already.

    Of whoever led this conversation, wherever they told them, and their words are blanked in all that they led. Of who
    only showed a visitor's reference what was told here: a reference is no key to erase with.
    """
    row = connection.execute(
        select(
            conversations.c.site, conversations.c.visitor, conversations.c.owns_visitor, conversations.c.customer
        ).where(conversations.c.id == conversation)
    ).one()
    # Before anybody agreed to anything the log names nobody: what was said here is this conversation's.
    profile, theirs, led_by = None, interactions.c.conversation == conversation, None
    if row.visitor is not None:
        profile = ProfileId(f"visitor:{row.visitor}")
        if row.owns_visitor or _is_only_one(connection, conversation, row.visitor):
            led_by, theirs = row.visitor, or_(theirs, interactions.c.visitor == row.visitor)
    elif row.customer is not None:
        profile = ProfileId(f"customer:{row.site}:{row.customer}")
        of_customer = and_(
            interactions.c.site == row.site, interactions.c.visitor.is_(None), interactions.c.customer == row.customer
        )
        theirs = or_(theirs, of_customer)
    said = [word for fact in facts if fact in FACTS for word in _without_fact(connection, theirs, fact)]
    blank(connection, _led_by(connection, conversation, led_by), said)
    if profile is not None:
        rebuild(connection, profile, row.site)
    drop_of_site(connection, row.site)


def _led_by(connection: Connection, conversation: ConversationId, visitor: VisitorId | None) -> list[ConversationId]:
    led = select(conversations.c.id).where(conversations.c.visitor == visitor, conversations.c.owns_visitor)
    return sorted({conversation, *(() if visitor is None else connection.execute(led).scalars())})


def _without_fact(connection: Connection, theirs: ColumnElement[bool], fact: str) -> list[str]:
    """What the fact was, each time it was told. From the log too: a profile learned again must not know it again."""
    said: list[str] = []
    told = select(interactions.c.id, interactions.c.data).where(
        theirs, interactions.c.type.in_((Kind.UNDERSTANDING.value, *NAMING))
    )
    for id, data in connection.execute(told.order_by(interactions.c.id)).all():
        facts = [one for one in data.get("facts", ()) if one[0] != fact]
        kept = {name: value for name, value in data.items() if name != fact}
        kept |= {"facts": facts} if "facts" in data else {}
        if kept != data:
            said += [one[1] for one in data.get("facts", ()) if one[0] == fact]
            said += [data[fact]] if isinstance(data.get(fact), str) else []
            connection.execute(update(interactions).where(interactions.c.id == id).values(data=kept))
    return said
