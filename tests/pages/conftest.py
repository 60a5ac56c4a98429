"""A website on loopback that does what it is told, and a house to crawl it for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from bot.pages.answering.answer import Answer
from bot.pages.command import ask, crawl
from bot.pages.crawling.report import CrawlReport
from bot.pages.indexing.encoder import Encoder
from bot.settings import Settings
from bot.store.sites import Site
from bot.store.store import Store
from tests.homes import MODELS, home_in
from tests.real_pages import real_pages

__all__ = ["real_pages"]


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder(MODELS)


SITE_FOLDER = Path(__file__).parents[2] / "data" / "site"

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Website:
    """Serves what the test puts in `pages`, and remembers what was asked of it."""

    url: str = ""
    pages: dict[str, str | Handler] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)

    @property
    def host_port(self) -> str:
        return self.url.removeprefix("http://").rstrip("/")

    def page(self, path: str, body: str, *, title: str = "A page", head: str = "", **headers: str) -> None:
        self.pages[path] = f"<!doctype html><title>{title}</title>{head}<main>{body}</main>"
        self.headers[path] = {name.replace("_", "-"): value for name, value in headers.items()}

    def text(self, path: str, text: str, content_type: str = "text/plain") -> None:
        async def give(request: web.Request) -> web.StreamResponse:
            return web.Response(text=text, content_type=content_type)

        self.pages[path] = give

    def redirect(self, path: str, target: str) -> None:
        async def give(request: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": target})

        self.pages[path] = give

    def body(self, path: str, body: bytes, *, status: int = 200, **headers: str) -> None:
        given = {"Content-Type": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}

        async def give(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(status=status, headers=given)
            await response.prepare(request)
            await response.write(body)
            return response

        self.pages[path] = give

    def endless(self, path: str, piece: bytes, *, pause_s: float = 0.0) -> None:
        async def give(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": "text/html"})
            await response.prepare(request)
            while True:
                await response.write(piece)
                await asyncio.sleep(pause_s)

        self.pages[path] = give

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        self.requests.append(request)
        found = self.pages.get(request.path_qs) or self.pages.get(request.path)
        if found is None:
            raise web.HTTPNotFound
        if isinstance(found, str):
            headers = self.headers.get(request.path, {})
            return web.Response(text=found, content_type="text/html", headers=headers)
        return await found(request)


async def _serve() -> AsyncIterator[Website]:
    website = Website()
    app = web.Application()
    app.router.add_get("/{path:.*}", website.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    website.url = f"http://{host}:{port}/"
    yield website
    await runner.cleanup()


@pytest.fixture
async def website() -> AsyncIterator[Website]:
    async for served in _serve():
        yield served


@pytest.fixture
async def canary() -> AsyncIterator[Website]:
    """Another site on loopback. Nobody named it, so nobody may ask it anything."""
    async for served in _serve():
        served.page("/", "<p>The secret of the inner network.</p>")
        yield served


@dataclass(frozen=True)
class Crawler:
    """A shop whose pages can be crawled and asked."""

    store: Store
    settings: Settings
    site: Site

    async def crawl(self, origin: str | Path | Website, **chosen: object) -> CrawlReport:
        if isinstance(origin, Website):
            chosen.setdefault("allow_hosts", [origin.host_port])
            origin = origin.url
        return await crawl(self.store, self.settings, self.site.key, str(origin), **chosen)  # type: ignore[arg-type]

    async def ask(self, question: str, **chosen: object) -> Answer:
        return await ask(self.store, self.settings, self.site.key, question, **chosen)  # type: ignore[arg-type]


@pytest.fixture
def crawler(store: Store, shop: Site, tmp_path: Path) -> Crawler:
    return Crawler(store, Settings(home=home_in(tmp_path)), shop)
