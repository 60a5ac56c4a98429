"""The exports whose rows the log has, as SQL to an opened log: see `log/opened.py`.

In the order of the files, which is that of time, a day or a month each; what is newer than they are comes last.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.insights.exports.columns import Column, Type, inert
from bot.store.purchases import IMPORTED, SOURCE

if TYPE_CHECKING:
    import duckdb

TOLD = (SOURCE, IMPORTED)
"""Where the log's rows come from of which the store always has more, in a table of its own."""
KNOWN = "LEFT JOIN (SELECT visitor AS known_visitor, customer AS known_as FROM who WHERE customer IS NOT NULL)"


def _of_data(name: str) -> str:
    # Most rows have no such thing, and to look for its name costs less than to read the JSON.
    return f"""CASE WHEN contains(data, '"{name}"') THEN TRY(json_extract_string(data, '$.{name}')) END"""


INTERACTIONS = f"""
    SELECT id, ts_us AS "at", site, visitor, coalesce(known_as, customer) AS customer, type, conversation, seq, turn,
        url, arm, value, currency, source, intent, confidence, sentiment,
        data
    FROM log {KNOWN} ON visitor = known_visitor
"""  # noqa: S608
EXPOSURES = f"""
    SELECT id, ts_us AS "at", site, visitor, coalesce(known_as, customer) AS customer, arm, url,
        coalesce(CASE WHEN contains(data, '"seen_first"')
            THEN TRY(json_extract_string(data, '$.props.seen_first')) = 'true' END, false) AS seen_first
    FROM log {KNOWN} ON visitor = known_visitor WHERE type = 'exposed'
"""  # noqa: S608
PURCHASES = f"""
    SELECT * FROM told UNION ALL BY NAME
    SELECT CASE type WHEN 'purchase' THEN "order" ELSE 'log:' || id END AS id, ts_us AS "at", site, type,
        CASE WHEN type <> 'purchase' THEN "order" END AS "of", visitor, coalesce(known_as, customer) AS customer,
        value, margin, currency, {_of_data("status")} AS status, '[]' AS items
    FROM log {KNOWN} ON visitor = known_visitor
    WHERE type IN ('purchase', 'refund', 'status') AND source NOT IN ({", ".join(f"'{source}'" for source in TOLD)})
        AND NOT EXISTS (
            SELECT 1 FROM told WHERE told.type = log.type AND coalesce(told."of", told.id) = log."order"
        )
"""  # noqa: S608
"""What the shop told, `told`, and what stands in the log alone. An order that was invented can be either."""
FORMULA_KNOWN = f"SELECT 1 FROM who WHERE customer <> {inert('customer')} LIMIT 1"  # noqa: S608


def inert_ones(
    connection: "duckdb.DuckDBPyConnection", columns: tuple[Column, ...], as_logged: frozenset[str]
) -> tuple[Column, ...]:
    """The columns, as words those of `as_logged` in which no cell of the opened log may begin like a formula.

    The log knows of each file which they are, and `who` has each customer once; to look at each cell again is a tenth
    of what an export costs.
    """
    leading = {name for (name,) in connection.execute("SELECT name FROM leads").fetchall()} if as_logged else set()
    if "customer" in as_logged - leading and connection.execute(FORMULA_KNOWN).fetchall():
        leading.add("customer")
    harmless = as_logged - leading
    return tuple(replace(one, type=Type.WORD) if one.name in harmless else one for one in columns)
