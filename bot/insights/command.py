"""What `duologue insights` and `duologue export` do: tables for people, JSON and files for programs."""

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TextIO

from bot.errors import ConfigurationError, DuologueError
from bot.insights.exports.export import Wanted
from bot.insights.exports.export import export as exported
from bot.insights.exports.whole import whole
from bot.insights.reports import REPORTS, Report, Wish
from bot.insights.scores import judge_all
from bot.interactions import SiteKey
from bot.store.sites import find_site
from bot.store.store import Store


async def insights(
    store: Store, name: str, wish: Wish, *, output: str = "table", out: TextIO | None = None, again: bool = False
) -> int:
    """Writes the report `name`; gives the exit code.

    Conversations that went on since they were judged are judged first; with `again` all of the site are.
    """
    report = _report(name, wish)
    await refuse_unknown(store, wish.site)
    if report.judges:
        await judge_all(store, site=SiteKey(wish.site), again=again)
    told = await report.make(store, wish)
    out = out or sys.stdout
    if output == "json":
        out.write(json.dumps(told, ensure_ascii=False) + "\n")
    elif name == "pages" and not told["rows"]:
        # Nothing has failed: a report that is fetched every night must not alarm on its first.
        sys.stderr.write(f"No page was crawled or seen yet. Read the site: duologue crawl URL --site {wish.site}\n")
    else:
        report.draw(told, out)
    return 0


async def refuse_unknown(store: Store, site: str) -> None:
    if await store.read(find_site, SiteKey(site)) is None:
        raise ConfigurationError(f'There is no site "{site[:40]}"; `duologue site list` shows those there are.')


def _report(name: str, wish: Wish) -> Report:
    there = ", ".join(REPORTS)
    if name not in REPORTS:
        raise ConfigurationError(f'There is no report "{name[:40]}"; there is {there}.')
    report = REPORTS[name]
    for option in ("by", "rule"):
        if getattr(wish, option) is not None and option not in report.takes:
            those = " and ".join(one for one, other in REPORTS.items() if option in other.takes)
            raise ConfigurationError(f"--{option} goes with {those}, not with {name}.")
    return report


async def export(
    store: Store,
    asked: Wanted,
    *,
    out: Path | None = None,
    log: Path | None = None,
    bring_up_to_date: Callable[[], Awaitable[None]] | None = None,
    tell: Callable[[float], None] | None = None,
) -> int:
    """Writes the export to `out`, or to standard output; gives the exit code.

    A file appears only whole: one that was there before stays until the new one is written.
    """
    if out is not None:
        try:
            with whole(out) as part:
                await exported(store, asked, part, log=log, bring_up_to_date=bring_up_to_date, tell=tell)
        except OSError as error:
            raise DuologueError(f"{out} can't be written ({error.strerror}); give another --out.") from error
        return 0
    with TemporaryDirectory(prefix="duologue-export-") as folder:
        made = Path(folder) / "export"
        await exported(store, asked, made, log=log, bring_up_to_date=bring_up_to_date, tell=tell)
        with made.open("rb") as file:
            copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    return 0
