"""The groups that are told of: the tenth of the buyers who spend most, and the tenth who leave most margin."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.insights.profiles.over_represented import Compared, Counted, compared

if TYPE_CHECKING:
    import duckdb

LEAST = 10
"""People; of fewer, one of them decides what is true of the group."""
VALUES = 20
"""Of an attribute those that most people have; the others are too few, or too many to look at."""


@dataclass(frozen=True)
class Kind:
    """By what a group is ranked, and whom it is of; both in SQL of `everybody`."""

    name: str
    ranked_by: str
    of: str


SPENDING = Kind("top_spending", "spent", "spent > 0")
PROFITABLE = Kind("most_profitable", "margin - served", "margins > 0 AND margin - served > 0")
KINDS = (SPENDING, PROFITABLE)


@dataclass(frozen=True)
class Group:
    """`of` so many they are the first tenth, with `amount` together of `whole`; `least` is the last one's."""

    kind: Kind
    people: int
    of: int
    amount: int
    whole: int
    least: int

    @property
    def is_few(self) -> bool:
        return self.people < LEAST


def compared_in(connection: "duckdb.DuckDBPyConnection", kind: Kind) -> tuple[Group, list[Compared]]:
    """The group, and what is known of it beside everybody; nothing of a group of few."""
    group = make_group(connection, kind)
    return group, [] if group.is_few else compared(values_of(connection, group))


def make_group(connection: "duckdb.DuckDBPyConnection", kind: Kind) -> Group:
    """Ranks them in a table of the group's name: (person, amount, place), the most first, all of whom it is of."""
    connection.execute(
        f"""CREATE TEMP TABLE {kind.name} AS SELECT person, {kind.ranked_by} AS amount,
        row_number() OVER (ORDER BY {kind.ranked_by} DESC, person) AS place FROM everybody WHERE {kind.of}"""  # noqa: S608
    )
    row = connection.execute(
        f"""WITH size AS (SELECT count(*) AS people, (count(*) + 9) // 10 AS tenth FROM {kind.name})
        SELECT tenth, people, sum(amount) FILTER (place <= tenth), sum(amount), min(amount) FILTER (place <= tenth)
        FROM {kind.name}, size GROUP BY ALL"""  # noqa: S608
    ).fetchone()
    return Group(kind, *(int(one or 0) for one in row)) if row else Group(kind, 0, 0, 0, 0, 0)


def values_of(connection: "duckdb.DuckDBPyConnection", group: Group) -> list[Counted]:
    """What is known of who they are, counted in the group and in everybody; by attribute, the most common first."""
    rows = connection.execute(
        f"""WITH best AS (SELECT person FROM {group.kind.name} WHERE place <= {group.people:d}),
        held AS (SELECT traits.*, best.person IS NOT NULL AS is_best FROM traits LEFT JOIN best USING (person)),
        known AS (SELECT attribute, count(DISTINCT person) AS everybody,
            count(DISTINCT person) FILTER (is_best) AS best FROM held GROUP BY attribute),
        counted AS (SELECT attribute, value, count(*) AS everybody, count(*) FILTER (is_best) AS best,
            row_number() OVER (PARTITION BY attribute ORDER BY count(*) DESC, value) AS place
            FROM held GROUP BY attribute, value)
        SELECT attribute, value, counted.best, known.best, counted.everybody, known.everybody
        FROM counted JOIN known USING (attribute) WHERE place <= {VALUES:d} ORDER BY attribute, place"""  # noqa: S608
    ).fetchall()
    return [Counted(*row) for row in rows]
