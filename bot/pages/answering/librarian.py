"""Holds each site's index, brings in a new crawl while the old one answers, and searches beside the event loop."""

import asyncio
import contextlib
import logging
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from bot.errors import StoreUnavailable
from bot.interactions import SiteKey
from bot.pages.answering.answer import NOTHING, Answer, answer
from bot.pages.answering.question import Turn
from bot.pages.answering.site_weights import SiteWeights, path_of, safe_name
from bot.pages.indexing.encoder import Encoder
from bot.pages.indexing.index import UNDERSTOOD, Index, IndexDamaged, build, load
from bot.settings import Settings
from bot.store.pages import StoredPassage, current_crawl, current_crawls, passages_of
from bot.store.store import Store

FRESH_S = 2.0
"""How long a new crawl may go unnoticed."""
RETRY_S = 10.0
READ_AT_ONCE = 2_000
log = logging.getLogger(__name__)


class State(StrEnum):
    """Of one site's index, for /readyz."""

    OK = "ok"
    BUILDING = "building"
    EMPTY = "empty"
    """Nothing was crawled yet."""


@dataclass
class _Shelf:
    weights: SiteWeights
    index: Index | None = None
    crawl: int | None = None
    looked_at: float = float("-inf")
    bringing: asyncio.Task[None] | None = field(default=None, repr=False)


