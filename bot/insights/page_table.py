"""The report about pages for people: a table, and below it what is to be mended, each with its sentence."""

from collections.abc import Iterable
from typing import Any, TextIO
from urllib.parse import urlsplit

SHOWN = 40
"""Pages of the table; the JSON has all."""
MENDED = 15
"""Pages whose flags are shown: the most viewed."""
SENTENCE = 160
COLUMNS = ("Views", "Asked", "Here", "Else", "Open", "Person", "Orders", "Revenue", "One-\nway", "Talk")
FLAGS = {
    "no_way_to_reach": "No way to reach a person; its reader is left at",
    "stale": "Out of date",
    "hard_to_read": "Hard to read",
    "jargon": "Jargon",
    "unanswered_question": "Asked here, not answered",
}


def draw_pages(told: dict[str, Any], out: TextIO) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = [row for row in told["rows"] if _is_met(row)] or told["rows"]
    table = Table(title=_title(told), caption=_caption(told, len(rows)), box=SIMPLE_HEAD, show_edge=False, padding=0)
    table.add_column("Page", overflow="fold", min_width=12)
    for name in COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows[:SHOWN]:
        table.add_row(Text(plain(name_of(row))), *_cells(row))
    console = Console(file=out)
    console.print(table)
    for line in _to_mend(rows[:MENDED]):
        console.print(Text(plain(line)), soft_wrap=True)


def _cells(row: dict[str, Any]) -> list[str]:
    asked = ("views", "questions", "answered_here", "answered_elsewhere", "unanswered", "handed_over", "purchases")
    return [
        *(str(row[name]) for name in asked),
        "\n".join(f"{one['revenue']} {one['currency']}" for one in row["revenue"]),
        "" if row["one_way"] is None else str(row["one_way"]["score"]),
        "" if row["conversation_score"] is None else f"{row['conversation_score']['score']:.0f}",
    ]


def _is_met(row: dict[str, Any]) -> bool:
    return any(row[name] for name in ("views", "messages", "handed_over", "purchases"))


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


def links_unseen(told: dict[str, Any]) -> list[str]:
    """What to do about pages that were crawled before links and forms were looked at; nothing when there are none."""
    count = told["links_unseen"]
    if not count:
        return []
    whose = "Of one page" if count == 1 else f"Of {count:,} pages"
    return [f"{whose} only the text is known, not the links and forms: crawl again to see links."]


def _title(told: dict[str, Any]) -> str:
    since = "" if told["since"].startswith("1970") else f"{told['since'][:10]} "
    return f"Pages, {since or 'up '}to {told['until'][:10]}"


def _caption(told: dict[str, Any], met: int) -> str:
    unmet, more = len(told["rows"]) - met, met - SHOWN
    return " ".join(
        [
            "Asked = Here (answered by this page) + Else (by another one) + Open (by none).",
            "Person: conversations that wanted one.",
            "Orders: in a visit that saw the page before; an order counts for each of its pages.",
            "One-way: of its words; 0 is a dialogue, 100 a monologue.",
            "Talk: the conversation score of what was said on it; 0 is a monologue.",
            *([f"{unmet} pages that nobody saw are left out;"] if unmet else []),
            *([f"{more} more pages were seen;"] if more > 0 else []),
            *(["--output json has all."] if unmet or more > 0 else []),
            *links_unseen(told),
        ]
    )
