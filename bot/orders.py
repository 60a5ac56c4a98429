"""Orders as visitors speak of them: how a number is written, and what of an order may be told."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

NUMBER_LENGTH = 40
_NAMED = re.compile(
    r"(?:\b(?:order|bestellung|auftrag|bestell-?nummer|auftrags-?nummer|nummer|number|num|nr|no)\b|#|№)"
    r"[\s.:#№-]*(?:(?:is|ist|id|nr|no|number|nummer|num)\b[\s.:#№-]*)*([\w/-]*\d[\w/-]*)",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w@.])[^\W_]*[-/]?\d[\w/-]*")
_MAIL = re.compile(r"(?<!\S)\S+@\S*")
_LEAD = re.compile(r"^(?:order|bestellung|auftrag|number|nummer|num|nr|no)(?=.*\d)")


@dataclass(frozen=True)
class Order:
    """What is told of an order. `on` is the day of its latest news, on the site's clock, else of the purchase."""

    number: str
    status: str | None
    on: date
    tracking: str | None = None


@dataclass(frozen=True)
class OrderSought:
    """What became of looking for an order. `is_refused`: too many were named in vain; nothing was looked up."""

    found: Order | None = None
    is_refused: bool = False


def number_in(text: str) -> str | None:
    """The order number that somebody wrote: "#1001", "order-1001", "nr. 1001", "it's 1001."; None without any."""
    plain = _MAIL.sub(" ", plain_digits(text))
    named = _NAMED.search(plain)
    if named is not None:
        return _tidy(named.group(1))
    # Of several the longest: who bought 2 hats names their order by more digits than that.
    found = max((one.group() for one in _BARE.finditer(plain)), key=_digits, default=None)
    return None if found is None else _tidy(found)


def key_of(number: str) -> str:
    """What is alike in all ways to write a number: "order-1001", "Order 1001" and "#1001" are one."""
    letters = "".join(one for one in plain_digits(number).casefold() if one.isalnum())
    return _LEAD.sub("", letters)


def named_by(written: str, numbers: Iterable[str]) -> str | None:
    """Which of `numbers` somebody means; None when none is meant for certain.

    A shop's "DE-1001" is found by "1001" too, when no other of theirs ends so.
    """
    wanted, listed = key_of(written), list(numbers)
    same = [number for number in listed if key_of(number) == wanted]
    if same or not wanted.isdecimal():
        return same[0] if same else None
    alike = [number for number in listed if re.sub(r"^\D+", "", key_of(number)) == wanted]
    return alike[0] if len(alike) == 1 else None


def said(number: str) -> str:
    """An order's own number as it is said: "order-1001" is "1001"."""
    return re.sub(r"^order[-_ #]*(?=\S*\d)", "", number, flags=re.IGNORECASE)


def plain_digits(text: str) -> str:
    """The text with every digit of any script as 0 to 9, and wide letters as usual ones."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in normal)


def _tidy(found: str) -> str | None:
    number = found.strip("-_/.")
    return number if number and len(number) <= NUMBER_LENGTH else None


def _digits(found: str) -> int:
    return sum(one.isdecimal() for one in found)
