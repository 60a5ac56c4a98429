"""`duologue crawl` and `duologue ask`, from the shop's own pages to the answer."""

import io
import json
from pathlib import Path

import pytest

from bot.errors import ConfigurationError, DuologueError, NotReachable
from bot.pages.answering.question import Turn
from bot.pages.command import Progress, ask, ask_batch
from bot.store.pages import CrawlRefused, find_crawl
from tests.pages.conftest import SITE_FOLDER, Crawler, Website


def a_file(path: Path, *pages: object) -> Path:
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in pages))
    return path


async def test_the_shop_is_crawled_from_its_folder_and_answers(crawler: Crawler):
    report = await crawler.crawl(SITE_FOLDER, base="https://shop.example")
    found = await crawler.ask("and how long does it take?", history=[Turn(True, "Do you ship to Norway?")])

    assert report.pages >= 20
    assert report.counts == {"robots": 3, "noindex": 1}
    assert "5 to 8 working days" in found.said.text
    assert found.said.sources[0].url.startswith("https://shop.example/")


async def test_the_shop_is_crawled_over_http(crawler: Crawler, website: Website):
    for file in SITE_FOLDER.glob("*.html"):
        website.page(f"/{file.name}", "")
        website.pages[f"/{file.name}"] = file.read_text()
    website.pages["/"] = (SITE_FOLDER / "index.html").read_text()
    website.text("/robots.txt", (SITE_FOLDER / "robots.txt").read_text())
    seen: list[Progress] = []

    report = await crawler.crawl(website, on_progress=seen.append)
    found = await crawler.ask("When are you open on Saturday?")

    assert report.pages >= 20
    assert [one.pages for one in seen] == [*range(1, report.pages + 1), report.pages]
    assert seen[-1].url == "reading them into the index"
    assert "10:00 to 17:00" in found.said.text
    assert not {"/cart.html", "/checkout.html"} & set(website.asked)


async def test_bad_lines_are_told_and_the_others_answer(crawler: Crawler, tmp_path: Path):
    file = a_file(
        tmp_path / "pages.jsonl",
        {"url": "doc-1", "title": "Hats", "text": "Hats cost 39 EUR."},
        "{broken",
        {"url": "doc-1", "title": "Again", "text": "Something else."},
        {"url": "doc-2", "title": "Hats", "text": "Hats cost 39 EUR."},
        {"url": "doc-3", "html": "<p> </p>"},
    )

    report = await crawler.crawl(file)
    found = await crawler.ask("How much are hats?")

    assert (report.pages, report.passages) == (1, 1)
    assert report.counts == {"bad_line": 1, "duplicate": 2, "no_text": 1}
    assert report.skipped[0].where == "pages.jsonl:2"
    assert [one.passage.url for one in found.found] == ["doc-1"]


async def test_a_crawl_that_finds_nothing_leaves_the_old_answers(crawler: Crawler, website: Website, tmp_path: Path):
    await crawler.crawl(a_file(tmp_path / "a.jsonl", {"url": "a", "text": "Hats cost 39 EUR."}))
    website.page("/", "")

    with pytest.raises(CrawlRefused, match="no page with text"):
        await crawler.crawl(website)
    with pytest.raises(CrawlRefused):
        await crawler.crawl(a_file(tmp_path / "b.jsonl", "nonsense"))

    assert (await crawler.ask("How much are hats?")).said.text == "Hats cost 39 EUR."
    failed = await crawler.store.read(find_crawl, 2)
    assert failed is not None
    assert (failed.state, failed.report["pages"]) == ("failed", 0)


async def test_a_site_that_is_down_leaves_the_old_answers(crawler: Crawler, website: Website, tmp_path: Path):
    await crawler.crawl(a_file(tmp_path / "a.jsonl", {"url": "a", "text": "Hats cost 39 EUR."}))

    with pytest.raises(NotReachable):
        await crawler.crawl("http://127.0.0.1:1/", allow_hosts=["127.0.0.1:1"])

    assert (await crawler.ask("How much are hats?")).said.answered


