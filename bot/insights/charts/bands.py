"""A mean over time with its interval as a band around it, on a scale that has a zero in the middle."""

from math import ceil, floor
from typing import Any

from bot.insights.charts.frame import as_svg, framed, heading_px
from bot.insights.charts.theme import theme_of
from bot.insights.charts.times import OverTime, days_axis

PLOT_PX, AROUND_PX = 200, 34
LEAST = 0.2
"""So far from zero the axis goes at least, so that small differences do not look like large ones."""


def height_of(chart: OverTime, *, narrow: bool) -> int:
    return PLOT_PX + heading_px(chart, narrow=narrow) + AROUND_PX


def svg(chart: OverTime, *, dark: bool, narrow: bool) -> str:
    """The series of the chart are the mean, and from where to where it may be; from -1 to 1, None where it is not
    known."""
    import altair as alt

    theme = theme_of(dark=dark)
    rows = list(_rows(chart))
    low = min([-LEAST, *(row["low"] for row in rows)])
    high = max([LEAST, *(row["high"] for row in rows)])
    ticks = [one / 5 for one in range(floor(low * 5), ceil(high * 5) + 1)]
    axis = alt.Axis(format="+.1f", values=ticks, domain=False, title=None, labelPadding=6)
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=days_axis(chart, narrow=narrow))
    mean = base.encode(y=alt.Y("mean:Q", scale=scale, axis=axis))
    least = alt.Y("low:Q", scale=scale, axis=axis)
    layers: list[Any] = [
        base.mark_area(color=theme.series[0], opacity=0.22).encode(y=least, y2="high:Q"),
        alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=theme.soft).encode(y="zero:Q"),
        mean.mark_line(color=theme.series[0], strokeWidth=2.5),
        mean.mark_point(color=theme.series[0], filled=True, size=36, opacity=1),
    ]
    return as_svg(framed(alt.layer(*layers), chart, theme, narrow=narrow, height=PLOT_PX))


def _rows(chart: OverTime) -> list[dict[str, Any]]:
    middle, low, high = (one.values for one in chart.series)
    return [
        {
            "day": f"{day}T00:00:00Z",
            "mean": at,
            "low": at if least is None else least,
            "high": at if most is None else most,
        }
        for day, at, least, most in zip(chart.days, middle, low, high, strict=True)
        if at is not None
    ]


def _span(at: float, least: float | None, most: float | None) -> dict[str, float]:
    """Of one person alone no interval is known; the line goes on there, and the band is closed."""
    return {"low": at if least is None else least, "high": at if most is None else most}
