"""What charts over time have in common: their data, the axis of days, and the colour of each series."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.insights.charts.theme import Theme

FORMATS = {"day": "%-d %b", "week": "%-d %b", "month": "%b %Y"}
NUMBERS = {"count": ",.0f", "share": ".0%", "money": ",.0f"}
"""How an axis writes what is counted in people, as a share from 0 to 1, or in major units of a currency."""


@dataclass(frozen=True)
class Series:
    """`values` are as many as there are days, None where there is nothing to say. `colour` is a segment, a label, or
    anything else for the next colour of the theme."""

    name: str
    colour: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class OverTime:
    """`days` are the first day (UTC) of each `step`, of STEPS; `number` is one of NUMBERS."""

    title: str
    subtitle: str
    days: tuple[str, ...]
    step: str
    series: tuple[Series, ...]
    number: str = "count"


def colour_of(theme: Theme, chart: OverTime, place: int) -> str:
    named = theme.segments | theme.labels
    return named.get(chart.series[place].colour, theme.series[place % len(theme.series)])


def rows_of(chart: OverTime) -> Iterator[dict[str, Any]]:
    """A row for each value that there is."""
    for series in chart.series:
        for day, value in zip(chart.days, series.values, strict=True):
            if value is not None:
                yield {"day": f"{day}T00:00:00Z", "name": series.name, "value": value}


def days_axis(chart: OverTime, *, narrow: bool, beside: float = 0) -> Any:
    """`beside`: pixels that are left free before the first day and behind the last."""
    import altair as alt

    axis = alt.Axis(
        format=FORMATS[chart.step],
        grid=False,
        labelOverlap="greedy",
        labelSeparation=10,
        labelFlush=True,
        tickCount=min(4 if narrow else 8, len(chart.days)),
    )
    scale = alt.Scale(type="utc", padding=beside, domain=_ends(chart.days))
    return alt.X("day:T", scale=scale, axis=axis, title=None)


def _ends(days: Sequence[str]) -> list[str]:
    """The first and the last of the axis, also where nothing is known of them; one day alone stands in the middle."""
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    around = timedelta(days=1 if first == last else 0)
    return [f"{day.isoformat()}T00:00:00Z" for day in (first - around, last + around)]
