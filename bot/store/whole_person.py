"""Everything that is kept about one person: in numbers before it is erased, and whole when they ask for it."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, or_, select

from bot.interactions import ConversationId, Kind, Microseconds, rfc3339
from bot.money import decimal_text
from bot.store.ad_consents import ad_consents, of_person
from bot.store.console_tables import audit, conversation_labels, invitations, labels, nobody_came, reviews, staff
from bot.store.forget import Reach, reach
from bot.store.import_tables import import_rows
from bot.store.mail_tables import mails
from bot.store.order_addresses import own_addresses
from bot.store.tables import (
    conversations,
    files,
    identities,
    interactions,
    messages,
    profiles,
    purchases,
    visitors,
)
from bot.store.valued_lot import of_people, valued_lot

ROWS = 50_000
"""Of each kind that an export holds: more than anybody leaves behind."""
SECRET = frozenset({"token_hash", "dialogue", "digest", "payload", "turn", "learned"})
"""What serves the machine alone, or would open something to whoever reads the export."""


@dataclass(frozen=True)
class Holdings:
    """What erasing a person takes away, and how many orders stay as money without a person."""

    conversations: int
    messages: int
    files: int
    page_views: int
    other_events: int
    browsers: int
    customers: tuple[str, ...]
    orders: int


@dataclass(frozen=True)
class Asked:
    """Who asked for the person to be erased, and when."""

    by: str
    at: Microseconds


def holdings(connection: Connection, conversation: ConversationId) -> Holdings | None:
    """None when the conversation is not there (any more)."""
    whose = reach(connection, conversation)
    if whose is None:
        return None
    views = interactions.c.type == Kind.PAGE_VIEW.value
    money = interactions.c.type.in_((Kind.PURCHASE.value, Kind.REFUND.value, Kind.STATUS.value))
    log = _log_of(whose)
    return Holdings(
        conversations=len(whose.conversations),
        messages=_count(connection, messages, messages.c.conversation.in_(whose.conversations)),
        files=_count(connection, files, files.c.conversation.in_(whose.conversations)),
        page_views=_count(connection, interactions, and_(log, views)),
        other_events=_count(connection, interactions, and_(log, ~views, ~money)),
        browsers=len(whose.visitors),
        customers=whose.customers,
        orders=_count(connection, purchases, and_(_bought_by(whose), purchases.c.type == Kind.PURCHASE.value)),
    )


def asked_to_erase(connection: Connection, conversation: ConversationId) -> Asked | None:
    """The last who asked an admin to erase who leads this conversation."""
    asked = select(staff.c.name, audit.c.at).join(staff, staff.c.id == audit.c.staff)
    about = asked.where(audit.c.subject == f"conversation:{conversation}", audit.c.act == "asked_to_erase")
    row = connection.execute(about.order_by(audit.c.at.desc()).limit(1)).one_or_none()
    return None if row is None else Asked(row.name, row.at)


def everything(connection: Connection, conversation: ConversationId, *, at: Microseconds) -> bytes | None:
    """All of it as one JSON document, for the person themselves; None when the conversation is not there."""
    whose = reach(connection, conversation)
    if whose is None:
        return None
    return json.dumps(all_of(connection, whose, at=at), ensure_ascii=False, indent=1).encode("utf-8", "replace")


def all_of(connection: Connection, whose: Reach, *, at: Microseconds) -> dict[str, Any]:
    """All that is kept of the person: rows by what they are of, and when it was looked up."""
    ids = [f"visitor:{one}" for one in whose.visitors] + [f"customer:{whose.site}:{one}" for one in whose.customers]
    of_site = identities.c.site == whose.site
    stuck = conversation_labels.c
    linked = or_(identities.c.visitor.in_(whose.visitors), identities.c.customer.in_(whose.customers))
    parts: dict[str, Select[Any]] = {
        "visitors": select(visitors).where(visitors.c.id.in_(whose.visitors)).order_by(visitors.c.id),
        "customers": select(identities).where(of_site, linked).order_by(identities.c.id),
        "profiles": select(profiles).where(profiles.c.id.in_(ids)).order_by(profiles.c.id),
        "conversations": _in(conversations, conversations.c.id, whose).order_by(conversations.c.id),
        "messages": _in(messages, messages.c.conversation, whose).order_by(messages.c.conversation, messages.c.seq),
        "files": _in(files, files.c.conversation, whose).order_by(files.c.at, files.c.id),
        "interactions": select(interactions).where(_log_of(whose)).order_by(interactions.c.id),
        "purchases": select(purchases).where(_bought_by(whose)).order_by(purchases.c.at, purchases.c.id),
        "ad_consents": select(ad_consents)
        .where(of_person(whose.site, whose.customers, own_addresses(connection, whose.site, customers=whose.customers)))
        .order_by(ad_consents.c.at, ad_consents.c.id),
        "reviews": _in(reviews, reviews.c.conversation, whose).order_by(reviews.c.created_at, reviews.c.id),
        "labels": select(stuck.conversation, labels.c.name, stuck.at)
        .join(labels, labels.c.id == stuck.label)
        .where(stuck.conversation.in_(whose.conversations))
        .order_by(stuck.conversation, labels.c.folded),
        "nobody_came": _in(nobody_came, nobody_came.c.conversation, whose).order_by(nobody_came.c.at),
        "mails": _in(mails, mails.c.conversation, whose).order_by(mails.c.created_at, mails.c.id),
        "imports": select(import_rows.c["import"], import_rows.c.number, import_rows.c.body)
        .where(import_rows.c.site == whose.site, import_rows.c.customer.in_(whose.customers))
        .order_by(import_rows.c["import"], import_rows.c.number),
        "valued_lot": select(valued_lot)
        .where(of_people(whose.site, whose.visitors, whose.customers))
        .order_by(valued_lot.c.at, valued_lot.c.person),
        "invitations": select(invitations)
        .where(invitations.c.visitor.in_(whose.visitors))
        .order_by(invitations.c.at, invitations.c.id),
    }
    told: dict[str, Any] = {"site": whose.site, "made_at": rfc3339(at)}
    for name, query in parts.items():
        told[name] = [_plain(dict(row)) for row in connection.execute(query.limit(ROWS)).mappings()]
    return told


def _in(table: Table, column: ColumnElement[str], whose: Reach) -> Select[Any]:
    return select(table).where(column.in_(whose.conversations))


def _log_of(whose: Reach) -> ColumnElement[bool]:
    of_customer = and_(interactions.c.site == whose.site, interactions.c.customer.in_(whose.customers))
    return or_(
        interactions.c.visitor.in_(whose.visitors),
        of_customer,
        interactions.c.conversation.in_(whose.conversations),
    )


def _bought_by(whose: Reach) -> ColumnElement[bool]:
    theirs = or_(purchases.c.visitor.in_(whose.visitors), purchases.c.customer.in_(whose.customers))
    return and_(purchases.c.site == whose.site, theirs)


def _count(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(which)).scalar_one()


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row for people: times as RFC 3339, money as decimal text; what is not there is left out."""
    values = {name: value for name, value in row.items() if name not in SECRET and value is not None}
    currency = values.get("currency")
    for name, value in values.items():
        if name in ("at", "since") or name.endswith("_at"):
            values[name] = rfc3339(value)
        elif name in ("value", "margin") and isinstance(value, int) and isinstance(currency, str):
            values[name] = decimal_text(value, currency)
    return values
