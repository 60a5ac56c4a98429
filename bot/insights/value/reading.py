"""The customers of a log: a row of numbers each, which alone leave it; their names stay behind to be asked for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.insights.log.past import as_of
from bot.insights.log.questions import histories as questions
from bot.insights.log.questions.asked import DAY_US, sql_of
from bot.insights.value.backtest import Came
from bot.insights.value.histories import Histories, Numbers, Places

if TYPE_CHECKING:
    import duckdb

COLUMNS = ("first", "last", "repeats", "paid", "repeat_spent", "spent", "margin", "orders", "margins")


@dataclass(frozen=True)
class Customers:
    """A place each, in the order of their names. Days are since 1970; money is in minor units."""

    first: Places
    last: Places
    repeats: Places
    paid: Places
    repeat_spent: Places
    spent: Places
    margin: Places
    orders: Places
    margins: Places

    def __len__(self) -> int:
        return len(self.first)

    def histories(self, today: int) -> Histories:
        age = np.maximum(today - self.first, self.last - self.first)
        return Histories(self.repeats, self.last - self.first, age, self.paid, self.repeat_spent.astype(np.float64))


@dataclass(frozen=True)
class Before:
    """The customers as they were at a cut, and what each did afterwards."""

    customers: Customers
    came: Came
    day: int


def customers(connection: "duckdb.DuckDBPyConnection", currency: str, since: int) -> Customers:
    """All who first ordered on the day `since` or later; the table `customers` has them with their names."""
    _keep(connection, "customers", currency, since)
    return Customers(*_columns(connection, f"SELECT {', '.join(COLUMNS)} FROM customers ORDER BY person"))  # noqa: S608


def before(connection: "duckdb.DuckDBPyConnection", currency: str, since: int, cut: int, today: int) -> Before:
    """Up to and with the day `cut`, without what came later; needs `customers`."""
    with as_of(connection, (cut + 1) * DAY_US) as past:
        _keep(past, "earlier", currency, since)
    listed = ", ".join(f"earlier.{name}" for name in COLUMNS)
    found = _columns(
        connection,
        f"SELECT {listed}, greatest(0, coalesce(customers.repeats, -1) - earlier.repeats) AS later,"  # noqa: S608
        " coalesce(customers.spent, 0) - earlier.spent AS brought"
        " FROM earlier LEFT JOIN customers USING (person) ORDER BY earlier.person",
    )
    later, brought = found[-2].astype(np.float64), found[-1].astype(np.float64)
    return Before(Customers(*found[:-2]), Came(later, brought, today - cut), cut)


def last_day(connection: "duckdb.DuckDBPyConnection") -> int | None:
    """Of anything that happened: a log that ends knows nothing of the days since. None for an empty one."""
    # All of the answer: a relation can't be asked for while some of one is left.
    ((latest,),) = connection.execute("SELECT max(ts_us) FROM log").fetchall()
    return None if latest is None else int(latest) // DAY_US


def names(connection: "duckdb.DuckDBPyConnection", places: Places | Numbers) -> list[str]:
    """Of the customers at these places: c:ID of a customer, v:ID of a browser."""
    found = connection.execute(
        "WITH numbered AS (SELECT person, row_number() OVER (ORDER BY person) - 1 AS place FROM customers)"
        " SELECT place, person FROM numbered WHERE place IN (SELECT unnest(?))",
        [[int(one) for one in places]],
    ).fetchall()
    by_place = dict(found)
    return [by_place[int(one)] for one in places]


def _keep(connection: "duckdb.DuckDBPyConnection", name: str, currency: str, since: int) -> None:
    """Sums have no end in DuckDB, and 64 bits have one: nobody's orders come to so much, so who has more is no one."""
    sql = sql_of(questions.histories, currency)
    listed = ", ".join(f'TRY_CAST("{column}" AS BIGINT) AS "{column}"' for column in COLUMNS)
    known = " AND ".join(f'"{column}" IS NOT NULL' for column in COLUMNS)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM (SELECT person, {listed} FROM ({sql}))"  # noqa: S608
        f' WHERE {known} AND "first" >= {since:d}'
    )


def _columns(connection: "duckdb.DuckDBPyConnection", sql: str) -> list[Places]:
    table = connection.sql(sql).to_arrow_table()
    return [np.asarray(column.to_numpy(), dtype=np.int64) for column in table.columns]
