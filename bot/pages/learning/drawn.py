"""What was learned from visitors, for people at a terminal."""

from typing import TextIO

from rich.console import Console
from rich.table import Table

from bot.pages.learning.learn import Learned
from bot.pages.learning.verdicts import Sign

SIGNS = {
    Sign.CHOSEN: "chosen when the bot asked back: right",
    Sign.RATED_WELL: "quoted in a conversation with 4 or 5 stars: right",
    Sign.RATED_BADLY: "quoted in one with 1 or 2 stars: wrong, perhaps",
    Sign.REWORDED: "the same was asked again at once: wrong, perhaps",
    Sign.WANTED_PERSON: "a person was asked for at once: wrong, perhaps",
}


def draw_learned(told: Learned, out: TextIO) -> None:
    console = Console(file=out, highlight=False, emoji=False, markup=False)
    if not told.signs:
        console.print("No visitor has told anything yet of an answer that is still on the pages.")
        return
    console.print(_examples(told))
    console.print(_weights(told))
    for line in verdict(told):
        console.print(line, soft_wrap=True)


def verdict(told: Learned) -> list[str]:
    """Whether the learned weights are better, in words."""
    first = told.comparison
    if not first.questions:
        return ["Of no question the right passage is known: nothing can be compared."]
    return [
        f"The right passage comes first in {first.shipped:.1%} of {first.questions:,} questions with the shipped "
        f"weights, in {first.learned:.1%} with weights learned from other conversations.",
        f"A gain of {first.learned - first.shipped:+.1%}, with 95 % between {first.low:+.1%} and {first.high:+.1%}; "
        f"{first.changed:,} conversations change, as unevenly by chance in {first.chance:.1%} of cases.",
        "Better beyond chance: apply them with --apply." if first.better else "Not better beyond chance: keep what is.",
    ]


def _examples(told: Learned) -> Table:
    caption = f"{told.gone:,} more are on the pages no longer, {told.unfound:,} are there but not found."
    older = " Older conversations were not looked at." if told.capped else ""
    title = f"{told.signs.total():,} answers of {told.conversations:,} conversations"
    table = Table(title=title, caption=caption + older, show_header=False, title_justify="left")
    table.add_column()
    table.add_column(justify="right")
    for sign in Sign:
        table.add_row(SIGNS[sign], f"{told.signs[sign]:,}")
    return table


def _weights(told: Learned) -> Table:
    table = Table(title="What each feature weighs", title_justify="left")
    table.add_column("Feature")
    table.add_column("Shipped", justify="right")
    table.add_column("Learned", justify="right")
    for name, shipped in told.shipped.items():
        table.add_row(name, f"{shipped:.3f}", f"{told.weights[name]:.3f}")
    return table
