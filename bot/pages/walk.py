"""Walks a website breadth first from one URL, politely: robots.txt, sitemaps, limits, and a reason for what is left."""

import asyncio
import re
import zlib
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from bot.errors import ConfigurationError, NotReachable
from bot.pages.fetch import MAX_BYTES, ROBOT, Fetcher, Origin, Response, clean_url, unpacker
from bot.pages.links import Directions, directions, sitemap_urls
from bot.pages.report import RawPage, Skipped, SkipReason

AT_ONCE = 4
MAX_DELAY_S = 2.0
MAX_SITEMAPS = 20
REQUESTS_A_PAGE = 4
"""Dead links cost requests and bring no page: beyond this many for each page that may come, the walk ends."""
GIVES_UP_AFTER = 10
"""Failures in a row after which the site is down, and half of it must not take the place of the whole."""
_DOWN = frozenset({SkipReason.UNREACHABLE, SkipReason.TOO_SLOW})
# Asking for these only to refuse the answer would cost both sides.
_NOT_TEXT = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|mp[34]|m4[av]|webm|ogg|wav|mov|avi|pdf|zip|gz|tgz|rar|7z|exe|dmg|"
    r"apk|iso|css|m?js|json|xml|rss|atom|woff2?|ttf|eot|docx?|xlsx?|pptx?|csv|ics)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Limits:
    """`pages` that are indexed, `depth` in links from the start."""

    pages: int = 500
    depth: int = 5


@dataclass(frozen=True)
class _Step:
    url: str
    depth: int


