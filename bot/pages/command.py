"""What `duologue crawl` and `duologue ask` do: bring a site's pages in, and put questions to them."""

import asyncio
import hashlib
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from bot.errors import ConfigurationError
from bot.interactions import Microseconds, microseconds
from bot.pages.addresses import Gate, parse_host_port
from bot.pages.answer import NOTHING, Answer, Turn
from bot.pages.extract import Extracted, extract_html, extract_text
from bot.pages.fetch import Fetcher, Origin, clean_url
from bot.pages.files import pages_of_folder, pages_of_lines
from bot.pages.librarian import Librarian
from bot.pages.passages import split
from bot.pages.report import CrawlReport, RawPage, Skipped, SkipReason, Skips
from bot.pages.walk import Limits, Walk
from bot.settings import Settings
from bot.store.pages import (
    NewPage,
    NewPassage,
    add_pages,
    batches,
    begin_crawl,
    clear_pages,
    fail_crawl,
    finish_crawl,
)
from bot.store.sites import find_site
from bot.store.store import Store

PAGES_AT_ONCE = 50
MAX_LINE = 1_000_000


@dataclass(frozen=True)
class Progress:
    """How far a crawl is: pages taken, URLs waiting (None where nobody knows), and the page at hand."""

    pages: int
    waiting: int | None
    url: str


type OnProgress = Callable[[Progress], None]


def now() -> Microseconds:
    return microseconds(datetime.now(UTC))


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
    on_progress: OnProgress = lambda progress: None,
) -> CrawlReport:
    """Brings in the pages at `origin` (a URL, a folder, a .jsonl file); when it returns, they answer.

    Raises a DuologueError when no page with text was found, or the start can't be reached; the pages crawled
    before then go on answering.
    """
    site = await store.read(find_site, site_key)
    if site is None:
        raise ConfigurationError(f'There is no site "{site_key}"; add it: duologue site add {site_key} --origin URL.')
    gate = Gate([parse_host_port(one) for one in allow_hosts])
    taking = _Taking(origin, on_progress)
    source = _source(origin, gate, Limits(limit, depth), base=base, waiting=taking.set_waiting)
    started = time.monotonic()
    number = await store.write(begin_crawl, site.key, origin=origin, at=now())
    try:
        await _take_in(store, number, source, taking)
        report = taking.report(number, time.monotonic() - started)
        await store.write(finish_crawl, site.key, number, at=now(), report=report.as_json())
    except BaseException:
        report = taking.report(number, time.monotonic() - started)
        await asyncio.shield(store.write(fail_crawl, number, at=now(), report=report.as_json()))
        raise
    finally:
        while await store.write(clear_pages, site.key):
            pass
    librarian = Librarian(store, settings)
    try:
        await librarian.refresh(site.key)
    finally:
        await librarian.close()
    return report


@dataclass
class _Taking:
    """What a crawl has taken so far."""

    origin: str
    on_progress: OnProgress
    skips: Skips = field(default_factory=Skips)
    urls: set[str] = field(default_factory=set)
    digests: dict[str, str] = field(default_factory=dict)
    passages: int = 0
    waiting: int | None = None

    def set_waiting(self, waiting: int) -> None:
        self.waiting = waiting

    def take(self, raw: RawPage, page: Extracted) -> NewPage | None:
        """The page as it is stored, or None for one that is left out, which is then among the skips."""
        passages = split(page)
        digest = hashlib.sha256("\0".join((page.title, *(one.digest for one in passages))).encode()).hexdigest()[:32]
        url = raw.canonical if raw.canonical and raw.canonical not in self.urls else raw.url
        if not passages:
            self.skips.add(Skipped(raw.url, SkipReason.NO_TEXT))
            return None
        if url in self.urls or digest in self.digests:
            there = f"the same as {self.digests.get(digest, url)}"
            self.skips.add(Skipped(raw.url, SkipReason.DUPLICATE, there))
            return None
        self.urls.add(url)
        self.digests[digest] = url
        self.passages += len(passages)
        self.on_progress(Progress(len(self.urls), self.waiting, url))
        kept = tuple(NewPassage(one.position, one.heading, one.text, one.digest) for one in passages)
        return NewPage(url, page.title, digest, now(), kept, page.product)

    def report(self, crawl: int, seconds: float) -> CrawlReport:
        return CrawlReport(
            self.origin,
            crawl,
            len(self.urls),
            self.passages,
            dict(self.skips.counts),
            tuple(self.skips.listed),
            seconds,
        )


async def _take_in(store: Store, crawl: int, source: AsyncIterator[list[RawPage | Skipped]], taking: _Taking) -> None:
    async for group in source:
        pages = await asyncio.to_thread(_taken, group, taking)
        for batch in batches(pages):
            await store.write(add_pages, crawl, batch)


def _taken(group: list[RawPage | Skipped], taking: _Taking) -> list[NewPage]:
    pages = []
    for found in group:
        if isinstance(found, Skipped):
            taking.skips.add(found)
            continue
        page = (
            extract_html(found.html, title=found.title, url=found.url)
            if found.html
            else extract_text(found.text, title=found.title, url=found.url)
        )
        if (taken := taking.take(found, page)) is not None:
            pages.append(taken)
    return pages


