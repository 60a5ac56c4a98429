"""What a text is about, as terms."""

import pytest

from bot.pages.indexing.words import (
    CLOCK,
    DURATION,
    MAIL,
    MONEY,
    PHONE,
    PLACE,
    facts_told,
    leans_on_history,
    stems,
    terms_asked,
)


def test_words_of_one_stem_are_one_and_small_words_are_none():
    assert stems("The parcels are shipped; what's shipping?") == ["parcel", "ship", "ship"]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("It takes 3 to 5 working days.", [DURATION]),
        ("The next day", [DURATION]),
        ("€5.00", [MONEY]),
        ("It costs 9 EUR or 8.50 £", [MONEY]),
        ("From 10:00 to 17:30", [CLOCK]),
        ("until 6 pm", [CLOCK]),
        ("Call +353 20 915 0142.", [PHONE]),
        ("Write to hello@shop.example.", [MAIL]),
        ("We are at 4 River Lane.", [PLACE]),
        ("M: chest 109, length 66", []),
        ("Since 1921", []),
    ],
)
def test_a_text_tells_kinds_of_facts(text: str, facts: list[str]):
    assert facts_told(text) == facts


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("How long does it take to Norway?", [DURATION, "norway"]),
        ("How much is the hat?", [MONEY, "hat"]),
        ("When are you open on Sunday?", [CLOCK, "open", "sunday"]),
        ("What's your phone number?", [PHONE]),
        ("Where is your shop?", [PLACE, "shop"]),
        ("Can I send it back?", ["return"]),
        ("What's your return policy?", ["return"]),
        ("delivery terms", ["deliveri"]),
        ("your privacy policy", ["privaci", "polici"]),
        ("Hello, can you please help?", ["help"]),
        ("thanks!", []),
        ("", []),
    ],
)
def test_a_question_asks_about_things(question: str, terms: list[str]):
    assert [term.stem for term in terms_asked(question)] == terms


def test_shipping_and_delivery_are_one_thing():
    (ship,) = terms_asked("shipping")
    (deliver,) = terms_asked("delivery")

    assert ship.any_of == deliver.any_of


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("and how long does it take?", True),
        ("What about Sweden?", True),
        ("How much?", True),
        ("Is it warm?", True),
        ("Do you ship blankets to Norway?", False),
        ("How long does a parcel to Norway take?", False),
    ],
)
def test_a_question_in_mid_thought_leans_on_what_was_said(question: str, leans: bool):
    assert leans_on_history(question, terms_asked(question)) is leans


@pytest.mark.parametrize(
    ("text", "is_data"),
    [
        ("how long do you keep my orders?", True),
        ("How long will you store our address", True),
        ("how long do you keep my parcel?", False),
        ("how long do you keep my orders before I collect them?", False),
        ("how long can I keep my orders?", False),
    ],
)
def test_what_is_kept_of_somebodys_orders_is_their_data(text: str, is_data: bool):
    assert any(term.stem == "data" for term in terms_asked(text)) is is_data
