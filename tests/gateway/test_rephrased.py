"""An answer in a language model's words: where operator and site want it, and it says what the pages say."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.interactions import ConversationId, Kind
from bot.pages.command import crawl
from bot.settings import Settings
from bot.site_settings import parse
from bot.store.counts import drops_of
from bot.store.interactions import of_conversation
from bot.store.sites import Site, change_settings
from bot.store.store import Store
from tests.cast import SHOP, at
from tests.fake_engine import FakeEngine
from tests.gateway.test_question import RunsTheAction
from tests.gateway.visitor import Visitor
from tests.homes import home_in
from tests.pages.answering.language_model import LanguageModel, serving

PAGE = "https://shop.example/hats"
TEXT = "Our hats are knitted by hand in the mill. A hat costs 39 EUR."
REWORDED = "A hat costs 39 EUR."


@pytest.fixture
async def model() -> AsyncIterator[LanguageModel]:
    async with serving() as model:
        yield model


@pytest.fixture
def engine() -> FakeEngine:
    return RunsTheAction()


@pytest.fixture
def settings(tmp_path: Path, model: LanguageModel) -> Settings:
    return Settings(home=home_in(tmp_path), rephrase_url=model.url, rephrase_model="small-one")


@pytest.fixture
async def pages(store: Store, shop: Site, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "pages.jsonl"
    file.write_text(f'{{"url": "{PAGE}", "title": "Hats", "text": "{TEXT}"}}')
    await crawl(store, settings, SHOP, str(file))


@pytest.fixture
async def asking(visitor: Visitor, store: Store, pages: None) -> Visitor:
    """A visitor of a site that wants its answers rephrased."""
    await store.write(change_settings, SHOP, lambda _: parse({"rephrase": True}))
    await visitor.connect()
    return visitor


async def refusals(store: Store) -> dict[str, int]:
    counted = await store.read(drops_of, SHOP, at(days=-10_000), at(days=10_000))
    return {one.reason: one.count for one in counted if one.door == "rephrase"}


async def test_the_visitor_reads_the_models_words_and_the_pages_beside_them(
    asking: Visitor, model: LanguageModel, store: Store
) -> None:
    model.says(f"{REWORDED[:-1]} [1].")

    answer = await asking.ask("How much is a hat?")

    (source,) = answer["sources"]
    assert answer["text"] == REWORDED
    assert source["url"].startswith(f"{PAGE}#:~:text=") and source["quote"] in TEXT
    assert await refusals(store) == {}


async def test_what_the_pages_do_not_say_is_refused_counted_and_the_page_quoted(
    asking: Visitor, model: LanguageModel, store: Store
) -> None:
    model.says("A hat costs 29 EUR [1].")

    answer = await asking.ask("How much is a hat?")

    assert answer["text"] in TEXT and "39 EUR" in answer["text"]
    assert await refusals(store) == {"foreign_figure": 1}


async def test_a_model_that_fails_leaves_the_answer_as_it_was(
    asking: Visitor, model: LanguageModel, store: Store
) -> None:
    model.sends(b"out of memory", status=500)

    answer = await asking.ask("How much is a hat?")

    assert "39 EUR" in answer["text"]
    assert await refusals(store) == {"bad_status": 1}


async def test_what_no_page_answers_is_asked_of_no_model(asking: Visitor, model: LanguageModel, store: Store) -> None:
    answer = await asking.ask("Do you repair violins?")

    assert "could not find" in answer["text"]
    assert model.asked == []
    conversation = ConversationId(str(asking.frames[0]["conversation"]))
    rows = [row.interaction for row in await store.read(of_conversation, conversation, limit=100)]
    assert [row.kind for row in rows].count(Kind.UNANSWERED) == 1


async def test_a_site_that_did_not_ask_for_it_asks_no_model(
    visitor: Visitor, model: LanguageModel, pages: None
) -> None:
    await visitor.connect()

    answer = await visitor.ask("How much is a hat?")

    assert "39 EUR" in answer["text"]
    assert model.asked == []
