"""The report as a page draws it, whatever the page is made of: headings, sentences, numbers in words, definitions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.insights.one_page.report import parts_of
from bot.insights.percents import NBSP, percent

LABELS = {
    "randomized": "randomized: a lot decided, so the difference is the chat’s doing",
    "adjusted": "adjusted: people alike in what is known were compared",
    "descriptive": "descriptive: what was, not why",
}
INVENTED = "Invented for a demonstration: nobody here is real."


@dataclass(frozen=True)
class Line:
    """One finding. `number` and `interval` are empty where nothing was found."""

    sentence: str
    is_found: bool
    label: str
    n: str
    number: str
    interval: str
    evidence: str


@dataclass(frozen=True)
class Page:
    """`definitions` stand at the foot, by the part whose numbers they define."""

    title: str
    days: str
    parts: tuple[tuple[str, tuple[Line, ...]], ...]
    definitions: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    notes: tuple[str, ...]
    is_invented: bool


def page_of(told: Mapping[str, Any]) -> Page:
    parts = tuple((part, tuple(_line(one, told["currency"]) for one in found)) for part, found in parts_of(told))
    labels = {one["label"] for one in told["findings"]}
    fresh = "" if told["as_of"] is None else f" Figures as of {told['as_of'][:16].replace('T', ' ')} UTC."
    return Page(
        title=f"{told['name']}: who converses, who buys",
        days=f"{told['first_day']} to {told['last_day']}, whole days in UTC, against {told['before']['first_day']} to "
        f"{told['before']['last_day']}.{fresh}",
        parts=parts,
        definitions=_defined(told),
        labels=tuple(LABELS[one] for one in LABELS if one in labels),
        notes=(_looks(told["looked_at"]), *told["notes"]),
        is_invented=told["is_invented"],
    )


def _looks(looked_at: int) -> str:
    if not looked_at:
        return "Nothing could be compared in these days, so no difference and no change is claimed."
    together = "of 1 look" if looked_at == 1 else f"of {looked_at:,} looks together"
    return (
        f"Differences and changes are claimed beyond chance only: {together}, after Holm’s correction, 19 of 20 "
        "reports in which nothing is true claim nothing. Intervals are of 95 % each."
    )


def _defined(told: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What the numbers mean, by their part; what is of several is told once."""
    first: dict[str, str] = {}
    for part, found in parts_of(told):
        for one in found:
            first.setdefault(one["definition"], part)
    by = {part: [means for means, of in first.items() if of == part] for part in first.values()}
    return tuple((part, " ".join(means)) for part, means in by.items())


def _line(one: Mapping[str, Any], currency: str) -> Line:
    number = interval = ""
    if one["state"] == "found":
        number = in_unit(one["value"], one["unit"], currency)
        if one["low"] is not None:
            ends = (in_unit(one[end], one["unit"], currency) for end in ("low", "high"))
            interval = " to ".join(ends)
    return Line(
        one["sentence"], one["state"] == "found", one["label"], f"{one['n']:,}", number, interval, one["evidence"]
    )


def in_unit(value: float, unit: str, currency: str) -> str:
    """A number of a finding as people read it."""
    match unit:
        case "share":
            return percent(value)
        case "points":
            sign = "+" if value > 0 else ""
            return f"{sign}{percent(value).removesuffix(f'{NBSP}%')}{NBSP}points"
        case "money":
            return f"{value:+,.2f}{NBSP}{currency}"
        case "times":
            return f"{value:.2f}"
        case "score":
            return f"{value:.1f}"
        case "mood":
            return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")
    return f"{value:,.0f}"
