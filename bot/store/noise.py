"""Who is left out of reports: robots and the shop's own people, with all that is known to be theirs."""

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from bot.interactions import ConversationId, SiteKey, VisitorId
from bot.store.conversations import Gone, find
from bot.store.tables import conversations, identities, visitors
from bot.store.visitors import mark_staff


def robots_and_staff(connection: Connection, site: SiteKey) -> set[VisitorId]:
    """The visitors who are robots or staff, with all browsers of the same customer."""
    asked = select(visitors.c.id).where(visitors.c.site == site, _is_noise(site, visitors.c.id))
    return set(connection.execute(asked.order_by(visitors.c.id)).scalars())


def talks_of_noise(connection: Connection, site: SiteKey) -> set[ConversationId]:
    """The conversations of robots and staff: the log names who talks only where they agreed to it."""
    asked = select(conversations.c.id).where(conversations.c.site == site, is_noise(site))
    return set(connection.execute(asked.order_by(conversations.c.id)).scalars())


def claim(connection: Connection, conversation: ConversationId, *, ours: bool) -> None:
    """Says that one of the shop's own people led the conversation, or takes it back: the browser goes with it."""
    known = find(connection, conversation, lock=True)
    if known is None:
        raise Gone
    connection.execute(update(conversations).where(conversations.c.id == conversation).values(ours=ours))
    if known.visitor is not None:
        mark_staff(connection, known.visitor, staff=ours)


def is_noise(site: SiteKey) -> ColumnElement[bool]:
    """Whether a row of `conversations` is a robot's or of staff. Only looks up: a site may have a million visitors."""
    theirs = or_(_is_noise(site, conversations.c.visitor), _is_of_noise(site, conversations.c.customer))
    return or_(conversations.c.ours, theirs)


def _is_noise(site: SiteKey, visitor: ColumnElement[str]) -> ColumnElement[bool]:
    themselves, known = visitors.alias(), identities.alias()
    marked = select(themselves.c.id).where(themselves.c.id == visitor, or_(themselves.c.robot, themselves.c.staff))
    linked = select(known.c.id).where(
        known.c.site == site,
        known.c.visitor == visitor,
        known.c.undone_at.is_(None),
        _is_of_noise(site, known.c.customer),
    )
    return or_(marked.exists(), linked.exists())


def _is_of_noise(site: SiteKey, customer: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether one of the customer's browsers is marked."""
    theirs, marked = identities.alias(), visitors.alias()
    asked = select(theirs.c.id).where(
        theirs.c.site == site,
        theirs.c.customer == customer,
        theirs.c.undone_at.is_(None),
        and_(marked.c.id == theirs.c.visitor, or_(marked.c.robot, marked.c.staff)),
    )
    return asked.exists()
