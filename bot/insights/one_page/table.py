"""The report for people in a terminal: a heading a part, a sentence a line."""

from collections.abc import Mapping
from typing import Any, TextIO

from bot.insights.one_page.page import INVENTED, page_of
from bot.insights.page_table import plain


def draw_report(told: Mapping[str, Any], out: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    page, console = page_of(told), Console(file=out)

    def say(line: str, style: str = "") -> None:
        console.print(Text(plain(line), style=style), soft_wrap=True)

    say(page.title, "bold")
    say(page.days)
    if page.is_invented:
        say(INVENTED, "bold")
    for part, lines in page.parts:
        say("")
        say(part, "bold")
        for line in lines:
            say(f"  {line.sentence} [{line.label}, n = {line.n}]", "" if line.is_found else "dim")
    say("")
    for note in page.notes:
        say(note)
