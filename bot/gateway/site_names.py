"""The names on each site's pages, as the latest whole crawl has them."""

import logging

from bot.errors import StoreUnavailable
from bot.gateway.house import House
from bot.interactions import SiteKey
from bot.store.pages import current_crawl
from bot.store.site_names import titles_and_products
from bot.understanding.gazetteer import NO_NAMES, Gazetteer, names_of

FRESH_US = 60_000_000
log = logging.getLogger(__name__)


class SiteNames:
    """Read from the store once a crawl; whether there is a newer one is asked once a minute."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._known: dict[SiteKey, tuple[int | None, Gazetteer]] = {}
        self._asked: dict[SiteKey, int] = {}

    async def of(self, site: SiteKey) -> Gazetteer:
        """Those known already when the store is away: names are never worth a turn."""
        now = self._house.now()
        crawl, names = self._known.get(site, (None, NO_NAMES))
        if site in self._asked and now - self._asked[site] < FRESH_US:
            return names
        self._asked[site] = now
        try:
            newest = await self._house.store.read(current_crawl, site)
            if newest is not None and newest != crawl:
                names = Gazetteer(names_of(await self._house.store.read(titles_and_products, newest)))
                self._known[site] = (newest, names)
        except StoreUnavailable as error:
            log.warning("the names on the pages of %s can't be read: %s", site, error)
        return names
