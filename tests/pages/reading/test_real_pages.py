"""181 real pages are crawled whole, and answer."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.pages.answering.answer import answer
from bot.pages.answering.librarian import Librarian, encoder_of
from bot.pages.command import crawl
from bot.pages.crawling.report import CrawlReport
from bot.pages.indexing.index import Index, load
from bot.settings import Settings
from bot.store.sites import add_site
from bot.store.store import Store
from tests.cast import SHOP, at
from tests.homes import home_in
from tests.real_pages import REAL_QUESTIONS, RealQuestion


@pytest.fixture(scope="module")
async def crawled(
    real_pages: str, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[CrawlReport, Index]]:
    home = home_in(tmp_path_factory.mktemp("real"))
    shutil.copyfile(sqlite_template, home / "store.db")
    settings = Settings(home=home)
    store = Store(settings.store_url)
    await store.write(add_site, SHOP, name="Real", origins=(), at=at())
    host = real_pages.removeprefix("http://").rstrip("/")
    report = await crawl(store, settings, SHOP, real_pages, allow_hosts=[host])
    librarian = Librarian(store, settings)
    folder = librarian.folder(SHOP, report.crawl)
    await librarian.close()
    yield report, load(folder, encoder_of(home / "models"))
    await store.close()


def test_all_of_them_are_taken(crawled: tuple[CrawlReport, Index]):
    report, _ = crawled
    counts = {reason: count for reason, count in report.counts.items() if reason not in ("other_site", "not_text")}

    # With the page that links them, without two that ask not to be indexed.
    assert report.pages == 180
    assert counts.pop("noindex") == 2
    assert set(counts) <= {"not_found", "duplicate", "depth_limit", "page_limit", "bad_url"}


@pytest.mark.parametrize("asked", REAL_QUESTIONS, ids=lambda asked: asked.words)
def test_a_question_finds_its_page_among_them(crawled: tuple[CrawlReport, Index], asked: RealQuestion):
    found = answer(crawled[1], asked.question)

    assert found.said.answered
    assert found.said.sources[0].url.endswith(asked.page)
    assert asked.words in found.said.text
