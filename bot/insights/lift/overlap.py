"""How alike talkers and others can be made, as a picture: both by their chance to talk, and who is left out of it."""

from dataclasses import dataclass
from typing import Any

from bot.insights.charts.frame import as_svg, framed, heading_px
from bot.insights.charts.theme import theme_of
from bot.insights.percents import percent

TENTHS = 10
TRIMMED_FROM = 9
"""The tenth above `adjusted.TRIMMED_ABOVE`."""
ENOUGH = 0.1
"""Others to a talker of the same tenth, below which nobody much is alike."""
HEIGHT = 190
COLUMNS = ("chance_from", "chance_to", "talkers", "others", "left_out")


@dataclass(frozen=True)
class OverlapChart:
    """People by tenths of their chance to talk."""

    title: str
    subtitle: str
    talkers: tuple[int, ...]
    others: tuple[int, ...]


def chart_of(told: dict[str, Any]) -> OverlapChart | None:
    """Of a report that compares people alike; None of any other."""
    overlap = told["overlap"]
    if overlap is None:
        return None
    talkers, others = tuple(overlap["talkers"]), tuple(overlap["others"])
    subtitle = (
        "People by their chance to talk, as what was known beforehand gives it: talkers above the line, others below, "
        f"each as shares of their own. Shaded: left out. Adjusted, {told['since'][:10]} to {told['last_day']}."
    )
    return OverlapChart(_title(talkers, others), subtitle, talkers, others)


def _title(talkers: tuple[int, ...], others: tuple[int, ...]) -> str:
    alike = sum(count for count, other in zip(talkers[:TRIMMED_FROM], others, strict=False) if other >= count * ENOUGH)
    share = alike / (sum(talkers) or 1)
    # Not "100 %" where somebody is missing.
    return f"{percent(share if share == 1 else min(share, 0.99), 0)} of talkers have people alike who did not talk"


def rows_of(told: dict[str, Any]) -> list[tuple[float, float, int, int, int]]:
    """What the picture is drawn from, in COLUMNS; `left_out` is 1 of the tenth that the comparison leaves out."""
    overlap = told["overlap"]
    return [
        (tenth / TENTHS, (tenth + 1) / TENTHS, overlap["talkers"][tenth], overlap["others"][tenth],
         int(tenth >= TRIMMED_FROM))
        for tenth in range(TENTHS)
    ]  # fmt: skip


def height_of(chart: OverlapChart, *, narrow: bool) -> int:
    return HEIGHT + heading_px(chart, narrow=narrow) + 76


def svg(chart: OverlapChart, *, dark: bool, narrow: bool) -> str:
    return as_svg(specification(chart, dark=dark, narrow=narrow))


def specification(chart: OverlapChart, *, dark: bool, narrow: bool) -> dict[str, Any]:
    import altair as alt

    theme = theme_of(dark=dark)
    colours = {"Talkers": theme.labels["adjusted"], "Others": theme.labels["descriptive"]}
    whole = {"Talkers": sum(chart.talkers) or 1, "Others": -(sum(chart.others) or 1)}
    rows = [
        {"group": group, "from": tenth / TENTHS, "to": (tenth + 1) / TENTHS, "share": count / whole[group]}
        for group, counts in (("Talkers", chart.talkers), ("Others", chart.others))
        for tenth, count in enumerate(counts)
    ]
    across = alt.X(
        "from:Q",
        scale=alt.Scale(domain=[0, 1]),
        title="chance to talk",
        axis=alt.Axis(
            format=".0%",
            values=[0, 0.25, 0.5, 0.75, 1] if narrow else [one / 10 for one in range(0, 11, 2)],
            grid=False,
        ),
    )
    up = alt.Y(
        "share:Q", title="share of each group", axis=alt.Axis(labelExpr="format(abs(datum.value), '.0%')", tickCount=5)
    )
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(stroke=theme.paper, strokeWidth=1)
        .encode(
            x=across,
            x2="to:Q",
            y=up,
            y2=alt.datum(0),
            color=alt.Color(
                "group:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=alt.Legend(
                    orient="top", title=None, labelColor=theme.ink, labelFontSize=12, symbolType="square"
                ),
            ),
        )
    )
    left_out = alt.Chart(alt.InlineData(values=[{"from": TRIMMED_FROM / TENTHS, "to": 1}]))
    left_out = left_out.mark_rect(color=theme.line, opacity=0.6).encode(x="from:Q", x2="to:Q")
    line = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color=theme.ink).encode(y="at:Q")
    return framed(alt.layer(left_out, bars, line), chart, theme, narrow=narrow, height=HEIGHT)
