"""Each series in a strip of its own, as high as its own largest value: what is small beside the rest is still seen."""

from typing import Any

from bot.insights.charts.frame import as_svg, framed, heading_px
from bot.insights.charts.theme import theme_of
from bot.insights.charts.times import NUMBERS, OverTime, colour_of, days_axis, rows_of

STRIP_PX = 64
FILLED = 0.66
"""Of a strip; above it stands its name."""
AROUND_PX = 34


def height_of(chart: OverTime, *, narrow: bool) -> int:
    return len(chart.series) * STRIP_PX + heading_px(chart, narrow=narrow) + AROUND_PX


def svg(chart: OverTime, *, dark: bool, narrow: bool) -> str:
    import altair as alt

    theme = theme_of(dark=dark)
    strips = {one.name: len(chart.series) - 1 - place for place, one in enumerate(chart.series)}
    most = {one.name: max((value or 0.0 for value in one.values), default=0.0) for one in chart.series}
    rows = [
        row | {"foot": strips[row["name"]],
               "top": strips[row["name"]] + FILLED * max(row["value"], 0) / (most[row["name"]] or 1)}
        for row in rows_of(chart)
    ]  # fmt: skip
    names = [one.name for one in chart.series]
    colours = alt.Color(
        "name:N", legend=None,
        scale=alt.Scale(domain=names, range=[colour_of(theme, chart, place) for place in range(len(names))]),
    )  # fmt: skip
    scale = alt.Y("foot:Q", axis=None, scale=alt.Scale(domain=[0, len(names)], nice=False))
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=days_axis(chart, narrow=narrow), color=colours)
    layers: list[Any] = [
        base.mark_area(opacity=0.16).encode(y=scale, y2="top:Q"),
        base.mark_line(strokeWidth=2).encode(y="top:Q"),
    ]
    if len(chart.days) == 1:
        layers.append(base.mark_point(filled=True, size=60, opacity=1).encode(y="top:Q"))
    told = [
        {"name": name, "foot": strips[name], "at": strips[name] + 0.96, "most": f"at most {_number(chart, most[name])}"}
        for name in names
    ]
    words = alt.Chart(alt.InlineData(values=told))
    layers += [
        words.mark_rule(color=theme.line).encode(y="foot:Q"),
        words.mark_text(align="left", baseline="top", fontSize=12, fontWeight=600).encode(
            x=alt.value(0), y="at:Q", text="name:N", color=colours
        ),
        words.mark_text(align="right", baseline="top", fontSize=12, color=theme.soft).encode(
            x=alt.value("width"), y="at:Q", text="most:N"
        ),
    ]
    return as_svg(
        framed(alt.layer(*layers), chart, theme, narrow=narrow, height=len(names) * STRIP_PX)
    )  # fmt: skip


def _number(chart: OverTime, value: float) -> str:
    if chart.number == "share":
        return f"{value:.1%}".replace("%", "\N{NO-BREAK SPACE}%")
    return format(value, NUMBERS[chart.number])
