"""Stars and the words beside them: of everybody, by the page that they were given on, and by what was talked about."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.insights.changes import FEW, TOO_FEW
from bot.insights.listening.groups import Quoted, quotes_told, share_of
from bot.insights.listening.masked import masked
from bot.insights.listening.moods import Mood
from bot.insights.listening.reading import KNOWN, Window
from bot.insights.listening.told import LISTED, QUOTES, Feedback, Stars
from bot.insights.profiles.whose import PERSON

if TYPE_CHECKING:
    import duckdb

WHOLE, PAGE, TOPIC = "whole", "page", "topic"
UNHAPPY = 2
"""Stars, and fewer."""
# The words of all of these are constants of this module, and whole numbers.
# ruff: noqa: S608
_RATED = f"""
    WITH one AS (SELECT visitor, customer, ts_us, id, conversation, seq, nullif(page, '') AS page,
        TRY_CAST(json_extract_string(data, '$.stars') AS BIGINT) AS stars,
        trim(coalesce(json_extract_string(data, '$.words'), '')) AS words FROM log WHERE type = 'rating'),
    seen AS (SELECT conversation, arg_max(page, ts_us) FILTER (page <> '') AS last_page FROM log
        WHERE type = 'message' AND conversation IN (SELECT conversation FROM one) GROUP BY conversation)
    SELECT {PERSON} AS person, one.ts_us, one.id, one.conversation, one.seq, coalesce(one.page, last_page) AS page,
        stars, words FROM one LEFT JOIN who USING (visitor) LEFT JOIN seen USING (conversation)
    WHERE {KNOWN} AND stars BETWEEN 1 AND 5
"""
_APART = f"""
    CREATE TEMP TABLE rated_apart AS
    SELECT '{WHOLE}' AS view, NULL AS name, * FROM rated
    UNION ALL SELECT '{PAGE}', page, * FROM rated WHERE page IS NOT NULL
    UNION ALL SELECT '{TOPIC}', topic, rated.* FROM rated JOIN (
        SELECT DISTINCT conversation, unnest(topics) AS topic FROM heard) USING (conversation)
"""
_COUNTED = f"""
    WITH each AS (SELECT view, name, person, count(*) AS ratings, avg(stars) AS mean, min(stars) AS least
        FROM rated_apart GROUP BY ALL)
    SELECT view, name, count(*), sum(ratings)::BIGINT, sum(mean), sum(mean * mean),
        count(*) FILTER (least <= {UNHAPPY:d}) FROM each GROUP BY view, name
"""
_QUOTED = f"""
    WITH each AS (SELECT * FROM rated_apart WHERE words <> ''
        QUALIFY row_number() OVER (PARTITION BY view, name, person ORDER BY ts_us DESC, id DESC) = 1)
    SELECT view, name, words, ts_us, page, conversation, seq FROM each
    QUALIFY row_number() OVER (PARTITION BY view, name ORDER BY ts_us DESC, id DESC) <= {QUOTES:d}
    ORDER BY view, name, ts_us DESC, id DESC
"""
type Name = tuple[str, str | None]


@dataclass(frozen=True)
class Rated:
    """By (view, name): what people gave, and how many of them two stars or fewer."""

    stars: dict[Name, tuple[Mood, int]]
    quotes: dict[Name, list[Quoted]]


def read(connection: "duckdb.DuckDBPyConnection", window: Window) -> Rated:
    """Asked of the log, `heard` and `not_counted`."""
    within = f"one.ts_us >= {window.since:d} AND one.ts_us < {window.until:d}"
    connection.execute(
        f"""CREATE TEMP TABLE rated AS SELECT * FROM ({_RATED} AND {within})
        WHERE person NOT IN (SELECT person FROM not_counted)"""
    )
    connection.execute(_APART)
    stars = {
        (view, name): (Mood(people, ratings, total, squares), unhappy)
        for view, name, people, ratings, total, squares, unhappy in connection.execute(_COUNTED).fetchall()
    }
    quotes: dict[Name, list[Quoted]] = defaultdict(list)
    for view, name, *quoted in connection.execute(_QUOTED).fetchall():
        quotes[view, name].append(Quoted(*quoted))
    return Rated(stars, dict(quotes))


def told(rated: Rated) -> Feedback:
    """Pages and topics with the most people first."""
    pages, topics = (_names(rated, view) for view in (PAGE, TOPIC))
    return {
        "whole": _stars(rated, (WHOLE, None)),
        "by_page": [_stars(rated, one) for one in pages[:LISTED]],
        "pages_in_all": len(pages),
        "by_topic": [_stars(rated, one) for one in topics[:LISTED]],
        "topics_in_all": len(topics),
    }


def _names(rated: Rated, view: str) -> list[Name]:
    of_view = [one for one in rated.stars if one[0] == view]
    return sorted(of_view, key=lambda one: (-rated.stars[one][0].people, one[1] or ""))


def _stars(rated: Rated, name: Name) -> Stars:
    mood, unhappy = rated.stars.get(name, (Mood(), 0))
    low, high = _interval(mood) or (None, None)
    share, share_low, share_high = share_of(unhappy, mood.people)
    return {
        "name": None if name[1] is None else masked(name[1]),
        "people": mood.people,
        "ratings": mood.messages,
        "mean": mood.mean,
        "low": low,
        "high": high,
        "unhappy": unhappy,
        "unhappy_share": share,
        "unhappy_low": share_low,
        "unhappy_high": share_high,
        "told": TOO_FEW if mood.people < FEW else f"{mood.mean:.1f} stars",
        "quotes": quotes_told(rated.quotes.get(name, ()), {}),
    }


def _interval(mood: Mood) -> tuple[float, float] | None:
    """By Student's t, within what stars can be; None of fewer than two people."""
    half = mood.half_width
    return None if half is None or mood.mean is None else (max(1.0, mood.mean - half), min(5.0, mood.mean + half))