def _source(
    origin: str, gate: Gate, limits: Limits, *, base: str, waiting: Callable[[int], None]
) -> AsyncIterator[list[RawPage | Skipped]]:
    """The pages in groups, so that each group is one turn in a thread and one transaction."""
    if origin.lower().startswith(("http://", "https://")):
        start = clean_url(origin)
        if start is None:
            raise ConfigurationError(f'"{origin}" can\'t be crawled; give a URL such as https://shop.example/.')
        return _from_site(start, gate, limits, waiting)
    path = Path(origin)
    if path.is_dir():
        return _from_files(pages_of_folder(path, base=base))
    if path.is_file():
        return _from_files(pages_of_lines(path))
    raise ConfigurationError(f'"{origin}" is neither a URL, a folder nor a file; give one of them.')


async def _from_site(
    start: str, gate: Gate, limits: Limits, waiting: Callable[[int], None]
) -> AsyncIterator[list[RawPage | Skipped]]:
    origin = Origin.of(start)
    if origin.port not in (80, 443) and not gate.names(origin.host, origin.port):
        raise ConfigurationError(
            f"{start} is on port {origin.port}; if that is meant, name it: --allow-host {origin.host}:{origin.port}."
        )
    fetcher = Fetcher(start, gate)
    try:
        async with aclosing(Walk(start, fetcher, limits, waiting=waiting).pages()) as pages:
            async for found in pages:
                yield [found]
    finally:
        await fetcher.close()


async def _from_files(found: Iterator[RawPage | Skipped]) -> AsyncIterator[list[RawPage | Skipped]]:
    def some() -> list[RawPage | Skipped]:
        return [one for one, _ in zip(found, range(PAGES_AT_ONCE), strict=False)]

    while group := await asyncio.to_thread(some):
        yield group


def answer_as_json(id_: object, answer: Answer) -> dict[str, Any]:
    """One line of `duologue ask --output json`."""
    return {
        "id": id_,
        "answered": answer.said.answered,
        "confidence": answer.said.confidence,
        "text": answer.said.text,
        "sources": [
            {"url": one.url, "title": one.title, "quote": one.quote, "link": one.link or one.url}
            for one in answer.said.sources
        ],
        "passages": [
            {"page": one.passage.url, "title": one.passage.title, "text": one.passage.text, "score": one.score}
            for one in answer.found
        ],
    }


async def ask(
    store: Store,
    settings: Settings,
    site_key: str,
    question: str,
    *,
    history: Iterable[Turn] = (),
    page: str | None = None,
) -> Answer:
    """The answer to one question, as a visitor on `page` would get it."""
    librarian = await _open(store, settings, site_key)
    try:
        return await librarian.answer(site_key, question, tuple(history), page)
    finally:
        await librarian.close()


async def ask_batch(
    store: Store,
    settings: Settings,
    site_key: str,
    lines: Iterable[bytes],
    *,
    out: TextIO = sys.stdout,
    err: TextIO = sys.stderr,
) -> int:
    """Answers each line of questions with a line on `out`, in order; the exit code: 1 when any line was bad.

    A bad line is told on `err` with its number, and the others are answered all the same.
    """
    librarian = await _open(store, settings, site_key)
    bad = 0
    try:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            asked = _asked(line)
            if isinstance(asked, str):
                bad += 1
                print(f"line {number}: {asked}", file=err)
                continue
            found = await librarian.answer(site_key, asked.question, asked.history, asked.page)
            print(json.dumps(answer_as_json(asked.id, found), ensure_ascii=False), file=out)
    finally:
        await librarian.close()
    return 1 if bad else 0


async def _open(store: Store, settings: Settings, site_key: str) -> Librarian:
    if await store.read(find_site, site_key) is None:
        raise ConfigurationError(f'There is no site "{site_key}"; add it: duologue site add {site_key} --origin URL.')
    librarian = Librarian(store, settings, fresh_s=float("inf"))
    await librarian.refresh(site_key)
    return librarian


@dataclass(frozen=True)
class _Asked:
    id: str | int
    question: str
    history: tuple[Turn, ...]
    page: str | None


def _asked(line: bytes) -> _Asked | str:
    """The question of a line, or what is wrong with it."""
    if len(line) > MAX_LINE:
        return f"longer than {MAX_LINE:,} bytes"
    try:
        given: Any = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return f"not JSON in UTF-8: {error}"
    if not isinstance(given, dict):
        return 'not an object; give {"id", "question"}'
    id_, question, page = given.get("id"), given.get("question"), given.get("page")
    history = given.get("history") or []
    if isinstance(id_, bool) or not isinstance(id_, str | int):
        return '"id" has to be text or a whole number'
    if not isinstance(question, str) or not question.strip():
        return '"question" has to be text and not empty'
    if page is not None and not isinstance(page, str):
        return '"page" has to be a URL or null'
    turns = [_turn(one) for one in history] if isinstance(history, list) else [None]
    if None in turns:
        return '"history" has to be a list of {"from": "visitor" or "bot", "text"}'
    return _Asked(id_, question, tuple(turn for turn in turns if turn is not None), page)


def _turn(given: Any) -> Turn | None:
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        return None
    return Turn(given["from"] == "visitor", given["text"]) if given.get("from") in ("visitor", "bot", "staff") else None


__all__ = ["NOTHING", "Progress", "answer_as_json", "ask", "ask_batch", "crawl"]
