"""Crawls a site: brings its pages in beside those that answer, which go on answering until the new ones are whole."""

import asyncio
import contextlib
import hashlib
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.errors import ConfigurationError, StoreUnavailable
from bot.interactions import Microseconds, SiteKey, microseconds
from bot.pages import reading
from bot.pages.answering.librarian import Librarian
from bot.pages.crawling import links
from bot.pages.crawling.addresses import Gate, parse_host_port
from bot.pages.crawling.again import Again
from bot.pages.crawling.report import CrawlReport
from bot.pages.crawling.sources import Source, lasting, source_of
from bot.pages.crawling.taking import OnProgress, Progress, Taking
from bot.pages.crawling.walk import Limits
from bot.settings import Settings
from bot.store.crawl_turns import begin_in_turn, end_turn, give_turn_back, hold_turn
from bot.store.known_pages import KnownPage, keep_pages, keeping, known_pages
from bot.store.left_out import LeftOut, add_left_out, left_out_of
from bot.store.pages import CrawlRefused, Stamp, add_pages, batches, clear_pages, fail_crawl, find_crawl, finish_crawl
from bot.store.sites import Site, find_site
from bot.store.store import Store

HOLD_EVERY_S = 15.0


def now() -> Microseconds:
    return microseconds(datetime.now(UTC))


@dataclass(frozen=True)
class Wanted:
    """How a crawl is asked for; kept with it, so that it can be asked for again without anybody."""

    allow_hosts: tuple[str, ...] = ()
    base: str = ""
    limits: Limits = field(default_factory=Limits)

    def as_json(self) -> dict[str, Any]:
        limits = self.limits
        told = {"limit": limits.pages, "depth": limits.depth, "seconds": limits.time.total_seconds()}
        return told | {"bytes": limits.bytes, "allow_hosts": list(self.allow_hosts), "base": self.base}

    @classmethod
    def of(cls, options: Mapping[str, Any] | None) -> "Wanted":
        """As it was stored; a crawl of an earlier version stored nothing."""
        told = options or {}
        usual = Limits()
        limits = Limits(
            told.get("limit", usual.pages),
            told.get("depth", usual.depth),
            timedelta(seconds=told.get("seconds", usual.time.total_seconds())),
            told.get("bytes", usual.bytes),
        )
        return cls(tuple(told.get("allow_hosts", ())), told.get("base", ""), limits)


async def crawl(
    store: Store,
    settings: Settings,
    site_key: str,
    origin: str,
    *,
    allow_hosts: Iterable[str] = (),
    base: str = "",
    limit: int = Limits.pages,
    depth: int = Limits.depth,
    time_limit: timedelta = Limits.time,
    byte_limit: int = Limits.bytes,
    fresh: bool = False,
    on_progress: OnProgress = lambda progress: None,
) -> CrawlReport:
    """Brings in the pages at `origin` (a URL, a folder, a .jsonl file); when it returns, they answer.

    Pages that have not changed are taken over from the crawl that answers now, unless `fresh`. Raises a DuologueError
    when no page with text was found, or the start can't be reached; the pages crawled before then go on answering.
    """
    wanted = Wanted(tuple(allow_hosts), base, Limits(limit, depth, time_limit, byte_limit))
    return await crawl_as(
        store, settings, site_key, lasting(origin), wanted, fresh=fresh, by_force=True, on_progress=on_progress
    )


async def crawl_as(
    store: Store,
    settings: Settings,
    site_key: str,
    origin: str,
    wanted: Wanted,
    *,
    fresh: bool = False,
    by_force: bool = False,
    on_progress: OnProgress = lambda progress: None,
) -> CrawlReport:
    """As `crawl`. Without `by_force` it gives way to a crawl of the site that is under way, with CrawlRefused."""
    site = await store.read(find_site, site_key)
    if site is None:
        raise ConfigurationError(f'There is no site "{site_key}"; add it: duologue site add {site_key} --origin URL.')
    gate = Gate([parse_host_port(one) for one in wanted.allow_hosts])
    again, lies = await _known(store, site, fresh=fresh)
    taking = Taking(origin, on_progress, now, again, lies)
    source = source_of(origin, gate, wanted.limits, base=wanted.base, taking=taking)
    number = await store.write(
        begin_in_turn,
        site.key,
        origin=origin,
        reader=reader_version(),
        options=wanted.as_json(),
        at=now(),
        by_force=by_force,
    )
    librarian = Librarian(store, settings)
    try:
        async with _turn(store, site.key, number, counts=not by_force):
            # What the index that answers knows of texts that stay need not be worked out again.
            if site.crawl is not None and librarian.folder(site.key, site.crawl).is_dir():
                await librarian.refresh(site.key)
            report = await _brought_in(store, site.key, number, source, taking)
        on_progress(Progress(report.pages, 0, "reading them into the index"))
        await librarian.refresh(site.key)
    finally:
        await librarian.close()
    return report


