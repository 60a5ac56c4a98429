"""Where a crawl's pages come from: a site, a folder, or a file of lines."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from pathlib import Path

from bot.errors import ConfigurationError
from bot.pages.crawling.addresses import Gate
from bot.pages.crawling.fetch import Fetcher, Origin, clean_url
from bot.pages.crawling.files import pages_of_folder, pages_of_lines
from bot.pages.crawling.report import Found, RawPage, Skipped
from bot.pages.crawling.taking import Taking
from bot.pages.crawling.walk import Limits, Walk

PAGES_AT_ONCE = 50
CHARACTERS_AT_ONCE = 20_000_000


class Source:
    """Pages in groups, each of them one turn in a thread and one transaction. The rest is known afterwards."""

    requests = 0
    bytes = 0
    stopped = ""

    def groups(self) -> AsyncGenerator[list[Found]]:
        raise NotImplementedError


class Files(Source):
    def __init__(self, found: Iterator[RawPage | Skipped]) -> None:
        self._found = found

    async def groups(self) -> AsyncGenerator[list[Found]]:
        while group := await asyncio.to_thread(self._some):
            yield group

    def _some(self) -> list[Found]:
        some: list[Found] = []
        held = 0
        for one in self._found:
            some.append(one)
            held += len(one.html) + len(one.text) + len(one.pdf) if isinstance(one, RawPage) else 0
            if len(some) == PAGES_AT_ONCE or held > CHARACTERS_AT_ONCE:
                break
        return some


class Site(Source):
    def __init__(self, start: str, gate: Gate, limits: Limits, taking: Taking) -> None:
        self._start, self._gate, self._limits, self._taking = start, gate, limits, taking

    async def groups(self) -> AsyncGenerator[list[Found]]:
        fetcher = Fetcher(self._start, self._gate)
        walk = Walk(
            self._start,
            fetcher,
            self._limits,
            waiting=self._taking.set_waiting,
            is_there=self._taking.is_there,
            again=self._taking.again,
        )
        try:
            async with aclosing(walk.pages()) as pages:
                async for found in pages:
                    yield [found]
        finally:
            self.requests, self.bytes, self.stopped = fetcher.requests, fetcher.bytes, walk.stopped
            await fetcher.close()


def is_web(origin: str) -> bool:
    return origin.lower().startswith(("http://", "https://"))


def lasting(origin: str) -> str:
    """The origin as it can be named from any folder, at any time."""
    return origin if is_web(origin) else str(Path(origin).absolute())


def source_of(origin: str, gate: Gate, limits: Limits, *, base: str, taking: Taking) -> Source:
    """`taking` is what takes the pages: a walk asks it what it has so far."""
    if is_web(origin):
        start = clean_url(origin)
        if start is None:
            raise ConfigurationError(f'"{origin}" can\'t be crawled; give a URL such as https://shop.example/.')
        _refuse_other_ports(start, gate)
        return Site(start, gate, limits, taking)
    path = Path(origin)
    if path.is_dir():
        return Files(pages_of_folder(path, base=base))
    if path.is_file():
        return Files(pages_of_lines(path))
    if "://" in origin:
        raise ConfigurationError(f'"{origin}" can\'t be crawled; give a URL that begins with http:// or https://.')
    raise ConfigurationError(f'"{origin}" is neither a URL, a folder nor a file; give one of them.')


def _refuse_other_ports(start: str, gate: Gate) -> None:
    origin = Origin.of(start)
    if origin.port not in (80, 443) and not gate.names(origin.host, origin.port):
        raise ConfigurationError(
            f"{start} is on port {origin.port}; if that is meant, name it: --allow-host {origin.host}:{origin.port}."
        )
