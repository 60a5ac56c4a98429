"""What a log says of its customers' value: the cells, the forecast, its backtest, and who is expected to bring most."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.insights.log.questions import segments as money
from bot.insights.log.questions.asked import Row, rows_of
from bot.insights.profiles.costs import Costs
from bot.insights.segments import DEFAULT_CURRENCY
from bot.insights.value import reading, rfm
from bot.insights.value.backtest import Backtest, backtest
from bot.insights.value.forecast import Forecast, Model, Total, model_of
from bot.insights.value.histories import Numbers, Places
from bot.insights.value.profit import Profit, profit_of
from bot.insights.value.reading import Customers
from bot.store.spend import Spent

if TYPE_CHECKING:
    import duckdb

HORIZONS = (90, 365)
SHORTEST, FOR_A_YEAR = 28, 180
"""Days that a log has to cover to be told of at all, and to be told of for a year ahead."""
TOP = 50
NO_COSTS = Costs()


@dataclass(frozen=True)
class Ahead:
    """What is expected in so many days; `money` is None where spending can't be told."""

    days: int
    orders: Total
    money: Total | None


@dataclass(frozen=True)
class One:
    """A customer who is expected to bring much. Money is in minor units."""

    person: str
    group: rfm.Group | None
    orders: int
    spent: int
    margin: int | None
    left: int | None
    """The margin less what serving and reaching them cost, as far as that is known."""
    last_day: int
    alive: float | None
    """None for who ordered once, of whom nothing tells."""
    expected: tuple[tuple[int, float, float | None], ...]
    """(days, orders, money) of each horizon."""
    likely: tuple[int, int]
    """Between how many orders 95 of 100 such customers make in the first horizon."""


@dataclass(frozen=True)
class Told:
    """Days are since 1970. Without a model there is no forecast, and nobody is ranked."""

    currency: str
    currencies: list[Row]
    customers: Customers
    left: Profit
    day: int | None
    cells: list[rfm.Cell]
    model: Model | None
    alive: float | None
    ahead: tuple[Ahead, ...]
    unlike: float | None
    """The correlation of how often with how much, which the model takes to be none."""
    cut: int | None
    backtest: Backtest | None
    top: tuple[One, ...]


def told(
    connection: "duckdb.DuckDBPyConnection", since: int, costs: Costs = NO_COSTS, spent: Sequence[Spent] = ()
) -> Told:
    """Of all customers who first ordered on the day `since` or later, in the currency of most orders.

    `costs` are of serving them; `spent` is what was spent on campaigns from that day on.
    """
    currencies = rows_of(connection, money.currencies)
    main = min(currencies, key=lambda row: (-row["orders"], row["currency"]), default=None)
    currency = main["currency"] if main is not None and main["orders"] else DEFAULT_CURRENCY
    found, day = reading.customers(connection, currency, since), reading.last_day(connection)
    fifths = _fifths(found)
    cells = rfm.cells(*fifths[:2], found.spent[fifths[2]]) if fifths else []
    left = profit_of(connection, found, currency, costs, spent)
    nothing = Told(currency, currencies, found, left, day, cells, None, None, (), None, None, None, ())
    if day is None or not len(found) or day - int(found.first.min()) < SHORTEST:
        return nothing
    histories = found.histories(day)
    model = model_of(histories)
    if model is None:
        return nothing
    forecast, span = Forecast(model, histories), day - int(found.first.min())
    horizons = [days for days in HORIZONS if days <= HORIZONS[0] or span >= FOR_A_YEAR]
    cut = int(found.first.min()) + span // 2
    return Told(
        currency,
        currencies,
        found,
        left,
        day,
        cells,
        model,
        float(forecast.alive().sum()) if forecast.can_tell_who_left else None,
        tuple(Ahead(days, forecast.all_orders(days), forecast.all_money(days)) for days in horizons),
        _unlike(found),
        cut,
        _held_out(connection, currency, since, cut, day),
        _top(connection, found, left, forecast, horizons, fifths),
    )


def _held_out(
    connection: "duckdb.DuckDBPyConnection", currency: str, since: int, cut: int, day: int
) -> Backtest | None:
    known = reading.before(connection, currency, since, cut, day)
    histories = known.customers.histories(cut)
    model = model_of(histories)
    return None if model is None else backtest(model, histories, known.customers.spent.astype(np.float64), known.came)


def _fifths(found: Customers) -> tuple[Places, Places, Places] | None:
    """Of recency and of frequency, and whose they are: only who paid more than they got back is a buyer."""
    buyers = np.flatnonzero(found.spent > 0)
    if len(buyers) < rfm.FEWEST:
        return None
    recency = rfm.fifths(found.last[buyers])
    return recency, rfm.fifths(found.orders[buyers], found.spent[buyers]), buyers


def _unlike(found: Customers) -> float | None:
    again = (found.paid > 0) & (found.repeat_spent > 0)
    if int(again.sum()) < 3:
        return None
    often, much = found.paid[again], np.log(found.repeat_spent[again] / found.paid[again])
    return float(np.corrcoef(often, much)[0, 1]) if often.std() > 0 and much.std() > 0 else None


def _top(
    connection: "duckdb.DuckDBPyConnection",
    found: Customers,
    left: Profit,
    forecast: Forecast,
    horizons: list[int],
    fifths: tuple[Places, Places, Places] | None,
) -> tuple[One, ...]:
    """Who is expected to bring most within the longest horizon; of equals, who spent more."""
    orders, mean = {days: forecast.orders(days) for days in horizons}, forecast.mean_order()
    worth = orders[horizons[-1]] * (1.0 if mean is None else mean)
    best = np.lexsort((np.arange(len(found)), -found.spent, -worth))[:TOP]
    groups: dict[int, rfm.Group] = {}
    if fifths is not None:
        places = np.searchsorted(fifths[2], best)
        groups = {
            int(who): rfm.group_of(int(fifths[0][place]), int(fifths[1][place]))
            for who, place in zip(best, places, strict=True)
            if place < len(fifths[2]) and fifths[2][place] == who
        }
    low, high = forecast.likely_orders(best, horizons[0])
    alive = forecast.alive() if forecast.can_tell_who_left else None
    return tuple(
        One(
            person,
            groups.get(int(who)),
            int(found.orders[who]),
            int(found.spent[who]),
            int(found.margin[who]) if found.margins[who] == found.orders[who] else None,
            round(float(left.each[who])) if found.margins[who] == found.orders[who] else None,
            int(found.last[who]),
            float(alive[who]) if alive is not None and found.repeats[who] else None,
            tuple((days, float(orders[days][who]), _worth(orders[days], mean, int(who))) for days in horizons),
            (int(low[number]), int(high[number])),
        )
        for number, (who, person) in enumerate(zip(best, reading.names(connection, best), strict=True))
    )


def _worth(orders: Numbers, mean: Numbers | None, who: int) -> float | None:
    return None if mean is None else float(orders[who] * mean[who])
