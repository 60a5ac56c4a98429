"""When a site is crawled again by itself."""

from datetime import timedelta

from bot.interactions import Microseconds
from bot.site_values import duration
from bot.store.crawl_turns import CrawlTurn, bury, sites_to_crawl
from bot.store.pages import Crawl
from bot.store.sites import Site
from bot.store.store import Store

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


async def sites_due(store: Store, at: Microseconds) -> list[tuple[Site, Crawl]]:
    """The sites to crawl now, each with the crawl to do again, the longest due first.

    A site whose crawl was killed is not among them: that counts as a failure, from this look on.
    """
    found: list[tuple[Microseconds, Site, Crawl]] = []
    for site, turn, last in await store.read(sites_to_crawl):
        if turn.is_held(at):
            continue
        if turn.crawl is not None:
            await store.write(bury, site.key, at=at)
            continue
        if (due := due_at(site.chat.crawl_every or "", turn, last)) <= at:
            found.append((due, site, last))
    found.sort(key=lambda one: (one[0], one[1].key))
    return [(site, last) for _, site, last in found]
