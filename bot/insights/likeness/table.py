"""The report of who is alike for people in a terminal."""

from typing import Any, TextIO

SHOWN = 10


def draw_likeness(told: dict[str, Any], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=out)
    for line in (told["sentence"], *told["notes"]):
        console.print(line, highlight=False)
    if told["lifts"] and told["reasons"]:
        console.print(f"The {told['seed']}, beside the others:", highlight=False)
        for one in told["reasons"]:
            console.print(Text(f"- {one['sentence']}"))
    if told["lifts"] and told["alike"]:
        table = Table(title="Most alike")
        table.add_column("Who")
        table.add_column("Score", justify="right")
        for one in told["alike"][:SHOWN]:
            table.add_row(Text(one["customer"] or f"browser {one['visitor']}"), f"{one['score']:.3f}")
        console.print(table)
