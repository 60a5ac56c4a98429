"""The report about pages for people: a table, and below it what is to be mended, each with its sentence."""

from collections.abc import Iterable
from typing import Any, TextIO
from urllib.parse import urlsplit

SHOWN = 40
"""Pages of the table; the JSON has all."""
MENDED = 15
"""Pages whose flags are shown: the most viewed."""
SENTENCE = 160
COLUMNS = ("Views", "Asked", "Here", "Elsewhere", "Unanswered", "Person", "Orders", "Revenue", "One-way", "Flags")
FLAGS = {
    "no_way_to_reach": "No way to reach a person",
    "stale": "Out of date",
    "hard_to_read": "Hard to read",
    "jargon": "Jargon",
    "unanswered_question": "Asked here, not answered",
}


def draw_pages(told: dict[str, Any], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = told["rows"]
    table = Table(title=f"Pages, {told['since'][:10]} to {told['until'][:10]}", caption=_caption(told))
    table.add_column("Page", overflow="fold", min_width=16)
    for name in (
        "Views",
        "Asked",
        "Here",
        "Elsewhere",
        "Unanswered",
        "Person",
        "Orders",
        "Revenue",
        "One-way",
        "Flags",
    ):
        table.add_column(name, justify="right")
    for row in rows[:SHOWN]:
        one_way = row["one_way"]
        table.add_row(
            Text(plain(name_of(row))),
            *(str(row[name]) for name in ("views", "questions", "answered_here", "answered_elsewhere", "unanswered")),
            str(row["handed_over"]),
            str(row["purchases"]),
            "\n".join(f"{one['revenue']} {one['currency']}" for one in row["revenue"]),
            "" if one_way is None else str(one_way["score"]),
            str(len(row["flags"]) or ""),
        )
    console = Console(file=out)
    console.print(table)
    for line in _to_mend(rows[:MENDED]):
        console.print(Text(plain(line)), soft_wrap=True)


def name_of(row: dict[str, Any]) -> str:
    """The path, which is shorter than the address; marked when the crawl does not know the page."""
    parts = urlsplit(row["url"])
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return path if row["crawled"] else f"{path} (not crawled)"


def plain(text: str) -> str:
    """Without what a terminal would act on: pages and visitors choose these words."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def flag_line(flag: dict[str, Any]) -> str:
    """A flag as a person reads it: Out of date: "Prices updated in 2019." """
    sentence = flag["sentence"] if len(flag["sentence"]) <= SENTENCE else flag["sentence"][: SENTENCE - 1] + "…"
    often = f" ({flag['times']} times)" if (flag["times"] or 0) > 1 else ""
    return f'{FLAGS[flag["flag"]]}: "{sentence}"{often}'


def _to_mend(rows: Iterable[dict[str, Any]]) -> Iterable[str]:
    flagged = [row for row in rows if row["flags"]]
    if flagged:
        yield ""
        yield "What to mend, the most viewed pages first"
    for row in flagged:
        yield f"  {name_of(row)}"
        yield from (f"    {flag_line(flag)}" for flag in row["flags"])


def _caption(told: dict[str, Any]) -> str:
    more = len(told["rows"]) - SHOWN
    return " ".join(
        [
            "Asked = Here (answered by this page) + Elsewhere (by another) + Unanswered.",
            "Person: conversations that wanted one.",
            "Orders: bought in a visit that saw the page before; an order counts for each of its pages.",
            "One-way: 0 is a dialogue, 100 a monologue.",
            *([f"{more} more pages: --output json has them."] if more > 0 else []),
        ]
    )
