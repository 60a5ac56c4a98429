"""The people of a log: what was known of them at a moment, and who of them turned out to be one of those sought."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.insights.likeness.known import Amount, Codes, Column, Kind, Known, Numbers
from bot.insights.log.past import Past, as_of, from_on
from bot.insights.log.questions import acquaintance as questions
from bot.insights.log.questions.asked import DAY_US, sql_of
from bot.insights.log.questions.people import paid_by_currency
from bot.insights.log.questions.segments import in_segments

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

TOP_SPENDERS, BUYERS = "top spenders", "buyers"
SEGMENTS = ("conversing buyer", "silent buyer", "conversing visitor")
SEEDS = (TOP_SPENDERS, BUYERS, *(f"{one}s" for one in SEGMENTS))
TOP_SHARE = 0.1
AMOUNTS = ("views", "days", "evenings", "weekends", "said", "opened", "orders", "spent", "largest")


@dataclass(frozen=True)
class People:
    """All who were here before a moment and are no noise, in the order of their names."""

    known: Known
    spent: Numbers
    said: Numbers
    """How many messages each said; 0 for who never talked."""


def people_at(connection: "duckdb.DuckDBPyConnection", currency: str, moment: int, *, name: str) -> People:
    """As they were known just before the moment; the table `name` has them with their names."""
    with as_of(connection, moment) as past:
        _keep(past, currency, name)
    # Sums come as decimals otherwise, each an object of its own.
    numbers = ", ".join(f'"{one}"::DOUBLE AS "{one}"' for one in (*AMOUNTS, "first", "last", "last_order"))
    table = connection.sql(
        f"SELECT {numbers}, {', '.join(questions.DIMENSIONS)} FROM {name} ORDER BY person"  # noqa: S608
    ).to_arrow_table()
    return _people(table, moment)


def leave_out(connection: "duckdb.DuckDBPyConnection", unwilling: Sequence[str]) -> None:
    """Makes the table `unwilling`: the people of these browsers, who don't agree, or agree no longer, to be measured.

    To be called before `people_at`, with none where all agree.
    """
    import pyarrow as pa

    connection.register("unmeasured", pa.table({"visitor": pa.array(unwilling, pa.string())}))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE unwilling AS SELECT DISTINCT CASE WHEN who.customer IS NULL"
        " THEN 'v:' || visitor ELSE 'c:' || who.customer END AS person FROM unmeasured LEFT JOIN who USING (visitor)"
    )


def sought(connection: "duckdb.DuckDBPyConnection", currency: str, moment: int, seed: str, *, name: str) -> Numbers:
    """1.0 for who of the table `name` was one of them from the moment on, else 0.0."""
    with from_on(connection, moment) as rest:
        if seed in (TOP_SPENDERS, BUYERS):
            sql = f"SELECT person, net FROM ({sql_of(paid_by_currency)}) WHERE currency = ? AND net > 0"  # noqa: S608
            given = [currency]
        else:
            sql = f"SELECT person, 1 AS net FROM ({sql_of(in_segments, currency)}) WHERE segment = ?"  # noqa: S608
            given = [seed.removesuffix("s")]
        rest.execute(f"CREATE OR REPLACE TEMP TABLE sought AS {sql}", given)
    joined = connection.sql(
        "SELECT coalesce(sought.net, 0)::BIGINT AS net"  # noqa: S608
        f" FROM {name} LEFT JOIN sought USING (person) ORDER BY {name}.person"
    )
    net = np.asarray(joined.to_arrow_table()["net"].to_numpy(), dtype=np.float64)
    if seed == TOP_SPENDERS:
        return _top(net)
    return (net > 0).astype(np.float64)


def names(connection: "duckdb.DuckDBPyConnection", places: Codes, *, name: str) -> list[str]:
    """c:ID of a customer, v:ID of a browser."""
    found = connection.execute(
        f"WITH numbered AS (SELECT person, row_number() OVER (ORDER BY person) - 1 AS place FROM {name})"  # noqa: S608
        " SELECT place, person FROM numbered WHERE place IN (SELECT unnest(?))",
        [[int(one) for one in places]],
    ).fetchall()
    by_place = dict(found)
    return [by_place[int(one)] for one in places]


def same(connection: "duckdb.DuckDBPyConnection", one: str, other: str) -> Codes:
    """Of each person of the table `one`, their place in `other`; -1 for who is not there."""
    found = connection.sql(
        f"WITH numbered AS (SELECT person, row_number() OVER (ORDER BY person) - 1 AS place FROM {other})"  # noqa: S608
        " SELECT coalesce(place, -1)::BIGINT AS place"
        f" FROM {one} LEFT JOIN numbered USING (person) ORDER BY {one}.person"
    )
    return np.asarray(found.to_arrow_table()["place"].to_numpy(), dtype=np.int64)


def _keep(past: Past, currency: str, name: str) -> None:
    sql = sql_of(questions.acquaintance, currency)
    past.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * EXCLUDE (noise) FROM ({sql}) WHERE noise = 0"  # noqa: S608
        " AND person NOT IN (SELECT person FROM unwilling)"
    )


def _people(table: "pa.Table", moment: int) -> People:
    latest = int(np.max(_numbers(table, "last"), initial=-1))
    amounts = {name: _numbers(table, name) for name in AMOUNTS}
    last_order = _numbers(table, "last_order")
    amounts |= {
        "days known": (moment - _numbers(table, "first")) / DAY_US,
        "days since last seen": (moment - _numbers(table, "last")) / DAY_US,
        "days since last order": np.where(last_order < 0, np.nan, (moment - last_order) / DAY_US),
    }
    columns: list[Column] = [Amount(name, values, latest) for name, values in amounts.items()]
    for name in questions.DIMENSIONS:
        coded = table[name].combine_chunks().dictionary_encode()
        codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        columns.append(Kind(name, codes, tuple(coded.dictionary.to_pylist()), latest))
    return People(Known(moment, tuple(columns)), amounts["spent"], amounts["said"])


def _numbers(table: "pa.Table", name: str) -> Numbers:
    return np.asarray(table[name].to_numpy(), dtype=np.float64)


def _top(net: Numbers) -> Numbers:
    """The tenth of the buyers who spent most; of equals, the first."""
    found, buyers = np.zeros(len(net)), int((net > 0).sum())
    found[np.lexsort((np.arange(len(net)), -net))[: int(buyers * TOP_SHARE)]] = 1.0
    return found
