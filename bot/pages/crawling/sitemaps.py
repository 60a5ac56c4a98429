"""What a site's sitemaps list: pages, each perhaps with the day of its last change, and further sitemaps."""

import asyncio
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.interactions import Microseconds, microseconds
from bot.pages.crawling.fetch import Fetcher, Origin, Response, clean_url
from bot.pages.crawling.report import Skipped
from bot.pages.crawling.sitemap import MAX_BYTES, TOO_MANY, Listed, Sitemap, read_sitemap
from bot.pages.reading.skip_reason import SkipReason

MAX_SITEMAPS = 20
MAX_ALTERNATES = 50_000
"""Of all sitemaps together."""
ANY_ZONE = timedelta(hours=14)
"""A day may end this much later than in UTC."""
NO_URL, ELSEWHERE, PAST = "that are no URL", "on other hosts", f"past the first {MAX_ALTERNATES:,}"
_REASONS = {ELSEWHERE: SkipReason.OTHER_SITE, TOO_MANY: SkipReason.PAGE_LIMIT, PAST: SkipReason.PAGE_LIMIT}
"""Of alternates; others are the sitemap's fault."""


@dataclass
class FoundInSitemaps:
    """What all sitemaps of a site list, each URL in the form in which we keep it."""

    pages: list[Listed] = field(default_factory=list)
    left_out: list[Skipped] = field(default_factory=list)
    alternates: int = 0

    def add(self, sitemap: Sitemap, url: str, origin: Origin) -> None:
        """What the sitemap at `url` lists."""
        left_out = Counter(sitemap.left_out)
        for one in sitemap.pages:
            if (cleaned := clean_url(one.url, url)) is not None:
                variants = _variants(one, url, origin, left_out, MAX_ALTERNATES - self.alternates)
                self.alternates += len(variants)
                self.pages.append(replace(one, url=cleaned, variants=variants))
        for why, times in left_out.items():
            told = f"alternates {why} in this sitemap: {times:,}"
            self.left_out.append(Skipped(url, _REASONS.get(why, SkipReason.BAD_SITEMAP), told, times))

    def urls(self, most: int) -> list[str]:
        """The pages, and up to `most` more that are named only as another in another language."""
        listed = dict.fromkeys(one.url for one in self.pages)
        others = [url for url in dict.fromkeys(self._others()) if url not in listed]
        if len(others) > most:
            told = f"past the first {most:,} pages that sitemaps name in other languages only"
            self.left_out.append(Skipped(others[most], SkipReason.PAGE_LIMIT, told, len(others) - most))
        return [*listed, *others[:most]]

    def _others(self) -> Iterator[str]:
        return (url for one in self.pages for url in one.variants.values())


async def listed_pages(fetcher: Fetcher, named: Iterable[str], base: str, *, most: int) -> FoundInSitemaps:
    """The pages of the sitemaps that the site names, and of the one at the usual place; at most `most` of each."""
    found = FoundInSitemaps()
    guessed = fetcher.origin.url("/sitemap.xml")
    waiting = deque(dict.fromkeys([*(clean_url(url, base) for url in named), guessed]))
    is_named = set(waiting) - ({guessed} if guessed not in named else set())
    read: set[str] = set()
    while waiting and len(read) < MAX_SITEMAPS:
        url = waiting.popleft()
        if url is None or url in read or Origin.of(url) != fetcher.origin:
            continue
        read.add(url)
        sitemap = await _fetched(fetcher, url, most, found, is_named=url in is_named)
        further = [clean_url(one, base) for one in sitemap.further]
        is_named.update(further)
        waiting.extend(further)
    if waiting:
        told = f"past the first {MAX_SITEMAPS} sitemaps"
        found.left_out.append(Skipped(waiting[0] or base, SkipReason.PAGE_LIMIT, told, len(waiting)))
    return found


async def _fetched(fetcher: Fetcher, url: str, most: int, found: FoundInSitemaps, *, is_named: bool) -> Sitemap:
    answer = await fetcher.get(url, max_bytes=MAX_BYTES)
    if not isinstance(answer, Response):
        # Nobody said that there is one at the usual place.
        if isinstance(answer, Skipped) and (is_named or answer.reason is not SkipReason.NOT_FOUND):
            found.left_out.append(answer)
        return Sitemap()
    sitemap = await asyncio.to_thread(read_sitemap, answer.body, most)
    if sitemap.fault and (is_named or answer.kind == "xml"):
        found.left_out.append(Skipped(url, SkipReason.BAD_SITEMAP, sitemap.fault))
    if sitemap.more:
        told = f"{sitemap.more:,} more URLs in this sitemap"
        found.left_out.append(Skipped(url, SkipReason.PAGE_LIMIT, told, sitemap.more))
    await asyncio.to_thread(found.add, sitemap, url, fetcher.origin)
    return sitemap


def _variants(one: Listed, sitemap: str, origin: Origin, left_out: Counter[str], room: int) -> dict[str, str]:
    """The page's addresses in other languages, where they are the site's own."""
    found: dict[str, str] = {}
    for language, href in one.variants.items():
        target = clean_url(href, sitemap)
        if target is None:
            left_out[NO_URL] += 1
        elif Origin.of(target) != origin:
            left_out[ELSEWHERE] += 1
        elif len(found) >= room:
            left_out[PAST] += 1
        else:
            found[language] = target
    return found


def last_change(lastmod: str) -> Microseconds | None:
    """The latest moment that a sitemap's lastmod may mean; None for what is no date."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", lastmod, re.ASCII):
            day = datetime.combine(date.fromisoformat(lastmod), time(), UTC)
            return microseconds(day + timedelta(days=1) + ANY_ZONE)
        moment = datetime.fromisoformat(lastmod)
        return microseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC) + ANY_ZONE)
    except (ValueError, OverflowError):
        return None