async def _known(store: Store, site: Site, *, fresh: bool) -> tuple[Again, int]:
    """What the crawl that answers now knows, and how often the site's lastmod has lied."""
    last = None if site.crawl is None else await store.read(find_crawl, site.crawl)
    if last is None:
        return Again(now=now()), 0
    found: list[KnownPage] = []
    while some := await store.read(known_pages, last.id, after=found[-1].id if found else 0):
        found += some
    if fresh or last.reader != reader_version():
        # Still known, to tell what is new and to stand in for what fails; but nothing of them is believed.
        return Again((replace(page, body=None, stamp=Stamp(), steady=False) for page in found), now=now()), 0
    left_out: list[LeftOut] = []
    while more := await store.read(left_out_of, last.id, after=left_out[-1].asked if left_out else ""):
        left_out += more
    lies = int(last.report.get("lastmod_lies", 0))
    return Again(found, left_out, now=now(), trusts_sitemap=lies == 0), lies


async def _brought_in(store: Store, site: SiteKey, number: int, source: Source, taking: Taking) -> CrawlReport:
    started = time.monotonic()

    def report() -> CrawlReport:
        passed = time.monotonic() - started
        return taking.report(number, passed, requests=source.requests, size=source.bytes, stopped=source.stopped)

    try:
        async with aclosing(source.groups()) as groups:
            async for group in groups:
                taken = await asyncio.to_thread(taking.take_all, group)
                for batch in batches(taken.new):
                    await store.write(add_pages, number, batch)
                for pieces in keeping(taken.kept):
                    await store.write(keep_pages, number, pieces)
                if taken.left_out:
                    await store.write(add_left_out, number, taken.left_out)
        await store.write(finish_crawl, site, number, at=now(), report=report().as_json())
    except BaseException as error:
        told = report().as_json() | {"error": str(error) or type(error).__name__}
        await asyncio.shield(store.write(fail_crawl, number, at=now(), report=told))
        raise
    finally:
        while await store.write(clear_pages, site):
            pass
    return report()


@asynccontextmanager
async def _turn(store: Store, site: SiteKey, number: int, *, counts: bool) -> AsyncIterator[None]:
    """Holds the turn meanwhile, and gives it back; a failure is remembered when it `counts`.

    Whoever takes the turn away ends this crawl with CrawlRefused.
    """
    crawling = asyncio.current_task()
    assert crawling is not None
    lost: list[CrawlRefused] = []

    async def hold() -> None:
        while True:
            await asyncio.sleep(HOLD_EVERY_S)
            try:
                await store.write(hold_turn, site, number, at=now())
            except CrawlRefused as error:
                lost.append(error)
                crawling.cancel()
                return
            except StoreUnavailable:
                continue

    holding = asyncio.create_task(hold())
    try:
        yield
        await store.write(end_turn, site, number, at=now())
    except asyncio.CancelledError:
        if lost:
            crawling.uncancel()
            raise lost[0] from None
        await asyncio.shield(store.write(give_turn_back, site, number, at=now()))
        raise
    except Exception as error:
        end = (end_turn, {"failed": str(error)}) if counts else (give_turn_back, {})
        await store.write(end[0], site, number, at=now(), **end[1])
        raise
    finally:
        holding.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await holding


@cache
def reader_version() -> str:
    """Of all that makes passages of what was fetched, or leaves it out: when it changes, all pages are read anew."""
    digest = hashlib.sha256()
    for module in (*sorted(Path(reading.__path__[0]).glob("*.py")), Path(links.__file__)):
        digest.update(module.read_bytes())
    for package in ("trafilatura", "lxml", "pypdf"):
        digest.update(f"{package} {version(package)}\0".encode())
    return digest.hexdigest()[:32]
