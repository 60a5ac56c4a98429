"""The pages that questions were asked on, under one address each."""

from collections.abc import Iterable
from difflib import get_close_matches
from urllib.parse import urldefrag

from bot.errors import ConfigurationError
from bot.interactions import SiteKey
from bot.pages.indexing.index import page_key
from bot.store.questions import crawled_pages
from bot.store.sites import find_site
from bot.store.store import Store


class Addresses:
    """What the pages of a site are called: as they were crawled, else as the visitor's browser says, less the fragment.

    What an advertisement added to the address of a crawled page makes no other page of it.
    """

    def __init__(self, crawled: Iterable[str]) -> None:
        self._crawled = {page_key(url): url for url in crawled}

    def of(self, url: str) -> str:
        key = page_key(url)
        return self._crawled.get(key) or self._crawled.get(key.partition("?")[0]) or urldefrag(url).url

    def chosen(self, url: str, asked_on: Iterable[str]) -> str:
        """The page that somebody means by `url`, also by its path alone; a ConfigurationError names one like it."""
        known = {page_key(one): one for one in sorted({*asked_on, *self._crawled.values()})}
        if (found := known.get(page_key(self.of(url)))) is not None:
            return found
        near = get_close_matches(url, known.values(), n=1, cutoff=0.0)
        example = f"; give its address, e.g. {near[0]}" if near else "; nothing was crawled or asked yet"
        raise ConfigurationError(f'This site has no page "{url[:200]}"{example}.')


async def addresses_of(store: Store, site: SiteKey) -> Addresses:
    """The addresses of the site as it was crawled last; a ConfigurationError when there is no such site."""
    if await store.read(find_site, site) is None:
        raise ConfigurationError(f'There is no site "{site}"; add it: duologue site add {site} --origin URL.')
    return Addresses(await store.read(crawled_pages, site))
