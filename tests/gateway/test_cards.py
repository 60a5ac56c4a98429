"""Cards on their way from an action to the browser: text is text, links are of the web."""

from typing import Any

import pytest

from bot.gateway.cards import cards_of
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Visitor

SCARF = {
    "title": "Ferry Scarf",
    "text": "Goes twice round the neck.",
    "url": "https://shop.example/ferry-scarf",
    "image": "https://shop.example/ferry-scarf.jpg",
    "price": "EUR 49.00",
}


def card(**changes: Any) -> dict[str, Any]:
    """What becomes of the scarf's card with these changes."""
    (shown,) = cards_of({"cards": [SCARF | changes]})
    return shown


async def test_an_actions_cards_reach_the_visitor_and_stay_in_the_transcript(visitor: Visitor, engine: FakeEngine):
    engine.shows("Have a look.", cards=[SCARF, {"title": "Gate Mittens"}], sources=[])
    await visitor.connect()

    answer = await visitor.ask("Do you have scarves?")

    mittens = {"title": "Gate Mittens", "text": "", "url": None, "image": None, "price": None}
    assert (answer["text"], answer["cards"]) == ("Have a look.", [SCARF, mittens])
    await visitor.leave()
    visitor.last_seq = 0
    missed = (await visitor.connect())["missed"]
    assert [one["cards"] for one in missed] == [[], [SCARF, mittens]]


async def test_an_answer_of_cards_only_is_shown(visitor: Visitor, engine: FakeEngine):
    engine.shows("", cards=[SCARF])
    await visitor.connect()

    assert (await visitor.ask("Scarves?"))["cards"] == [SCARF]


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//shop.example/x", "/x", "ftp://shop.example/", "https://", "", 7,
     None, "https://shop.example/a b", "https://shop.example/\n", "https://shop.example/" + "x" * 2_048, ["https://a"]],
)  # fmt: skip
def test_an_address_that_is_not_of_the_web_is_left_out(address: object):
    assert card(url=address, image=address) == SCARF | {"url": None, "image": None}


def test_texts_are_text_and_bounded():
    assert card(title="<b>Scarf</b>\x00\x1b[2J")["title"] == "<b>Scarf</b>[2J"
    assert len(card(title="x" * 500)["title"]) == 200
    assert len(card(text="x" * 5_000)["text"]) == 1_000
    assert card(text=None, price=None) == SCARF | {"text": "", "price": None}
    assert card(price=49.0)["price"] is None


def test_what_else_a_card_says_is_not_carried():
    assert card(buttons=[{"title": "Buy", "payload": "/buy"}], onclick="x") == SCARF


@pytest.mark.parametrize(
    "custom",
    [None, {}, {"cards": None}, {"cards": {}}, {"cards": "x"}, {"cards": [None, 1, "x", [], {}]},
     {"cards": [{"title": ""}, {"title": " \n"}, {"title": 7}, {"text": "no title"}]}],
)  # fmt: skip
def test_what_is_no_card_is_none(custom: Any):
    assert cards_of(custom) == ()


def test_ten_cards_are_shown_and_no_more():
    assert len(cards_of({"cards": [SCARF] * 11})) == 10