class Walk:
    """One walk over one site. Iterating gives each page once, and each thing left out with its reason."""

    def __init__(self, start: str, fetcher: Fetcher, limits: Limits, *, waiting: Callable[[int], None]) -> None:
        self._start = start
        self._fetcher = fetcher
        self._limits = limits
        self._waiting = waiting
        self._robots = Protego.parse("")
        self._seen: set[str] = set()
        self._queue: deque[_Step] = deque()
        self._left_out: list[Skipped] = []
        self._given = 0
        self._requests_left = 100 + REQUESTS_A_PAGE * limits.pages
        self._failures = 0

    async def pages(self) -> AsyncGenerator[RawPage | Skipped]:
        first = await self._fetcher.get(self._start, first=True)
        if isinstance(first, Skipped):
            raise _refusal(first)
        await self._read_robots()
        if not self._may(first.url):
            raise ConfigurationError(f"The robots.txt of {first.url} asks Duologue not to crawl it; allow it there.")
        self._seen |= {self._start, first.url}
        async for found in self._take(first, 0):
            yield found
        await self._read_sitemaps(first)
        while self._queue and self._given < self._limits.pages and self._requests_left > 0:
            async for found in self._next():
                yield found
            self._waiting(len(self._queue))
        which = "pages" if self._given >= self._limits.pages else "requests"
        for step in self._queue:
            yield Skipped(step.url, SkipReason.PAGE_LIMIT, f"the limit of {which} is reached")

    async def _next(self) -> AsyncIterator[RawPage | Skipped]:
        """Fetches the next few of the queue side by side; takes them in the queue's order."""
        delay = min(float(self._robots.crawl_delay(ROBOT) or 0), MAX_DELAY_S)
        width = 1 if delay else min(AT_ONCE, self._limits.pages - self._given)
        steps = [self._queue.popleft() for _ in range(min(width, len(self._queue)))]
        self._requests_left -= len(steps)
        await asyncio.sleep(delay)
        answers = await asyncio.gather(*(self._fetcher.get(step.url, permitted=self._may) for step in steps))
        for step, answer in zip(steps, answers, strict=True):
            self._notice(answer)
            if isinstance(answer, Skipped):
                yield answer
            elif answer.url != step.url and answer.url in self._seen:
                yield Skipped(step.url, SkipReason.DUPLICATE, f"leads to {answer.url}")
            else:
                self._seen.add(answer.url)
                async for found in self._take(answer, step.depth):
                    yield found

    def _notice(self, answer: Response | Skipped) -> None:
        down = isinstance(answer, Skipped) and (
            answer.reason in _DOWN or answer.detail.startswith(("status 5", "status 429"))
        )
        self._failures = self._failures + 1 if down else 0
        if isinstance(answer, Skipped) and self._failures == GIVES_UP_AFTER:
            raise NotReachable(
                f"{self._start} has failed {GIVES_UP_AFTER} times in a row ({answer.detail}); "
                "the pages crawled before go on answering. Try again later."
            )

    async def _take(self, answer: Response, depth: int) -> AsyncIterator[RawPage | Skipped]:
        if answer.kind == "xml" and not answer.body.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html")):
            yield Skipped(answer.url, SkipReason.NOT_TEXT, "XML")
            return
        text = await asyncio.to_thread(answer.text)
        if answer.kind == "text":
            self._given += 1
            yield RawPage(answer.url, text=text)
            return
        told = await asyncio.to_thread(directions, text, answer.url, robots_header=answer.robots)
        self._follow(told, depth + 1)
        while self._left_out:
            yield self._left_out.pop()
        if told.noindex:
            yield Skipped(answer.url, SkipReason.NOINDEX)
            return
        self._given += 1
        ours = told.canonical is not None and Origin.of(told.canonical) == self._fetcher.origin
        canonical = told.canonical if ours and told.canonical != answer.url else None
        yield RawPage(answer.url, html=text, canonical=canonical or "")

    def _follow(self, told: Directions, depth: int) -> None:
        for url in told.links:
            self._consider(url, depth)

    def _consider(self, url: str, depth: int) -> None:
        if url in self._seen:
            return
        self._seen.add(url)
        if (reason := self._reason_against(url, depth)) is None:
            self._queue.append(_Step(url, depth))
        else:
            self._left_out.append(Skipped(url, reason))

    def _reason_against(self, url: str, depth: int) -> SkipReason | None:
        if Origin.of(url) != self._fetcher.origin:
            return SkipReason.OTHER_SITE
        path = urlsplit(url).path
        if _NOT_TEXT.search(path):
            return SkipReason.NOT_TEXT
        parts = path.strip("/").split("/")
        # A link relative to itself grows for ever: /a/b/a/b/a/b.
        if depth > self._limits.depth or any(parts.count(part) > 3 for part in set(parts)):
            return SkipReason.DEPTH_LIMIT
        return None if self._may(url) else SkipReason.ROBOTS

    def _may(self, url: str) -> bool:
        return bool(self._robots.can_fetch(url, ROBOT))

    async def _read_robots(self) -> None:
        answer = await self._fetcher.get(self._fetcher.origin.url("/robots.txt"))
        if isinstance(answer, Response):
            self._robots = Protego.parse(answer.text()[:500_000])
        elif answer.detail.startswith("status 5") or answer.reason in (SkipReason.UNREACHABLE, SkipReason.TOO_SLOW):
            # RFC 9309: who can't tell what is allowed allows nothing.
            raise NotReachable(f"The robots.txt of {self._start} can't be read ({answer.detail}); try again later.")

    async def _read_sitemaps(self, first: Response) -> None:
        told = directions(first.text(), first.url).sitemaps if first.kind == "html" else ()
        origin = self._fetcher.origin
        waiting = deque(dict.fromkeys([*self._robots.sitemaps, *told, origin.url("/sitemap.xml")]))
        read: set[str] = set()
        while waiting and len(read) < MAX_SITEMAPS:
            url = clean_url(waiting.popleft(), first.url)
            if url is None or url in read or Origin.of(url) != origin:
                continue
            read.add(url)
            answer = await self._fetcher.get(url)
            if not isinstance(answer, Response) or (body := _unzipped(answer.body)) is None:
                continue
            pages, further = await asyncio.to_thread(sitemap_urls, body)
            waiting.extend(further)
            for page in pages[: self._limits.pages * 4]:
                if (cleaned := clean_url(page, first.url)) is not None:
                    self._consider(cleaned, 1)


def _unzipped(body: bytes) -> bytes | None:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        unpacked = unpacker("gzip")(body, MAX_BYTES + 1)
    except zlib.error:
        return None
    return unpacked if len(unpacked) <= MAX_BYTES else None


def _refusal(first: Skipped) -> Exception:
    told = f"{first.where} can't be crawled: {first.reason.value.replace('_', ' ')} ({first.detail})."
    if first.reason in (SkipReason.PRIVATE_ADDRESS, SkipReason.BAD_URL, SkipReason.OTHER_SITE):
        return ConfigurationError(told)
    return NotReachable(told)
