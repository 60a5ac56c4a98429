"""A site's own weights: read when they are right, left out when they are not, taken up while visitors ask."""

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.pages.answering.librarian import Librarian
from bot.pages.answering.ranking import FEATURES, shipped_weights
from bot.pages.answering.site_weights import SiteWeights, WeightsDamaged, forget, path_of, read, write
from tests.pages.conftest import Crawler

OTHER_WAY_ROUND = {name: -weight for name, weight in shipped_weights().items()}
PAGES = (
    {"url": "https://shop.example/hats", "title": "Hats", "text": "Hats cost 39 EUR."},
    {"url": "https://shop.example/post", "title": "Post", "text": "Sending hats takes three days and costs 5 EUR."},
    {"url": "https://shop.example/care", "title": "Care", "text": "Wash hats by hand. Dry hats flat."},
)


@pytest.fixture
async def librarian(crawler: Crawler, tmp_path: Path) -> AsyncIterator[Librarian]:
    file = tmp_path / "pages.jsonl"
    file.write_text("\n".join(json.dumps(page) for page in PAGES))
    await crawler.crawl(file)
    # It looks when it is told to, and never meanwhile.
    made = Librarian(crawler.store, crawler.settings, fresh_s=float("inf"))
    yield made
    await made.close()


async def first(librarian: Librarian, crawler: Crawler) -> list[str]:
    """The pages that are found, as the weights have them."""
    await librarian.refresh(crawler.site.key)
    found = await librarian.answer(crawler.site.key, "How much are hats?")
    return sorted((one.passage.url for one in found.found), key=lambda url: -_score(found, url))


def _score(found, url: str) -> float:
    return next(one.score for one in found.found if one.passage.url == url)


def test_what_is_written_is_read(tmp_path: Path):
    path = path_of(tmp_path, "../a site")

    write(path, {"site": "a site", "weights": OTHER_WAY_ROUND})

    assert read(path) == OTHER_WAY_ROUND
    assert path.parent == tmp_path / "weights" and list(path.parent.iterdir()) == [path]
    assert len(path.read_text().splitlines()) > len(FEATURES)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        "[" * 50_000,
        " " * 100_000 + json.dumps({"weights": OTHER_WAY_ROUND}),
        json.dumps({"weights": {**OTHER_WAY_ROUND, "words": "1"}}),
        json.dumps({"weights": {**OTHER_WAY_ROUND, "words": None}}),
        json.dumps({"weights": {**OTHER_WAY_ROUND, "words": True}}),
        json.dumps({"weights": {**OTHER_WAY_ROUND, "words": 10**400}}),
        json.dumps({"weights": {**OTHER_WAY_ROUND, "words": float("nan")}}),
        json.dumps({"weights": {**OTHER_WAY_ROUND, "words": float("inf")}}),
        json.dumps({"weights": {**OTHER_WAY_ROUND, "words": 1e30}}),
        json.dumps({"weights": {**OTHER_WAY_ROUND, "of_old": 1}}),
        json.dumps({"weights": dict.fromkeys(FEATURES[1:], 1)}),
    ],
    ids=lambda content: content[:30],
)
def test_a_damaged_file_is_left_out_and_told_once(tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture):
    path = path_of(tmp_path, "demo")
    path.parent.mkdir()
    path.write_text(content)
    weights = SiteWeights(path)

    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            weights.look()

    assert weights.now is None
    assert len([one for one in caplog.records if one.name.endswith("site_weights")]) == 1
    with pytest.raises(WeightsDamaged):
        read(path)


def test_a_file_that_was_put_right_is_read(tmp_path: Path):
    path = path_of(tmp_path, "demo")
    path.parent.mkdir()
    path.write_text("{")
    weights = SiteWeights(path)
    weights.look()

    write(path, {"weights": OTHER_WAY_ROUND})
    weights.look()

    assert weights.now == OTHER_WAY_ROUND


async def test_a_site_s_own_weights_are_taken_up_and_given_up(crawler: Crawler, librarian: Librarian):
    path = path_of(crawler.settings.home, crawler.site.key)

    shipped = await first(librarian, crawler)
    write(path, {"weights": OTHER_WAY_ROUND})
    own = await first(librarian, crawler)
    assert forget(path) and not forget(path)
    again = await first(librarian, crawler)

    assert shipped == again != own


async def test_another_site_s_weights_change_nothing(crawler: Crawler, librarian: Librarian):
    before = await first(librarian, crawler)

    write(path_of(crawler.settings.home, "other"), {"weights": OTHER_WAY_ROUND})

    assert await first(librarian, crawler) == before
