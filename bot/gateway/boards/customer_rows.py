"""What the dashboard's first page says of what the log told: rows, shares, changes, and what stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.gateway.boards.asked import UNKNOWN, money
from bot.insights import changes
from bot.insights.changes import Change
from bot.insights.margins import margin_told, refunds_sentence
from bot.insights.over_time import COUNTED, SILENT, TALKED, OverTime
from bot.insights.over_time_charts import BUYERS
from bot.insights.segments import Segment
from bot.money import decimal_text

TITLES = {
    Segment.CONVERSING_BUYER: ("Conversing buyers", "Bot or staff answered them at least once, and they bought."),
    Segment.CONVERSING_VISITOR: (
        "Conversing visitors",
        "Bot or staff answered them at least once; they bought nothing, or gave it all back.",
    ),
    Segment.SILENT_BUYER: ("Silent buyers", "They bought without a word to us."),
    Segment.PASSIVE_VISITOR: (
        "Passive visitors",
        "They looked around, said nothing and bought nothing, or gave it all back.",
    ),
    Segment.NOISE: ("Noise", "Robots, staff, and one page view and nothing else. Shown, but left out of all shares."),
}


@dataclass(frozen=True)
class Row:
    """A segment as it is shown. `share` is of all people who are no noise, None for noise itself."""

    title: str
    definition: str
    people: int
    visits: int
    revenue: str
    margin: str
    share: float | None
    segment: str
    people_change: Change | None = None
    revenue_change: Change | None = None


def rows_of(told: Sequence[dict[str, Any]], then: Sequence[dict[str, Any]] | None = None) -> list[Row]:
    """The rows as told, with their words, their shares, and how they were in the days `then`."""
    counted = sum(row["people"] for row in told if row["segment"] != Segment.NOISE)
    before: Sequence[dict[str, Any] | None] = [None] * len(told) if then is None else then
    return [_row(row, counted, one) for row, one in zip(told, before, strict=True)]


def _row(row: dict[str, Any], counted: int, then: dict[str, Any] | None) -> Row:
    segment = Segment(row["segment"])
    share = None if segment is Segment.NOISE else _share(row["people"], counted) or 0.0
    people = revenue = None
    if then is not None:
        people = changes.of_count(row["people"], then["people"])
        buyers = row["people"] if segment in BUYERS else 0, then["people"] if segment in BUYERS else 0
        if any(buyers):
            revenue = changes.of_money(row["revenue"], then["revenue"], row["currency"], *buyers)
    return Row(*TITLES[segment], row["people"], row["visits"], *_paid(row), share, segment.value, people, revenue)


def _paid(row: dict[str, Any]) -> tuple[str, str]:
    """Revenue and margin."""
    return money(row["revenue"], row["currency"]), margin_told(row, money)


@dataclass(frozen=True)
class Figure:
    """A share that the table is read for; None where nobody could be counted."""

    name: str
    share: float | None
    change: Change | None = None


def figures_of(told: Sequence[dict[str, Any]], then: Sequence[dict[str, Any]] | None = None) -> list[Figure]:
    """The shares that the table is read for, and how they were in the days `then`."""
    parts, before = _parts(told), _parts(then) if then else {}
    figures = [
        Figure(name, _share(*part), changes.of_share(*part, *before[name]) if before else None)
        for name, part in parts.items()
    ]
    takings, then_takings = _takings(told), _takings(then) if then else None
    share = _share(*takings)
    change = None
    if then_takings is not None and share is not None:
        was = _share(*then_takings)
        # A few large orders move it: how much of that is chance is not known.
        change = Change("–" if was is None else changes.percent(was), changes.NOBODY if was is None else "")
    return [*figures, Figure("of the revenue came from those who talked", share, change)]


def _parts(told: Sequence[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    people = {row["segment"]: row["people"] for row in told}
    talked, silent = (sum(people[one] for one in which) for which in (TALKED, SILENT))
    return {
        "of the people talked with us": (talked, talked + silent),
        "of those who talked bought": (people[Segment.CONVERSING_BUYER], talked),
        "of those who did not talk bought": (people[Segment.SILENT_BUYER], silent),
    }


def _takings(told: Sequence[dict[str, Any]]) -> tuple[float, float]:
    revenue = {row["segment"]: float(row["revenue"]) for row in told}
    ours, others = revenue[Segment.CONVERSING_BUYER], revenue[Segment.SILENT_BUYER]
    return ours, ours + others


@dataclass(frozen=True)
class StepRow:
    """A day, week or month in the table below the charts; `days` says which, and whether it is cut."""

    days: str
    first: str
    last: str
    people: tuple[int, ...]
    conversions: tuple[float | None, ...]
    revenue: tuple[str, ...]


def steps_of(told: OverTime) -> list[StepRow]:
    return [
        StepRow(
            f"{one.first}{'' if one.first == one.last else f' to {one.last}'}{'' if one.is_whole else ' (not whole)'}",
            one.first.isoformat(),
            one.last.isoformat(),
            tuple(one.people.get(segment, 0) for segment in COUNTED),
            (one.conversion(TALKED), one.conversion(SILENT)),
            tuple(money(decimal_text(one.revenue.get(segment, 0), told.currency), told.currency) for segment in BUYERS),
        )
        for one in told.steps
    ]


def beside_of(told: dict[str, Any]) -> list[str]:
    """What stands beside the table, so that nothing is left out in silence."""
    dialogues = sum(told["dialogues"].values())
    dropped, before = told["dropped"], told["before_purchase"]
    return [
        f"{before['people']:,} conversing buyer{'' if before['people'] == 1 else 's'} had an answer before they first "
        f"bought in these days, and brought {money(before['revenue'], before['currency'])}.",
        f"{dialogues:,} {_people(dialogues)} had a dialogue: two or more of their messages were answered.",
        *[
            f"{TITLES[Segment(one['segment'])][0]} also brought {money(one['revenue'], one['currency'])}."
            for one in told["other_currencies"]
        ],
        *[
            f"{money(one['revenue'], one['currency'])} came from {_purchases(one['purchases'])} of nobody known to us."
            for one in told["unlinked"]
        ],
        *refunds_sentence(told),
        *[
            f"{count:,} page views and events of {whose} were dropped at the door."
            for whose, count in (("robots", dropped["robot"]), ("staff", dropped["staff"]))
            if count
        ],
    ]


def as_of(told: dict[str, Any]) -> str:
    """How fresh the figures are, for people."""
    return "Up to now." if told["as_of"] is None else f"As of {told['as_of'][:16].replace('T', ' ')} UTC."


def values_of(told: dict[str, Any]) -> list[tuple[str, str | None, dict[str, Any]]]:
    """Each value's name, what it is in an address, and its figures; the rest as one, which has no address."""
    rows: list[tuple[str, str | None, dict[str, Any]]] = [
        ("Not known", UNKNOWN, _with_money(row))
        if row["value"] is None
        else (row["value"], row["value"], _with_money(row))
        for row in told["rows"]
    ]
    more = (f"{told['other_values']:,} more", None, _with_money(told["other"]))
    return [*rows, more] if told["other_values"] else rows


def _with_money(row: dict[str, Any]) -> dict[str, Any]:
    revenue, margin = _paid(row)
    return row | {"revenue": revenue, "margin": margin}


def _people(count: int) -> str:
    return "person" if count == 1 else "people"


def _purchases(count: int) -> str:
    return f"{count:,} purchase{'' if count == 1 else 's'}"


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
