"""The report about conversations for people: the score, what was counted, how it spreads, and what to look at."""

from collections.abc import Iterable
from typing import Any, TextIO

from bot.conversation_score import Counts
from bot.insights.page_table import plain
from bot.insights.score_words import counted_rows

BAR = 30
NOTHING = "No conversation to judge: no visitor said anything in this window."


def draw_conversations(told: dict[str, Any], out: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=out)
    for line in _lines(told):
        console.print(Text(plain(line)), soft_wrap=True)


def _lines(told: dict[str, Any]) -> Iterable[str]:
    since = "" if told["since"].startswith("1970") else f"{told['since'][:10]} "
    yield f"Conversations, {since or 'up '}to {told['until'][:10]}"
    if told["score"] is None:
        yield NOTHING
        return
    yield ""
    yield f"  Score {told['score']:g} of 100, the mean of {told['conversations']:,}; 0 is a monologue."
    for row in counted_rows(Counts(**told["counted"])):
        yield f"    {row.name:13}{row.told}"
    yield ""
    most = max(band["conversations"] for band in told["bands"])
    for band in told["bands"]:
        length = -(-band["conversations"] * BAR // most)
        yield f"  {band['from']:3} to {band['to']:3}  {'█' * length:{BAR}} {band['conversations']:,}"
    yield ""
    yield "Lowest first, to be read in the console"
    for one in told["lowest"]:
        turns = f"{one['turns']:,} turn{'' if one['turns'] == 1 else 's'}"
        where = f"/console/conversations/{one['conversation']}  {one['page'] or ''}"
        yield f"  {one['score']:3}  {one['at'][:10]}  {turns:9}  {where}".rstrip()
