"""Some series in one plot, from zero up, each named where it ends."""

from math import floor, log10
from typing import Any

from bot.insights.charts.frame import as_svg, framed, heading_px
from bot.insights.charts.theme import theme_of
from bot.insights.charts.times import NUMBERS, OverTime, colour_of, days_axis, rows_of

PLOT_PX, NAMES_PX = 190, 20
AROUND_PX = 34
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [1, 0], [6, 3])
"""Not by colour alone: who can't tell them apart sees dashes."""


def height_of(chart: OverTime, *, narrow: bool) -> int:
    return PLOT_PX + len(chart.series) * NAMES_PX + heading_px(chart, narrow=narrow) + AROUND_PX


def svg(chart: OverTime, *, dark: bool, narrow: bool) -> str:
    import altair as alt

    theme, names = theme_of(dark=dark), [one.name for one in chart.series]
    colours = [colour_of(theme, chart, place) for place in range(len(names))]
    above = len(names) * NAMES_PX
    values = [value for one in chart.series for value in one.values if value is not None]
    top, low = max(values, default=0.0) or 1.0, min([0.0, *values])
    # Room above the lines for their names, which stand in a column and never cross a line.
    scale = alt.Scale(domain=[low, top * (PLOT_PX + above) / PLOT_PX], nice=False)
    number = ".1%" if chart.number == "share" and top < 0.1 else NUMBERS[chart.number]
    axis = alt.Axis(format=number, values=_ticks(top), domain=False, title=None, labelPadding=6)
    base = alt.Chart(alt.InlineData(values=list(rows_of(chart)))).encode(
        x=days_axis(chart, narrow=narrow),
        y=alt.Y("value:Q", scale=scale, axis=axis),
        color=alt.Color("name:N", legend=None, scale=alt.Scale(domain=names, range=colours)),
        strokeDash=alt.StrokeDash(
            "name:N", legend=None, scale=alt.Scale(domain=names, range=list(DASHES[: len(names)]))
        ),
    )
    layers: list[Any] = [base.mark_line(strokeWidth=2.5)]
    if sum(value is not None for one in chart.series for value in one.values) <= 2 * len(names):
        layers.append(base.mark_point(filled=True, size=60, opacity=1))
    for place, name in enumerate(names):
        at = 8 + place * NAMES_PX
        one = alt.Chart(alt.InlineData(values=[{"name": name}]))
        layers += [
            one.mark_rule(color=colours[place], strokeWidth=2.5, strokeDash=DASHES[place % len(DASHES)]).encode(
                x=alt.value(0), x2=alt.value(26), y=alt.value(at)
            ),
            one.mark_text(align="left", baseline="middle", fontSize=12, color=theme.ink).encode(
                x=alt.value(34), y=alt.value(at), text="name:N"
            ),
        ]
    return as_svg(framed(alt.layer(*layers), chart, theme, narrow=narrow, height=PLOT_PX + above))


def _ticks(top: float) -> list[float]:
    """Three to seven round values from zero up to the top."""
    power = 10.0 ** floor(log10(top))
    step = next(one * power for one in (0.2, 0.5, 1.0, 2.0) if top / (one * power) < 7)
    return [round(step * place, 12) for place in range(int(top / step + 1e-9) + 1)]
