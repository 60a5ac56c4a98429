"""What is written in figures: e-mail addresses, telephone and order numbers, money, days and quantities.

Each with its place in the text, and its value in one form whatever the visitor's. A cheap pattern finds where one could
be, and a library reads it where it reads better (docs/decisions/0023).
"""

import re
from collections.abc import Iterator

from bot.engine.telephones import telephones_in
from bot.interactions import Entity
from bot.mail_addresses import addresses_in
from bot.orders import number_in
from bot.understanding.days import days_in
from bot.understanding.prices import money_in
from bot.understanding.quantities import quantities_in

_ORDER = re.compile(
    r"(?:\b(?:order|bestellung|auftrag|bestell-?nummer|auftrags-?nummer)\b|#)[\s.:#-]*(?:(?:number|nummer|nr|no|is|ist|id)\b"
    r"[\s.:#-]*)*(?P<number>[\w/-]*\d[\w/-]*)",
    re.IGNORECASE,
)


def in_figures(text: str) -> list[Entity]:
    """What is written in figures; where two readings overlap, the surer one: an address before an amount."""
    found: list[Entity] = []
    for read in (_emails, _orders, money_in, days_in, quantities_in, _phones):
        for one in read(text):
            if not any(one.start < known.end and known.start < one.end for known in found):
                found.append(one)
    return sorted(found, key=lambda one: one.start)


def _emails(text: str) -> Iterator[Entity]:
    for start, end, address in addresses_in(text):
        yield Entity("email", text[start:end], address.lower(), start, end)


def _orders(text: str) -> Iterator[Entity]:
    for match in _ORDER.finditer(text):
        number = number_in(f"#{match['number']}")
        if number is not None:
            start = match.start("number")
            yield Entity("order_number", match["number"], number, start, match.end("number"))


def _phones(text: str) -> Iterator[Entity]:
    for start, end, number in telephones_in(text):
        yield Entity("phone", text[start:end], number, start, end)
