"""What the engine is told to answer in."""

from typing import Any

import pytest

from bot.settings import Settings
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Visitor


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    return Settings(home=tmp_path / "home", deadline_s=4)


async def test_a_visitor_is_answered_in_the_language_they_write(visitor: Visitor, engine: FakeEngine):
    engine.says("Ridge Hat")
    await visitor.connect(language="en-GB")

    for text in ("1001", "Wo ist mein Paket?", "ok", "sorry, my German is bad"):
        await visitor.ask(text)

    assert [call.language for call in engine.heard] == ["en", "de", "de", "en"]


async def test_after_many_numbers_the_bots_own_words_still_tell_the_language(visitor: Visitor, engine: FakeEngine):
    engine.says("Das ist keine Bestellnummer.")
    await visitor.connect(language="de")

    for number in range(6):
        await visitor.ask(f"10{number}")

    assert {call.language for call in engine.heard} == {"de"}


async def test_what_a_page_says_does_not_change_the_language(visitor: Visitor, engine: FakeEngine):
    engine.shows("You can return it within 30 days.", sources=[{"url": "https://shop.example/", "title": "Returns"}])
    await visitor.connect(language="de")

    await visitor.ask("Retouren")
    await visitor.ask("Schuhe")

    assert [call.language for call in engine.heard] == ["de", "de"]


async def test_an_apology_is_in_the_visitors_language_too(visitor: Visitor, engine: FakeEngine):
    engine.hold()
    await visitor.connect()

    assert "ich kann gerade nicht antworten" in (await visitor.ask("Wo ist mein Paket?"))["text"]
