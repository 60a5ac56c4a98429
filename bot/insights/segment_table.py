"""The segments for people in a terminal."""

from typing import TYPE_CHECKING, Any, TextIO

from bot.insights.margins import margin_told, refunds_sentence
from bot.insights.page_table import plain

if TYPE_CHECKING:
    from rich.console import Console


def draw_segments(told: dict[str, Any], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Segments, {told['since'][:10]} to {told['until'][:10]}", caption=_caption(told))
    for name, justify in (("Segment", "left"), ("People", "right"), ("Visits", "right"), ("Revenue", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for row in told["rows"]:
        table.add_row(row["segment"], str(row["people"]), str(row["visits"]), f"{row['revenue']} {row['currency']}")
    for row in told["other_currencies"]:
        table.add_row(row["segment"], "", "", f"{row['revenue']} {row['currency']}")
    for row in told["unlinked"]:
        table.add_row(f"of nobody known ({row['purchases']} purchases)", "", "", f"{row['revenue']} {row['currency']}")
    console = Console(file=out)
    console.print(table)
    before = told["before_purchase"]
    console.print(
        f"{before['people']:,} conversing buyers were answered before they first bought in this window, "
        f"and brought {before['revenue']} {before['currency']}."
    )
    for sentence in refunds_sentence(told):
        console.print(sentence)
    if "by" in told:
        _draw_by(told["by"], console)
    console.print("Up to now." if told["as_of"] is None else f"As of {told['as_of']}.")


def _draw_by(told: dict[str, Any], console: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"By {told['dimension']}, noise left out")
    table.add_column(told["dimension"].capitalize())
    for name in ("People", "Conversed", "Bought", "Conversing buyers", "Revenue", "Margin"):
        table.add_column(name, justify="right")
    rest = {"value": f"{told['other_values']:,} more", **told["other"]}
    for row in [*told["rows"], *([rest] if told["other_values"] else [])]:
        counts = (row["people"], row["conversed"], row["bought"], row["conversing_buyers"])
        money = (f"{row['revenue']} {row['currency']}", margin_told(row))
        value = "not known" if row["value"] is None else plain(row["value"])
        table.add_row(Text(value), *(f"{count:,}" for count in counts), *money)
    console.print(table)


def _caption(told: dict[str, Any]) -> str:
    dialogues = sum(told["dialogues"].values())
    return (
        f"{dialogues} had a dialogue: two answered messages or more. "
        "Who talked and who bought; not that talking made anybody buy."
    )
