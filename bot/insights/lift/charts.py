"""The chart of the report: each comparison as a point with its interval, against no difference and the guess.

Runs in a process of its own (`python -m` is not needed: the gateway hands it `svg` and plain values): drawing takes a
fifth of a second, and no visitor waits for it.
"""

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

LETTER_PX = 7.2
"""As wide as a letter of a title is on the average, in whatever font the reader has."""


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


@dataclass(frozen=True)
class Theme:
    ink: str
    soft: str
    line: str
    paper: str
    colours: dict[str, str]


LIGHT = Theme(
    "#171a20", "#5b6270", "#e1e4e9", "#fff",
    {"randomized": "#2453c9", "adjusted": "#7a4bb5", "descriptive": "#868e9c", "guess": "#8a4b00"},
)  # fmt: skip
DARK = Theme(
    "#e8eaee", "#9aa3b2", "#2c323c", "#1a1e25",
    {"randomized": "#9db7ff", "adjusted": "#d0b3ff", "descriptive": "#6b7482", "guess": "#f2b968"},
)  # fmt: skip
WIDE, NARROW = 640, 310
ROW_PX = 52


def height_of(chart: Chart, *, narrow: bool) -> int:
    """Of the whole picture, so that a page has room for it before it is there."""
    width = NARROW if narrow else WIDE
    lines = len(_lines(chart.title, width)) * 20 + len(_lines(chart.subtitle, width, small=True)) * 16
    return len(chart.points) * ROW_PX + lines + 62


def svg(chart: Chart, *, dark: bool, narrow: bool) -> str:
    """The picture as SVG on no background; its words are text in the reader's own font."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(specification(chart, dark=dark, narrow=narrow)))


def specification(chart: Chart, *, dark: bool, narrow: bool) -> dict[str, Any]:
    import altair as alt

    theme, width = DARK if dark else LIGHT, NARROW if narrow else WIDE
    order = [one.name for one in chart.points]
    rows = [vars(one) for one in chart.points]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("name:N", sort=order, axis=None),
        color=alt.Color(
            "label:N", legend=None, scale=alt.Scale(domain=list(theme.colours), range=list(theme.colours.values()))
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
    title = alt.TitleParams(
        text=_lines(chart.title, width),
        subtitle=_lines(chart.subtitle, width, small=True),
        anchor="start",
        color=theme.ink,
        subtitleColor=theme.soft,
        fontSize=15,
        subtitleFontSize=12,
        offset=14,
        frame="group",
    )
    drawn = alt.layer(*layers).properties(width=width - 16, height=len(rows) * ROW_PX, title=title)
    drawn = drawn.configure(font="system-ui, sans-serif", background="transparent", padding=8)
    drawn = drawn.configure_view(stroke=None).configure_axis(
        labelColor=theme.soft, titleColor=theme.soft, gridColor=theme.line, domainColor=theme.line, ticks=False,
        labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
    )  # fmt: skip
    found: dict[str, Any] = drawn.to_dict()
    return found


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


def _lines(text: str, width: int, *, small: bool = False) -> list[str]:
    return wrap(text, int(width / (LETTER_PX * (0.85 if small else 1.05)))) or [""]
