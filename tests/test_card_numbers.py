"""Card numbers are made unreadable, and nothing else is."""

import pytest

from bot.card_numbers import is_masked, is_nothing_else, mask

VISA = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (VISA, "•••• •••• •••• 1111"),
        ("4111111111111111", "••••••••••••1111"),
        ("my card: 5500-0000-0000-0004, ok?", "my card: ••••-••••-••••-0004, ok?"),
        ("amex 3782 822463 10005.", "amex •••• •••••• •0005."),
        ("6011 0009 9013 9424", "•••• •••• •••• 9424"),
        ("4222222222222", "•••••••••2222"),
        ("٤١١١ ١١١١ ١١١١ ١١١١", "•••• •••• •••• ١١١١"),
        (f"{VISA} and {VISA}", "•••• •••• •••• 1111 and •••• •••• •••• 1111"),
    ],
)
def test_a_card_number_keeps_its_last_four_digits(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert is_masked(masked)


@pytest.mark.parametrize(
    "text",
    [
        *("4111 1111 1111 1112", "order 1001", "+353 20 915 0142", "9783161484100", "490154203237518"),
        *("00340434161094015902", "", "1111", "1" * 4_000, "4111.1111", "a4111111111111111", "2026-11-22 12:00:00"),
    ],
)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert mask(text) == text
    assert not is_masked(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"my card is {VISA} exp 12/27 cvv 123", "my card is •••• •••• •••• 1111 exp 12/27 cvv •••"),
        ("CVC: 1234", "CVC: ••••"),
        ("the security code is 987.", "the security code is •••."),
        ("Prüfziffer 456", "Prüfziffer •••"),
        ("code 123, cvv 12345, room 123", "code 123, cvv 12345, room 123"),
    ],
)
def test_the_code_of_a_card_is_known_by_the_word_before_it(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_a_message_that_is_a_card_number_and_nothing_else_is_known() -> None:
    assert is_nothing_else(mask(f"{VISA}!"))
    assert not is_nothing_else(mask(f"can i pay with {VISA}?"))
    assert not is_nothing_else("")
