"""What is named in a message, each with its place: figures by patterns, products by the site's own pages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.figures import in_figures
from bot.understanding.gazetteer import Gazetteer, names_of
from bot.understanding.listener import Listener

SHOP = Gazetteer(
    names_of(
        [
            ("Fold Blanket | Teasel Mill", "Fold Blanket"),
            ("Harbour Jumper | Teasel Mill", "Harbour Jumper, size XS"),
            ("Shipping | Teasel Mill", None),
        ]
    )
)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("I paid 1.234,50 € for it", "money", "1234.50 EUR"),
        ("is it $20?", "money", "20 USD"),
        ("10,000 euros", "money", "10000 EUR"),
        ("it says 49.9 EUR", "money", "49.90 EUR"),
        ("it came on 3 March 2026", "date", "2026-03-03"),
        ("am 3.4.2026", "date", "2026-04-03"),
        ("since 2026-05-06", "date", "2026-05-06"),
        ("March 4th", "date", "--03-04"),
        ("am 3. März", "date", "--03-03"),
        ("it left yesterday", "date", "yesterday"),
        ("kommt es morgen", "date", "tomorrow"),
        ("next Friday", "date", "next friday"),
        ("40 people", "quantity", "40 person"),
        ("30cm wide", "quantity", "30 cm"),
        ("2 Paar", "quantity", "2 pair"),
        ("call +43 664 1234567", "phone", "+436641234567"),
        ("0664/123 45 67", "phone", "06641234567"),
        ("order #1001", "order_number", "1001"),
        ("my order number is DE-1001", "order_number", "DE-1001"),
        ("Bestellung Nr. 77", "order_number", "77"),
        ("Write to A.B@c.example.", "email", "a.b@c.example"),
    ],
)
def test_figures_are_read_in_one_form(text: str, kind: str, value: str):
    (found,) = in_figures(text)

    assert (found.kind, found.value) == (kind, value)
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "size 42",
        "12345678901234567890",
        "2 + 2",
        "32.13.2026",
        "the 5 of us",
        "1/2/3/4",
        "version 1.2.3",
        "😀" * 500,
    ],
)
def test_what_is_nothing_of_these_is_nothing(text: str):
    assert in_figures(text) == []


def test_what_the_site_sells_is_found_as_its_pages_write_it():
    text = "do fold blankets ship with the HARBOUR jumper? see shipping"

    assert [(one.kind, one.text, one.value) for one in SHOP.find(text)] == [
        ("product", "fold blankets", "Fold Blanket"),
        ("product", "HARBOUR jumper", "Harbour Jumper"),
        ("page", "shipping", "Shipping"),
    ]


def test_a_site_without_pages_has_no_names():
    assert Gazetteer().find("fold blanket") == []


async def test_products_are_entities_and_topics_and_pages_are_topics():
    listener = Listener()

    heard = await listener.listen("How much is shipping for the fold blanket?", SHOP)

    listener.close()
    assert [(one.kind, one.value) for one in heard.entities] == [("product", "Fold Blanket")]
    assert heard.topics == ("delivery", "Shipping", "Fold Blanket")


@given(st.text(max_size=300))
def test_whatever_is_written_entities_are_where_they_say(text: str):
    found = [*in_figures(text), *SHOP.find(text)]

    assert all(text[one.start : one.end] == one.text and one.text for one in found)


@pytest.mark.parametrize("sign", ["1", "1 ", "1-", "(1", "1.", "a@b.", "€1 ", "12 march ", "order 1 ", "fold blanket "])
def test_what_repeats_for_ever_takes_no_time(sign: str):
    text = (sign * 4_000)[:4_000]
    began = time.process_time()

    in_figures(text)
    SHOP.find(text)

    assert time.process_time() - began < 1
