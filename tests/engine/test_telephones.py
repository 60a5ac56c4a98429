"""Telephone numbers, as people of many countries write them."""

import pytest

from bot.engine.telephones import telephones_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("0043 664 1234567", "+436641234567"),
        ("+39 06 6982", "+39066982"),
        ("(415) 555-2671", "4155552671"),
        ("0664/123 45 67", "06641234567"),
    ],
)
def test_a_number_has_one_form_however_it_is_written(text: str, number: str) -> None:
    assert list(telephones_in(f"call {text}, please")) == [(5, 5 + len(text), number)]


@pytest.mark.parametrize(
    "text",
    [
        *("+1 2", "+999 123 456 789", "0815", "12345678", "+", "0" * 4_000, "0-" * 2_000, "(" * 4_000),
        *("order 0049123456", "barcode 0012345678905", "DE89 3704 0044 0532 0130 00", "00340434161094042557"),
    ],
)
def test_what_nobody_could_call_is_no_number(text: str) -> None:
    assert list(telephones_in(text)) == []
