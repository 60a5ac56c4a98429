"""The chart of the report: each comparison as a point with its interval, against no difference and the guess.

Runs in a process of its own (`python -m` is not needed: the gateway hands it `svg` and plain values): drawing takes a
fifth of a second, and no visitor waits for it.
"""

from dataclasses import dataclass
from typing import Any

from bot.insights.charts.frame import as_svg, framed, heading_px
from bot.insights.charts.theme import theme_of


@dataclass(frozen=True)
class Point:
    """A row: relative change in buyers with its interval; a guess has none."""

    name: str
    label: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Chart:
    """What is drawn. The title says what was found, the subtitle what is shown, of when, and how far to believe it."""

    title: str
    subtitle: str
    points: tuple[Point, ...]


ROW_PX = 52


def height_of(chart: Chart, *, narrow: bool) -> int:
    """Of the whole picture, so that a page has room for it before it is there."""
    return len(chart.points) * ROW_PX + heading_px(chart, narrow=narrow) + 62


def svg(chart: Chart, *, dark: bool, narrow: bool) -> str:
    """The picture as SVG on no background; its words are text in the reader's own font."""
    return as_svg(specification(chart, dark=dark, narrow=narrow))


def specification(chart: Chart, *, dark: bool, narrow: bool) -> dict[str, Any]:
    import altair as alt

    theme = theme_of(dark=dark)
    order = [one.name for one in chart.points]
    rows = [vars(one) for one in chart.points]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("name:N", sort=order, axis=None),
        color=alt.Color(
            "label:N", legend=None, scale=alt.Scale(domain=list(theme.labels), range=list(theme.labels.values()))
        ),
    )
    axis = alt.Axis(
        format="+.0%",
        labelExpr="datum.value ? datum.label : '0%'",
        tickCount=3 if narrow else 6,
        labelOverlap="greedy",
        labelSeparation=8,
    )
    scale = alt.Scale(nice=True, zero=True, padding=12)
    across = alt.X("low:Q", scale=scale, title="more or fewer buyers than without the chat", axis=axis)
    nothing = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color=theme.ink, strokeWidth=1).encode(x="at:Q")
    layers = [
        nothing,
        base.mark_rule(strokeWidth=3).encode(x=across, x2="high:Q"),
        base.mark_point(filled=True, size=110, opacity=1).encode(
            x="value:Q", shape=alt.Shape("label:N", legend=None, scale=_shapes())
        ),
        # First as wide as a brush in the paper's colour, so that no line goes through a name.
        _names(base, narrow=narrow).encode(
            color=alt.value(theme.paper), stroke=alt.value(theme.paper), strokeWidth=alt.value(5)
        ),
        _names(base, narrow=narrow).encode(color=alt.value(theme.ink)),
    ]
    return framed(alt.layer(*layers), chart, theme, narrow=narrow, height=len(rows) * ROW_PX)


def _names(base: Any, *, narrow: bool) -> Any:
    import altair as alt

    if not narrow:
        named = base.mark_text(align="left", baseline="bottom", dy=-10, fontSize=13, strokeJoin="round")
        return named.encode(x=alt.value(8), text="name:N")
    # What is known of the number stands below it: in some readers' fonts the line would be wider than the picture.
    named = base.transform_calculate(lines="split(replace(datum.name, ' (', '\\n('), '\\n')")
    return named.mark_text(align="left", baseline="bottom", dy=-22, fontSize=11, strokeJoin="round").encode(
        x=alt.value(8), text="lines:N"
    )


def _shapes() -> Any:
    import altair as alt

    # Not by colour alone: who can't tell them apart sees a square and a diamond.
    return alt.Scale(
        domain=["randomized", "adjusted", "descriptive", "guess"], range=["circle", "square", "circle", "diamond"]
    )
