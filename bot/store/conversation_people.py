"""Who led conversations, and what they bought afterwards: for exports, a page of conversations at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.interactions import Kind
from bot.profiles import Profile, ProfileId, together
from bot.store.profiles import find_profiles
from bot.store.tables import interactions

LOOKED_AHEAD_US = 90 * 86_400_000_000


@dataclass(frozen=True)
class Led:
    """`profile` is of the visitor and the customer whom the conversation names; None: it names nobody who is known.

    `orders`: their purchases and refunds in the 90 days since it began: (id, at, site, type, value, currency, data).
    """

    profile: Profile | None = None
    orders: list[Any] = field(default_factory=list)


def people_of(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, Led]:
    """Of each of these conversations, at most a page of them."""
    if not rows:
        return {}
    profiles = {one.id: one for one in find_profiles(connection, [id for row in rows for id in _profiles_of(row)])}
    by_visitor = _orders(connection, rows, "visitor")
    by_customer = _orders(connection, rows, "customer")
    found = {}
    for row in rows:
        theirs = [profiles[id] for id in _profiles_of(row) if id in profiles]
        # What both say is one order.
        orders = {one.id: one for one in (*by_visitor[row.visitor], *by_customer[row.customer]) if _follows(row, one)}
        found[row.id] = Led(together(theirs) if theirs else None, [orders[id] for id in sorted(orders)])
    return found


def _profiles_of(row: Row[Any]) -> list[ProfileId]:
    visitor = [] if row.visitor is None else [ProfileId(f"visitor:{row.visitor}")]
    return visitor if row.customer is None else [*visitor, ProfileId(f"customer:{row.site}:{row.customer}")]


def _follows(row: Row[Any], order: Any) -> bool:
    # Two sites may each have a customer of this name. Asked of the store, it would read the site's whole window.
    return bool(order.site == row.site and row.created_at <= order.at < row.created_at + LOOKED_AHEAD_US)


def _orders(connection: Connection, rows: Sequence[Row[Any]], whose: str) -> defaultdict[str | None, list[Any]]:
    found: defaultdict[str | None, list[Any]] = defaultdict(list)
    log, ids = interactions.c, {getattr(row, whose) for row in rows} - {None}
    if not ids:
        return found
    for row in connection.execute(
        select(log.id, log.at, log.site, log.type, log.value, log.currency, log.data, log[whose].label("whose"))
        .where(
            log[whose].in_(ids),
            log.type.in_([Kind.PURCHASE.value, Kind.REFUND.value]),
            log.at >= min(row.created_at for row in rows),
            log.at < max(row.created_at for row in rows) + LOOKED_AHEAD_US,
        )
        .order_by(log.id)
    ):
        found[row.whose].append(row)
    return found
