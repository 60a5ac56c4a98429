"""Order numbers as people write them."""

import pytest

from bot.orders import key_of, named_by, number_in, said


@pytest.mark.parametrize(
    "text",
    [
        *("1001", "#1001", "1001.", "order 1001", "Order #1001?", "nr. 1001", "No, 1001", "it's 1001, thanks"),
        *("my order number is 1001", "I bought 2 hats, order no. 1001", "bestellung 1001 von bob9@x.example"),
        *("１００１", "١٠٠١", "die Bestellnummer ist 1001", "order-1001", "№ 1001", "**1001**"),
    ],
)
def test_an_order_number_is_read_however_it_is_written(text: str) -> None:
    assert number_in(text) == "1001"


@pytest.mark.parametrize("text", ["no", "", "somewhere", "bob1@x.example", "🙂", "#", "7" * 41, "a" * 4_000])
def test_what_holds_no_order_number_gives_none(text: str) -> None:
    assert number_in(text) is None


@pytest.mark.parametrize("number", ["A-2024/77", "DE-1001"])
def test_letters_and_dashes_belong_to_a_number(number: str) -> None:
    assert number_in(f"the number is {number}.") == number


def test_all_ways_to_write_a_number_are_one() -> None:
    ways = ("1001", "order-1001", "ORDER 1001", "#1001", "nr. 1001", "Bestellung 1001")

    assert {key_of(one) for one in ways} == {"1001"}


def test_digits_alone_name_an_order_only_when_no_other_has_them() -> None:
    assert named_by("1001", ["DE-1001", "DE-1002"]) == "DE-1001"
    assert named_by("1001", ["DE-1001", "AT-1001"]) is None
    assert named_by("1001", ["order-1001", "DE-1001"]) == "order-1001"
    assert named_by("AT-1001", ["DE-1001"]) is None


def test_a_number_is_said_without_the_word_before_it() -> None:
    assert [said(one) for one in ("order-1001", "A-77", "ordering")] == ["1001", "A-77", "ordering"]
