"""The mail addresses that people gave with their orders, less those that want no more mail."""

from collections.abc import Sequence
from itertools import batched

from sqlalchemy import Connection, select

from bot.interactions import SiteKey
from bot.store.mail_stops import is_stopped
from bot.store.tables import purchases
from bot.store.visitors import ledger

AT_ONCE = 500


def addresses_of(connection: Connection, site: SiteKey, people: Sequence[str]) -> dict[str, str]:
    """Of each person (c:CUSTOMER or v:VISITOR) the address of their latest order, if any and if mail may go there."""
    known = ledger(connection, site)
    found: dict[str, str] = {}
    customers = [one[2:] for one in people if one.startswith("c:")]
    whole = set(people)
    browsers: list[str] = [visitor for visitor, customer in known.items() if f"c:{customer}" in whole]
    browsers += [one[2:] for one in people if one.startswith("v:")]
    for column, ids in ((purchases.c.visitor, browsers), (purchases.c.customer, customers)):
        for some in batched(ids, AT_ONCE):
            rows = connection.execute(
                select(column.label("whose"), purchases.c.email)
                .where(purchases.c.site == site, column.in_(some), purchases.c.email.is_not(None))
                .order_by(purchases.c.at, purchases.c.id)
            )
            for row in rows:
                customer = row.whose if column is purchases.c.customer else known.get(row.whose)
                found[f"v:{row.whose}" if customer is None else f"c:{customer}"] = row.email
    return {one: found[one] for one in people if one in found and not is_stopped(connection, site, found[one])}
