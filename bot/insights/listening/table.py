"""What was heard, for people in a terminal."""

from typing import TYPE_CHECKING, Any, TextIO

from bot.insights.changes import percent
from bot.insights.page_table import plain
from bot.insights.percents import signed

if TYPE_CHECKING:
    from rich.console import Console

SHOWN = 8
"""Of a list; JSON and CSV have all."""
_TITLES = {
    "topic": "What people talk about",
    "need": "What they need",
    "objection": "What they object to",
    "praise": "What they praise",
    "complaint": "What they complain of",
    "wish": "What they wish for",
}


def draw_listening(told: dict[str, Any], out: TextIO) -> None:
    from rich.console import Console

    console = Console(file=out)
    console.print(f"Listening, {told['since'][:10]} to {told['until'][:10]}. Descriptive: what was said, not why.")
    console.print(f"{told['people']:,} people wrote {told['messages']:,} messages.", told["sentiment"]["sentence"])
    for kind in told["kinds"]:
        _draw_kind(kind, told["currency"], console)
    _draw_missed(told, console)
    _draw_stars(told["feedback"], console)
    if told["by"] is not None:
        _draw_by(told["by"], console)
    console.print("Up to now." if told["as_of"] is None else f"As of {told['as_of']}.")


def _draw_kind(kind: dict[str, Any], currency: str, console: "Console") -> None:
    groups = kind["by_meaning"] or kind["by_topic"]
    if not kind["people"]:
        return
    share = f"{kind['people']:,} people, {percent(kind['share'])} of who wrote, {kind['mentions']:,} times"
    table = _table(
        f"{_TITLES[kind['kind']]}: {share}", "What", "People", "Share", "Change", "Buyers", f"Spent, {currency}"
    )
    for one in groups[:SHOWN]:
        change = one["change"]["told"] if one["change"] else "–"
        figures = (f"{one['people']:,}", percent(one["share"]), change, f"{one['buyers']:,}", one["spent"])
        table.add_row(_text(one["name"]), *figures)
        for quote in one["quotes"][:1]:
            table.add_row(_text(f"  “{quote['text']}” ({quote['at'][:10]})"))
    console.print(table)


def _draw_missed(told: dict[str, Any], console: "Console") -> None:
    if not told["unanswered"]:
        return
    table = _table("What no page answers, by who asked", "Question", "Weight", "People", "Buyers", "Times")
    for one in told["unanswered"][:SHOWN]:
        table.add_row(_text(one["question"]), *(f"{one[name]:,}" for name in ("weight", "people", "buyers", "times")))
    console.print(table)


def _draw_stars(feedback: dict[str, Any], console: "Console") -> None:
    if not feedback["whole"]["people"]:
        return
    table = _table("Stars", "Of", "People", "Mean", "Interval", "1 or 2 stars")
    for one in [feedback["whole"], *feedback["by_page"][:SHOWN], *feedback["by_topic"][:SHOWN]]:
        interval = "–" if one["low"] is None else f"{one['low']:.1f} to {one['high']:.1f}"
        figures = (f"{one['people']:,}", f"{one['mean']:.1f}", interval, percent(one["unhappy_share"]))
        table.add_row(_text(one["name"] or "all"), *figures)
    console.print(table)


def _draw_by(by: dict[str, Any], console: "Console") -> None:
    kinds = ("need", "objection", "praise", "complaint", "wish")
    table = _table(f"By {by['dimension']}", by["dimension"].capitalize(), "People", "Mood", *map(str.capitalize, kinds))
    for row in by["rows"]:
        mood = "–" if row["mean"] is None else signed(row["mean"])
        told = (f"{row['kinds'][kind]['people']:,}" for kind in kinds)
        table.add_row(_text("not known" if row["value"] is None else row["value"]), f"{row['people']:,}", mood, *told)
    console.print(table)


def _table(title: str, first: str, *others: str) -> Any:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _text(said: str) -> Any:
    from rich.text import Text

    return Text(plain(said))
