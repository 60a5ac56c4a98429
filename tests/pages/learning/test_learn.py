"""`duologue questions learn`: from the stars of conversations to a file of weights that answers by them."""

import asyncio
import io
import json
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from bot.__main__ import main
from bot.errors import ConfigurationError, DuologueError
from bot.pages.answering.librarian import Librarian
from bot.pages.answering.ranking import FEATURES, shipped_weights
from bot.pages.answering.site_weights import path_of, read
from bot.pages.learning.drawn import draw_learned
from bot.pages.learning.fit import Example
from bot.pages.learning.learn import MOST_OF_ONE, Learned, digest, learn, shared_out
from bot.pages.learning.verdicts import Sign
from bot.store.migrate import upgrade
from bot.store.sites import add_site
from bot.store.store import Store
from tests.asking import ALL, somebody
from tests.cast import ORIGIN, SHOP, at
from tests.homes import home_in
from tests.judging import get, rate
from tests.pages.conftest import Crawler

THINGS = (
    "hats",
    "scarves",
    "mittens",
    "socks",
    "gloves",
    "coats",
    "boots",
    "belts",
    "shirts",
    "jeans",
    "capes",
    "wigs",
)
"""Of each there are two places; people want the one that puts it in other words."""
BY_WORDS = {**dict.fromkeys(FEATURES, 0.0), "words": 1.0}


def right(thing: str) -> str:
    return f"Kept dry and cool, all of them stay as they were for years, {thing} too."


def pages() -> list[dict[str, str]]:
    found = []
    for thing in THINGS:
        found.append({"url": f"{ORIGIN}/{thing}", "title": "Storage", "text": right(thing)})
        found.append(
            {
                "url": f"{ORIGIN}/{thing}-care",
                "title": f"Care of {thing}",
                "text": f"How do I care for {thing}? Ask us.",
            }
        )
    return found


async def crawled(store: Store, crawler: Crawler, folder: Path) -> None:
    file = folder / "pages.jsonl"
    file.write_text("\n".join(json.dumps(page) for page in pages()))
    await crawler.crawl(file)


async def talk(store: Store, thing: str, *, stars: int = 5, words: str = "") -> None:
    conversation = await somebody(store)
    quoted = (f"{ORIGIN}/{thing}", words or right(thing))
    await get(store, conversation, f"How do I care for {thing}?", quoted)
    await rate(store, conversation, stars)


@dataclass
class School:
    store: Store
    librarian: Librarian

    async def learn(self) -> Learned:
        return await learn(self.store, self.librarian, ALL, shipped=BY_WORDS)


@pytest.fixture
async def school(crawler: Crawler, tmp_path: Path) -> AsyncIterator[School]:
    await crawled(crawler.store, crawler, tmp_path)
    librarian = Librarian(crawler.store, crawler.settings)
    yield School(crawler.store, librarian)
    await librarian.close()


async def test_what_people_liked_comes_first_with_what_was_learned(school: School):
    for thing in THINGS * 2:
        await talk(school.store, thing)

    told = await school.learn()

    assert told.signs == {Sign.RATED_WELL: 24} and told.conversations == 24
    assert told.comparison.shipped == 0 and told.comparison.learned > 0.9
    assert told.comparison.better


async def test_nobody_told_anything(school: School):
    await get(school.store, await somebody(school.store), "How do I care for hats?", (f"{ORIGIN}/hats", right("hats")))

    told = await school.learn()

    assert not told.signs and not told.comparison.better
    assert told.weights == BY_WORDS


async def test_a_few_ratings_are_not_enough(school: School):
    for thing in THINGS[:3]:
        await talk(school.store, thing)

    assert not (await school.learn()).comparison.better


async def test_what_is_on_the_pages_no_longer_is_counted_and_left_out(school: School):
    await talk(school.store, "hats", words="Keep them in the box.")
    await talk(school.store, "gone")
    await talk(school.store, "wigs")

    told = await school.learn()

    assert (told.gone, told.signs.total()) == (2, 1)


def test_one_long_conversation_counts_as_little_as_a_short_one():
    def of(answers: int) -> list[Example]:
        return [Example(np.zeros((3, len(FEATURES)), np.float32), np.array([1, 0, -0.5], np.float32))] * answers

    counted = [sum(float(np.abs(one.labels).sum()) for one in shared_out(of(answers))) for answers in (1, 2, 13)]

    assert counted[0] == 1.5
    assert counted[1:] == pytest.approx([MOST_OF_ONE, MOST_OF_ONE])


