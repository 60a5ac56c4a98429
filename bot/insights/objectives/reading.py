"""What the log and the experiment say of an objective's days."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.insights.log.reading import ask
from bot.insights.objectives.estimates import Baseline, Day, Seen, baseline_of
from bot.insights.objectives.measures import MEANINGS, Measure, Unit
from bot.insights.objectives.scopes import About, Scope, as_logged
from bot.insights.segments import DEFAULT_CURRENCY, main_currency
from bot.insights.window import BEGINNING
from bot.interactions import Microseconds, SiteKey, rfc3339
from bot.money import DIGITS
from bot.store.pages_of_rows import Span
from bot.store.store import Store

if TYPE_CHECKING:
    import duckdb

DAY_US = 86_400_000_000
BACK_DAYS = 180
"""So far back loyalty asks; new addresses are asked of everything there is."""


@dataclass(frozen=True)
class Wanted:
    """What is counted, of which days: the first since 1970, and how many. `currency` is of money alone."""

    site: SiteKey
    measure: Measure
    about: About
    first: int
    days: int
    currency: str = ""

    @property
    def span(self) -> Span:
        return Span(self.site, Microseconds(self.first * DAY_US), Microseconds((self.first + self.days) * DAY_US))


@dataclass(frozen=True)
class Read:
    """`as_of`: up to when everything is in it; None for up to now.

    `begins`: when the log does, where it was asked; None of an empty one.
    """

    seen: Seen
    as_of: Microseconds | None
    begins: Microseconds | None
    currency: str | None = None
    """Of sales: the one of most orders of these days, None without any."""


async def seen_of(
    store: Store, log: Path | None, wanted: Wanted, *, now: Microseconds, from_beginning: bool = False
) -> Read:
    """What came of the days of the objective up to `now`; money in major units.

    `log` is the folder of the log; without it all is read from the store. With `from_beginning` it is told when the log
    begins, which its files know without being read.
    """
    span, ends = wanted.span, Microseconds(min(wanted.span.until, max(now, wanted.span.since + 1)))
    begins = BEGINNING if from_beginning or wanted.measure is Measure.LEADS else _asked_from(wanted)
    longer = Span(wanted.site, begins, ends)
    answer = await ask(store, log, longer, lambda connection: _asked(connection, wanted))
    rows, first, currency = answer.told
    until = min(now, ends if answer.as_of is None else answer.as_of)
    whole = min(wanted.days, max(0, (until - span.since) // DAY_US))
    return Read(Seen(rows, int(whole), wanted.days), answer.as_of, first, currency)


def _asked(
    connection: "duckdb.DuckDBPyConnection", wanted: Wanted
) -> tuple[tuple[Day, ...], Microseconds | None, str | None]:
    # Imported here, in a thread: it takes a second, and most of what the gateway does never needs it.
    from bot.insights.log.questions.asked import rows_of
    from bot.insights.objectives.questions import by_day

    begins = connection.execute("SELECT min(ts_us) FROM log").fetchone()
    shortened_log(connection, wanted)
    scale = 10.0 ** -DIGITS.get(wanted.currency, 2) if MEANINGS[wanted.measure].unit is Unit.MONEY else 1.0
    rows = tuple(
        Day(row["day"] - wanted.first, row["n"], row["total"] * scale, row["squares"] * scale**2, row["above"])
        for row in rows_of(connection, by_day, *words_for(wanted))
    )
    first = None if begins is None or begins[0] is None else Microseconds(begins[0])
    return rows, first, _currency(connection) if wanted.measure is Measure.SALES else None


def _currency(connection: "duckdb.DuckDBPyConnection") -> str | None:
    from bot.insights.log.questions.asked import rows_of
    from bot.insights.log.questions.segments import currencies

    money = rows_of(connection, currencies)
    return main_currency(money) if any(row["orders"] for row in money) else None


def words_for(wanted: Wanted) -> tuple[str, ...]:
    """What the questions are given, as they take it."""
    about, currency = wanted.about, wanted.currency or DEFAULT_CURRENCY
    within = as_logged(about.within) if about.scope is Scope.PAGES else about.within
    return wanted.measure.value, str(wanted.span.since), currency, about.scope.value, *within


def shortened_log(connection: "duckdb.DuckDBPyConnection", wanted: Wanted) -> None:
    """Leaves of the log what the measure asks for: only two of them look at what was before."""
    if wanted.measure is not Measure.LEADS:
        connection.execute("ALTER VIEW log RENAME TO longer")
        begins = _asked_from(wanted)
        connection.execute(f"CREATE VIEW log AS SELECT * FROM longer WHERE ts_us >= {begins:d}")  # noqa: S608


def _asked_from(wanted: Wanted) -> Microseconds:
    back = BACK_DAYS * DAY_US if wanted.measure is Measure.LOYALTY else 0
    return Microseconds(max(0, wanted.span.since - back))


@dataclass(frozen=True)
class Before:
    """A baseline of the log, or why there is none."""

    baseline: Baseline | None
    why: str = ""


async def baseline_before(store: Store, log: Path | None, wanted: Wanted, *, now: Microseconds) -> Before:
    """The value of these days, all of them over; none where the log does not reach back so far as they need it to."""
    read, meaning = await seen_of(store, log, wanted, now=now, from_beginning=True), MEANINGS[wanted.measure]
    back = BACK_DAYS * DAY_US if wanted.measure is Measure.LOYALTY else 0
    if read.begins is None or read.begins >= wanted.span.until:
        return Before(None, "Nothing was noted in the days before")
    begins_late = read.begins - read.begins % DAY_US > wanted.span.since - back
    if begins_late and (meaning.unit is Unit.COUNT or wanted.measure is Measure.LOYALTY):
        return Before(
            None, f"What was noted begins {rfc3339(read.begins)[:10]}, after the first of the days that it takes"
        )
    found = baseline_of(read.seen, meaning.unit)
    judged = read.seen.above if wanted.measure is Measure.SALES else read.seen.n
    if found is None or (meaning.unit is not Unit.COUNT and judged < meaning.fewest):
        return Before(None, f"{judged:,} {meaning.judged_by} in the days before are too few; it takes {meaning.fewest}")
    return Before(found)
