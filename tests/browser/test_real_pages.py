"""Pages that nobody made for us: crawled by the command, then asked about in a browser on a site of their own."""

import json
from collections.abc import AsyncIterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from lxml.html import HTMLParser, document_fromstring  # type: ignore[import-untyped]

from tests.browser.chat import Chat, visit
from tests.browser.conftest import NewBrowser
from tests.real_pages import REAL_QUESTIONS, RealQuestion, read_real_pages, real_pages  # noqa: F401
from tests.running import Duologue

KEY = "real-pages"
CRAWLED_WITHIN_S = 280
pytestmark = pytest.mark.timeout(CRAWLED_WITHIN_S + 300)


class RealSite(NamedTuple):
    """`pages` is the address that was crawled, `origin` where the widget is embedded."""

    pages: str
    origin: str
    report: str


@pytest.fixture(scope="session")
async def real_site(duologue: Duologue, real_pages: str) -> AsyncIterator[RealSite]:  # noqa: F811
    """The real pages in the index of a running Duologue, and a page with the widget for them."""
    tag = f'<script type="module" src="{duologue.gateway_url}/widget.js" data-site="{KEY}"></script>'
    runner = await _serve(f"<!doctype html><html lang=en><title>A page</title><h1>A page</h1>{tag}")
    host, port = runner.addresses[0][:2]
    origin = f"http://{host}:{port}"
    added = await duologue.cli("site", "add", KEY, "--origin", origin)
    assert added.code == 0, added.stderr
    allowed = ("--allow-host", urlsplit(real_pages).netloc)
    crawled = await duologue.cli(
        "crawl", real_pages, "--site", KEY, *allowed, "--quiet", "--output", "json", within_s=CRAWLED_WITHIN_S
    )
    assert crawled.code == 0, crawled.stderr
    yield RealSite(real_pages, origin, crawled.stdout)
    await runner.cleanup()


@pytest.fixture
async def chat(real_site: RealSite, new_browser: NewBrowser) -> Chat:
    chat = await visit(await new_browser(), f"{real_site.origin}/")
    await chat.open()
    return chat


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """What each real page says, by its path, without blanks: extraction may set those as it likes."""
    served = HTMLParser(encoding="utf-8")
    pages = {path: document_fromstring(page, parser=served) for path, page in read_real_pages().items()}
    return {path: _run_together(page.text_content()) for path, page in pages.items()}


def test_the_real_pages_were_read_but_those_that_ask_not_to_be(real_site: RealSite) -> None:
    report = json.loads(real_site.report)

    # With the page that links them.
    assert report["pages"] == 180, report


@pytest.mark.parametrize("asked", REAL_QUESTIONS, ids=lambda asked: asked.words)
async def test_a_question_about_a_real_page_is_answered_by_a_sentence_of_it(
    chat: Chat, real_site: RealSite, texts: dict[str, str], asked: RealQuestion
) -> None:
    answer = await chat.ask(asked.question)
    links = await answer.locator("a.source").evaluate_all("all => all.map(a => a.href)")
    text = await chat.text_of(answer)

    assert asked.words in text
    assert _run_together(text) in texts[asked.page]
    page, _, marked = links[0].partition("#")
    assert page == f"{real_site.pages.rstrip('/')}{asked.page}"
    assert marked.startswith(":~:text=")


def _run_together(text: str) -> str:
    return "".join(text.split())


async def _serve(page: str) -> web.AppRunner:
    async def give(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", give)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner
