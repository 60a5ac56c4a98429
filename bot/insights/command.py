"""What `duologue insights` and `duologue export` do: tables for people, JSON and files for programs."""

import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TextIO

from bot.errors import ConfigurationError, DuologueError
from bot.insights.channels.table import draw_channels
from bot.insights.conversation_table import draw_conversations
from bot.insights.conversations import conversations
from bot.insights.exports.export import Wanted
from bot.insights.exports.export import export as exported
from bot.insights.exports.whole import whole
from bot.insights.margins import margin_told, refunds_sentence
from bot.insights.page_table import draw_pages, plain
from bot.insights.pages import Critic, pages, unjudged
from bot.insights.profiles.costs import Costs
from bot.insights.profiles.table import draw_profiles
from bot.insights.scores import judge_all
from bot.insights.segments import segments
from bot.interactions import SiteKey
from bot.store.store import Store

if TYPE_CHECKING:
    from rich.console import Console

REPORTS = ("segments", "pages", "conversations", "lift", "value", "likeness", "profiles", "channels", "report")
JUDGED = ("pages", "conversations", "report")
LATER = ("listening", "objectives")


async def insights(
    store: Store,
    site: str,
    name: str,
    *,
    since: str | None = None,
    until: str | None = None,
    output: str = "table",
    out: TextIO | None = None,
    critic: Critic = unjudged,
    again: bool = False,
    log: Path | None = None,
    by: str | None = None,
    costs: Costs | None = None,
    rule: str | None = None,
) -> int:
    """Writes the report `name`; gives the exit code. `critic` judges the words of the pages, `log` is the log's folder.

    Conversations that went on since they were judged are judged first; with `again` all of the site are.
    """
    if name in LATER:
        raise ConfigurationError(f"The report {name} can't be made yet; there is {', '.join(REPORTS)}.")
    if name not in REPORTS:
        raise ConfigurationError(f'There is no report "{name[:40]}"; there is {", ".join(REPORTS)}.')
    if by is not None and name not in ("segments", "likeness"):
        raise ConfigurationError("--by goes with segments: duologue insights segments --by channel.")
    if rule is not None and name != "channels":
        raise ConfigurationError("--rule goes with channels: duologue insights channels --rule last.")
    if name in JUDGED:
        await judge_all(store, site=SiteKey(site), again=again)
    told = await _told(store, site, name, since, until, critic, log, by, costs, rule)
    out = out or sys.stdout
    if output == "json":
        out.write(json.dumps(told, ensure_ascii=False) + "\n")
    elif name == "pages" and not told["rows"]:
        # Nothing has failed: a report that is fetched every night must not alarm on its first.
        sys.stderr.write(f"No page was crawled or seen yet. Read the site: duologue crawl URL --site {site}\n")
    else:
        DRAWN[name](told, out)
    return 0


async def _told(
    store: Store,
    site: str,
    name: str,
    since: str | None,
    until: str | None,
    critic: Critic,
    log: Path | None,
    by: str | None,
    costs: Costs | None,
    rule: str | None,
) -> dict[str, Any]:
    if name == "pages":
        return await pages(store, site, since, until, critic=critic, today=datetime.now(UTC).date())
    if name == "conversations":
        return await conversations(store, site, since, until)
    if name == "lift":
        # Here and below, since the numbers' library takes half a second that the other reports do without.
        from bot.insights.lift.report import lift

        return await lift(store, site, since, until, log=log)
    if name == "profiles":
        from bot.insights.profiles.report import profiles

        return await profiles(store, site, since, until, log=log, costs=costs)
    if name == "report":
        from bot.insights.one_page.report import one_page

        return await one_page(store, site, since, until, log=log, today=datetime.now(UTC).date())
    if name == "likeness":
        from bot.insights.likeness.report import SEEDS, likeness

        return await likeness(store, site, until, seed=by or SEEDS[0], log=log)
    if name == "channels":
        from bot.insights.channels.report import channels

        return await channels(store, site, since, until, log=log, rule=rule or "first")
    if name == "value":
        from bot.insights.value.report import value

        return await value(store, site, since, until, log=log)
    return await segments(store, site, since, until, log=log, by=by)


