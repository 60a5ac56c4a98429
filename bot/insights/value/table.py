"""The report about value for people in a terminal: the cells, what is expected, how right that was, who is first."""

from decimal import Decimal
from typing import Any, TextIO

from bot.insights.value.rfm import FIFTHS

SHOWN = 10


def draw_value(told: dict[str, Any], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=out)
    console.print(told["sentence"], highlight=False)
    if told["groups"]:
        table = Table(title=f"Buyers by recency and frequency, up to {told['known_to']}")
        for name in ("Group", "People", "Share", "Revenue", "Share of revenue"):
            table.add_column(name, justify="left" if name == "Group" else "right")
        for row in told["groups"]:
            share, of_revenue = f"{row['share']:.1%}", f"{row['revenue_share']:.1%}"
            table.add_row(row["group"], f"{row['people']:,}", share, _money(row["revenue"], told), of_revenue)
        console.print(table)
        _draw_cells(told, console)
    for one in told["ahead"]:
        console.print(_ahead(one, told), highlight=False)
    for line in (told["proof"], told["ranking"], *told["notes"], told["service"]["sentence"]):
        if line:
            console.print(line, highlight=False)
    if told["top"]:
        table = Table(title=f"Expected to bring most, in {told['currency']}")
        ahead = told["ahead"][-1]["days"]
        named = ("Who", "Group", "Orders", "Spent", "Last order", "Alive", f"Orders, {ahead} d", f"Value, {ahead} d")
        for name in named:
            table.add_column(name, justify="left" if name in ("Who", "Group") else "right")
        for one in told["top"][:SHOWN]:
            last = one["expected"][-1]
            table.add_row(
                Text(one["customer"] or f"browser {one['visitor']}"), one["group"] or "", f"{one['orders']:,}",
                one["spent"], one["last_order"],
                "" if one["alive"] is None else f"{one['alive']:.0%}", f"{last['orders']:.1f}",
                last["value"] or "",
            )  # fmt: skip
        console.print(table)


def _draw_cells(told: dict[str, Any], console: Any) -> None:
    from rich.table import Table

    table = Table(title="People by cell, 5 the latest and the most")
    table.add_column("Recency")
    for often in range(FIFTHS, 0, -1):
        table.add_column(f"Frequency {often}", justify="right")
    for late in range(FIFTHS, 0, -1):
        row = [one for one in told["cells"] if one["recency"] == late]
        table.add_row(str(late), *(f"{one['people']:,} {one['group']}" for one in row))
    console.print(table)


def _ahead(one: dict[str, Any], told: dict[str, Any]) -> str:
    orders = one["orders"]
    line = f"In {one['days']} days: {orders['value']:,.0f} orders ({orders['low']:,.0f} to {orders['high']:,.0f})"
    for name in ("value", "profit"):
        if (money := one[name]) is not None:
            ends = f"{_money(money['low'], told)} to {_money(money['high'], told)}"
            line += f"; {name} {_money(money['value'], told)} ({ends})"
    return line + "."


def _money(amount: str, told: dict[str, Any]) -> str:
    return f"{Decimal(amount):,} {told['currency']}"
