"""The questions for people at a terminal. Whatever visitors typed, it moves no cursor and colours nothing."""

import json
import re
from collections.abc import Iterable
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.interactions import Microseconds, as_datetime
from bot.pages.questions.replay import LISTED, Change, Changed, Replay
from bot.pages.questions.unanswered import Group, Report

LISTED_AT_MOST = 20
PAGES_SHOWN = 3
LONGEST_SHOWN = 300
# All that a terminal takes for an order, and what turns the direction of the words around it.
_ORDERS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

TITLES = {
    Change.NOW_BROKEN: "Was answered, is not any more",
    Change.MOVED: "Answered from another page than before",
    Change.NOW_ANSWERED: "Was not answered, is now",
    Change.STILL_UNANSWERED: "Not answered, before and now",
    Change.STILL_ANSWERED: "Answered as before",
}


def shown(text: str) -> str:
    """The text in one line that is safe to print."""
    return " ".join(_ORDERS.sub(" ", text).split())[:LONGEST_SHOWN]


def as_json_line(told: dict[str, Any]) -> str:
    """As JSON, in which nothing is an order for the terminal: programs read the same words."""
    line = json.dumps(told, ensure_ascii=False)
    return _ORDERS.sub(lambda order: f"\\u{ord(order.group()):04x}", line) + "\n"


def draw_groups(report: Report, out: TextIO, *, limit: int | None) -> None:
    limit = LISTED_AT_MOST if limit is None else limit
    console = Console(file=out, highlight=False, emoji=False, markup=False)
    where = f" on {shown(report.page)}" if report.page else ""
    if not report.questions:
        console.print(f"No question went unanswered{where}.")
        return
    table = Table(
        title=f"Questions that no page answered{where}", caption=_caption(report, limit), title_justify="left"
    )
    table.add_column("People", justify="right")
    table.add_column("Times", justify="right")
    table.add_column("First, last")
    table.add_column("Question", ratio=1, overflow="fold")
    for group in report.groups[:limit]:
        whole = group.whole
        days = "\n".join(dict.fromkeys((_day(whole.first), _day(whole.last))))
        table.add_row(str(len(whole.people)), str(whole.times), days, _group(group))
        table.add_section()
    console.print(table)


def draw_replay(told: Replay, out: TextIO, *, limit: int | None) -> None:
    limit = LISTED_AT_MOST if limit is None else limit
    console = Console(file=out, highlight=False, emoji=False, markup=False)
    if not told.asked:
        console.print("No question was put to the pages.")
        return
    counts = Table(title=f"{told.asked:,} questions asked again", show_header=False, title_justify="left")
    counts.add_column()
    counts.add_column(justify="right")
    for change in Change:
        counts.add_row(TITLES[change], f"{told.counts[change]:,}")
    console.print(counts)
    for change in LISTED:
        if found := told.list_of(change):
            console.print(_changes(change, found, limit, told.unlisted[change]))


def _group(group: Group) -> Text:
    text = Text(shown(group.whole.text), style="bold")
    for label, parts in (
        ("also", [shown(one) for one in group.wordings]),
        ("on", _places(group.as_json()["pages"])),
        ("nearest page", [shown(one) for one in [group.as_json()["nearest"]] if one]),
    ):
        if parts:
            text.append(f"\n{label}: " + "; ".join(parts), style="not bold")
    return text


def _places(pages: list[dict[str, Any]]) -> list[str]:
    told = [f"{shown(one['url'])} ({one['times']})" for one in pages[:PAGES_SHOWN]]
    return [*told, f"{len(pages) - PAGES_SHOWN} more pages"] if len(pages) > PAGES_SHOWN else told


def _changes(change: Change, found: list[Changed], limit: int, unlisted: int) -> Table:
    rest = [f"and {len(found) - limit:,} more; --limit N lists them"] if len(found) > limit else []
    rest += [f"{_many(unlisted, 'further question')} only counted: too many; give --since"] if unlisted else []
    table = Table(title=TITLES[change], caption="; ".join(rest) or None, title_justify="left")
    table.add_column("Times", justify="right")
    table.add_column("Last")
    table.add_column("Question", ratio=1, overflow="fold")
    for one in found[:limit]:
        table.add_row(str(one.times), _day(one.last), Text("\n".join(_change(one))))
        table.add_section()
    return table


def _change(one: Changed) -> Iterable[str]:
    yield shown(one.question) + (f"  (on {shown(one.page)})" if one.page else "")
    if one.before.answered:
        yield f"before: {shown(one.before.page or 'a page')}"
    if one.now.answered:
        yield f"now: {shown(one.now.page or '')}: {shown(one.now.text)}"


def _caption(report: Report, limit: int) -> str:
    told = [f"{_many(report.questions, 'question')} of {_many(report.people, 'person', 'people')}."]
    if len(report.groups) > limit:
        told.append(f"{_many(len(report.groups) - limit, 'more group')}: --limit N lists them.")
    if report.rare.times:
        told.append(f"{_many(report.rare.times, 'rarer question')} like none of these.")
    if report.left_out.times:
        told.append(f"{_many(report.left_out.times, 'rarer question')} not grouped: too many wordings; give --since.")
    if report.capped:
        told.append("Older questions were not looked at; give --since and --until.")
    return " ".join(told)


def _many(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _day(at: Microseconds) -> str:
    return as_datetime(at).date().isoformat()
