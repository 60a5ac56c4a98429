"""What it is worth to answer somebody: buyers count for more, the best of them for most."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, case, func, select

from bot.interactions import Kind, SiteKey
from bot.store.tables import purchases
from bot.store.valued import thresholds

ANYBODY, BUYER, BEST = 1, 3, 5
"""Whoever asks; who has bought more than they gave back; who is among the site's top tenth of buyers."""
AT_ONCE = 500


def worth_of(connection: Connection, site: SiteKey, people: Sequence[tuple[str, str]]) -> list[int]:
    """The weight of each: ("c", customer), ("v", visitor), or ("-", conversation), of whom nothing is known."""
    best = thresholds(connection, site)
    spent: dict[tuple[str, str], dict[str, int]] = {}
    for kind, column in (("c", purchases.c.customer), ("v", purchases.c.visitor)):
        for ids in _parts([id for one, id in people if one == kind]):
            net = func.sum(case((purchases.c.type == Kind.REFUND.value, -purchases.c.value), else_=purchases.c.value))
            theirs = select(column.label("who"), purchases.c.currency, net.label("net")).where(
                purchases.c.site == site,
                purchases.c.type.in_((Kind.PURCHASE.value, Kind.REFUND.value)),
                column.in_(ids),
            )
            for row in connection.execute(theirs.group_by(column, purchases.c.currency).order_by(column)):
                # PostgreSQL's sum of whole numbers is a decimal.
                spent.setdefault((kind, row.who), {})[row.currency] = int(row.net)
    return [_worth(spent.get(one, {}), best) for one in people]


def _worth(spent: dict[str, int], best: dict[str, int]) -> int:
    if not any(net > 0 for net in spent.values()):
        return ANYBODY
    return BEST if any(currency in best and net >= best[currency] for currency, net in spent.items()) else BUYER


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
