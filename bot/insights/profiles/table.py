"""The report about who the best customers are, for people who read a terminal."""

from collections.abc import Iterable
from typing import Any, TextIO

from bot.insights.page_table import plain
from bot.insights.profiles.silent import reason

SHOWN = 10
SILENT = "Best customers to talk with"
COSTLY = "Who costs more than they bring"
TITLES = {"top_spending": "Who spends most", "most_profitable": "Who leaves most margin"}


def draw_profiles(told: dict[str, Any], out: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=out)
    for line in _lines(told):
        console.print(Text(plain(line)), soft_wrap=True)


def _lines(told: dict[str, Any]) -> Iterable[str]:
    yield f"Who they are, up to {told['until'][:10]}. Descriptive: it does not say what made anybody buy."
    for group in told["groups"]:
        yield ""
        yield TITLES[group["group"]]
        yield f"  {group['sentence']}"
        if group["verdict"] == "judged":
            yield from (f"  {sentence}" for sentence in group["findings"] or [nothing_stands_out(group)])
            yield f"  {how_sure(group)}"
    yield ""
    yield COSTLY
    costly = told["costly"]
    yield f"  {people(costly['people'])} of those whose whole margin is known. {costly['note']}"
    yield from (f"  {one['person'][2:]}: {one['result']}. {one['why']}" for one in costly["rows"][:SHOWN])
    yield ""
    yield SILENT
    yield f"  {silent_note(told['silent'])}"
    for one in told["silent"]["rows"][:SHOWN]:
        yield f"  {one['person'][2:]}: spent {one['spent']}. {' '.join(map(reason, one['reasons']))}"
    yield ""
    yield from left_out(told)
    yield "Up to now." if told["as_of"] is None else f"As of {told['as_of']}."


def silent_note(told: dict[str, Any]) -> str:
    return (
        f"{people(told['people'])} of the tenth who spend most, at least ten: "
        f"nobody has talked with them for {told['days']} days."
    )


def people(count: int) -> str:
    return "1 customer" if count == 1 else f"{count:,} customers"


def nothing_stands_out(group: dict[str, Any]) -> str:
    if not group["compared"]:
        return "Too few to judge: no value is known of enough people to be compared."
    return "Nothing stands out beyond chance: as far as we know them, they are like everybody."


def how_sure(group: dict[str, Any]) -> str:
    """How the intervals are to be read."""
    count = group["compared"]
    many = "1 value was" if count == 1 else f"{count:,} values were"
    return f"{many} compared; the intervals are wide enough that all of them hold at once with {group['level']:.0%}."


def left_out(told: dict[str, Any]) -> list[str]:
    count = told["left_out"]
    who = "1 person who does" if count == 1 else f"{count:,} people who do"
    return [f"{who} not agree to be measured {'is' if count == 1 else 'are'} left out."] if count else []
