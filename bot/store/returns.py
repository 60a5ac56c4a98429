"""Who comes back to their conversation, and what is new to them since they left."""

import secrets
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, or_, select

from bot.conversation import Owner
from bot.interactions import Kind, Microseconds, as_datetime
from bot.profiles import Told
from bot.spoken import Language, language_of
from bot.store.conversations import Conversation, Message, find, say, touch
from bot.store.profiles import find_profile
from bot.store.tables import conversations, interactions, messages, purchases
from bot.welcome import AWAY, PERSON, Need, OrderNews, Return, welcome

WELCOME = "welcome-"
"""How the ids of welcomes begin, by which the last one is found."""
LAST_SAID = 8


def come_back(
    connection: Connection,
    conversation: str,
    *,
    at: Microseconds,
    timezone: ZoneInfo,
    language: str | None = None,
    valued: bool = False,
) -> Message | None:
    """Notes that the browser is here, and welcomes whoever was away and agreed to be remembered; the words, if any.

    Two windows that open at once are one return: the second finds the first's sign of life.
    """
    found = find(connection, conversation, lock=True)
    if found is None:
        return None
    since = _last_here(connection, found)
    touch(connection, found.id, at=at)
    may = found.memory and found.owns_visitor and found.visitor is not None and found.standing.owner is Owner.BOT
    if not may or at - since < AWAY.total_seconds() * 1_000_000:
        return None
    spoken = _language(connection, found, language)
    said = welcome(replace(_return(connection, found, since, at, timezone), valued=valued), spoken)
    if said is None:
        return None
    person = {"id": secrets.token_urlsafe(12), "title": PERSON[spoken], "payload": "/ask_person"}
    return say(
        connection,
        found,
        sender="bot",
        text=said.text,
        at=at,
        id=f"{WELCOME}{at}",
        buttons=[person] if said.offers_person else [],
        data={"welcome": True},
    )


def _last_here(connection: Connection, conversation: Conversation) -> Microseconds:
    """The visitor's last sign of life: a page with the chat on it was loaded, or something said."""
    theirs = (messages.c.conversation == conversation.id) & (messages.c.sender == "visitor")
    spoke = connection.execute(select(func.max(messages.c.at)).where(theirs)).scalar() or 0
    used = select(conversations.c.token_used_at).where(conversations.c.id == conversation.id)
    return Microseconds(max(spoke, connection.execute(used).scalar_one()))


def _return(
    connection: Connection, conversation: Conversation, since: Microseconds, at: Microseconds, timezone: ZoneInfo
) -> Return:
    profile = find_profile(connection, f"visitor:{conversation.visitor}")
    facts = [] if profile is None else [one for one in profile.facts if one.conversation == conversation.id]
    of_kind = {fact.kind: fact for fact in facts}
    welcomed = _last_welcome(connection, conversation)
    need = of_kind.get("need")
    fresh = need is not None and (welcomed is None or need.at > welcomed[1])
    name = of_kind.get("name")
    return Return(
        today=as_datetime(at).astimezone(timezone).date(),
        name=None if name is None else name.value,
        order=_order_news(connection, conversation, since, timezone),
        answered_by=_answered_by(connection, conversation),
        need=_need(connection, conversation, need) if need is not None and fresh else None,
        met_by_silence=welcomed is not None and not _spoke_after(connection, conversation, welcomed[0]),
    )


def _last_welcome(connection: Connection, conversation: Conversation) -> tuple[int, Microseconds] | None:
    """The seq of the last welcome, and when it was said."""
    welcomes = (messages.c.conversation == conversation.id) & messages.c.id.startswith(WELCOME)
    last = select(messages.c.seq, messages.c.at).where(welcomes, messages.c.sender == "bot")
    row = connection.execute(last.order_by(messages.c.seq.desc()).limit(1)).one_or_none()
    return None if row is None else (row.seq, row.at)


def _spoke_after(connection: Connection, conversation: Conversation, seq: int) -> bool:
    theirs = (messages.c.conversation == conversation.id) & (messages.c.sender == "visitor") & (messages.c.seq > seq)
    return connection.execute(select(messages.c.seq).where(theirs).limit(1)).first() is not None


def _order_news(
    connection: Connection, conversation: Conversation, since: Microseconds, timezone: ZoneInfo
) -> OrderNews | None:
    """The latest status since then of an order that is theirs for certain: this visitor's, or the proven customer's."""
    whose = [purchases.c.visitor == conversation.visitor]
    if conversation.customer is not None:
        whose.append(purchases.c.customer == conversation.customer)
    status = (purchases.c.type == Kind.STATUS.value) & (purchases.c.at > since)
    last = (
        select(purchases.c.of, purchases.c.status, purchases.c.at)
        .where(purchases.c.site == conversation.site, or_(*whose), status)
        .order_by(purchases.c.at.desc(), purchases.c.id.desc())
        .limit(1)
    )
    row = connection.execute(last).one_or_none()
    if row is None or row.of is None or row.status is None:
        return None
    return OrderNews(row.of, row.status, as_datetime(row.at).astimezone(timezone).date())


def _answered_by(connection: Connection, conversation: Conversation) -> str | None:
    unread = (messages.c.sender == "staff") & (messages.c.seq > conversation.seen_seq)
    last = select(messages.c.name).where(messages.c.conversation == conversation.id, unread)
    return connection.execute(last.order_by(messages.c.seq.desc()).limit(1)).scalar()


def _need(connection: Connection, conversation: Conversation, told: Told) -> Need:
    heard = select(interactions.c.data).where(
        interactions.c.conversation == conversation.id,
        interactions.c.seq == told.seq,
        interactions.c.type == Kind.UNDERSTANDING.value,
    )
    data = connection.execute(heard.order_by(interactions.c.id).limit(1)).scalar() or {}
    return Need(told.told_back, (data.get("from_pages") or {}).get("answered"))


def _language(connection: Connection, conversation: Conversation, of_site: str | None) -> Language:
    theirs = (messages.c.conversation == conversation.id) & (messages.c.sender == "visitor")
    said = select(messages.c.text).where(theirs).order_by(messages.c.seq.desc()).limit(LAST_SAID)
    return language_of("", connection.execute(said).scalars(), conversation.language, of_site)
