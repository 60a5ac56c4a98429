"""Everybody of a window who is no noise, in a table of DuckDB, and what is known of who they are beside it.

`everybody`: a row a person, as the question `in_segments` has them, with what it took and cost to
serve them. `traits`: (person, attribute, value), once each.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.insights.profiles.costs import SERVED, Costs
from bot.insights.profiles.facts import Known
from bot.insights.profiles.whose import PERSON

if TYPE_CHECKING:
    import duckdb

FIRSTS = ("channel", "campaign", "page", "country", "language", "device")
"""Of these the first that is known in the window counts, as in the segments."""
ATTRIBUTES = {
    "place": "where they say that they live",
    "company": "where they say that they work, else the host of a work address",
    "country": "as the operator's proxy tells",
    "language": "that their browser asks for",
    "device": "that they came with first",
    "channel": "that led them here first",
    "campaign": "of their first visit that had one",
    "page": "the first they saw",
    "need": "what they say they look for",
    "interest": "what they say interests them",
    "topic": "what their messages were about",
    "objection": "what they objected to",
    "complaint": "what they complained about",
}
# The words of all of these are constants of this module.
# ruff: noqa: S608
_BROWSERS = f"""
    SELECT visitor, any_value(customer) AS customer,
        {", ".join(f"arg_min({name}, ts_us) FILTER ({name} <> '') AS {name}" for name in FIRSTS)},
        {", ".join(f"min(ts_us) FILTER ({name} <> '') AS {name}_at" for name in FIRSTS)}
    FROM log WHERE type = 'page_view' AND (visitor IS NOT NULL OR customer IS NOT NULL) GROUP BY visitor,
        CASE WHEN visitor IS NULL THEN customer END
"""
_FIRSTS = f"""
    WITH one AS ({_BROWSERS})
    SELECT {PERSON} AS person, {", ".join(f"arg_min(one.{name}, one.{name}_at) AS {name}" for name in FIRSTS)}
    FROM one LEFT JOIN who USING (visitor) GROUP BY person
"""
_HEARD = """
    SELECT visitor, customer, TRY(from_json(json_extract(data, '$.topics'), '["VARCHAR"]')) AS topics,
        TRY(from_json(json_extract(data, '$.statements'), '[{"kind":"VARCHAR","topics":["VARCHAR"]}]')) AS statements
    FROM log WHERE type = 'understanding' AND (visitor IS NOT NULL OR customer IS NOT NULL)
"""
_SAID = f"""
    WITH heard AS ({_HEARD}), stated AS (SELECT visitor, customer, unnest(statements) AS made FROM heard),
    one AS (
        SELECT visitor, customer, 'topic' AS attribute, unnest(topics) AS value FROM heard
        UNION ALL SELECT visitor, customer, made.kind, unnest(made.topics) FROM stated
            WHERE made.kind IN ('objection', 'complaint')
        UNION ALL SELECT visitor, customer, attribute, lower(value) FROM facts)
    SELECT DISTINCT {PERSON} AS person, attribute, value FROM one LEFT JOIN who USING (visitor)
"""
_UNWILLING = """
    SELECT CASE WHEN who.customer IS NULL THEN 'v:' || visitor ELSE 'c:' || who.customer END AS person
    FROM unmeasured LEFT JOIN who USING (visitor)
"""


@dataclass(frozen=True)
class Tables:
    people: int
    left_out: int
    """Who would be told of, but does not agree, or agrees no longer, to be measured."""


def make_tables(connection: "duckdb.DuckDBPyConnection", currency: str, known: Known, costs: Costs) -> Tables:
    """Makes `everybody` and `traits`."""
    from bot.insights.log.questions.asked import sql_of
    from bot.insights.log.questions.segments import in_segments

    connection.register("facts", known.facts).register("unmeasured", known.unmeasured)
    connection.execute(f"CREATE TEMP TABLE unwilling AS SELECT DISTINCT person FROM ({_UNWILLING})")
    minute, answer = costs.of_micros(currency)
    connection.execute(
        f"""CREATE TEMP TABLE everybody AS SELECT found.*, coalesce(staff_us, 0) AS staff_us,
        coalesce(bot_answers, 0) AS bot_answers,
        round((coalesce(staff_us, 0) / 60e6 * {minute:d} + coalesce(bot_answers, 0) * {answer:d}) / 1e6)::BIGINT
            AS served
        FROM ({sql_of(in_segments, currency)}) AS found LEFT JOIN ({SERVED}) USING (person)
        WHERE segment <> 'noise'"""
    )
    (all_of_them,) = _one(connection, "SELECT count(*) FROM everybody")
    connection.execute("DELETE FROM everybody WHERE person IN (SELECT person FROM unwilling)")
    (people,) = _one(connection, "SELECT count(*) FROM everybody")
    connection.execute(
        f"""CREATE TEMP TABLE traits AS
        SELECT person, attribute, value
        FROM (UNPIVOT ({_FIRSTS}) ON {", ".join(FIRSTS)} INTO NAME attribute VALUE value)
        WHERE person IN (SELECT person FROM everybody)
        UNION ALL SELECT * FROM ({_SAID}) WHERE value <> '' AND person IN (SELECT person FROM everybody)"""
    )
    return Tables(people, all_of_them - people)


def _one(connection: "duckdb.DuckDBPyConnection", sql: str) -> tuple[int, ...]:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row
