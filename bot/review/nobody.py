"""What people wrote, made fit for files that many read: without who they are, and without what a file can't hold."""

import re
import unicodedata
from collections.abc import Iterable

from bot.card_numbers import MASK
from bot.store.blanking import BLANK, without

_ADDRESS = re.compile(
    r"[^\s@]{1,64} ?(?:@|[(\[] ?at ?[)\]]) ?[^\s@]{1,200}\.\w{2,63}|[^\s@]{0,64}@[^\s@]{0,255}", re.IGNORECASE
)
_LINK = re.compile(r"(?:https?://|www\.)\S{1,2000}", re.IGNORECASE)
_NUMBER = re.compile(rf"\+?[\d{MASK}](?:[\s()./\u2010-\u2015-]{{0,3}}[\d{MASK}]){{3,}}")
"""Four digits or more: of orders, telephones, accounts, birthdays. "58 cm" and "3 to 5 days" stay."""
_NOT_IN_FILES = frozenset(("Cc", "Cs", "Co", "Cn"))
# They turn the reading direction of what follows: whoever reviews the file would read something else.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def without_people(text: str, known: Iterable[str]) -> str:
    """The text with what leads to a person blanked: addresses, links, long numbers, and what is `known` of them."""
    normal = unicodedata.normalize("NFKC", text) if "＠" in text or "﹫" in text else text
    for pattern in (_LINK, _ADDRESS, _NUMBER):
        normal = pattern.sub(BLANK, normal)
    return without(normal, known)


def question_of_nobody(text: str, known: Iterable[str]) -> str:
    """What was asked, in one line, for whoever is not to read who asked it."""
    return one_line(without_people(text, known))


def writable(text: str) -> str:
    """The text without characters that a file can't hold, or that would hide what it says; its lines stay."""
    kept = (one for one in unicodedata.normalize("NFC", text) if one == "\n" or not _is_left_out(one))
    return "\n".join(" ".join(line.split()) for line in "".join(map(_plain_blank, kept)).split("\n")).strip()


def one_line(text: str) -> str:
    return " ".join(writable(text).split())


def _is_left_out(one: str) -> bool:
    # A tab or a form feed parts words; what is no character at all parts nothing.
    return one in _TURNING or (unicodedata.category(one) in _NOT_IN_FILES and not one.isspace())


def _plain_blank(one: str) -> str:
    return " " if one.isspace() and one != "\n" else one
