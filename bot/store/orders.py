"""Orders that visitors ask for: by number and e-mail address together, or because the site vouches for the customer."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from bot.interactions import Kind, Microseconds
from bot.mail_addresses import same_address
from bot.orders import named_by
from bot.store.conversations import Conversation
from bot.store.tables import interactions, purchases

TRIES_IN_A_CONVERSATION, TRIES_OF_A_VISITOR = 5, 10
TRIES_COUNT_FOR_US = 86_400 * 1_000_000
ORDERS_LOOKED_AT = 200


@dataclass(frozen=True)
class News:
    """The latest of an order; without a status, when it was bought."""

    number: str
    at: Microseconds
    status: str | None = None
    tracking: str | None = None


def may_try(connection: Connection, conversation: Conversation, *, at: Microseconds) -> bool:
    """Whether another order may be named: who guesses is stopped, in this conversation and in their others."""
    log = interactions.c
    if _wrong(connection, log.conversation == conversation.id) >= TRIES_IN_A_CONVERSATION:
        return False
    if conversation.visitor is None:
        return True
    lately = (log.visitor == conversation.visitor) & (log.at > at - TRIES_COUNT_FOR_US)
    return _wrong(connection, lately) < TRIES_OF_A_VISITOR


def order_of_mail(connection: Connection, site: str, *, number: str, email: str) -> News | None:
    """The order of this number that was bought with this e-mail address; None when either is another."""
    # Lower on both sides, by the database: what each calls a small letter differs, and the index is of its own.
    theirs = _orders(connection, site, func.lower(purchases.c.email) == func.lower(email))
    id = named_by(number, [row.id for row in theirs if same_address(row.email, email)])
    return next((_news(connection, site, row) for row in theirs if row.id == id), None)


def order_of_customer(connection: Connection, site: str, customer: str, *, number: str | None) -> News | None:
    """The customer's order of this number, or without one their latest."""
    theirs = _orders(connection, site, purchases.c.customer == customer)
    if number is None:
        return _news(connection, site, theirs[0]) if theirs else None
    id = named_by(number, [row.id for row in theirs])
    return next((_news(connection, site, row) for row in theirs if row.id == id), None)


def _orders(connection: Connection, site: str, whose: ColumnElement[bool]) -> list[Row[Any, Any, Any]]:
    query = select(purchases.c.id, purchases.c.email, purchases.c.at).where(
        purchases.c.site == site, purchases.c.type == Kind.PURCHASE.value, whose
    )
    query = query.order_by(purchases.c.at.desc(), purchases.c.id.desc()).limit(ORDERS_LOOKED_AT)
    return list(connection.execute(query).all())


def _news(connection: Connection, site: str, order: Row[Any, Any, Any]) -> News:
    last = connection.execute(
        select(purchases.c.status, purchases.c.tracking, purchases.c.at)
        .where(purchases.c.site == site, purchases.c.of == order.id, purchases.c.type == Kind.STATUS.value)
        .order_by(purchases.c.at.desc(), purchases.c.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return News(order.id, Microseconds(order.at))
    return News(order.id, last.at, last.status, last.tracking)


def _wrong(connection: Connection, whose: ColumnElement[bool]) -> int:
    """How many orders were named that were not found, as far as that matters."""
    rows = connection.execute(
        select(interactions.c.data)
        .where(whose, interactions.c.type == Kind.ORDER.value)
        .order_by(interactions.c.id.desc())
        .limit(TRIES_OF_A_VISITOR + TRIES_IN_A_CONVERSATION)
    )
    return sum(not data.get("found") for data in rows.scalars())