async def export(
    store: Store,
    asked: Wanted,
    *,
    out: Path | None = None,
    log: Path | None = None,
    bring_up_to_date: Callable[[], Awaitable[None]] | None = None,
) -> int:
    """Writes the export to `out`, or to standard output; gives the exit code.

    A file appears only whole: one that was there before stays until the new one is written.
    """
    if out is not None:
        try:
            with whole(out) as part:
                await exported(store, asked, part, log=log, bring_up_to_date=bring_up_to_date)
        except OSError as error:
            raise DuologueError(f"{out} can't be written ({error.strerror}); give another --out.") from error
        return 0
    with TemporaryDirectory(prefix="duologue-export-") as folder:
        made = Path(folder) / "export"
        await exported(store, asked, made, log=log, bring_up_to_date=bring_up_to_date)
        with made.open("rb") as file:
            copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    return 0


def _draw(told: dict[str, Any], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Segments, {told['since'][:10]} to {told['until'][:10]}", caption=_caption(told))
    for name, justify in (("Segment", "left"), ("People", "right"), ("Visits", "right"), ("Revenue", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for row in told["rows"]:
        table.add_row(row["segment"], str(row["people"]), str(row["visits"]), f"{row['revenue']} {row['currency']}")
    for row in told["other_currencies"]:
        table.add_row(row["segment"], "", "", f"{row['revenue']} {row['currency']}")
    for row in told["unlinked"]:
        table.add_row(f"of nobody known ({row['purchases']} purchases)", "", "", f"{row['revenue']} {row['currency']}")
    console = Console(file=out)
    console.print(table)
    before = told["before_purchase"]
    console.print(
        f"{before['people']:,} conversing buyers were answered before they first bought in this window, "
        f"and brought {before['revenue']} {before['currency']}."
    )
    for sentence in refunds_sentence(told):
        console.print(sentence)
    if "by" in told:
        _draw_by(told["by"], console)
    console.print("Up to now." if told["as_of"] is None else f"As of {told['as_of']}.")


def _draw_by(told: dict[str, Any], console: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"By {told['dimension']}, noise left out")
    table.add_column(told["dimension"].capitalize())
    for name in ("People", "Conversed", "Bought", "Conversing buyers", "Revenue", "Margin"):
        table.add_column(name, justify="right")
    rest = {"value": f"{told['other_values']:,} more", **told["other"]}
    for row in [*told["rows"], *([rest] if told["other_values"] else [])]:
        counts = (row["people"], row["conversed"], row["bought"], row["conversing_buyers"])
        money = (f"{row['revenue']} {row['currency']}", margin_told(row))
        value = "not known" if row["value"] is None else plain(row["value"])
        table.add_row(Text(value), *(f"{count:,}" for count in counts), *money)
    console.print(table)


def _caption(told: dict[str, Any]) -> str:
    dialogues = sum(told["dialogues"].values())
    return (
        f"{dialogues} had a dialogue: two answered messages or more. "
        "Who talked and who bought; not that talking made anybody buy."
    )


def _draw_lift(told: dict[str, Any], out: TextIO) -> None:
    from bot.insights.lift.table import draw_lift

    draw_lift(told, out)


def _draw_likeness(told: dict[str, Any], out: TextIO) -> None:
    from bot.insights.likeness.table import draw_likeness

    draw_likeness(told, out)


def _draw_value(told: dict[str, Any], out: TextIO) -> None:
    from bot.insights.value.table import draw_value

    draw_value(told, out)


def _draw_report(told: dict[str, Any], out: TextIO) -> None:
    from bot.insights.one_page.table import draw_report

    draw_report(told, out)


DRAWN: dict[str, Callable[[dict[str, Any], TextIO], None]] = {
    "segments": _draw,
    "pages": draw_pages,
    "conversations": draw_conversations,
    "lift": _draw_lift,
    "report": _draw_report,
    "value": _draw_value,
    "likeness": _draw_likeness,
    "profiles": draw_profiles,
    "channels": draw_channels,
}
