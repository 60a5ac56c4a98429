"""181 real pages of the open web, served on loopback: what a crawl has to cope with outside of a demonstration."""

import html
import os
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

DATA = Path(os.environ.get("DUOLOGUE_DATA") or Path(__file__).parents[1] / ".." / "shared" / "data").resolve()
FOLDER = DATA / "article_extraction_benchmark"


@dataclass(frozen=True)
class RealQuestion:
    """`page` is the path of the page that answers; the answer quotes `words`."""

    question: str
    page: str
    words: str


REAL_QUESTIONS = (
    RealQuestion(
        "How many Boeing Dreamliner jets does Emirates purchase?",
        "/pages/374ac9a59a85196cdacc1679fb8993521a7b7d9d6533720f102300be1c7face4.html",
        "30 of Boeing",
    ),
    RealQuestion(
        "In which Michigan counties has the Eastern Equine Encephalitis virus been reported?",
        "/pages/c467d507551a836efa9cfe843ba5d7bafe519750e04d0c9ff0decf44f013f829.html",
        "Barry, Berrien, Calhoun, Cass, Kalamazoo and Van Buren counties",
    ),
    RealQuestion(
        "How many nights did the researchers observe Europa?",
        "/pages/686bb170effe273eaff1c0f88e412172e8d972518a6d1454c896f52aafaa9643.html",
        "17 nights",
    ),
    RealQuestion(
        "What starting price makes the 16-inch MacBook Pro look like a hell of a laptop?",
        "/pages/5fa5679de56c43edf70685762c2d1f2de296432ae53aa46e075b552fee17cab8.html",
        "$2,400",
    ),
    RealQuestion(
        "How large is the ownership position that Coty acquired in Jenner's beauty and cosmetics portfolio?",
        "/pages/ffc109d474fdee1a59fa554df8b09643f4a7d45b23eceabad66f0712c3f7daed.html",
        "51%",
    ),
)


def read_real_pages() -> dict[str, bytes]:
    """The HTML by path; skips the test where the data is not there, fails it in CI."""
    if not FOLDER.is_dir():
        told = f"There is no {FOLDER}; set DUOLOGUE_DATA to the folder that holds it."
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    pages = {}
    with tarfile.open(FOLDER / "html.tar.xz") as archive:
        for member in archive:
            if (file := archive.extractfile(member)) is not None:
                pages[f"/pages/{Path(member.name).name.removesuffix('.html.gz')}.html"] = file.read()
    return pages


@asynccontextmanager
async def serve_real_pages() -> AsyncIterator[str]:
    """The URL of an index page that links all of them."""
    pages = read_real_pages()
    links = "".join(f'<li><a href="{html.escape(path)}">{html.escape(path[7:17])}</a></li>' for path in sorted(pages))

    async def give(request: web.Request) -> web.Response:
        if request.path == "/":
            text = f"<!doctype html><title>Real pages</title><h1>Real pages</h1><p>All of them.</p><ul>{links}</ul>"
            return web.Response(text=text, content_type="text/html")
        if request.path not in pages:
            raise web.HTTPNotFound
        return web.Response(body=pages[request.path], content_type="text/html", charset="utf-8")

    app = web.Application()
    app.router.add_get("/{path:.*}", give)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}/"
    finally:
        await runner.cleanup()


@pytest.fixture(scope="session")
async def real_pages() -> AsyncIterator[str]:
    """The URL of an index page that links 181 real pages, on loopback."""
    async with serve_real_pages() as url:
        yield url
