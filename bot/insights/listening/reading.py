"""What was said in a window and the one before it, as tables of DuckDB beside the log that has all until its end.

`people`: (person, spent, buys, is_best) of everybody who ever paid or got back. `heard`: a row a message that was
understood, of people only: (person, ts_us, id, conversation, seq, page, sentiment, topics, statements, now), `now`
false in the window before. `said`: a row a mention, (kind, name, text, person, ts_us, id, conversation, seq, page,
now): of the kind "topic" with the topic's name and no text, of every other with the words and no name. Robots and staff
are in none, nor who agrees no longer to be measured in any of their browsers.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.insights.profiles.whose import PERSON
from bot.interactions import SiteKey
from bot.store.store import Store
from bot.store.told_facts import unmeasured_after

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LONGEST = 240
FEWEST_BUYERS = 10
"""Of fewer a tenth is nobody, or anybody: as bot/store/valued.py has it."""
# The words of all of these are constants of this module, and whole numbers.
# ruff: noqa: S608
KNOWN = "(one.visitor IS NOT NULL OR one.customer IS NOT NULL)"
_LEFT_OUT = f"""
    SELECT visitor, 'c:' || customer AS person, marked FROM who WHERE marked = 1
    UNION ALL SELECT one.visitor, {PERSON}, 0 FROM (SELECT visitor, NULL::VARCHAR AS customer FROM unmeasured) AS one
        LEFT JOIN who USING (visitor)
"""
_HEARD = f"""
    SELECT {PERSON} AS person, one.ts_us, one.id, one.conversation, one.seq, nullif(one.page, '') AS page,
        one.sentiment, TRY(from_json(json_extract(one.data, '$.topics'), '["VARCHAR"]')) AS topics,
        TRY(from_json(json_extract(one.data, '$.statements'),
            '[{{"kind":"VARCHAR","text":"VARCHAR","topics":["VARCHAR"]}}]')) AS statements
    FROM log AS one LEFT JOIN who USING (visitor)
    WHERE one.type = 'understanding' AND {KNOWN} AND one.source <> 'rasa'
"""
_SAID = f"""
    WITH stated AS (SELECT * EXCLUDE (topics, statements), unnest(statements) AS made FROM heard)
    SELECT 'topic' AS kind, unnest(list_distinct(topics)) AS name, NULL::VARCHAR AS text, person, ts_us, id,
        conversation, seq, page, now FROM heard
    UNION ALL
    SELECT made.kind, NULL, left(trim(made.text), {LONGEST:d}), person, ts_us, id, conversation, seq, page, now
    FROM stated WHERE made.kind IS NOT NULL AND trim(made.text) <> ''
"""
_ABOUT = """
    WITH stated AS (SELECT person, ts_us, id, conversation, seq, page, now, unnest(statements) AS made FROM heard)
    SELECT made.kind AS kind, unnest(list_distinct(made.topics)) AS name, trim(made.text) AS text, person, ts_us, id,
        conversation, seq, page, now FROM stated WHERE made.kind IS NOT NULL AND trim(made.text) <> ''
