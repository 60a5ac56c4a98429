"""Numbers of payment cards in what people write: found, and made unreadable but for the last four digits."""

import re
import unicodedata
from itertools import cycle

KEPT = 4
MASK = "•"
# Blanks and dashes of any kind between the digits, as cards print them and people type them.
_RUN = re.compile(r"(?<![\w.])\d(?:[ \u00a0\u2009\u202f\u2010-\u2015-]{0,2}\d){12,18}(?!\w)")
_ISSUED = re.compile(r"4\d{12}(?:\d{3}){0,2}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11,16}|[2356]\d{15,18}")
"""How numbers of cards begin, and how long they are: not those of parcels, telephones or books."""
_CODE = re.compile(
    r"(\b(?:cv[vcn]2?|csc|(?:card )?security code|kartenprüfnummer|prüfnummer|prüfziffer|sicherheitscode)\b"
    r"\W{0,3}(?:(?:is|ist|no|nr|code|number)\b\W{0,3})?)(\d{3,4})(?!\w)",
    re.IGNORECASE,
)
"""The code on a card's back, which nobody may keep; it is known by the word before it alone."""
_MASKED = re.compile(rf"{MASK}(?:\W{{0,2}}[{MASK}\d]){{12,18}}")


def mask(text: str) -> str:
    """The text with all but the last four digits of each card number, and the card's code, as dots; others stay."""
    without_codes = _CODE.sub(lambda found: found[1] + MASK * len(found[2]), text)
    return _RUN.sub(lambda found: _masked(found.group()), without_codes)


def is_masked(text: str) -> bool:
    """Whether a card number was in it."""
    return _MASKED.search(text) is not None


def is_nothing_else(text: str) -> bool:
    """Whether it says hardly anything beside a card number."""
    return is_masked(text) and not re.search(r"\w", _MASKED.sub("", text))


def _masked(found: str) -> str:
    digits = "".join(str(unicodedata.decimal(one)) for one in found if one.isdecimal())
    if not (_ISSUED.fullmatch(digits) and _is_luhn(digits)):
        return found
    left = len(digits)
    masked = []
    for one in found:
        masked.append(MASK if one.isdecimal() and left > KEPT else one)
        left -= one.isdecimal()
    return "".join(masked)


def _is_luhn(digits: str) -> bool:
    """The check digit that every card has; one number in ten has it by chance."""
    weighed = (int(digit) * weight for digit, weight in zip(reversed(digits), cycle((1, 2)), strict=False))
    return sum(one - 9 if one > 9 else one for one in weighed) % 10 == 0
