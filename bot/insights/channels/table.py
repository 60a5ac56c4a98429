"""The report about channels for people in a terminal."""

from typing import Any, TextIO

from bot.insights.channels.words import incremental, left_over
from bot.insights.page_table import plain

COSTS = {"visitor": "Visitor", "conversation": "Conversation", "conversing_buyer": "Talked and bought",
         "answer": "Answer", "order": "Order"}  # fmt: skip


def draw_channels(told: dict[str, Any], out: TextIO) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=out)
    title = f"Channels, {told['since'][:10]} to {told['until'][:10]}, in {told['currency']}"
    table = Table(
        title=title,
        box=SIMPLE,
        padding=(0, 0, 0, 1),
        caption=f"Orders: {told['rule_means']}. Each: spend for one order. "
        "Return: of the margin, * of the revenue. Descriptive.",
    )
    table.add_column("Channel", no_wrap=True)
    for name in ("Spend", "People", "Talked", "Orders", "Revenue", "Each", "Return"):
        table.add_column(name, justify="right")
    for row in told["rows"]:
        table.add_row(Text(plain(row["channel"])), *_cells(row))
        for one in row["campaigns"]:
            table.add_row(Text("  " + plain(one["campaign"])), *_cells(one))
    console.print(table)
    _draw_costs(told, console)
    for line in (*left_over(told), incremental(told)):
        console.print(line, highlight=False, markup=False)


def _draw_costs(told: dict[str, Any], console: Any) -> None:
    """What one of each cost, of the channels with spend."""
    from rich.box import SIMPLE
    from rich.table import Table
    from rich.text import Text

    paid = [row for row in told["rows"] if row["spend"] is not None]
    if not paid:
        return
    table = Table(title=f"Spend for one, in {told['currency']}", box=SIMPLE, padding=(0, 0, 0, 1))
    table.add_column("Channel", no_wrap=True)
    for name in ("Budget", *COSTS.values()):
        table.add_column(name, justify="right")
    for row in paid:
        share = row["share_of_budget"]
        table.add_row(
            Text(plain(row["channel"])),
            "" if share is None else f"{share:.0%}",
            *(row["cost_per"][name] or "" for name in COSTS),
        )
    console.print(table)


def _cells(row: dict[str, Any]) -> list[str]:
    back = row["return"]
    return [
        row["spend"] or "",
        *(f"{row[name]:,g}" for name in ("people", "conversed", "orders")),
        row["revenue"],
        row["cost_per"]["order"] or "",
        "" if back is None else f"{back['value']:+,.0%}" + ("*" if back["of"] == "revenue" else ""),
    ]
