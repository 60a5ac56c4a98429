"""What was paid for campaigns: a sum for each day, channel, campaign and currency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched

from sqlalchemy import BigInteger, Column, Connection, ForeignKey, Integer, Table, Text, delete, func, select

from bot.interactions import SiteKey
from bot.store.database import insert_into
from bot.store.tables import metadata

# One sum each: who tells of a day, channel and campaign again corrects it.
spend = Table(
    "spend",
    metadata,
    Column("site", Text, ForeignKey("sites.key"), primary_key=True),
    Column("day", Integer, primary_key=True),  # since 1970, in UTC
    Column("channel", Text, primary_key=True),
    Column("campaign", Text, primary_key=True),  # "": of the channel, of no campaign
    Column("currency", Text, primary_key=True),
    Column("amount", BigInteger, nullable=False),  # in minor units
)
AT_ONCE = 500


@dataclass(frozen=True)
class Spent:
    """`day` is since 1970, `amount` in minor units; the campaign is "" where only the channel is known."""

    day: int
    channel: str
    campaign: str
    currency: str
    amount: int


@dataclass(frozen=True)
class Change:
    """What telling of a list did."""

    new: int
    corrected: int
    same: int


def note_spend(connection: Connection, site: SiteKey, rows: Sequence[Spent]) -> Change:
    """Keeps all of them; what was told of the same day, channel, campaign and currency before is corrected.

    Of two rows for the same the last one counts: sums are for who reads the file.
    """
    told = {_key(row): row for row in rows}
    known = _known(connection, site, {row.day for row in told.values()})
    changed = [row for key, row in told.items() if known.get(key) != row.amount]
    for some in batched(changed, AT_ONCE):
        kept = insert_into(connection, spend).values([{"site": site, **vars(row)} for row in some])
        connection.execute(
            kept.on_conflict_do_update(
                index_elements=["site", "day", "channel", "campaign", "currency"],
                set_={"amount": kept.excluded.amount},
            )
        )
    new = sum(_key(row) not in known for row in changed)
    return Change(new, len(changed) - new, len(told) - len(changed))


def known_spend(connection: Connection, site: SiteKey, days: Iterable[int]) -> dict[tuple[int, str, str, str], int]:
    """What is kept of these days: the amount by (day, channel, campaign, currency)."""
    return _known(connection, site, set(days))


def spent_between(connection: Connection, site: SiteKey, first: int, last: int) -> list[Spent]:
    """The sums of these days, both inclusive, by channel, campaign and currency; their `day` is the first."""
    rows = connection.execute(
        select(spend.c.channel, spend.c.campaign, spend.c.currency, func.sum(spend.c.amount).label("amount"))
        .where(spend.c.site == site, spend.c.day >= first, spend.c.day <= last)
        .group_by(spend.c.channel, spend.c.campaign, spend.c.currency)
        .order_by(spend.c.channel, spend.c.campaign, spend.c.currency)
    )
    return [Spent(first, row.channel, row.campaign, row.currency, int(row.amount)) for row in rows]


def drop_spend(connection: Connection, site: SiteKey, first: int, last: int) -> int:
    """Forgets what was paid on these days, both inclusive; how many rows that were."""
    gone = delete(spend).where(spend.c.site == site, spend.c.day >= first, spend.c.day <= last)
    return connection.execute(gone).rowcount


def _key(row: Spent) -> tuple[int, str, str, str]:
    return row.day, row.channel, row.campaign, row.currency


def _known(connection: Connection, site: SiteKey, days: set[int]) -> dict[tuple[int, str, str, str], int]:
    if not days:
        return {}
    rows = connection.execute(
        select(spend).where(spend.c.site == site, spend.c.day >= min(days), spend.c.day <= max(days))
    )
    return {(row.day, row.channel, row.campaign, row.currency): row.amount for row in rows}
