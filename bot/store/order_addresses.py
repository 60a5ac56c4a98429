"""The mail addresses that people gave with their orders, or the shop told: whom mail may reach, and whose one is."""

from collections.abc import Collection, Sequence
from itertools import batched

from sqlalchemy import Connection, or_, select

from bot.interactions import SiteKey
from bot.profiles import ProfileId
from bot.store.mail_stops import is_stopped
from bot.store.profiles import find_profiles
from bot.store.tables import purchases
from bot.store.visitors import ledger

AT_ONCE = 500


def addresses_of(connection: Connection, site: SiteKey, people: Sequence[str]) -> dict[str, str]:
    """Of each person (c:CUSTOMER or v:VISITOR) the address of their latest order, else the one that the shop told of
    the customer, if any and if mail may go there."""
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
    without = {ProfileId(f"customer:{site}:{one}"): f"c:{one}" for one in customers if f"c:{one}" not in found}
    for some in batched(without, AT_ONCE):
        for profile in find_profiles(connection, some):
            # What was merely said in a chat may be anybody's.
            if (told := profile.fact("email")) is not None and told.verified:
                found[without[profile.id]] = told.value
    return {one: found[one] for one in people if one in found and not is_stopped(connection, site, found[one])}


def own_addresses(
    connection: Connection, site: SiteKey, *, customers: Collection[str], visitors: Collection[str] = ()
) -> set[str]:
    """The addresses of these customers: of their orders, as they were named, or their id itself.

    With `visitors`, those too that were typed into these browsers' orders: anybody can type any address there.
    """
    whose = or_(purchases.c.customer.in_(customers), purchases.c.visitor.in_(visitors))
    bought = select(purchases.c.email).where(purchases.c.site == site, whose, purchases.c.email.is_not(None))
    profiles = find_profiles(connection, [ProfileId(f"customer:{site}:{one}") for one in sorted(customers)])
    named = {told.value for one in profiles if (told := one.fact("email")) is not None}
    return {*connection.execute(bought.distinct()).scalars(), *named, *(one for one in customers if "@" in one)}
