"""What is known of everybody who was drawn, asked of the log: a number a person leaves it, and nothing that happened.

Who was drawn, and when, the store tells; the log says what they did then. Memory grows with the people drawn, some
hundred bytes each, and not with what happened.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.experiment import Arm
from bot.insights.lift.sides import Numbers
from bot.insights.log.reading import ask
from bot.insights.segments import DEFAULT_CURRENCY
from bot.interactions import Microseconds, VisitorId
from bot.store.drawn import Drawn, drawn_after, views_of_nobody
from bot.store.pages_of_rows import Span
from bot.store.store import Store

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

type Flags = npt.NDArray[np.bool_]
type Moments = npt.NDArray[np.int64]

ROWS_AT_ONCE = 20_000
BEFORE = timedelta(days=180)
"""What people brought in this time before they were drawn can steady the comparison."""
NOBODY = Drawn(VisitorId(""), Microseconds(0), Arm.NONE.value, 0)
NEVER = 2**62
"""As FAR in the questions."""


@dataclass(frozen=True, eq=False)
class Drawees:
    """Everybody who was first drawn in the window, a place in each array for each, in the order in which they were.

    Money is in minor units. What never happened was far in the future.
    """

    at: Moments
    offered: Flags
    exposed: Flags
    bought: Flags
    in_both_arms: Flags
    noise: Flags
    talked_at: Moments
    bought_at: Moments
    spent: Numbers
    before: Numbers
    browsers: "pa.ChunkedArray"

    def __len__(self) -> int:
        return len(self.at)

    @property
    def talked(self) -> Flags:
        return self.talked_at < NEVER

    @property
    def talked_first(self) -> Flags:
        """Whether they were answered before they bought: what came after it did not make them."""
        return self.talked & (self.talked_at <= self.bought_at)


@dataclass(frozen=True, eq=False)
class Experiment:
    """All who were drawn in a window, and what happened to them from then on.

    `orders` by currency; `currency` is that of most, in which money is told. `views` by arm, under "" those of people
    who did not agree to be measured. `first_views`: (browser, url, referrer), where nobody is held out.
    `as_of`: up to when everything is in it, None for up to now.
    """

    people: Drawees
    currency: str
    orders: Mapping[str, int]
    views: Mapping[str, int]
    first_views: "pa.Table | None"
    as_of: Microseconds | None

    @property
    def covered(self) -> float | None:
        """The share of all page views that are of people who were drawn at any time; None without any view."""
        every = sum(self.views.values())
        drawn = self.views.get(Arm.OFFERED.value, 0) + self.views.get(Arm.HELD_OUT.value, 0)
        return drawn / every if every else None


async def experiment_of(store: Store, whole: Span, *, log: Path | None = None) -> Experiment:
    """Everybody who was first drawn in the window, in the arm of that draw, with all that they did until its end.

    `log` is the folder of the log; without it all is read from the store.
    """
    draws = await _drawn(store, whole)
    answer = await ask(store, log, _longer(whole), lambda connection: _asked(connection, draws, whole))
    others = await store.read(views_of_nobody, whole)
    return await asyncio.to_thread(_experiment, answer.told, others, answer.as_of)


async def drawees_listed(
    store: Store, whole: Span, arm: Arm, what: str, *, log: Path | None = None
) -> "tuple[pa.Table, str]":
    """Those of the arm to whom `what` happened, as the question `drawn.listed` tells them; and the currency of `spent`.

    They are those that `experiment_of` counts.
    """
    draws = await _drawn(store, whole)

    def question(connection: "duckdb.DuckDBPyConnection") -> "tuple[pa.Table, str]":
        from bot.insights.log.questions import drawn
        from bot.insights.log.questions.put import columns_of

        currency, _ = _set_out(connection, draws, whole)
        return columns_of(connection, drawn.listed, currency, arm.value, what), currency

    answer = await ask(store, log, _longer(whole), question)
    people, currency = answer.told
    if answer.as_of is not None:
        people = people.filter(people["at"].to_numpy() < answer.as_of)
    return people, currency


def _longer(whole: Span) -> Span:
    """The window, and the time before it in which people may have paid."""
    since = Microseconds(max(0, whole.since - BEFORE // timedelta(microseconds=1)))
    return Span(whole.site, since, whole.until)


async def _drawn(store: Store, whole: Span) -> "list[pa.Table]":
    return [await asyncio.to_thread(_columns, rows) async for rows in _draws(store, whole)]


async def _draws(store: Store, whole: Span) -> AsyncIterator[list[Drawn]]:
    """All browsers that were drawn before the end of the window, some at a time."""
    after = VisitorId("")
    while rows := await store.read(drawn_after, whole.site, whole.until, after, ROWS_AT_ONCE):
        yield rows
        after = rows[-1].visitor


def _columns(rows: list[Drawn]) -> "pa.Table":
    import pyarrow as pa

    visitors, moments, arms, noise = zip(*rows, strict=True)
    columns = {"visitor": visitors, "drawn_at": moments, "drawn_arm": arms, "noise": noise}
    return pa.table(columns).cast(
        pa.schema({"visitor": pa.string(), "drawn_at": pa.int64(), "drawn_arm": pa.string(), "noise": pa.int64()})
    )


@dataclass(frozen=True)
class _Told:
    people: "pa.Table"
    currency: str
    orders: dict[str, int]
    views: dict[str | None, int]
    first_views: "pa.Table | None"


def _asked(connection: "duckdb.DuckDBPyConnection", draws: "list[pa.Table]", whole: Span) -> _Told:
    # Imported here, in a thread: it takes a second, and most of what the gateway does never needs it.
    from bot.insights.log.questions import drawn
    from bot.insights.log.questions.asked import rows_of
    from bot.insights.log.questions.put import columns_of

    currency, orders = _set_out(connection, draws, whole)
    people = columns_of(connection, drawn.deeds, currency)
    views = {row["arm"]: row["views"] for row in rows_of(connection, drawn.views_by_arm)}
    is_adjusted = Arm.HELD_OUT.value not in people["arm"].unique().to_pylist()
    first_views = columns_of(connection, drawn.first_views) if is_adjusted else None
    return _Told(people, currency, orders, views, first_views)


def _set_out(
    connection: "duckdb.DuckDBPyConnection", draws: "list[pa.Table]", whole: Span
) -> tuple[str, dict[str, int]]:
    """Makes `drawees` and `payments` for the questions about them, and cuts the log to the window.

    The currency of most orders, and how many are in each.
    """
    import pyarrow as pa

    from bot.insights.log.questions import drawn
    from bot.insights.log.questions.asked import rows_of
    from bot.insights.log.questions.put import keep_as

    connection.register("draws", pa.concat_tables(draws) if draws else _columns([NOBODY]).slice(1))
    keep_as(connection, "everybody", drawn.drawees)
    # The person's first draw decides, also one before the window: then they are of an earlier one.
    connection.execute(f'CREATE VIEW drawees AS SELECT * FROM everybody WHERE "at" >= {whole.since:d}')  # noqa: S608
    keep_as(connection, "payments", drawn.payments)
    orders = {row["currency"]: row["orders"] for row in rows_of(connection, drawn.orders)}
    currency = min(orders, key=lambda one: (-orders[one], one), default=DEFAULT_CURRENCY)
    # What was paid before is known; from here on the log is that of the window.
    connection.execute("ALTER VIEW log RENAME TO longer")
    connection.execute(f"CREATE VIEW log AS SELECT * FROM longer WHERE ts_us >= {whole.since:d}")  # noqa: S608
    return currency, orders


def _experiment(told: _Told, others: int, as_of: Microseconds | None) -> Experiment:
    views = Counter({"": others})
    for arm, count in told.views.items():
        views[arm or Arm.NONE.value] += count
    people = told.people
    if as_of is not None:
        # Who was drawn after the last copy has done nothing yet as far as it knows.
        people = people.slice(0, int(np.searchsorted(people["at"].to_numpy(), as_of)))
    return Experiment(_drawees(people), told.currency, told.orders, views, told.first_views, as_of)


def _drawees(people: "pa.Table") -> Drawees:
    import pyarrow.compute as pc

    flags = ("exposed", "bought", "in_both_arms", "noise")
    numbers = ("at", "talked_at", "bought_at", "spent", "before")
    return Drawees(
        offered=pc.equal(people["arm"], Arm.OFFERED.value).to_numpy(),
        browsers=people["browser"],
        **{name: people[name].to_numpy() == 1 for name in flags},
        **{name: people[name].to_numpy() for name in numbers},
    )