"""


@dataclass(frozen=True)
class Window:
    """In microseconds: `before` is where the window before begins, None where there is none."""

    since: int
    until: int
    before: int | None

    @property
    def begins(self) -> int:
        return self.since if self.before is None else self.before


@dataclass(frozen=True)
class Talked:
    """People who said anything, in the window and in the one before, their messages, and who is not among them."""

    people: int
    people_before: int
    messages: int
    robots_and_staff: int
    unwilling: int
    of_nobody: int


async def unwilling_of(store: Store, site: SiteKey) -> "pa.Table":
    """(visitor) of everybody of the site who does not agree, or agrees no longer, to be measured."""
    import pyarrow as pa

    found, after = [], ""
    while ids := await store.read(unmeasured_after, site, after):
        after = ids[-1]
        found.append(pa.array(ids, pa.string()))
    return pa.table({"visitor": pa.chunked_array(found, pa.string())})


def make_tables(
    connection: "duckdb.DuckDBPyConnection", window: Window, currency: str, unmeasured: "pa.Table"
) -> Talked:
    """Makes `people`, `heard`, `said` and `about` (as `said`, a row a topic of a statement)."""
    connection.register("unmeasured", unmeasured)
    _make_people(connection, currency)
    connection.execute(f"CREATE TEMP TABLE left_out AS {_LEFT_OUT}")
    within = f"ts_us >= {window.begins:d} AND ts_us < {window.until:d}"
    connection.execute(
        f"CREATE TEMP TABLE everybody AS SELECT *, ts_us >= {window.since:d} AS now FROM ({_HEARD} AND one.{within})"
    )
    robots, unwilling = _left_out_of(connection)
    connection.execute(
        "CREATE TEMP TABLE heard AS SELECT * FROM everybody WHERE person NOT IN (SELECT person FROM not_counted)"
    )
    connection.execute("DROP TABLE everybody")
    connection.execute(f"CREATE TEMP TABLE said AS SELECT * FROM ({_SAID}) WHERE name <> '' OR text IS NOT NULL")
    connection.execute(f"CREATE TEMP TABLE about AS SELECT * FROM ({_ABOUT}) WHERE name <> ''")
    of_nobody = f"""SELECT count(*) FROM log AS one WHERE type = 'understanding' AND NOT {KNOWN}
        AND source <> 'rasa' AND ts_us >= {window.since:d} AND ts_us < {window.until:d}"""
    people = """SELECT count(DISTINCT person) FILTER (now), count(DISTINCT person) FILTER (NOT now),
        count(*) FILTER (now) FROM heard"""
    now, then, messages = _one(connection, people)
    (silent,) = _one(connection, of_nobody)
    return Talked(now, then, messages, robots, unwilling, silent)


def _left_out_of(connection: "duckdb.DuckDBPyConnection") -> tuple[int, int]:
    """Makes `not_counted`: (person, marked); how many of them talked, robots and staff, and the others."""
    connection.execute(
        """CREATE TEMP TABLE not_counted AS SELECT person, max(marked) AS marked FROM (
            SELECT person, marked FROM left_out WHERE person IS NOT NULL
            UNION ALL SELECT 'v:' || visitor, marked FROM left_out WHERE visitor IS NOT NULL) GROUP BY person"""
    )
    robots, unwilling = _one(
        connection,
        """SELECT count(DISTINCT person) FILTER (marked = 1), count(DISTINCT person) FILTER (marked = 0)
        FROM everybody JOIN not_counted USING (person) WHERE now""",
    )
    return robots, unwilling


def _make_people(connection: "duckdb.DuckDBPyConnection", currency: str) -> None:
    from bot.insights.log.questions.asked import sql_of
    from bot.insights.log.questions.people import paid_by_currency

    connection.execute(f"CREATE TEMP TABLE paid AS SELECT person, currency, net FROM ({sql_of(paid_by_currency)})")
    connection.execute(
        f"""CREATE TEMP TABLE people AS
        WITH ranked AS (SELECT *, row_number() OVER (PARTITION BY currency ORDER BY net DESC, person) AS place,
            count(*) OVER (PARTITION BY currency) AS buyers FROM paid WHERE net > 0)
        SELECT person, coalesce(sum(paid.net) FILTER (paid.currency = $1), 0)::BIGINT AS spent,
            bool_or(paid.net > 0) AS buys,
            bool_or(coalesce(ranked.buyers >= {FEWEST_BUYERS:d} AND place * 10 <= ranked.buyers, false)) AS is_best
        FROM paid LEFT JOIN ranked USING (person, currency) GROUP BY person""",
        [currency],
    )


def _one(connection: "duckdb.DuckDBPyConnection", sql: str) -> tuple[int, ...]:
    # All of it: while a row may be left, nothing can be registered.
    (row,) = connection.execute(sql).fetchall()
    return tuple(int(one) for one in row)
