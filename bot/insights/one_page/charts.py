"""The two small charts of the page: who bought among those who conversed and the silent; what the chat changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.insights.charts.frame import as_svg, framed, heading_px
from bot.insights.charts.theme import theme_of
from bot.insights.lift.charts import Chart as LiftChart
from bot.insights.lift.charts import height_of as lift_height
from bot.insights.lift.charts import svg as lift_svg
from bot.insights.lift.findings import chart_of
from bot.insights.percents import percent

ROW_PX = 44


@dataclass(frozen=True)
class Row:
    """A share of `of` people with its interval."""

    name: str
    value: float
    low: float
    high: float
    of: int


@dataclass(frozen=True)
class Shares:
    """Shares as points with intervals, one below the other."""

    title: str
    subtitle: str
    rows: tuple[Row, ...]


def shares_of(told: Mapping[str, Any]) -> Shares | None:
    """Who bought, of those who conversed and of the silent; None where there is nobody of both."""
    rows = tuple(Row(**row) for row in told["shares"])
    if len(rows) < 2:
        return None
    talked, silent = rows[:2]
    title = f"{percent(talked.value, 0)} of those who conversed bought, {percent(silent.value, 0)} of the silent"
    return Shares(title, "Intervals of 95 %. Descriptive: who wants to buy asks more.", rows)


def effect_of(told: Mapping[str, Any]) -> LiftChart | None:
    """None where there is nothing to show, or a guess is waited for."""
    hidden = any(one["state"] == "waits for a guess" for one in told["findings"])
    return None if hidden else chart_of(told["lift"])


def height_of(chart: Shares | LiftChart, *, narrow: bool) -> int:
    """Of the whole picture, so that a page has room for it before it is there."""
    if isinstance(chart, LiftChart):
        return lift_height(chart, narrow=narrow)
    return len(chart.rows) * ROW_PX + heading_px(chart, narrow=narrow) + 62


def svg(chart: Shares | LiftChart, *, dark: bool, narrow: bool) -> str:
    if isinstance(chart, LiftChart):
        return lift_svg(chart, dark=dark, narrow=narrow)
    return as_svg(specification(chart, dark=dark, narrow=narrow))


def specification(chart: Shares, *, dark: bool, narrow: bool) -> dict[str, Any]:
    import altair as alt

    theme, order = theme_of(dark=dark), [one.name for one in chart.rows]
    rows = [vars(one) | {"told": f"{one.name} ({one.of:,} people)"} for one in chart.rows]
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=alt.Y("name:N", sort=order, axis=None))
    axis = alt.Axis(format=".0%", tickCount=3 if narrow else 6, labelOverlap="greedy")
    across = alt.X("low:Q", scale=alt.Scale(zero=True, nice=True, padding=12), title="bought", axis=axis)
    colour = alt.value(theme.series[0])
    drawn = alt.layer(
        base.mark_rule(strokeWidth=3).encode(x=across, x2="high:Q", color=colour),
        base.mark_point(filled=True, size=90, opacity=1).encode(x="value:Q", color=colour),
        base.mark_text(align="left", baseline="bottom", dy=-9, fontSize=12).encode(
            x=alt.value(4), text="told:N", color=alt.value(theme.ink)
        ),
    )
    return framed(drawn, chart, theme, narrow=narrow, height=len(rows) * ROW_PX)