class Librarian:
    """Answers from the pages of any site. One per process; used from one event loop."""

    def __init__(self, store: Store, settings: Settings, *, fresh_s: float = FRESH_S) -> None:
        self._store = store
        self._home = settings.home
        self._models = settings.home / "models"
        self._fresh_s = fresh_s
        self._shelves: dict[str, _Shelf] = {}
        # Searching is short and in one thread, so that a long build can't stand in its way; nor the other way round.
        self._searching = ThreadPoolExecutor(1, thread_name_prefix="pages-search")
        self._building = ThreadPoolExecutor(1, thread_name_prefix="pages-build")

    async def start(self) -> None:
        """Brings in every site's index, from its folder or by building it; returns when all are there."""
        for site in await self._store.read(current_crawls):
            await self.refresh(site)

    async def answer(
        self, site: str, question: str, history: Sequence[Turn] = (), page: str | None = None, within: str = ""
    ) -> Answer:
        """The answer of the site's newest whole crawl; a first crawl is waited for, a newer one is not."""
        shelf = self._shelf(site)
        bringing = self._look(site, shelf)
        if bringing is not None and shelf.index is None:
            await asyncio.shield(bringing)
        if (index := shelf.index) is None:
            return NOTHING
        return await asyncio.get_running_loop().run_in_executor(
            self._searching, answer, index, question, tuple(history), page, within, shelf.weights.now
        )

    async def refresh(self, site: str) -> None:
        """Looks for a new crawl now, and returns when it answers."""
        shelf = self._shelf(site)
        shelf.looked_at = float("-inf")
        if (bringing := self._look(site, shelf)) is not None:
            await asyncio.shield(bringing)

    def index(self, site: str) -> Index | None:
        """What answers now, if anything does."""
        shelf = self._shelves.get(site)
        return None if shelf is None else shelf.index

    def state(self, site: str) -> State:
        """Whether the site can be answered; asks nothing of the store."""
        shelf = self._shelves.get(site)
        if shelf is None or shelf.index is None:
            return State.BUILDING if shelf is not None and shelf.bringing is not None else State.EMPTY
        return State.OK

    def states(self) -> dict[str, State]:
        return {site: self.state(site) for site in self._shelves}

    async def close(self) -> None:
        for shelf in self._shelves.values():
            if shelf.bringing is not None:
                shelf.bringing.cancel()
                await asyncio.gather(shelf.bringing, return_exceptions=True)
        for threads in (self._searching, self._building):
            threads.shutdown(cancel_futures=True)

    def _shelf(self, site: str) -> _Shelf:
        if (known := self._shelves.get(site)) is None:
            known = self._shelves[site] = _Shelf(SiteWeights(path_of(self._home, site)))
        return known

    def _look(self, site: str, shelf: _Shelf) -> asyncio.Task[None] | None:
        """The task that brings the site up to date, if one is under way or due."""
        if shelf.bringing is None and time.monotonic() - shelf.looked_at >= self._fresh_s:
            shelf.looked_at = time.monotonic()
            shelf.bringing = asyncio.create_task(self._bring(site, shelf), name=f"pages-{site}")
        return shelf.bringing

    async def _bring(self, site: str, shelf: _Shelf) -> None:
        try:
            shelf.weights.look()
            crawl = await self._store.read(current_crawl, site)
            if crawl is None:
                shelf.index, shelf.crawl = None, None
            elif crawl != shelf.crawl:
                shelf.index = await self._index_of(site, crawl)
                shelf.crawl = crawl
                self._forget_older(site, crawl)
        except StoreUnavailable as error:
            log.warning("the pages of %s can't be looked up (%s); the ones known go on answering", site, error)
            shelf.looked_at = time.monotonic() + RETRY_S - self._fresh_s
        except Exception:
            log.exception("the index of %s can't be brought up to date; the one known goes on answering", site)
            shelf.looked_at = time.monotonic() + RETRY_S - self._fresh_s
        finally:
            shelf.bringing = None

    async def _index_of(self, site: str, crawl: int) -> Index:
        folder = self.folder(site, crawl)
        loop = asyncio.get_running_loop()
        try:
            encoder = await loop.run_in_executor(self._building, encoder_of, self._models)
            return await loop.run_in_executor(self._building, load, folder, encoder)
        except IndexDamaged as error:
            log.info("building the index of %s, crawl %d: %s", site, crawl, error)
        passages = await self._passages(crawl)
        before = self._shelves[site].index
        if before is None:
            before = await loop.run_in_executor(self._building, _last_built, folder.parent, encoder)
        return await loop.run_in_executor(self._building, _build_and_save, passages, encoder, before, folder)

    async def _passages(self, crawl: int) -> list[StoredPassage]:
        found: list[StoredPassage] = []
        while True:
            some = await self._store.read(passages_of, crawl, after=found[-1].id if found else 0, limit=READ_AT_ONCE)
            found += some
            if len(some) < READ_AT_ONCE:
                return found

    def folder(self, site: str, crawl: int) -> Path:
        """HOME/index/SITE/CRAWL."""
        return self._home / "index" / safe_name(site) / str(crawl)

    def _forget_older(self, site: str, crawl: int) -> None:
        for folder in self.folder(SiteKey(site), crawl).parent.iterdir():
            if folder.name.isdigit() and int(folder.name) < crawl:
                shutil.rmtree(folder, ignore_errors=True)


@lru_cache(maxsize=1)
def encoder_of(folder: Path) -> Encoder:
    """The process's one encoder: every site's pages are understood by it."""
    try:
        return Encoder(folder)
    except OSError as error:
        # It serves from elsewhere; only the next start has to prepare it again.
        log.warning("the encoder can't be kept in %s: %s", folder, error.strerror)
        return Encoder(Path(mkdtemp(prefix="duologue-")))


def _last_built(folder: Path, encoder: Encoder) -> Index | None:
    """The newest of the site's indexes that can be read, perhaps of an older format: what it understood is not lost."""
    crawls = [one for one in folder.glob("*") if one.name.isdigit()]
    for one in sorted(crawls, key=lambda one: int(one.name), reverse=True):
        with contextlib.suppress(IndexDamaged):
            return load(one, encoder, oldest=UNDERSTOOD)
    return None


def _build_and_save(passages: list[StoredPassage], encoder: Encoder, before: Index | None, folder: Path) -> Index:
    index = build(passages, encoder, before)
    try:
        index.save(folder)
    except OSError as error:
        # It answers all the same; only the next start has to build it again.
        log.warning("the index can't be kept in %s: %s", folder, error.strerror)
    return index