async def test_what_many_say_moves_the_weights_further_than_what_one_says_at_length(school: School):
    conversation = await somebody(school.store)
    for thing in THINGS:
        await get(school.store, conversation, f"How do I care for {thing}?", (f"{ORIGIN}/{thing}", right(thing)))
    await rate(school.store, conversation, 5)
    one = await school.learn()
    for thing in THINGS:
        await talk(school.store, thing)
    many = await school.learn()

    assert _moved(one) < _moved(many) * 2 / 3


async def test_the_same_store_teaches_the_same_twice_and_nothing_of_it_is_anybody_s_words(school: School):
    for thing in THINGS:
        await talk(school.store, thing, stars=1)

    first, second = [(await school.learn()).record(at()) for _ in range(2)]

    assert first == second
    assert not any(word in json.dumps(first) for word in (*THINGS, "canary", "care for"))
    assert first["shipped_digest"] == digest(BY_WORDS) != digest(shipped_weights())


async def test_people_see_what_was_learned(school: School):
    for thing in THINGS:
        await talk(school.store, thing)
    told = await school.learn()

    words = drawn(told)

    assert "12 answers of 12 conversations" in words and all(name in words for name in FEATURES)
    assert "in 0.0% of 12 questions with the shipped weights" in words
    assert "Better beyond chance" in words
    assert "Not better" in drawn(replace(told, comparison=replace(told.comparison, low=-0.1)))
    assert "No visitor has told anything" in drawn(Learned(ALL))


async def test_a_site_without_pages_or_none_at_all_is_told(crawler: Crawler):
    librarian = Librarian(crawler.store, crawler.settings)

    with pytest.raises(DuologueError, match="crawl them"):
        await learn(crawler.store, librarian, ALL)
    with pytest.raises(ConfigurationError, match="no site"):
        await learn(crawler.store, librarian, replace(ALL, site="other"))
    await librarian.close()


def drawn(told: Learned) -> str:
    out = io.StringIO()
    draw_learned(told, out)
    return " ".join(out.getvalue().split())


def _moved(told: Learned) -> float:
    return math.dist([told.weights[name] for name in BY_WORDS], list(BY_WORDS.values()))


class TestTheCommand:
    @pytest.fixture
    def home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        home = home_in(tmp_path)
        monkeypatch.setenv("DUOLOGUE_HOME", str(home))
        return home

    def given(self, home: Path, talks: int) -> None:
        async def prepare() -> None:
            store = Store(f"sqlite:///{home / 'store.db'}")
            await store.write(upgrade)
            await store.write(add_site, SHOP, name="Demo", origins=(ORIGIN,), at=at())
            for thing in (THINGS * 10)[:talks]:
                await talk(store, thing)
            await store.close()

        asyncio.run(prepare())
        (home / "pages.jsonl").write_text("\n".join(json.dumps(page) for page in pages()))
        assert main(["crawl", str(home / "pages.jsonl"), "--quiet"]) == 0

    def test_learns_applies_and_forgets(self, home: Path, capsys: pytest.CaptureFixture[str]):
        self.given(home, talks=120)
        path = path_of(home, SHOP)
        capsys.readouterr()

        assert main(["questions", "learn", "--output", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["better"] and not path.exists()

        assert main(["questions", "learn", "--apply"]) == 0
        kept = json.loads(path.read_text())
        assert kept["weights"] == told["weights"] == read(path)
        assert kept["examples"]["rated_well"] == 120 and kept["learned_at"].endswith("Z")
        assert str(path) in capsys.readouterr().err

        assert main(["questions", "learn", "--forget"]) == 0
        assert not path.exists()
        assert main(["questions", "learn", "--forget"]) == 0
        assert "shipped" in capsys.readouterr().err

    def test_what_is_not_better_is_applied_by_force_only(self, home: Path, capsys: pytest.CaptureFixture[str]):
        self.given(home, talks=3)
        path = path_of(home, SHOP)

        assert main(["questions", "learn", "--apply"]) == 1
        assert not path.exists() and "--force" in capsys.readouterr().err

        assert main(["questions", "learn", "--apply", "--force"]) == 0
        assert not json.loads(path.read_text())["better"]

    def test_nothing_to_learn_from_is_not_applied_even_by_force(self, home: Path, capsys: pytest.CaptureFixture[str]):
        self.given(home, talks=0)

        assert main(["questions", "learn", "--apply", "--force"]) == 1
        assert not path_of(home, SHOP).exists() and "learn from" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "wrong",
        [
            ["questions", "--apply"],
            ["questions", "replay", "--forget"],
            ["questions", "learn", "--force"],
            ["questions", "learn", "--apply", "--forget"],
            ["questions", "learn", "--strict"],
            ["questions", "learn", "--page", "/"],
        ],
    )
    def test_options_that_go_with_something_else_are_refused(self, home: Path, wrong: list[str]):
        assert main(wrong) == 2
