"""The report about lift for people in a terminal: the verdict, then each figure with its interval and label."""

from typing import Any, TextIO

from bot.insights.lift.estimates import Label
from bot.insights.lift.figures import Figure, Unit
from bot.insights.lift.sentences import told
from bot.insights.percents import percent


def draw_lift(report: dict[str, Any], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Lift, {report['since'][:10]} to {report['last_day']}", caption=report["sentence"])
    table.add_column("")
    table.add_column("Value", justify="right")
    table.add_column("Interval of 95 %", justify="right")
    table.add_column("Label")
    for row in report["rows"]:
        one = figure_of(row)
        table.add_row(one.title, told(one, one.value, report["currency"]), interval(one, report["currency"]), one.label)
    console = Console(file=out)
    console.print(table)
    for note in [guess_told(report), *report["notes"]]:
        if note:
            console.print(note, highlight=False)


def figure_of(row: dict[str, Any]) -> Figure:
    return Figure(**row | {"unit": Unit(row["unit"]), "label": Label(row["label"])})


def interval(one: Figure, currency: str) -> str:
    """Its two ends in the figure's unit; why there is no value, where there is none."""
    if one.low is None or one.high is None:
        return one.why
    return f"{told(one, one.low, currency)} to {told(one, one.high, currency)}"


def guess_told(report: dict[str, Any]) -> str | None:
    """What was guessed, and whether the interval holds it; None without a guess."""
    guess = report["guess"]
    if guess is None:
        return None
    by = f"{guess['by']} guessed on {guess['at'][:10]}, when {guess['drawn']:,} people had been drawn:"
    change = next((row for row in report["rows"] if row["name"] == "conversion_change"), None)
    said = f"{by} {_more(guess['change'])}."
    if change is None or change["value"] is None:
        return said
    fits = "fits the result" if change["low"] <= guess["change"] <= change["high"] else "does not fit the result"
    return f"{said} It was {_more(change['value'])}; the guess {fits}."


def _more(change: float) -> str:
    if not change:
        return "no difference in buyers"
    return f"{percent(abs(change), 0)} {'more' if change > 0 else 'fewer'} buyers"
