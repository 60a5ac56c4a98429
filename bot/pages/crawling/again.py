"""What is known of a site from the crawl that answers now, so that the next one fetches only what has changed."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from bot.interactions import Microseconds
from bot.pages.crawling.sitemaps import last_change
from bot.pages.reading.skip_reason import SkipReason
from bot.store.known_pages import KnownPage, unpack
from bot.store.left_out import LeftOut

TRUSTED_FOR = timedelta(days=7)
"""However steady a page was and whatever its sitemap says: then its server is asked."""
KEPT_FOR = timedelta(days=30)
"""A page whose server fails goes on answering for so long since it last gave or confirmed it."""
BY_HEADER, BY_EACH_HEADER = "X-Robots-Tag", "X-Robots-Tag, with each answer"
"""Who said noindex, when it was not the page. Many servers say so only with the page itself, never with a 304."""

type Known = KnownPage | LeftOut


class Again:
    """The known pages, and what was left out, by the URL to ask for them. Empty for a first crawl."""

    def __init__(
        self,
        known: Iterable[KnownPage] = (),
        left_out: Iterable[LeftOut] = (),
        *,
        now: Microseconds,
        trusts_sitemap: bool = True,
    ) -> None:
        self._known = {page.asked: page for page in known}
        self._left_out = {page.asked: page for page in left_out}
        self._now = now
        self._trusts_sitemap = trusts_sitemap

    def __iter__(self) -> Iterator[KnownPage]:
        return iter(self._known.values())

    def left_out(self) -> Iterator[LeftOut]:
        return iter(self._left_out.values())

    def find(self, url: str) -> KnownPage | None:
        return self._known.get(url)

    def find_left_out(self, url: str) -> LeftOut | None:
        return self._left_out.get(url)

    def validators(self, url: str) -> dict[str, str]:
        """The headers that ask for the page only if it has changed; none for a page that gave nothing to ask by."""
        page = self._believed(url)
        if page is None:
            return {}
        told = {"If-None-Match": page.stamp.etag, "If-Modified-Since": page.stamp.modified}
        return {name: value for name, value in told.items() if value}

    def _believed(self, url: str) -> Known | None:
        """What is known of the page, where its server may be asked whether that still holds."""
        page = self._known.get(url) or self._left_out.get(url)
        if page is None or page.links is None:
            return None
        if isinstance(page, LeftOut) and page.reason == SkipReason.NOINDEX and page.detail == BY_HEADER:
            # A 304 would not tell that the header has gone.
            return page if page.read_at + _us(TRUSTED_FOR) > self._now else None
        return page

    def links(self, page: Known) -> tuple[str, ...]:
        return unpack(page.links) if page.links else ()

    def need_not_ask(self, url: str, listed: str | None) -> Known | None:
        """The page, when its sitemap says that it has not changed, and may be believed.

        Many sitemaps give all pages one day, or none its true one. So the word counts only for a page that its server
        has a validator for, or that was the same when last asked; only for a week; and on no site where a page has
        ever changed under the same lastmod (`trusts_sitemap`).
        """
        page = self._believed(url)
        if page is None or not self._trusts_sitemap or not says_unchanged(page, listed):
            return None
        confirmed = page.steady or page.stamp.etag or page.stamp.modified
        return page if confirmed and page.asked_at + _us(TRUSTED_FOR) > self._now else None

    def to_keep(self, url: str) -> Known | None:
        """The page, when it may stand in for one that can't be had at this moment; or why it was left out."""
        page = self._known.get(url) or self._left_out.get(url)
        return page if page is not None and page.asked_at + _us(KEPT_FOR) > self._now else None


def says_unchanged(page: Known, listed: str | None) -> bool:
    """Whether the sitemap gives the page the same lastmod as before, of a time before it was last asked for."""
    if listed is None or listed != page.stamp.listed:
        return False
    changed = last_change(listed)
    return changed is not None and changed < page.asked_at


def as_left_out(page: KnownPage, reason: SkipReason, detail: str) -> LeftOut:
    """A known page that is left out from now on."""
    told = (page.asked, page.url, reason.value, detail, page.digest, page.body)
    return LeftOut(*told, page.asked_at, page.asked_at, page.steady, page.stamp, page.links or b"")


def _us(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
