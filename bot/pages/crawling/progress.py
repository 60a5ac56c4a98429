"""What somebody at a terminal sees of a crawl: a bar, or plain lines where there is no terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from bot.pages.crawling.report import CrawlReport
from bot.pages.crawling.taking import OnProgress, Progress
from bot.site_values import UNSEEN

LINE_EVERY_S = 2.0
SHOWN = 5
_COMPARED = ("unchanged", "changed", "new", "gone")
MEANINGS = {
    "robots": "robots.txt asks not to read these",
    "noindex": "the pages ask not to be indexed",
    "other_site": "these lead to other sites",
    "private_address": "name a server of your own with --allow-host",
    "page_limit": "--limit takes more",
    "depth_limit": "too many links from the start; --depth takes more",
    "time_limit": "--time-limit takes more",
    "byte_limit": "--megabytes takes more",
    "not_text": "neither HTML, PDF nor plain text",
    "no_text": "nothing to read; made by scripts, or pictures",
    "moved": "these only lead on to another page",
}
"""For the operator who wonders, and may want to do something about it."""


@contextmanager
def shown(stream: TextIO, *, limit: int) -> Iterator[OnProgress]:
    """Gives the callback for `crawl`; draws on `stream`, which is stderr, since data goes to stdout."""
    if not stream.isatty():
        yield _Lines(stream)
        return
    columns = (
        TextColumn("crawling"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("", total=None)

        def draw(progress: Progress) -> None:
            known = None if progress.waiting is None else min(limit, progress.pages + progress.waiting)
            # A URL may hold what rich takes for markup.
            url = progress.url[-60:].replace("[", "\\[")
            bar.update(task, completed=progress.pages, total=known, description=url)

        yield draw


class _Lines:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._told_at = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() - self._told_at >= LINE_EVERY_S:
            self._told_at = time.monotonic()
            waiting = "" if progress.waiting is None else f", {progress.waiting} waiting"
            self._stream.write(f"{progress.pages} pages{waiting}\n")
            self._stream.flush()


def summary(report: CrawlReport) -> str:
    """The report for people: what was taken, and for each reason how much was left out, with the first few."""
    lines = [f"{report.pages:,} pages, {report.passages:,} passages from {report.origin} in {report.seconds:.1f} s."]
    lines += _against(report)
    if report.stopped:
        lines.append(f"Not all of it was seen: {report.stopped}.")
    for reason, count in sorted(report.counts.items(), key=lambda item: (-item[1], item[0])):
        meaning = f" ({MEANINGS[reason]})" if reason in MEANINGS else ""
        lines.append(f"Left out, {reason.replace('_', ' ')}: {count:,}{meaning}")
        listed = [one for one in report.skipped if one.reason == reason][:SHOWN]
        lines += [f"  {one.where}" + (f" ({one.detail})" if one.detail else "") for one in listed]
        if (more := count - sum(one.times for one in listed)) > 0:
            lines.append(f"  and {more:,} more")
    # Much of this is in the words of the site and its server, which a terminal must not obey.
    return "\n".join(UNSEEN.sub("�", line) for line in lines)


def _against(report: CrawlReport) -> Iterator[str]:
    told = report.against
    if any(told.get(name) for name in ("unchanged", "changed", "gone")):
        yield "Since the crawl before: " + ", ".join(f"{told[name]:,} {name}" for name in _COMPARED) + "."
    if kept := told.get("kept"):
        yield f"{kept:,} of the unchanged could not be had this time; they go on answering as they were."
    if report.requests:
        size = f"{report.bytes / 1e6:,.1f} MB" if report.bytes >= 1e6 else f"{report.bytes / 1e3:,.1f} kB"
        yield f"{report.requests:,} requests, {size}."
