"""Who of those that wait has bought most: so that staff come to them first."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from bot.interactions import ConversationId, Kind, SiteKey
from bot.store.inbox import Line
from bot.store.tables import purchases

TOP_SHARE = 0.1
FEWEST_BUYERS = 10
"""Of fewer a tenth is nobody, or anybody."""
_BOUGHT = purchases.c.type.in_((Kind.PURCHASE.value, Kind.REFUND.value))
_NET = func.sum(case((purchases.c.type == Kind.REFUND.value, -purchases.c.value), else_=purchases.c.value))


def thresholds(connection: Connection, site: SiteKey) -> dict[str, int]:
    """By currency, what the top tenth of the buyers have spent at least, in minor units."""
    person = func.coalesce(purchases.c.customer, purchases.c.visitor)
    bought = and_(purchases.c.site == site, _BOUGHT, person.is_not(None))
    spent = _NET.label("spent")
    each = select(purchases.c.currency, spent).where(bought).group_by(purchases.c.currency, person).having(spent > 0)
    buyers = each.subquery()
    counted = select(buyers.c.currency, func.count()).group_by(buyers.c.currency).order_by(buyers.c.currency)
    found: dict[str, int] = {}
    for currency, number in connection.execute(counted).all():
        if number >= FEWEST_BUYERS:
            of_currency = select(buyers.c.spent).where(buyers.c.currency == currency)
            last = of_currency.order_by(buyers.c.spent.desc()).offset(int(number * TOP_SHARE) - 1).limit(1)
            found[currency] = int(connection.execute(last).scalar_one())
    return found


def spent(connection: Connection, lines: Sequence[Line]) -> dict[ConversationId, dict[str, int]]:
    """What each one's visitor or customer has spent, purchases less refunds, by currency."""
    sites = {line.site for line in lines}
    rows = [row for site in sorted(sites) for row in _bought(connection, site, lines)]
    found: dict[ConversationId, dict[str, int]] = {}
    for line in lines:
        theirs = found.setdefault(line.id, {})
        for site, customer, visitor, currency, net in rows:
            is_theirs = line.customer == customer if customer is not None else line.visitor == visitor
            if site == line.site and is_theirs:
                theirs[currency] = theirs.get(currency, 0) + net
    return found


def spent_by(connection: Connection, site: SiteKey, customer: str | None, visitor: str | None) -> dict[str, int]:
    """What somebody has spent, purchases less refunds, by currency; by their id as a customer, if they have one."""
    c = purchases.c
    whose = c.customer == customer if customer is not None else c.visitor == visitor
    if customer is None and visitor is None:
        return {}
    query = select(c.currency, _NET.label("net")).where(c.site == site, _BOUGHT, whose)
    return {row.currency: int(row.net) for row in connection.execute(query.group_by(c.currency).order_by(c.currency))}


def _bought(
    connection: Connection, site: str, lines: Sequence[Line]
) -> list[tuple[str, str | None, str | None, str, int]]:
    here = [line for line in lines if line.site == site]
    customers = [line.customer for line in here if line.customer]
    visitors = [line.visitor for line in here if line.visitor]
    if not customers and not visitors:
        return []
    c = purchases.c
    whose: ColumnElement[bool] = or_(c.customer.in_(customers), c.visitor.in_(visitors))
    query = select(c.customer, c.visitor, c.currency, _NET.label("net")).where(c.site == site, _BOUGHT, whose)
    grouped = query.group_by(c.customer, c.visitor, c.currency).order_by(c.customer, c.visitor, c.currency)
    # PostgreSQL's sum of whole numbers is a decimal.
    return [(site, row.customer, row.visitor, row.currency, int(row.net)) for row in connection.execute(grouped)]
