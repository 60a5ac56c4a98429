"""What sitemaps list: pages, each perhaps with the day of its last change, and further sitemaps."""

import asyncio
import io
import re
import zlib
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from bot.interactions import Microseconds, microseconds
from bot.pages.crawling.fetch import Fetcher, Origin, Response, clean_url, unpacker
from bot.pages.crawling.report import Skipped
from bot.pages.reading.skip_reason import SkipReason

MAX_BYTES = 50_000_000
"""By the protocol of sitemaps, unpacked."""
MAX_SITEMAPS = 20
MAX_LASTMOD = 40
ANY_ZONE = timedelta(hours=14)
"""A day may end this much later than in UTC."""


@dataclass(frozen=True)
class Listed:
    url: str
    lastmod: str | None = None


@dataclass(frozen=True)
class Sitemap:
    """`more` counts the pages past those that were wanted. `fault` says why it could not be read to its end."""

    pages: tuple[Listed, ...] = ()
    further: tuple[str, ...] = ()
    more: int = 0
    fault: str = ""


@dataclass
class FoundInSitemaps:
    """What all sitemaps of a site list, each URL in the form in which we keep it."""

    pages: list[Listed] = field(default_factory=list)
    left_out: list[Skipped] = field(default_factory=list)


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
    for one in sitemap.pages:
        if (cleaned := clean_url(one.url, url)) is not None:
            found.pages.append(replace(one, url=cleaned))
    return sitemap


def read_sitemap(body: bytes, most: int) -> Sitemap:
    """The first `most` pages, or sitemaps, that it names. Nothing outside of it is loaded."""
    unpacked = _unpacked(body)
    if unpacked is None:
        return Sitemap(fault=f"its gzip is broken, or holds more than {MAX_BYTES:,} bytes")
    safe: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    listed: list[Listed] = []
    more, is_index = 0, False
    try:
        parts = etree.iterparse(io.BytesIO(unpacked), events=("end",), recover=True, **safe)
        for _, element in parts:
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if name not in ("url", "sitemap"):
                continue
            found, is_index = _listed(element), is_index or name == "sitemap"
            _forget(element)
            if found is not None and len(listed) < most:
                listed.append(found)
            elif found is not None:
                more += 1
        is_sitemap = parts.root is not None and etree.QName(parts.root).localname in ("urlset", "sitemapindex")
    except (etree.XMLSyntaxError, ValueError):
        is_sitemap = bool(listed)
    if not is_sitemap:
        return Sitemap(fault="it is neither a urlset nor a sitemapindex")
    if is_index:
        return Sitemap(further=tuple(one.url for one in listed), more=more)
    return Sitemap(tuple(listed), more=more)


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


def _listed(element: Any) -> Listed | None:
    told: dict[str, str] = {}
    for part in element:
        if isinstance(part.tag, str) and part.text:
            told.setdefault(etree.QName(part).localname, part.text.strip())
    if not told.get("loc"):
        return None
    return Listed(told["loc"], told.get("lastmod", "")[:MAX_LASTMOD] or None)


def _forget(element: Any) -> None:
    """What was read is let go: else 50 MB of XML would be half a gigabyte of tree."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _unpacked(body: bytes) -> bytes | None:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        unpacked = unpacker("gzip")(body, MAX_BYTES + 1)
    except zlib.error:
        return None
    return unpacked if len(unpacked) <= MAX_BYTES else None
