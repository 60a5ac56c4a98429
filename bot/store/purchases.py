"""What the shop's back end tells of orders: each told once, however often and in whatever order it is sent."""

import json
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, func, select, update

from bot.interactions import CustomerId, Interaction, Kind, Microseconds, VisitorId
from bot.profiles import profile_of
from bot.store.counts import count_drop
from bot.store.database import insert_into
from bot.store.interactions import append
from bot.store.profiles import rebuild
from bot.store.sites import Site
from bot.store.tables import interactions, purchases
from bot.store.visitors import Link, find, link
from bot.visits import DropReason

SOURCE, IMPORTED = "purchase", "import"
"""Of what a shop tells as it happens, and of what came in a file."""
DOOR = "purchases"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing told of an order. Money is in minor units; `of` is the order that a refund or status is about."""

    id: str
    kind: Kind
    at: Microseconds
    of: str | None = None
    visitor: str | None = None
    customer: str | None = None
    email: str | None = None
    name: str | None = None
    value: int | None = None
    margin: int | None = None
    currency: str | None = None
    status: str | None = None
    tracking: str | None = None
    items: list[dict[str, Any]] = field(default_factory=list)


class Recorded(StrEnum):
    RECORDED = "recorded"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    """The same id came before with other content; that one stays."""


@dataclass(frozen=True)
class Whose:
    visitor: VisitorId | None = None
    customer: CustomerId | None = None


def record(connection: Connection, site: Site, notice: Notice, *, at: Microseconds) -> Recorded:
    """Keeps what the shop told, logs it and links it to whom it concerns; `at` is now.

    A visitor who never agreed or was forgotten is left out: the money is kept, the person is not.
    """
    one_at_a_time(connection, f"{site.key}:{notice.of or notice.id}")
    digest = digest_of(site, notice)
    added = connection.execute(
        insert_into(connection, purchases)
        .values(row_of(site, notice))
        .on_conflict_do_nothing(index_elements=["site", "id"])
        .returning(purchases.c.id)
    ).one_or_none()
    if added is None:
        same = select(purchases.c.digest).where(purchases.c.site == site.key, purchases.c.id == notice.id)
        known = connection.execute(same).scalar_one()
        return Recorded.DUPLICATE if known == digest else Recorded.CONFLICT
    whose = _whose(connection, site, notice, at)
    if notice.of is not None and whose == Whose():
        whose = _of_order(connection, site, notice.of)
    _set_whose(connection, site, notice.id, whose)
    append(connection, [interaction_of(site, notice, whose)])
    if notice.kind is Kind.PURCHASE and whose != Whose():
        adopt(connection, site, notice.id, whose)
    return Recorded.RECORDED


def row_of(site: Site, notice: Notice) -> dict[str, Any]:
    """What the table keeps of it; whose it is comes to that once it is known."""
    row = {name: value for name, value in asdict(notice).items() if name not in ("kind", "visitor")}
    return row | {"site": site.key, "type": notice.kind.value, "digest": digest_of(site, notice)}


def one_at_a_time(connection: Connection, order: str) -> None:
    # A refund and its order that arrive at once would each miss the other. SQLite has one writer anyway.
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(blake2b(order.encode(), digest_size=8).digest(), signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def digest_of(site: Site, notice: Notice) -> str:
    content = json.dumps(asdict(notice), sort_keys=True).encode()
    # Keyed, because it stays when the person is forgotten and must not be a way to guess who it was.
    return blake2b(content, key=site.salt.encode()[:64], digest_size=32).hexdigest()


def _whose(connection: Connection, site: Site, notice: Notice, at: Microseconds) -> Whose:
    customer = None if notice.customer is None else CustomerId(notice.customer)
    if notice.visitor is None:
        return Whose(None, customer)
    visitor = find(connection, notice.visitor, lock=True)
    if visitor is None or visitor.site != site.key:
        count_drop(connection, site.key, door=DOOR, reason=DropReason.ERASED, at=at)
        return Whose(None, customer)
    if not visitor.measure:
        count_drop(connection, site.key, door=DOOR, reason=DropReason.NO_CONSENT, at=at)
        return Whose(None, customer)
    if customer is None:
        return Whose(visitor.id)
    linked = link(connection, site.key, visitor.id, customer, evidence="purchase", at=at)
    # This browser is somebody else: the order is the customer's whom the shop named, not the browser's.
    return Whose(None if linked is Link.OTHER_CUSTOMER else visitor.id, customer)


def _of_order(connection: Connection, site: Site, order: str) -> Whose:
    row = connection.execute(
        select(purchases.c.visitor, purchases.c.customer).where(
            purchases.c.site == site.key, purchases.c.id == order, purchases.c.type == Kind.PURCHASE.value
        )
    ).one_or_none()
    return Whose() if row is None else Whose(row.visitor, row.customer)


def _set_whose(connection: Connection, site: Site, id: str, whose: Whose) -> None:
    if whose != Whose():
        connection.execute(
            update(purchases)
            .where(purchases.c.site == site.key, purchases.c.id == id)
            .values(visitor=whose.visitor, customer=whose.customer)
        )


def adopt(connection: Connection, site: Site, order: str, whose: Whose) -> None:
    """Gives the order's person the refunds and statuses that came before it."""
    early = connection.execute(
        select(purchases.c.id)
        .where(purchases.c.site == site.key, purchases.c.of == order, purchases.c.visitor.is_(None),
               purchases.c.customer.is_(None))
        .order_by(purchases.c.id)
    ).scalars().all()  # fmt: skip
    if not early:
        return
    for id in early:
        _set_whose(connection, site, id, whose)
    connection.execute(
        update(interactions)
        .where(
            interactions.c.source.in_((SOURCE, IMPORTED)),
            interactions.c.source_id.in_([f"{site.key}:{id}" for id in early]),
        )
        .values(visitor=whose.visitor, customer=whose.customer)
    )
    someone = Interaction(at=Microseconds(0), site=site.key, kind=Kind.REFUND, source="", source_id="")
    profile = profile_of(replace(someone, visitor=whose.visitor, customer=whose.customer))
    assert profile is not None
    rebuild(connection, profile, site.key)


def interaction_of(site: Site, notice: Notice, whose: Whose, *, source: str = SOURCE) -> Interaction:
    data = {
        "order": notice.of or notice.id,
        "margin": notice.margin,
        "status": notice.status,
        "name": notice.name,
        "email": notice.email,
    }
    return Interaction(
        at=notice.at,
        site=site.key,
        kind=notice.kind,
        source=source,
        source_id=f"{site.key}:{notice.id}",
        visitor=whose.visitor,
        customer=whose.customer,
        value=notice.value,
        currency=notice.currency,
        data={name: value for name, value in data.items() if value is not None},
    )
