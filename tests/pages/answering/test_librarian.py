"""The index of each site: there after a restart, replaced whole, never in the visitors' way."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.pages.answering.answer import NOTHING
from bot.pages.answering.librarian import Librarian, State
from bot.pages.indexing.encoder import Encoder, States, Vectors
from bot.pages.indexing.index import FORMAT, UNDERSTOOD
from tests.pages.conftest import Crawler


def a_folder(path: Path, **pages: str) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (path / f"{name}.html").write_text(f"<title>{name}</title><body><main><p>{text}</p></main>")
    return path


@pytest.fixture
async def librarian(crawler: Crawler) -> AsyncIterator[Librarian]:
    made = Librarian(crawler.store, crawler.settings, fresh_s=0.0)
    yield made
    await made.close()


async def test_a_site_that_was_never_crawled_is_empty(crawler: Crawler, librarian: Librarian):
    assert await librarian.answer(crawler.site.key, "Do you sell hats?") == NOTHING
    assert await librarian.answer("unknown", "Do you sell hats?") == NOTHING
    assert librarian.state(crawler.site.key) is State.EMPTY


async def test_a_new_crawl_is_noticed(crawler: Crawler, librarian: Librarian, tmp_path: Path):
    await crawler.crawl(a_folder(tmp_path / "site", a="Hats cost 39 EUR."))
    first = await librarian.answer(crawler.site.key, "How much are hats?")
    await crawler.crawl(a_folder(tmp_path / "site", a="Hats cost 45 EUR."))
    await librarian.refresh(crawler.site.key)
    second = await librarian.answer(crawler.site.key, "How much are hats?")

    assert (first.said.text, second.said.text) == ("Hats cost 39 EUR.", "Hats cost 45 EUR.")
    assert librarian.states() == {crawler.site.key: State.OK}


async def test_only_the_newest_index_is_kept_on_disk(crawler: Crawler, librarian: Librarian, tmp_path: Path):
    first = await crawler.crawl(a_folder(tmp_path / "site", a="Hats cost 39 EUR."))
    second = await crawler.crawl(a_folder(tmp_path / "site", a="Hats cost 45 EUR."))

    assert not librarian.folder(crawler.site.key, first.crawl).exists()
    assert librarian.folder(crawler.site.key, second.crawl).exists()


async def test_the_index_survives_a_restart(crawler: Crawler, tmp_path: Path):
    report = await crawler.crawl(a_folder(tmp_path / "site", a="Hats cost 39 EUR."))
    librarian = Librarian(crawler.store, crawler.settings)
    folder = librarian.folder(crawler.site.key, report.crawl)
    written = (folder / "manifest.json").stat().st_mtime_ns

    await librarian.start()

    assert librarian.state(crawler.site.key) is State.OK
    assert (await librarian.answer(crawler.site.key, "How much are hats?")).said.answered
    assert (folder / "manifest.json").stat().st_mtime_ns == written
    await librarian.close()


@pytest.mark.parametrize("harm", ["missing", "damaged", "other format"])
async def test_an_index_that_is_not_right_is_built_again(crawler: Crawler, tmp_path: Path, harm: str):
    report = await crawler.crawl(a_folder(tmp_path / "site", a="Hats cost 39 EUR."))
    librarian = Librarian(crawler.store, crawler.settings)
    folder = librarian.folder(crawler.site.key, report.crawl)
    match harm:
        case "missing":
            folder.rename(tmp_path / "elsewhere")
        case "damaged":
            next(folder.glob("data*")).write_bytes(b"\x93NUMPY")
        case "other format":
            told = json.loads((folder / "manifest.json").read_text())
            (folder / "manifest.json").write_text(json.dumps(told | {"format": 0}))

    found = await librarian.answer(crawler.site.key, "How much are hats?")

    assert found.said.text == "Hats cost 39 EUR."
    assert (folder / "manifest.json").exists()
    await librarian.close()


async def test_what_an_index_of_an_older_format_understood_is_taken_over(
    crawler: Crawler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    report = await crawler.crawl(a_folder(tmp_path / "site", a="Hats cost 39 EUR."))
    librarian = Librarian(crawler.store, crawler.settings)
    manifest = librarian.folder(crawler.site.key, report.crawl) / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": UNDERSTOOD}))
    read: list[str] = []
    whole = Encoder.encode_with_states

    def watched(self: Encoder, texts: Sequence[str]) -> tuple[Vectors, list[States]]:
        read.extend(texts)
        return whole(self, texts)

    monkeypatch.setattr(Encoder, "encode_with_states", watched)
    found = await librarian.answer(crawler.site.key, "How much are hats?")
    await librarian.close()

    assert found.said.text == "Hats cost 39 EUR."
    assert json.loads(manifest.read_text())["format"] == FORMAT > UNDERSTOOD
    assert read == []


async def test_a_home_that_cannot_be_written_still_answers(crawler: Crawler, tmp_path: Path):
    await crawler.crawl(a_folder(tmp_path / "site", a="Hats cost 39 EUR."))
    (tmp_path / "file").write_text("in the way")
    librarian = Librarian(crawler.store, crawler.settings.model_copy(update={"home": tmp_path / "file"}))

    assert (await librarian.answer(crawler.site.key, "How much are hats?")).said.answered
    await librarian.close()


async def test_many_questions_at_once_get_their_own_answers(crawler: Crawler, librarian: Librarian, tmp_path: Path):
    pages = {f"p{number}": f"The gadget{number} costs {number} EUR." for number in range(40)}
    await crawler.crawl(a_folder(tmp_path / "site", **pages))

    questions = [librarian.answer(crawler.site.key, f"How much is the gadget{number}?") for number in range(40)]
    found = await asyncio.gather(*questions)

    assert [one.said.text for one in found] == list(pages.values())


async def test_questions_are_answered_while_a_new_index_comes_in(
    crawler: Crawler, librarian: Librarian, tmp_path: Path
):
    await crawler.crawl(a_folder(tmp_path / "site", a="Hats cost 39 EUR."))
    await librarian.refresh(crawler.site.key)
    new = a_folder(tmp_path / "new", a="Hats cost 45 EUR.", **{f"p{number}": "wool " * 200 for number in range(30)})

    crawling = asyncio.create_task(crawler.crawl(new))
    answers = set()
    while not crawling.done():
        answers.add((await librarian.answer(crawler.site.key, "How much are hats?")).said.text)
        await asyncio.sleep(0)
    await crawling
    await librarian.refresh(crawler.site.key)
    answers.add((await librarian.answer(crawler.site.key, "How much are hats?")).said.text)

    assert answers == {"Hats cost 39 EUR.", "Hats cost 45 EUR."}


async def test_the_event_loop_is_free_while_pages_are_searched(crawler: Crawler, librarian: Librarian, tmp_path: Path):
    await crawler.crawl(a_folder(tmp_path / "site", **{f"p{n}": f"Hat {n} is warm. " * 50 for n in range(50)}))
    await librarian.refresh(crawler.site.key)
    spent = []

    asking = asyncio.gather(*(librarian.answer(crawler.site.key, f"Is hat {n} warm?") for n in range(50)))
    while not asking.done():
        began = time.thread_time()
        await asyncio.sleep(0)
        spent.append(time.thread_time() - began)
    await asking

    assert sorted(spent)[len(spent) // 2] < 0.005


async def test_a_site_key_cannot_leave_the_home(librarian: Librarian, crawler: Crawler):
    folder = librarian.folder("../../etc/..", 1)

    assert folder.resolve().is_relative_to(crawler.settings.home.resolve() / "index")