async def test_pages_with_one_canonical_url_are_one_unless_they_differ(crawler: Crawler, website: Website):
    head = '<link rel="canonical" href="/hat">'
    website.page("/", '<p>Our hats.</p><a href="/hat?a">a</a><a href="/hat?b">b</a><a href="/mittens">m</a>')
    website.page("/hat", "<p>Hats cost 39 EUR.</p>", title="Hat", head=head)
    website.page("/mittens", "<p>Mittens cost 34 EUR.</p>", title="Mittens", head=head)

    report = await crawler.crawl(website)
    found = await crawler.ask("How much are mittens and hats?")

    assert report.pages == 3
    assert report.counts == {"duplicate": 1}
    assert {one.passage.url.removeprefix(website.url) for one in found.found} >= {"hat", "mittens"}


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        ("http://127.0.0.1:8081/", "--allow-host 127.0.0.1:8081"),
        ("http://localhost/", "--allow-host localhost:80"),
        ("http://169.254.169.254/latest/", "private"),
        ("http://user:secret@shop.example/", "can't be crawled"),
        ("no-such-folder", "neither a URL, a folder nor a file"),
    ],
)
async def test_an_origin_that_cannot_be_is_refused_as_wrong_usage(crawler: Crawler, origin: str, told: str):
    with pytest.raises(ConfigurationError, match=told.replace("(", r"\(")):
        await crawler.crawl(origin)


async def test_an_unknown_site_is_told(crawler: Crawler):
    with pytest.raises(ConfigurationError, match='no site "other"'):
        await ask(crawler.store, crawler.settings, "other", "Hello?")


async def test_a_batch_answers_each_line_in_order_and_tells_the_bad_ones(crawler: Crawler, tmp_path: Path):
    await crawler.crawl(SITE_FOLDER)
    said = [{"from": "visitor", "text": "Do you ship to Norway?"}, {"from": "bot", "text": "Yes."}]
    lines = [
        {"id": "1", "question": "Do you ship to Norway?"},
        {"id": 2, "question": "and how long does it take?", "history": said, "page": None},
        "{broken",
        {"id": "3", "question": ""},
        {"id": None, "question": "x"},
        {"id": "4", "question": "x", "history": [{"from": "cat", "text": "x"}]},
        {"id": "5", "question": "x", "page": 7},
        [],
        "",
        {"id": "6", "question": "Do you sell kayaks?", "page": "/shipping.html", "history": None},
    ]  # fmt: skip
    out, err = io.StringIO(), io.StringIO()

    given = [(one if isinstance(one, str) else json.dumps(one)).encode() + b"\n" for one in lines]
    code = await ask_batch(crawler.store, crawler.settings, crawler.site.key, given, out=out, err=err)

    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert code == 1
    assert [(one["id"], one["answered"]) for one in answers] == [("1", True), (2, True), ("6", False)]
    assert [line.split(":")[0] for line in err.getvalue().splitlines()] == [f"line {n}" for n in (3, 4, 5, 6, 7, 8)]
    assert len(answers[0]["passages"]) == 10
    assert set(answers[0]["passages"][0]) == {"page", "title", "text", "score"}
    assert answers[0]["text"] in answers[0]["passages"][0]["text"]
    assert answers[2]["text"] == ""


async def test_a_batch_of_good_lines_ends_well(crawler: Crawler, tmp_path: Path):
    await crawler.crawl(a_file(tmp_path / "a.jsonl", {"url": "a", "text": "Hats cost 39 EUR."}))
    out = io.StringIO()

    lines = [b'{"id":1,"question":"How much are hats?"}']
    assert await ask_batch(crawler.store, crawler.settings, crawler.site.key, lines, out=out) == 0
    assert json.loads(out.getvalue())["passages"][0]["page"] == "a"


def test_every_refusal_has_an_exit_code():
    assert issubclass(CrawlRefused, DuologueError)
    assert (CrawlRefused.exit_code, ConfigurationError.exit_code, NotReachable.exit_code) == (1, 2, 3)
