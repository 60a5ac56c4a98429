"""Bars of which each series is a part: what came together in each day, week or month."""

from bot.insights.charts.frame import as_svg, framed, heading_px, width_of
from bot.insights.charts.theme import theme_of
from bot.insights.charts.times import NUMBERS, OverTime, colour_of, days_axis, rows_of

PLOT_PX, AROUND_PX, NAMES_PX = 180, 34, 22
WIDEST_BAR = 48


def height_of(chart: OverTime, *, narrow: bool) -> int:
    return PLOT_PX + NAMES_PX + heading_px(chart, narrow=narrow) + AROUND_PX


def svg(chart: OverTime, *, dark: bool, narrow: bool) -> str:
    import altair as alt

    theme, names = theme_of(dark=dark), [one.name for one in chart.series]
    colours = [colour_of(theme, chart, place) for place in range(len(names))]
    bar = min(WIDEST_BAR, max(1.0, 0.62 * (width_of(narrow=narrow) - 70) / max(1, len(chart.days))))
    legend = alt.Legend(
        orient="top", title=None, labelColor=theme.ink, labelFontSize=12, symbolType="square", offset=6,
        direction="horizontal", columns=2, columnPadding=16,
    )  # fmt: skip
    drawn = (
        alt.Chart(alt.InlineData(values=list(rows_of(chart))))
        .mark_bar(size=bar)
        .encode(
            x=days_axis(chart, narrow=narrow, beside=bar / 2 + 4),
            y=alt.Y("value:Q", axis=alt.Axis(format=NUMBERS[chart.number], tickCount=4, domain=False, title=None)),
            color=alt.Color("name:N", legend=legend, sort=names, scale=alt.Scale(domain=names, range=colours)),
            order=alt.Order("name:N"),
        )
    )
    return as_svg(framed(drawn, chart, theme, narrow=narrow, height=PLOT_PX))
