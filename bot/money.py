"""Money: whole minor units (cents) inside, decimal text outside, never a float."""

import re
from collections.abc import Mapping

# ISO 4217: how many digits the minor unit has, where it is not two.
DIGITS = dict.fromkeys(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
     "XPF"), 0,
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3) | {"CLF": 4, "UYW": 4}  # fmt: skip
LARGEST_DIGITS = 15
"""Of an amount, before and after the point together."""
MINOR_DIGITS = 18
"""Of an amount in minor units: so many always fit 64 bits."""

_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_CURRENCY = re.compile(r"[A-Z]{3}")


def is_currency(code: str) -> bool:
    """Whether this could be a code of ISO 4217; which ones there are changes with the years."""
    return _CURRENCY.fullmatch(code) is not None


def minor_units(text: str, currency: str, *, signed: bool = False) -> int:
    """The amount in minor units: minor_units("49.90", "EUR") is 4990. ValueError says what is wrong with it."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError('give the amount as decimal text, e.g. "49.90"')
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    if sign and not signed:
        raise ValueError("the amount is negative; give back money with a refund")
    if len(whole) + len(fraction) > LARGEST_DIGITS:
        raise ValueError(f"the amount has more than {LARGEST_DIGITS} digits")
    digits = DIGITS.get(currency, 2)
    if len(whole) + digits > MINOR_DIGITS:
        raise ValueError(f"the amount has more than {MINOR_DIGITS - digits} digits before the point")
    if fraction[digits:].strip("0"):
        raise ValueError(f"{currency} has {digits} digits after the point")
    return int(f"{sign}{whole}{fraction[:digits].ljust(digits, '0')}")


def together(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """The sum of two amounts by currency, in minor units."""
    return {currency: one.get(currency, 0) + other.get(currency, 0) for currency in {**one, **other}}


def decimal_text(value: int, currency: str) -> str:
    """The amount in major units: decimal_text(4990, "EUR") is "49.90"."""
    digits = DIGITS.get(currency, 2)
    sign, figures = "-" if value < 0 else "", str(abs(value)).rjust(digits + 1, "0")
    return sign + (f"{figures[:-digits]}.{figures[-digits:]}" if digits else figures)
