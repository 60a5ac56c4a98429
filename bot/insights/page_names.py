"""Which page of the site an address means: the crawl's, whatever advertisements and fragments were added to it."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.visits import page_of

_LOOPBACK = re.compile(r"^(?:127\.0\.0\.1|\[::1\])(?=:|$)")
MOST_UNKNOWN = 10_000
"""Pages that were seen but never crawled; visitors choose addresses, so there is no end of them."""
OTHERS = -1
"""The number of all further ones."""


class PageNames:
    """Numbers the pages: first those of the crawl in their order, then those that were only seen.

    A trailing slash, index.html, http or https and a leading www. make no difference. An address with a query that the
    crawl does not know is the page without it.
    """

    def __init__(self, crawled: Iterable[str], *, most_unknown: int = MOST_UNKNOWN) -> None:
        self._most_unknown = most_unknown
        self.urls = list(crawled)
        self.crawled = len(self.urls)
        self._exact: dict[str, int] = {}
        self._known: dict[str, int] = {}
        for number, url in enumerate(self.urls):
            self._exact.setdefault(url, number)
            self._known.setdefault(_key(url), number)
        self._unknown: dict[str, int] = {}

    def number_of(self, url: str | None, *, seen: bool = True) -> int | None:
        """The page's number; None for what is no address.

        A page not met before gets a new one when it was `seen`; else (it was only named) None.
        """
        if not url:
            return None
        if (exact := self._exact.get(url)) is not None:
            return exact
        try:
            bare = page_of(url)
            found = self._crawled(url, bare)
        except ValueError:
            return None
        if found is not None or not seen:
            return found if found is not None else self._unknown.get(bare)
        if bare not in self._unknown:
            if len(self._unknown) >= self._most_unknown:
                return OTHERS
            self._unknown[bare] = len(self.urls)
            self.urls.append(bare)
        return self._unknown[bare]

    def _crawled(self, url: str, bare: str) -> int | None:
        for name in (_key(url), _key(bare)):
            if (number := self._known.get(name)) is not None:
                return number
        return None


def _key(url: str) -> str:
    parts = urlsplit(url)
    host = _LOOPBACK.sub("localhost", parts.netloc.rpartition("@")[2].lower().removeprefix("www."))
    path = parts.path.removesuffix("index.html").rstrip("/")
    return f"{host}{path}?{parts.query}" if parts.query else f"{host}{path}"
