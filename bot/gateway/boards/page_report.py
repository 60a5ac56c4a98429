"""The report about pages for all boards that show of it: made once, and kept for a while where the log is large."""

from typing import Any
from weakref import WeakKeyDictionary

from bot.gateway.boards.asked import Window
from bot.gateway.boards.recent import Recent
from bot.gateway.house import House
from bot.insights.pages import pages
from bot.interactions import as_datetime
from bot.store.interactions import newest
from bot.store.sites import Site
from bot.store.store import Store

SMALL = 20_000
"""Up to so many rows it is made anew for everybody who asks: that takes a second at most."""
_reports: WeakKeyDictionary[Store, Recent[dict[str, Any]]] = WeakKeyDictionary()


async def page_report(house: House, site: Site, window: Window) -> dict[str, Any]:
    """As `bot.insights.pages` tells it, with the pages' words judged; `made_at` is when that was."""
    now = house.now()

    async def make() -> dict[str, Any]:
        told = await pages(
            house.store,
            site.key,
            window.since.isoformat(),
            window.until.isoformat(),
            critic=_judged,
            today=as_datetime(now).date(),
        )
        return told | {"made_at": now}

    if await house.store.read(newest) <= SMALL:
        return await make()
    key = (site.key, window.since.isoformat(), window.until.isoformat(), str(site.crawl))
    recent = _reports.setdefault(house.store, Recent(house.store))
    return (await recent.report(key, make, now=now)).told


def _judged(*page: Any) -> dict[str, Any]:
    # Imported here, on the thread that judges: a start knows no page's words.
    from bot.pages.critique.critique import critique

    return critique(*page)
