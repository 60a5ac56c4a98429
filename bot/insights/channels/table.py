"""The report about channels for people in a terminal."""

from typing import Any, TextIO

from bot.insights.channels.words import incremental, left_over
from bot.insights.page_table import plain


def draw_channels(told: dict[str, Any], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=out)
    title = f"Channels, {told['since'][:10]} to {told['until'][:10]}, in {told['currency']}"
    table = Table(title=title, caption=f"Orders: {told['rule_means']}. Descriptive.")
    table.add_column("Channel")
    for name in (
        "Spend",
        "Of budget",
        "People",
        "Talked",
        "Talked, bought",
        "Orders",
        "Revenue",
        "Per order",
        "Return",
    ):
        table.add_column(name, justify="right")
    for row in told["rows"]:
        table.add_row(Text(plain(row["channel"])), *_cells(row))
        for one in row["campaigns"]:
            table.add_row(Text("  " + plain(one["campaign"])), *_cells(one))
    console.print(table)
    for line in (*left_over(told), incremental(told)):
        console.print(line, highlight=False, markup=False)


def _cells(row: dict[str, Any]) -> list[str]:
    share, back = row["share_of_budget"], row["return"]
    return [
        row["spend"] or "",
        "" if share is None else f"{share:.0%}",
        *(f"{row[name]:,g}" for name in ("people", "conversed", "both")),
        f"{row['orders']:,g}",
        row["revenue"],
        row["cost_per"]["order"] or "",
        "" if back is None else f"{back['value']:+.0%} of {back['of']}",
    ]
