"""What somebody sees of a crawl."""

import io

from bot.pages.command import Progress
from bot.pages.crawling.progress import _Lines, shown, summary
from bot.pages.crawling.report import CrawlReport, Skipped
from bot.pages.reading.skip_reason import SkipReason


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_without_a_terminal_there_are_plain_lines():
    stream = io.StringIO()
    with shown(stream, limit=500) as on_progress:
        assert isinstance(on_progress, _Lines)
        on_progress._told_at = float("-inf")
        on_progress(Progress(3, 9, "/a"))
        on_progress(Progress(4, 8, "/b"))

    assert stream.getvalue() == "3 pages, 9 waiting\n"


def test_a_url_is_no_markup():
    with shown(Terminal(), limit=500) as on_progress:
        on_progress(Progress(1, None, "/a[/red]?x=[bold]"))


def test_the_summary_counts_everything_and_lists_the_first():
    skipped = tuple(Skipped(f"/dead-{number}", SkipReason.NOT_FOUND, "status 404") for number in range(7))

    told = summary(CrawlReport("https://shop.example/", 1, 20, 100, {"not_found": 7}, skipped, 1.25))

    assert told.splitlines() == [
        "20 pages, 100 passages from https://shop.example/ in 1.2 s.",
        "Left out, not found: 7",
        *(f"  /dead-{number} (status 404)" for number in range(5)),
        "  and 2 more",
    ]
