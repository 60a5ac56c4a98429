"""The same people told apart: by the page that they said it on, by topic, or by what is known of them.

`by` of the report is `{"dimension", "rows": [{"value", "people", "mean", "low", "high", "kinds": {kind: {"people",
"share", "low", "high"}}}], "in_all"}`: `people` said anything there, with their mean mood from -1 to 1; of them so many
stated each kind, with Wilson's interval. The most people first; `value` null is what nothing is known of.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import ConfigurationError
from bot.insights.listening.groups import share_of
from bot.insights.listening.masked import masked
from bot.insights.listening.moods import Mood
from bot.insights.listening.told import BY, KINDS, LISTED, Row

if TYPE_CHECKING:
    import duckdb

# The words of all of these are constants of this module.
# ruff: noqa: S608
_SAID = {
    "page": "SELECT person, page AS value, sentiment FROM heard WHERE now",
    "topic": "SELECT person, unnest(topics) AS value, sentiment FROM heard WHERE now",
}
_STATED = {
    "page": "SELECT person, page AS value, kind FROM said WHERE now AND kind <> 'topic'",
    "topic": "SELECT person, name AS value, kind FROM about WHERE now",
}


@dataclass(frozen=True)
class Values:
    """By value: the people's mood, how many there are, and those who stated each kind."""

    moods: dict[str | None, Mood]
    people: dict[str | None, int]
    stated: dict[str | None, dict[str, int]]


def wanted_dimension(by: str | None) -> str | None:
    if by is not None and by not in BY:
        raise ConfigurationError(f'There is no listening by "{by[:40]}"; there is by {", ".join(BY)}.')
    return by


def values_by(connection: "duckdb.DuckDBPyConnection", dimension: str) -> Values:
    """Asked of the tables of `reading`."""
    heard, stated = _SAID.get(dimension), _STATED.get(dimension)
    if heard is None or stated is None:
        _make_known(connection, dimension)
        heard = "SELECT person, value, sentiment FROM heard LEFT JOIN known_first USING (person) WHERE now"
        stated = "SELECT person, value, kind FROM said LEFT JOIN known_first USING (person) WHERE now AND name IS NULL"
    rows = connection.execute(
        f"""WITH each AS (SELECT value, person, avg(sentiment) AS mood, count(sentiment) AS messages FROM ({heard})
            GROUP BY ALL)
        SELECT value, count(*), count(mood), sum(messages)::BIGINT, coalesce(sum(mood), 0),
            coalesce(sum(mood * mood), 0) FROM each GROUP BY value"""
    ).fetchall()
    counted: dict[str | None, dict[str, int]] = defaultdict(dict)
    for value, kind, people in connection.execute(
        f"SELECT value, kind, count(DISTINCT person) FROM ({stated}) GROUP BY ALL"
    ).fetchall():
        counted[value][kind] = people
    return Values({row[0]: Mood(*row[2:]) for row in rows}, {row[0]: row[1] for row in rows}, dict(counted))


def by_told(dimension: str, values: Values) -> Row:
    ranked = sorted(values.people, key=lambda value: (-values.people[value], value is None, value or ""))
    return {
        "dimension": dimension,
        "rows": [_row(value, values) for value in ranked[:LISTED]],
        "in_all": len(ranked),
    }


def _row(value: str | None, values: Values) -> Row:
    mood, people, stated = values.moods[value], values.people[value], values.stated.get(value, {})
    low, high = mood.interval or (None, None)
    return {
        "value": None if value is None else masked(value),
        "people": people,
        "mean": mood.mean,
        "low": low,
        "high": high,
        "kinds": {kind: _share(stated.get(kind, 0), people) for kind in KINDS[1:]},
    }


def _share(people: int, of: int) -> Row:
    share, low, high = share_of(people, of)
    return {"people": people, "share": share, "low": low, "high": high}


def _make_known(connection: "duckdb.DuckDBPyConnection", dimension: str) -> None:
    from bot.insights.log.questions.asked import sql_of
    from bot.insights.log.questions.segments import first_known

    found = sql_of(first_known, dimension)
    connection.execute(f"CREATE TEMP TABLE known_first AS SELECT whose AS person, known AS value FROM ({found})")
