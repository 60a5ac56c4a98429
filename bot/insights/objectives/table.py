"""The objectives for people in a terminal."""

from typing import Any, TextIO

from bot.insights.objectives.measures import Unit
from bot.insights.objectives.sentences import in_unit
from bot.insights.page_table import plain


def draw_objectives(told: dict[str, Any], out: TextIO) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=out)
    if not told["rows"]:
        console.print("No objectives yet. Set one down: duologue objective add NAME --help", highlight=False)
        return
    table = Table(title=f"Objectives of {plain(told['name'])}, {told['at'][:10]}", box=SIMPLE, padding=(0, 0, 0, 1))
    table.add_column("Objective")
    table.add_column("Status")
    for name in ("So far", "Baseline", "Target"):
        table.add_column(name, justify="right")
    table.add_column("Until", no_wrap=True)
    for row in told["rows"]:
        table.add_row(Text(plain(row["name"])), *_cells(row))
    console.print(table)
    for row in told["rows"]:
        console.print(f"{plain(row['name'])} ({row['title'].lower()}, {row['about']}; {row['label']})", markup=False)
        for line in (row["sentence"], row["detectable_sentence"], *row["notes"]):
            if line:
                console.print(f"  {plain(line)}", highlight=False, markup=False)
    console.print(told["stop_rule"], highlight=False)
    console.print("Up to now." if told["as_of"] is None else f"As of {told['as_of']}.", highlight=False)


def _cells(row: dict[str, Any]) -> list[str]:
    unit, currency = Unit(row["unit"]), row["currency"]
    given = " (given)" if row["baseline"]["by"] == "given" else ""
    return [
        row["status"],
        "–" if row["value"] is None else in_unit(row["value"]["value"], unit, currency),
        in_unit(row["baseline"]["value"], unit, currency) + given,
        in_unit(row["target"], unit, currency),
        row["until"],
    ]
