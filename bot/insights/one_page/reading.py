"""What the log and the reports say of a window, as far as the page needs it."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.insights.log.reading import ask
from bot.insights.one_page.shares import Mean, Share
from bot.insights.page_ranks import fixes_told
from bot.insights.pages import pages_told, tallied
from bot.insights.segments import DEFAULT_CURRENCY
from bot.interactions import Microseconds, rfc3339
from bot.money import DIGITS
from bot.store.pages_of_rows import Span
from bot.store.score_figures import Scores, scores_by_value
from bot.store.store import Store

if TYPE_CHECKING:
    import duckdb

DIMENSIONS = ("channel", "campaign", "country", "language", "device")
"""By what people are told apart, to see whether some buy or converse more than the others."""


@dataclass(frozen=True)
class Group:
    """The people of one channel, campaign, …, of those who are no noise; `spent` is by its buyers."""

    dimension: str
    value: str
    people: int
    talked: int
    spent: Mean


@dataclass(frozen=True)
class Days:
    """One window. `talked` and `silent` are people who are no noise; money is in minor units of `currency`."""

    span: Span
    currency: str = DEFAULT_CURRENCY
    noise: int = 0
    visits: int = 0
    talked: Mean = field(default_factory=lambda: Mean(0, 0.0, 0.0))
    silent: Mean = field(default_factory=lambda: Mean(0, 0.0, 0.0))
    paid: Mean = field(default_factory=lambda: Mean(0, 0.0, 0.0))
    """By the buyers alone."""
    talking_buyers: int = 0
    silent_buyers: int = 0
    groups: tuple[Group, ...] = ()
    other_money: tuple[tuple[str, int], ...] = ()
    """By currency, what came in others than the one that is told."""
    unlinked: int = 0
    """Purchases of nobody known."""
    pages: Mapping[str, Any] = field(default_factory=dict)
    fixes: Mapping[str, Any] = field(default_factory=dict)
    """The report about fixes."""
    scores: Mapping[int, Scores] = field(default_factory=dict)
    as_of: Microseconds | None = None

    @property
    def people(self) -> int:
        return self.talked.of + self.silent.of

    @property
    def buyers(self) -> int:
        return self.talking_buyers + self.silent_buyers

    @property
    def spent(self) -> Mean:
        """By all of them."""
        one, other = self.talked, self.silent
        return Mean(one.of + other.of, one.total + other.total, one.squares + other.squares)

    @property
    def scale(self) -> float:
        """Makes major units of minor ones."""
        return float(10.0 ** -DIGITS.get(self.currency, 2))

    @property
    def judged(self) -> Mean:
        """The scores of the conversations."""
        scores = {value: one.conversations for value, one in self.scores.items()}
        total, squares = (sum(value**power * number for value, number in scores.items()) for power in (1, 2))
        return Mean(sum(scores.values()), total, squares)

    @property
    def open_questions(self) -> Share | None:
        """Questions that no page answered; None where nothing was asked."""
        asked, left = self.count("questions"), self.count("unanswered")
        return Share(min(left, asked), asked) if asked else None

    def count(self, name: str) -> int:
        """A figure of the report about pages, of all pages together."""
        rows = [*self.pages.get("rows", []), *filter(None, [self.pages.get("other_pages")])]
        return sum(int(row[name]) for row in rows)


async def days_of(store: Store, span: Span, *, log: Path | None, today: date, currency: str | None = None) -> Days:
    """All of a window. Money is told in `currency`, else in that of most purchases."""
    answer = await ask(store, log, span, lambda connection: _counted(connection, span, currency))
    found = await tallied(store, span.site, rfc3339(span.since), rfc3339(span.until))
    told = await pages_told(store, found, today=today)
    fixed = await asyncio.to_thread(fixes_told, found)
    scores = await store.read(scores_by_value, span)
    return replace(answer.told, pages=told, fixes=fixed, scores=scores, as_of=answer.as_of)


def _counted(connection: "duckdb.DuckDBPyConnection", span: Span, currency: str | None) -> Days:
    # Imported here, in a thread: it takes a second.
    from bot.insights.log.questions import segments as questions
    from bot.insights.log.questions.asked import rows_of
    from bot.insights.log.questions.spread import spending, spending_by

    money = rows_of(connection, questions.currencies)
    most = min((row for row in money if row["orders"]), key=lambda row: (-row["orders"], row["currency"]), default=None)
    currency = currency or (most["currency"] if most else DEFAULT_CURRENCY)
    spent = {row["talked"]: row for row in rows_of(connection, spending, currency)}
    counted = rows_of(connection, questions.segments, currency)
    groups = [_group(name, row) for name in DIMENSIONS for row in rows_of(connection, spending_by, currency, name)]
    return Days(
        span,
        currency,
        noise=sum(row["people"] for row in counted if row["segment"] == "noise"),
        visits=sum(row["visits"] for row in counted if row["segment"] != "noise"),
        talked=_mean(spent.get(1)),
        silent=_mean(spent.get(0)),
        paid=_paid(spent.values()),
        talking_buyers=spent[1]["buyers"] if 1 in spent else 0,
        silent_buyers=spent[0]["buyers"] if 0 in spent else 0,
        groups=tuple(sorted(groups, key=lambda one: (one.dimension, one.value))),
        other_money=tuple((row["currency"], row["orders"]) for row in money if row["currency"] != currency),
        unlinked=sum(row["unlinked_orders"] for row in money),
    )


def _mean(row: Mapping[str, Any] | None) -> Mean:
    return Mean(0, 0.0, 0.0) if row is None else Mean(row["people"], float(row["revenue"]), float(row["squares"]))


def _group(dimension: str, row: Mapping[str, Any]) -> Group:
    spent = Mean(row["buyers"], float(row["revenue"]), float(row["squares"]))
    return Group(dimension, row["known"], row["people"], row["talked"], spent)


def _paid(rows: Iterable[Mapping[str, Any]]) -> Mean:
    held = list(rows)
    names = ("buyers", "paid", "paid_squares")
    buyers, paid, squares = (sum(float(row[name]) for row in held) for name in names)
    return Mean(int(buyers), paid, squares)
