"""How the segments of a window came about over time: figures of each day, week or month, and what they come to.

Days are those of UTC, also on the days when clocks change elsewhere. Weeks begin on Monday. What has not happened yet
is not told, nor what was before the first thing that happened at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.insights.log.reading import ask
from bot.insights.segments import Segment
from bot.insights.window import span_of
from bot.store.store import Store

if TYPE_CHECKING:
    import duckdb

DAILY, WEEKLY = 35, 190
"""Up to so many days a window is told by days, and by weeks; a longer one by months."""
COUNTED = tuple(one for one in Segment if one is not Segment.NOISE)
TALKED = (Segment.CONVERSING_BUYER, Segment.CONVERSING_VISITOR)
SILENT = (Segment.SILENT_BUYER, Segment.PASSIVE_VISITOR)


@dataclass(frozen=True)
class Step:
    """A day, week or month from `first` to `last`, as much of it as is in the window.

    `is_whole` when that is all of it, and it is over.

    By segment: `people` who were there, `buyers` who ordered, `revenue` in minor units less refunds.
    """

    first: date
    last: date
    is_whole: bool
    people: Mapping[str, int] = field(default_factory=dict)
    buyers: Mapping[str, int] = field(default_factory=dict)
    revenue: Mapping[str, int] = field(default_factory=dict)

    def conversion(self, of: tuple[Segment, ...]) -> float | None:
        """The share of these segments' people there who ordered; None of nobody."""
        people = sum(self.people.get(one, 0) for one in of)
        return sum(self.buyers.get(one, 0) for one in of) / people if people else None


@dataclass(frozen=True)
class OverTime:
    """`name` is day, week or month. `currency` is that of `revenue`."""

    name: str
    currency: str
    steps: tuple[Step, ...]


async def over_time(
    store: Store,
    site: str,
    since: date,
    until: date,
    *,
    currency: str,
    today: date,
    log: Path | None = None,
    where: tuple[str, ...] = (),
) -> OverTime:
    """The figures of each step from the first one in which anything happened to today; none when nothing did."""
    name = step_for((until - since).days + 1)
    span = span_of(site, since.isoformat(), until.isoformat())
    rows = (await ask(store, log, span, lambda log: _asked(log, currency, name, where))).told
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["step"], []).append(row)
    if not found:
        return OverTime(name, currency, ())
    begun = max(since, first_of(min(found), name))
    steps = steps_between(begun, min(until, max(today, begun)), name)
    return OverTime(
        name,
        currency,
        tuple(_step(number, first, last, found.get(number, []), name, today) for number, first, last in steps),
    )


def step_for(days: int) -> str:
    return "day" if days <= DAILY else "week" if days <= WEEKLY else "month"


def _asked(
    connection: "duckdb.DuckDBPyConnection", currency: str, name: str, where: tuple[str, ...]
) -> list[dict[str, Any]]:
    from bot.insights.log.questions import over_time as questions
    from bot.insights.log.questions.asked import rows_of

    return rows_of(connection, questions.over_time, currency, name, *where)


def steps_between(since: date, until: date, name: str) -> Iterator[tuple[int, date, date]]:
    """(number, first day, last day) of each step, cut to these days."""
    first = since
    while first <= until:
        number = number_of(first, name)
        last = min(until, first_of(number + 1, name) - timedelta(days=1))
        yield number, first, last
        first = last + timedelta(days=1)


def _step(number: int, first: date, last: date, rows: list[dict[str, Any]], name: str, today: date) -> Step:
    ends = first_of(number + 1, name) - timedelta(days=1)
    is_whole = first == first_of(number, name) and last == ends < today
    people, buyers, revenue = (
        {row["segment"]: row[what] for row in rows} for what in ("people", "buyers", "revenue")
    )  # fmt: skip
    return Step(first, last, is_whole, people, buyers, revenue)


def number_of(day: date, name: str) -> int:
    """As `log/questions/over_time.py` counts."""
    if name == "month":
        return day.year * 12 + day.month - 1
    days = (day - date(1970, 1, 1)).days
    return days if name == "day" else (days + 3) // 7


def first_of(number: int, name: str) -> date:
    if name == "month":
        return date(number // 12, number % 12 + 1, 1)
    return date(1970, 1, 1) + timedelta(days=number if name == "day" else number * 7 - 3)
