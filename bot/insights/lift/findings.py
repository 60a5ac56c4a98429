"""What the chart shows of a report: the finding as its title, and a point for each relative difference in buyers."""

from typing import Any

from bot.insights.lift.charts import Chart, Point
from bot.insights.percents import percent

POINTS = {
    "conversion_change": "Offered, against held out",
    "adjusted_change": "Talkers, against people alike",
    "naive_change": "Talkers, against silent, biased",
}


def chart_of(told: dict[str, Any]) -> Chart | None:
    """None where there is no relative difference to show, and where the arms are faulty."""
    rows = {row["name"]: row for row in told["rows"]}
    points = [_point(rows[name], title) for name, title in POINTS.items() if _is_shown(rows.get(name))]
    if not points:
        return None
    guess = told["guess"]
    if guess is not None:
        points.append(Point(f"Guess of {guess['by']}", "guess", guess["change"], None, None))
    subtitle = (
        f"Relative difference in the share who buy, intervals of 95 %, {told['since'][:10]} to {told['last_day']}."
    )
    return Chart(_title(points[0]), subtitle, tuple(points))


def _is_shown(row: dict[str, Any] | None) -> bool:
    # An interval without end would press all others into one point.
    return row is not None and row["value"] is not None and row["high"] is not None and row["high"] < 20


def _point(row: dict[str, Any], title: str) -> Point:
    return Point(f"{title} ({row['label']})", row["label"], row["value"], row["low"], row["high"])


def _title(point: Point) -> str:
    low, high = point.low, point.high
    assert low is not None and high is not None
    change = f"{percent(abs(point.value), 0)} {'more' if point.value > 0 else 'fewer'} buyers"
    if point.label == "randomized":
        return f"The chat brings {change}" if low > 0 or high < 0 else "No difference in buyers was found"
    if point.label == "adjusted":
        return f"Talkers: {change} than people alike, not proven" if low > 0 or high < 0 else "No difference was found"
    return f"Talkers: {change} than the silent, which proves nothing"
