"""When a site is crawled again by itself."""

from datetime import timedelta

from bot.interactions import Microseconds
from bot.site_values import duration
from bot.store.crawl_turns import CrawlTurn
from bot.store.pages import Crawl

FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=12)


def due_at(every: str, turn: CrawlTurn, last: Crawl) -> Microseconds:
    """When the next crawl is to begin: so long after the last whole one ended, or after one that failed, later and
    later with each failure. Never sooner after a failure than after a success."""
    pause = duration(every)
    if not turn.failures or turn.failed_at is None:
        return _later(last.finished_at or last.started_at, pause)
    # Doubling past the longest would only make large numbers.
    retry = min(FIRST_RETRY * 2 ** min(turn.failures - 1, 10), LONGEST_RETRY, pause)
    return _later(turn.failed_at, retry)


def _later(moment: Microseconds, pause: timedelta) -> Microseconds:
    return Microseconds(moment + pause // timedelta(microseconds=1))
