"""Numbers and days as people write them, in the unit of a measure: "12 %", "1,200", "4.50 EUR", 2026-12-31."""

import re
from datetime import date

from bot.insights.objectives.measures import Unit

LARGEST = 1_000_000_000
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")
EXAMPLES = {Unit.SHARE: "12 %", Unit.COUNT: "1200", Unit.MONEY: "4.50"}


def number_given(text: str, unit: Unit, what: str, currency: str | None = None) -> float | str:
    """The number: shares, written in percent, from 0 to 1. A sentence where it is none that can be meant."""
    example = EXAMPLES[unit]
    bare = text.replace("\N{NO-BREAK SPACE}", " ").strip()
    if unit is Unit.MONEY and currency:
        bare = re.sub(rf"^{currency}\s*|\s*{currency}$", "", bare, flags=re.IGNORECASE)
    if unit is Unit.SHARE:
        bare = re.sub(r"\s*(%|points?|percent)$", "", bare)
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if not _PLAIN.fullmatch(bare):
        return f"{what} is “{text.strip()[:40]}”; write a number, e.g. {example}."
    value = float(bare)
    if unit is Unit.COUNT and value != int(value):
        return f"{what} is {bare}; people are whole, e.g. {example}."
    if unit is Unit.SHARE and value > 100:
        return f"{what} is {bare} %; a share is 100 % at most."
    if value > LARGEST:
        return f"{what} is {bare}; that is more than there can be."
    return value / 100 if unit is Unit.SHARE else value


def day_given(text: str, what: str) -> date | str:
    """The day; a sentence where it is none."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return f"{what} is “{text.strip()[:40]}”; give a day, e.g. 2026-12-31."
    if not FIRST <= day <= LAST:
        return f"{what} is {day}; give a day between {FIRST} and {LAST}."
    return day
