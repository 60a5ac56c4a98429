"""What to fix first, for people: a page, its points, and below it what to do and what was asked."""

from typing import Any, TextIO
from urllib.parse import urlsplit

from bot.insights.page_table import plain

SHOWN = 20


def draw_fixes(told: dict[str, Any], out: TextIO) -> None:
    """The first twenty pages; the JSON has all."""
    rows = told["rows"]
    since = "" if told["since"].startswith("1970") else f"{told['since'][:10]} "
    out.write(f"What to fix first, {since or 'up '}to {told['until'][:10]} (descriptive)\n")
    if not rows:
        out.write("Nothing went wrong for three people or more.\n")
    for place, row in enumerate(rows[:SHOWN], 1):
        parts = ", ".join(f"{name} {value:g}" for name, value in row["parts"].items() if value)
        out.write(f"\n{place}. {_path(row['url'])}: {row['points']:g} points ({parts}){_revenue(row)}\n")
        out.writelines(f"   {plain(one)}\n" for one in row["do"])
        out.writelines(f'   "{plain(one["text"])}": {one["people"]:,} people\n' for one in row["questions"])
    if len(rows) > SHOWN:
        out.write(f"\n{len(rows) - SHOWN:,} more with --output json.\n")
    if told["few"]:
        out.write(f"\nOn {told['few']:,} more it was fewer than three people: too few to judge.\n")


def _path(url: str) -> str:
    parts = urlsplit(url)
    return plain((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _revenue(row: dict[str, Any]) -> str:
    sums = ", ".join(f"{one['revenue']} {one['currency']}" for one in row["revenue"])
    return f"; seen in visits that bought for {sums}" if sums else ""
