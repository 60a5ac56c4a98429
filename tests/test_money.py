import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import decimal_text, is_currency, minor_units, together


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("49.90", "EUR", 4990), ("49.9", "EUR", 4990), ("49", "EUR", 4900), ("0.05", "EUR", 5), ("1200", "JPY", 1200),
     ("1.234", "KWD", 1234), ("1.5", "XYZ", 150), ("1.2345", "CLF", 12_345), ("1.500", "EUR", 150)],
)  # fmt: skip
def test_money_is_counted_in_its_smallest_unit(text: str, currency: str, minor: int):
    assert minor_units(text, currency) == minor


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.", ".5", "1,5", "1 000", "1e3", "NaN", "Infinity", "٣", "1.001"])
def test_what_is_no_decimal_text_is_no_money(text: str):
    with pytest.raises(ValueError, match=r"\w"):
        minor_units(text, "EUR")


@pytest.mark.parametrize(("digits", "fits"), [(15, True), (16, False)])
def test_an_amount_has_fifteen_digits_at_most(digits: int, fits: bool):
    if fits:
        assert minor_units("9" * digits, "JPY") == 10**digits - 1
    else:
        with pytest.raises(ValueError, match="digits"):
            minor_units("9" * digits, "JPY")


@pytest.mark.parametrize(("currency", "digits"), [("UYW", 14), ("KWD", 15)])
def test_an_amount_fits_sixty_four_bits_in_any_currency(currency: str, digits: int):
    assert minor_units("9" * digits, currency) < 2**63
    with pytest.raises(ValueError, match="digits"):
        minor_units("9" * (digits + 1), currency)


def test_a_margin_may_be_a_loss():
    assert minor_units("-12.50", "EUR", signed=True) == -1250


@given(st.integers(-(10**14), 10**14), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_text_and_minor_units_are_the_same_money(value: int, currency: str):
    assert minor_units(decimal_text(value, currency), currency, signed=True) == value


def test_small_and_negative_amounts_are_written_out():
    assert [decimal_text(value, "EUR") for value in (0, 5, -5, 4990, -4990)] == [
        "0.00",
        "0.05",
        "-0.05",
        "49.90",
        "-49.90",
    ]


def test_two_amounts_are_added_by_currency_and_stay_as_they_were():
    one, other = {"EUR": 100, "USD": 5}, {"EUR": -30, "JPY": 7}

    assert together(one, other) == {"EUR": 70, "USD": 5, "JPY": 7}
    assert (one, other) == ({"EUR": 100, "USD": 5}, {"EUR": -30, "JPY": 7})


@pytest.mark.parametrize(
    ("code", "known"), [("EUR", True), ("eur", False), ("EURO", False), ("", False), ("ÄÖÜ", False)]
)
def test_a_currency_is_a_code_of_three_letters(code: str, known: bool):
    assert is_currency(code) == known
