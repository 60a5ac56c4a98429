"""What a visitor sees who follows the link of an answer: the quoted words in view, and marked."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from aiohttp import web
from playwright.async_api import Page

from bot.desk import Source
from bot.pages.answering.answer import answer
from bot.pages.crawling.files import pages_of_folder
from bot.pages.crawling.report import RawPage
from bot.pages.indexing.encoder import Encoder
from bot.pages.indexing.index import Index
from tests.browser.conftest import NewBrowser
from tests.homes import MODELS
from tests.pages.answering.test_answer import index_of
from tests.pages.conftest import SITE_FOLDER

MARK = b"<style>::target-text { background: #f0f; color: #f0f }</style></head>"
MARKED_BOX = """async (packed) => {
  const bytes = Uint8Array.from(atob(packed), (one) => one.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  let count = 0, top = height, bottom = 0;
  pixels.forEach((pixel, at) => {
    if (pixel !== 0xffff00ff) return;
    count += 1;
    top = Math.min(top, Math.floor(at / width));
    bottom = Math.max(bottom, Math.floor(at / width) + 1);
  });
  return [count, top, bottom];
}"""
QUOTE_BOX = """([words, about]) => {
  const said = (element) => (element.innerText ?? '').toLowerCase().match(/[\\p{L}\\p{N}]+/gu) ?? [];
  const holds = (element) => { const all = said(element); return words.every((word) => all.includes(word)); };
  const row = [...document.querySelectorAll('tr')].find((one) => one.cells[0].innerText.trim() === about && holds(one));
  let found = row ?? [...document.querySelectorAll('main, article, body')].find(holds);
  for (let next = found; next; next = [...next.children].find(holds)) found = next;
  const { top, bottom } = found.getBoundingClientRect();
  return [top, bottom];
}"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
IN_PROSE = (
    "Do you ship to Norway?",
    "Can I pay with PayPal?",
    "is the wool itchy",
    "are dogs allowed in the shop",
    "how old is the mill",
    "can I pick my order up myself",
    "What is your phone number?",
    "Do you have gift cards?",
    "How do I return something?",
    "what about moth holes",
    "Do you sell to other shops?",
    "Do you have any jobs?",
    "What do you store about me?",
    "How do I wash the Harbour Jumper?",
)
IN_TABLES = (
    "How long does a parcel to Japan take?",
    "When are you open on Saturday?",
    "What is the chest of the Harbour Jumper in size L?",
    "palm of the gate mittens in size M",
    "can the fold blanket go in the tumble dryer",
    "how much is mending a blanket edge",
    "What does shipping to Germany cost?",
)


class Shop(NamedTuple):
    index: Index
    url: str


@pytest.fixture(scope="module")
async def shop() -> AsyncIterator[Shop]:
    """The demonstration shop's pages, served with a colour for what the browser marks, and the index of them."""

    async def page(request: web.Request) -> web.StreamResponse:
        file = SITE_FOLDER / Path(request.path).name
        if not file.is_file():
            raise web.HTTPNotFound
        types = {".css": "text/css", ".js": "text/javascript"}
        body = file.read_bytes().replace(b"</head>", MARK)
        return web.Response(body=body, content_type=types.get(file.suffix, "text/html"), charset="utf-8")

    app = web.Application()
    app.router.add_get("/{path:.*}", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = "http://{}:{}".format(*runner.addresses[0][:2])
    found = pages_of_folder(SITE_FOLDER, base=url)
    yield Shop(index_of({one.url: one.html for one in found if isinstance(one, RawPage)}, Encoder(MODELS)), url)
    await runner.cleanup()


@pytest.mark.parametrize("question", [*IN_PROSE, *IN_TABLES])
async def test_following_the_link_shows_the_quote_and_marks_it(
    shop: Shop, new_browser: NewBrowser, question: str
) -> None:
    browser = await new_browser(viewport={"width": 800, "height": 400})
    said = answer(shop.index, question).said
    assert said.answered, said

    for source in said.sources:
        page = await browser.new_page()
        await page.goto(source.link)
        await page.evaluate(SETTLED)

        assert await page.evaluate("'fragmentDirective' in document")
        await _is_marked_in_view(page, source)


async def _is_marked_in_view(page: Page, source: Source) -> None:
    picture = base64.b64encode(await page.screenshot()).decode()
    count, top, bottom = await page.evaluate(MARKED_BOX, picture)
    begin, end = await page.evaluate(QUOTE_BOX, [_own_words(source.quote), source.quote.partition(": ")[0]])

    assert count > 100, f"Nothing is marked: {source.link}"
    assert begin - 3 <= top and bottom <= end + 3, f"Something else is marked: {source.link}"


def _own_words(quote: str) -> list[str]:
    """Those of the page: a row's columns are named in the quote only. Its first and its last are always its own."""
    words = "".join(one.lower() if one.isalnum() else " " for one in quote).split()
    return words if ": " not in quote else [words[0], words[-1]]
