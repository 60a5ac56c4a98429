"""Walks a website breadth first from one URL, politely: robots.txt, sitemaps, limits, and a reason for what is left."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from protego import Protego

from bot.errors import ConfigurationError, NotReachable
from bot.interactions import Microseconds
from bot.pages.crawling.again import BY_EACH_HEADER, BY_HEADER, Again, Known, as_left_out
from bot.pages.crawling.fetch import ROBOT, Fetcher, Origin, Response, Unchanged
from bot.pages.crawling.frontier import Frontier, Step
from bot.pages.crawling.links import Directions, directions, forbids_index, forbids_links
from bot.pages.crawling.report import Found, RawPage, Same, SamePage, Skipped, StillLeftOut, Unwanted
from bot.pages.crawling.sitemaps import listed_pages
from bot.pages.reading.skip_reason import SkipReason
from bot.store.known_pages import KnownPage
from bot.store.left_out import LeftOut
from bot.store.pages import Stamp

AT_ONCE = 4
MAX_DELAY_S = 2.0
LISTED_A_PAGE = 4
REQUESTS_A_PAGE = 4
"""Dead links cost requests and bring no page: beyond this many for each page that may come, the walk ends."""
GIVES_UP_AFTER = 10
"""Failures in a row after which the site is down, and half of it must not take the place of the whole."""
_DOWN = frozenset({SkipReason.UNREACHABLE, SkipReason.TOO_SLOW})
NOTHING_KNOWN = Again(now=Microseconds(0))

type Answered = Response | Unchanged | Skipped | SamePage | StillLeftOut


@dataclass(frozen=True)
class Limits:
    """`pages` that are indexed, `depth` in links from the start, `time` in all, `bytes` of all answers, unpacked."""

    pages: int = 500
    depth: int = 5
    time: timedelta = timedelta(hours=1)
    bytes: int = 1_000_000_000


class Walk:
    """One walk over one site. Iterating gives each page once, and each thing left out with its reason.

    `is_there` is asked whether what a known duplicate says is among the pages that were given so far. `stopped` tells,
    afterwards, which limit ended it; it is empty when all of the site was seen.
    """

    def __init__(
        self,
        start: str,
        fetcher: Fetcher,
        limits: Limits,
        *,
        waiting: Callable[[int], None],
        is_there: Callable[[LeftOut], bool] = lambda known: False,
        again: Again = NOTHING_KNOWN,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start = start
        self._fetcher = fetcher
        self._limits = limits
        self._waiting = waiting
        self._is_there = is_there
        self._again = again
        self._clock = clock
        self._frontier = Frontier(fetcher.origin, Protego.parse(""), limits.depth)
        self._listed: dict[str, str] = {}
        self._variants: dict[str, dict[str, str]] = {}
        """By the sitemaps."""
        self._done: set[str] = set()
        self._put_off: list[tuple[StillLeftOut, int]] = []
        """Duplicates that have not changed. Whether what they say is there is known when all else was seen."""
        self._to_read: set[str] = set()
        """What has to be fetched in full, whatever is known of it."""
        self._given = 0
        self._requests_left = 100 + REQUESTS_A_PAGE * limits.pages
        self._failures = 0
        self.stopped = ""

    async def pages(self) -> AsyncGenerator[Found]:
        ends_at = self._clock() + self._limits.time.total_seconds()
        first = await self._fetcher.get(self._start, first=True)
        if isinstance(first, Skipped):
            raise _refusal(first)
        assert isinstance(first, Response)  # nobody asked whether it had changed
        await self._read_robots()
        if not self._frontier.may(first.url):
            raise ConfigurationError(f"The robots.txt of {first.url} asks Duologue not to crawl it; allow it there.")
        for met in (self._frontier.seen, self._done):
            met |= {self._start, first.url}
        listed = await self._read_sitemaps(first)
        async for found in self._take(first, 0):
            yield found
        # After the start's own links: what it leads to itself matters more.
        self._frontier.follow(listed, 1)
        reason = None
        while (self._frontier.queue or self._put_off) and not (reason := self._reason_to_stop(ends_at)):
            if not self._frontier.queue:
                for same in self._still_there():
                    yield same
                continue
            async for found in self._next():
                yield found
            self._waiting(len(self._frontier.queue))
        for left in self._frontier.take_left_out():
            yield left
        if reason is not None:
            for kept in self._kept(reason[0]):
                yield kept
            for rest in [*self._still_there(), *self._leave(*reason)]:
                yield rest

    def _reason_to_stop(self, ends_at: float) -> tuple[SkipReason, str] | None:
        limits = self._limits
        if self._given >= limits.pages:
            return SkipReason.PAGE_LIMIT, f"the limit of {limits.pages:,} pages is reached"
        if self._requests_left <= 0:
            return SkipReason.PAGE_LIMIT, f"the limit of requests is reached, for {limits.pages:,} pages"
        if self._clock() >= ends_at:
            return SkipReason.TIME_LIMIT, f"the time limit of {limits.time} is reached"
        if self._fetcher.bytes >= limits.bytes:
            return SkipReason.BYTE_LIMIT, f"the limit of {limits.bytes:,} bytes is reached"
        return None

    def _kept(self, reason: SkipReason) -> list[Found]:
        """How far time and bytes carry is chance: what is known from before and was not reached stays."""
        if not self._frontier.queue or reason is SkipReason.PAGE_LIMIT:
            return []
        room = self._limits.pages - self._given
        pages = [known for known in self._again if self._may_stay(known.asked)][:room]
        self._given += len(pages)
        stay: list[Known] = [*pages, *(known for known in self._again.left_out() if self._may_stay(known.asked))]
        return [_the_same(known, Same.KEPT, self._listed.get(known.asked)) for known in stay]

    def _may_stay(self, url: str) -> bool:
        is_ours = Origin.of(url) == self._fetcher.origin and self._frontier.may(url)
        return url not in self._done and is_ours and self._again.to_keep(url) is not None

    def _leave(self, reason: SkipReason, detail: str) -> list[Skipped]:
        """What was not reached: the queue, and duplicates of what is not there any more."""
        waiting = [*(step.url for step in self._frontier.queue), *(same.known.asked for same, _ in self._put_off)]
        if waiting:
            self.stopped = f"{detail}; URLs not asked for: {len(waiting):,}"
        return [Skipped(url, reason, detail) for url in waiting]

    def _still_there(self) -> list[Found]:
        """Of the duplicates that were put off those that still are. Of each other text one is to be read in full."""
        put_off, self._put_off = self._put_off, []
        found: list[Found] = []
        texts: set[str] = set()
        for same, depth in put_off:
            if self._is_there(same.known):
                found.append(same)
            elif same.known.digest in texts:
                self._put_off.append((same, depth))
            else:
                texts.add(same.known.digest)
                self._read_in_full(Step(same.known.asked, depth))
        return found

    def _read_in_full(self, step: Step) -> None:
        self._to_read.add(step.url)
        self._frontier.queue.append(step)

    async def _next(self) -> AsyncIterator[Found]:
        """Fetches the next few of the queue side by side; takes them in the queue's order."""
        delay = min(float(self._frontier.robots.crawl_delay(ROBOT) or 0), MAX_DELAY_S)
        steps = self._frontier.next_steps(1 if delay else min(AT_ONCE, self._limits.pages - self._given))
        answers = await asyncio.gather(*(self._ask(step, delay) for step in steps))
        for step, answer in zip(steps, answers, strict=True):
            self._done.add(step.url)
            async for found in self._met(step, answer):
                yield found
            for left in self._frontier.take_left_out():
                yield left

    async def _ask(self, step: Step, delay: float) -> Answered:
        listed = self._listed.get(step.url)
        known = None if step.url in self._to_read else self._again.need_not_ask(step.url, listed)
        if known is not None:
            return _the_same(known, Same.LISTED, listed)
        self._requests_left -= 1
        await asyncio.sleep(delay)
        return await self._fetcher.get(step.url, permitted=self._frontier.may, validators=self._validators)

    def _validators(self, url: str) -> dict[str, str]:
        return {} if url in self._to_read else self._again.validators(url)

    async def _met(self, step: Step, answer: Answered) -> AsyncIterator[Found]:
        self._notice(answer)
        if isinstance(answer, SamePage | StillLeftOut):
            for found in self._keep(answer, step.depth):
                yield found
        elif isinstance(answer, Skipped):
            yield answer
            if _is_passing(answer) and (known := self._again.to_keep(step.url)) is not None:
                for found in self._keep(_the_same(known, Same.KEPT, self._listed.get(step.url)), step.depth):
                    yield found
        elif answer.url != step.url and answer.url in self._frontier.seen:
            yield Skipped(step.url, SkipReason.DUPLICATE, f"leads to {answer.url}")
        else:
            self._frontier.seen.add(answer.url)
            self._done.add(answer.url)
            async for found in self._take(answer, step.depth):
                yield found

    def _keep(self, same: SamePage | StillLeftOut, depth: int) -> list[Found]:
        """Its links lead on as they did."""
        self._frontier.follow(self._again.links(same.known), depth + 1)
        if isinstance(same, StillLeftOut):
            if same.known.reason != SkipReason.DUPLICATE or same.why is Same.KEPT:
                return [same]
            self._put_off.append((same, depth))
            return []
        self._given += 1
        return [same]

    def _notice(self, answer: Answered) -> None:
        is_down = isinstance(answer, Skipped) and _is_passing(answer)
        self._failures = self._failures + 1 if is_down else 0
        if isinstance(answer, Skipped) and self._failures == GIVES_UP_AFTER:
            raise NotReachable(
                f"{self._start} has failed {GIVES_UP_AFTER} times in a row ({answer.detail}); "
                "the pages crawled before go on answering. Try again later."
            )

    async def _take(self, answer: Response | Unchanged, depth: int) -> AsyncIterator[Found]:
        if isinstance(answer, Unchanged):
            for found in self._confirmed(answer, depth):
                yield found
        elif answer.kind == "xml" and not answer.body.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html")):
            yield Skipped(answer.url, SkipReason.NOT_TEXT, "XML")
        elif answer.kind in ("text", "pdf"):
            yield await self._unlinked(answer)
        else:
            text = await asyncio.to_thread(answer.text)
            told = await asyncio.to_thread(directions, text, answer.url, robots_header=answer.robots)
            self._frontier.follow(told.links, depth + 1)
            yield self._page(answer, text, told)

    def _confirmed(self, answer: Unchanged, depth: int) -> list[Found]:
        known = self._again.find(answer.url) or self._again.find_left_out(answer.url)
        assert known is not None  # of no other page it was asked whether it has changed
        if forbids_index(answer.robots):
            return self._forbidden(known, answer, depth)
        if isinstance(known, LeftOut) and known.detail == BY_EACH_HEADER:
            # What was said with each answer is not said any more.
            self._read_in_full(Step(answer.url, depth))
            return []
        return self._keep(_the_same(known, Same.CONFIRMED, self._listed.get(answer.url)), depth)

    def _forbidden(self, known: Known, answer: Unchanged, depth: int) -> list[Found]:
        """Of a page whose server now says noindex with a 304."""
        left = known if isinstance(known, LeftOut) else as_left_out(known, SkipReason.NOINDEX, "")
        left = replace(left, reason=SkipReason.NOINDEX.value, detail=BY_EACH_HEADER)
        if not forbids_links(answer.robots):
            self._frontier.follow(self._again.links(left), depth + 1)
        return [StillLeftOut(left, Same.CONFIRMED, self._listed.get(answer.url))]

    async def _unlinked(self, answer: Response) -> Found:
        stamp = self._stamp(answer)
        if answer.kind == "pdf":
            page = RawPage(answer.url, pdf=answer.body, links=(), stamp=stamp)
        else:
            page = RawPage(answer.url, text=await asyncio.to_thread(answer.text), links=(), stamp=stamp)
        if forbids_index(answer.robots):
            return Unwanted(page, SkipReason.NOINDEX, BY_HEADER)
        self._given += 1
        return page

    def _page(self, answer: Response, text: str, told: Directions) -> Found:
        ours = told.canonical is not None and Origin.of(told.canonical) == self._fetcher.origin
        canonical = told.canonical if ours and told.canonical != answer.url else None
        page = RawPage(
            answer.url,
            html=text,
            canonical=canonical or "",
            stamp=self._stamp(answer),
            links=told.links,
            variants=self._variants.get(answer.url, {}) | told.variants,
        )
        if told.noindex:
            return Unwanted(page, SkipReason.NOINDEX, BY_HEADER if forbids_index(answer.robots) else "")
        if told.moved_to is not None:
            return Unwanted(page, SkipReason.MOVED, f"leads to {told.moved_to}")
        self._given += 1
        return page

    def _stamp(self, answer: Response) -> Stamp:
        return Stamp(answer.etag, answer.modified, self._listed.get(answer.url))

    async def _read_robots(self) -> None:
        answer = await self._fetcher.get(self._fetcher.origin.url("/robots.txt"))
        robots = Protego.parse("")
        if isinstance(answer, Response):
            robots = Protego.parse(answer.text()[:500_000])
        elif isinstance(answer, Skipped) and _is_passing(answer):
            # RFC 9309: who can't tell what is allowed allows nothing.
            raise NotReachable(f"The robots.txt of {self._start} can't be read ({answer.detail}); try again later.")
        self._frontier = Frontier(self._fetcher.origin, robots, self._limits.depth)

    async def _read_sitemaps(self, first: Response) -> list[str]:
        told = directions(first.text(), first.url).sitemaps if first.kind == "html" else ()
        most = LISTED_A_PAGE * self._limits.pages
        found = await listed_pages(self._fetcher, (*self._frontier.robots.sitemaps, *told), first.url, most=most)
        urls = found.urls(most)
        self._frontier.left_out += found.left_out
        self._listed = {one.url: one.lastmod for one in found.pages if one.lastmod}
        self._variants = {one.url: one.variants for one in found.pages if one.variants}
        return urls


def _the_same(known: Known, why: Same, listed: str | None) -> SamePage | StillLeftOut:
    return SamePage(known, why, listed) if isinstance(known, KnownPage) else StillLeftOut(known, why, listed)


def _is_passing(skipped: Skipped) -> bool:
    """Whether the page may well be there again tomorrow."""
    return skipped.reason in _DOWN or skipped.detail.startswith(("status 5", "status 429"))


def _refusal(first: Skipped) -> Exception:
    told = f"{first.where} can't be crawled: {first.reason.value.replace('_', ' ')} ({first.detail})."
    if first.reason in (SkipReason.PRIVATE_ADDRESS, SkipReason.BAD_URL, SkipReason.OTHER_SITE):
        return ConfigurationError(told)
    return NotReachable(told)
