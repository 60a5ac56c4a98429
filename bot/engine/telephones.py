"""Telephone numbers as people write them, in one form: +436641234567 with a country, 06641234567 without one."""

from __future__ import annotations

import re
from collections.abc import Iterator

DIGITS = range(7, 16)
"""Of a telephone number, by the standard of international ones."""
_MORE = r"(?:[ \-/.()]{1,3}\d{1,15}){0,7}"
_WRITTEN = re.compile(
    # What follows digits is the rest of a longer number, of an account say.
    rf"(?<![\w@.,+/-])(?:(?:\+|(?<!\d )00[ ]?)\(?\d{{1,15}}\)?{_MORE}|(?<!\d )\(?0\)?\d{{0,15}}\)?{_MORE}"
    # As Americans write them, who begin with no nought.
    r"|(?:\(\d{3}\)[ ]?|\d{3}[-.])\d{3}[-.]\d{4})(?![\w@]|[ .,:-]\d)"
)
_ELSE = re.compile(
    r"\b(?:order|bestell\w*|auftrags?\w*|barcode|ean|gtin|iban|isbn|parcel|paket|track\w*|sendungs\w*|vat|ust\S*|pin|code|gate"
    r"|room|zimmer)[\s:.#-]*(?:(?:is|ist|no|nr|number|nummer|code)\b[\s:.#-]*)*$",
    re.IGNORECASE,
)
"""What says that the number after it is of something else."""
_ELSE_WITHIN = 32


def telephones_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Each with its beginning, its end and its number."""
    for found in _WRITTEN.finditer(text):
        number = _number(found.group())
        if number is not None and not _ELSE.search(text[max(0, found.start() - _ELSE_WITHIN) : found.start()]):
            yield found.start(), found.end(), number


def _number(written: str) -> str | None:
    digits = re.sub(r"\D", "", written)
    if written.startswith(("+", "00")):
        return _abroad("+" + digits[2:] if written.startswith("00") else written)
    # Which country a number without one is of is not told. Nor is it judged: a digit too few is still worth a call.
    return digits if len(digits) in DIGITS else None


def _abroad(written: str) -> str | None:
    """Without the nought in brackets that is dialled at home only."""
    # Imported here, as few messages have such a number.
    import phonenumbers

    try:
        told = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(told):
        return None
    return str(phonenumbers.format_number(told, phonenumbers.PhoneNumberFormat.E164))
