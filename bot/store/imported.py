"""What a file tells of orders and customers, brought into the log some rows at a time."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, func, insert, select

from bot.interactions import CustomerId, Interaction, Kind, Microseconds
from bot.store.ad_consents import Said
from bot.store.ad_consents import note as note_ad_consents
from bot.store.interactions import append
from bot.store.purchases import IMPORTED, Notice, Whose, adopt, digest_of, interaction_of, one_at_a_time, row_of
from bot.store.sites import Site
from bot.store.tables import interactions, purchases


@dataclass(frozen=True)
class Row:
    """One thing that a file tells, as JSON; `whose` it is, and what of the log was made of it."""

    number: int
    body: dict[str, Any]
    whose: str | None = None
    made: str | None = None


def body_of(notice: Notice) -> dict[str, Any]:
    return {name: value for name, value in asdict(notice).items() if value is not None}


def whose_of(body: Mapping[str, Any]) -> str | None:
    """The customer, or the mail address of one who has no id."""
    known: str | None = body.get("customer") or (body.get("email") or "").lower() or None
    return known


def known_orders(connection: Connection, site: Site, ids: Sequence[str]) -> dict[str, str]:
    """Of these, what was told before, as a digest of its content."""
    rows = select(purchases.c.id, purchases.c.digest).where(purchases.c.site == site.key, purchases.c.id.in_(ids))
    return {row.id: row.digest for row in connection.execute(rows)}


def digest_of_body(site: Site, body: Mapping[str, Any]) -> str:
    return digest_of(site, notice_of(body))


def notice_of(body: Mapping[str, Any]) -> Notice:
    return Notice(**{**body, "kind": Kind(body["kind"])})


def known_contacts(connection: Connection, site: Site, bodies: Sequence[Mapping[str, Any]]) -> set[str]:
    """The source ids of those of these contacts that were told before, in the same words."""
    ids = [source_id_of(site, body) for body in bodies]
    rows = select(interactions.c.source_id).where(interactions.c.source == IMPORTED, interactions.c.source_id.in_(ids))
    return set(connection.execute(rows).scalars())


def source_id_of(site: Site, body: Mapping[str, Any]) -> str:
    """Of a contact: the same for the same words. Keyed, so that it leads to nobody."""
    content = json.dumps(body, sort_keys=True).encode()
    return f"{site.key}:contact:{blake2b(content, key=site.salt.encode()[:64], digest_size=20).hexdigest()}"


def take_orders(connection: Connection, site: Site, rows: Sequence[Row], *, at: Microseconds) -> dict[int, str]:
    """The source id of what was made of each row; none of what came another way since it was looked at."""
    told = {row.number: notice_of(row.body) for row in rows}
    for order in sorted({one.of or one.id for one in told.values()}):
        one_at_a_time(connection, f"{site.key}:{order}")
    known = known_orders(connection, site, [one.id for one in told.values()])
    new = {number: one for number, one in told.items() if one.id not in known}
    if not new:
        return {}
    whose = _whose(connection, site, list(new.values()))
    connection.execute(
        insert(purchases),
        [row_of(site, one) | {"customer": whose[one.id].customer, "visitor": whose[one.id].visitor}
         for one in new.values()],
    )  # fmt: skip
    log = {number: interaction_of(site, one, whose[one.id], source=IMPORTED) for number, one in new.items()}
    append(connection, list(log.values()))
    _adopt_early(connection, site, {one.id: whose[one.id] for one in new.values() if one.kind is Kind.PURCHASE})
    return {number: one.source_id for number, one in log.items()}


def take_contacts(connection: Connection, site: Site, rows: Sequence[Row], *, at: Microseconds) -> dict[int, str]:
    by_mail = _customers_by_mail(connection, site, [row.body["told"].get("email") for row in rows])
    made = {row.number: _contact(site, row, by_mail, at) for row in rows}
    added = append(connection, list(made.values()))
    new = {number: one for (number, one), is_new in zip(made.items(), added, strict=True) if is_new}
    said = [_said(row, new[row.number], at) for row in rows if row.number in new and "ads" in row.body["told"]]
    note_ad_consents(connection, site.key, said, at=at)
    return {number: one.source_id for number, one in new.items()}


def _said(row: Row, made: Interaction, at: Microseconds) -> Said:
    told, agrees = row.body["told"], row.body["told"]["ads"]["agrees"]
    # A yes without a day is older than any word that has one; a no holds from when it came.
    since = Microseconds(told["ads"].get("at", 0 if agrees else at))
    return Said(address=told.get("email"), customer=made.customer, agrees=agrees, at=since, source=IMPORTED,
                source_id=made.source_id)  # fmt: skip


def _contact(site: Site, row: Row, by_mail: Mapping[str, CustomerId], at: Microseconds) -> Interaction:
    told, whose = dict(row.body["told"]), row.body["id"]
    since = Microseconds(told.pop("at", at))
    told.pop("ads", None)
    if whose == (told.get("email") or "").lower():
        whose = by_mail.get(whose, whose)
    if "city" in told:
        told["place"] = told.pop("city")
    return Interaction(
        at=since,
        site=site.key,
        kind=Kind.IDENTIFIED,
        source=IMPORTED,
        source_id=source_id_of(site, row.body),
        customer=CustomerId(whose),
        data=told,
    )


def _whose(connection: Connection, site: Site, told: Sequence[Notice]) -> dict[str, Whose]:
    """By id: the customer who is named, else the one known by the mail address, else it itself; else the order's."""
    by_mail = _customers_by_mail(connection, site, [one.email for one in told if one.customer is None])
    found: dict[str, Whose] = {}
    for one in told:
        mail = (one.email or "").lower()
        customer = CustomerId(one.customer or mail)
        found[one.id] = Whose(None, by_mail.get(customer, customer) if customer else None)
    of_order = _of_orders(connection, site, [one.of for one in told if one.of and found[one.id] == Whose()])
    for one in told:
        if one.of and found[one.id] == Whose():
            found[one.id] = found.get(one.of) or of_order.get(one.of, Whose())
    return found


def _of_orders(connection: Connection, site: Site, orders: Sequence[str]) -> dict[str, Whose]:
    if not orders:
        return {}
    table = purchases.c
    rows = select(table.id, table.visitor, table.customer).where(
        table.site == site.key, table.id.in_(orders), table.type == Kind.PURCHASE.value
    )
    return {row.id: Whose(row.visitor, row.customer) for row in connection.execute(rows)}


def _customers_by_mail(connection: Connection, site: Site, mails: Sequence[str | None]) -> dict[str, CustomerId]:
    """Whom the shop itself named beside these addresses; of an address of several, nobody."""
    wanted = sorted({mail.lower() for mail in mails if mail})
    if not wanted:
        return {}
    table, mail = purchases.c, func.lower(purchases.c.email)
    rows = (
        select(mail.label("mail"), func.min(table.customer).label("first"), func.max(table.customer).label("last"))
        .where(table.site == site.key, mail.in_(wanted), table.customer.is_not(None))
        .group_by(mail)
    )
    return {row.mail: row.first for row in connection.execute(rows) if row.first == row.last}


def _adopt_early(connection: Connection, site: Site, orders: Mapping[str, Whose]) -> None:
    """Gives orders the refunds and statuses that came before them, another way."""
    known = {order: whose for order, whose in orders.items() if whose != Whose()}
    table = purchases.c
    early = select(table.of).where(
        table.site == site.key, table.of.in_(known), table.visitor.is_(None), table.customer.is_(None)
    )
    for order in sorted(connection.execute(early.distinct()).scalars()):
        adopt(connection, site, order, known[order])
