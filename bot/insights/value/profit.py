"""What customers left: their margin, less what serving them and reaching them cost, as far as each is known.

Reaching: what was spent on a channel and its campaign is divided among the customers whose first known arrival was of
it (the rule "first"); spend that brought none of them is nobody's, and still taken off all of them together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.insights.log.questions import credit
from bot.insights.log.questions.asked import DAY_US, sql_of
from bot.insights.profiles.costs import SERVED, Costs
from bot.insights.value.histories import Numbers, Places
from bot.insights.value.reading import Customers
from bot.store.spend import Spent

if TYPE_CHECKING:
    import duckdb

US_A_MINUTE = 60e6


@dataclass(frozen=True)
class Profit:
    """Money is in minor units. `service` and `spend` are None where nobody told what it costs.

    `each` is what each customer left, in the order of their names; not of those whose orders don't all tell a margin.
    """

    margin: int
    revenue: int
    staff_minutes: float
    bot_answers: int
    service: int | None
    spend: int | None
    spend_of_nobody: int
    each: Numbers
    whole: bool
    """Whether every order tells its margin: without that there is no profit of all."""

    @property
    def left(self) -> int:
        return self.margin - (self.service or 0) - (self.spend or 0)

    @property
    def rate(self) -> float | None:
        """What is left of the revenue, by which the revenue ahead becomes profit."""
        return self.left / self.revenue if self.whole and self.revenue > 0 else None


def profit_of(
    connection: "duckdb.DuckDBPyConnection", found: Customers, currency: str, costs: Costs, spent: Sequence[Spent]
) -> Profit:
    """Of the table `customers`. `spent` are the sums by channel and campaign, of which those in `currency` count."""
    staff_us, answers = _served(connection)
    minute, answer = (one / 1e6 for one in costs.of_micros(currency))
    served = staff_us / US_A_MINUTE * minute + answers * answer
    ours = [one for one in spent if one.currency == currency]
    reached, nobody = _reached(connection, ours, len(found))
    return Profit(
        margin=sum(found.margin.tolist()),
        revenue=sum(found.spent.tolist()),
        staff_minutes=float(staff_us.sum()) / US_A_MINUTE,
        bot_answers=int(answers.sum()),
        service=round(float(served.sum())) if costs.is_set_in(currency) else None,
        spend=sum(one.amount for one in ours) if ours else None,
        spend_of_nobody=round(nobody),
        each=found.margin - served - reached,
        whole=bool(len(found)) and bool((found.margins == found.orders).all()),
    )


def _served(connection: "duckdb.DuckDBPyConnection") -> tuple[Numbers, Numbers]:
    """Of each customer the microseconds of staff and the answers of the bot."""
    table = connection.sql(
        "SELECT coalesce(staff_us, 0)::DOUBLE, coalesce(bot_answers, 0)::DOUBLE"  # noqa: S608
        f" FROM customers LEFT JOIN ({SERVED}) AS served USING (person) ORDER BY person"
    ).to_arrow_table()
    staff, answers = (np.asarray(column.to_numpy(), dtype=np.float64) for column in table.columns)
    return staff, answers


def _reached(connection: "duckdb.DuckDBPyConnection", spent: Sequence[Spent], people: int) -> tuple[Numbers, float]:
    """What was spent on each customer, and on nobody."""
    if not spent:
        return np.zeros(people), 0.0
    places, arrivals = _arrivals(connection)
    owed = np.zeros(len(arrivals))
    nobody = 0.0
    own = {(one.channel, one.campaign.casefold()) for one in spent if one.campaign}
    for one in spent:
        theirs = _whose(one, arrivals, own)
        if many := float(places[1][theirs].sum()):
            owed[theirs] += one.amount / many
        else:
            nobody += one.amount
    return owed[places[0]], nobody


def _whose(one: Spent, arrivals: list[tuple[str | None, str]], own: set[tuple[str, str]]) -> list[int]:
    """Which arrivals a sum is of: those of its campaign, else those of the channel whose campaign has no sum."""
    if one.campaign:
        wanted = (one.channel, one.campaign.casefold())
        return [place for place, arrival in enumerate(arrivals) if arrival == wanted]
    return [place for place, arrival in enumerate(arrivals) if arrival[0] == one.channel and arrival not in own]


def _arrivals(
    connection: "duckdb.DuckDBPyConnection",
) -> tuple[tuple[Places, Numbers], list[tuple[str | None, str]]]:
    """Of each customer the number of their first arrival, how many have each; and the arrivals as (channel, campaign).

    One after their first order reached nobody.
    """
    sql = sql_of(credit.first_touches)
    table = connection.sql(
        "SELECT channel, lower(campaign) AS campaign FROM customers"  # noqa: S608
        f" LEFT JOIN ({sql}) AS arrived ON arrived.toucher = customers.person"
        f' AND arrived.touched // {DAY_US} <= customers."first" ORDER BY person'
    ).to_arrow_table()
    rows = list(zip(table["channel"].to_pylist(), table["campaign"].to_pylist(), strict=True))
    numbers: dict[tuple[str | None, str], int] = {}
    which = np.array([numbers.setdefault((channel, campaign or ""), len(numbers)) for channel, campaign in rows], int)
    people = np.bincount(which, minlength=len(numbers)).astype(np.float64)
    return (which, people), list(numbers)
