"""How much and how many: lengths, weights, pieces, people, how long something takes."""

import re
from collections.abc import Iterator

from bot.interactions import Entity
from bot.understanding.amounts import AMOUNT, BETWEEN, decimal

_NAMES = {
    "mm": "mm millimetre millimetres millimeter",
    "cm": "cm centimetre centimetres centimeter centimeters zentimeter",
    "m": "m metre metres meter meters",
    "km": "km kilometre kilometres kilometer",
    "in": 'in. inch inches zoll "',
    "ft": "ft foot feet fuß",
    "g": "g gram grams gramm",
    "kg": "kg kilo kilos kilogram kilogramm",
    "lb": "lb lbs",
    "ml": "ml millilitre milliliter",
    "l": "l litre litres liter liters",
    "°C": "°c degrees grad",
    "pair": "pair pairs paar",
    "piece": "piece pieces stück",
    "person": "people person persons leute personen",
    "minute": "minute minutes minuten",
    "hour": "hour hours stunde stunden",
    "day": "day days tag tage tagen werktag werktage werktagen",
    "night": "night nights nacht nächte nächten",
    "week": "week weeks woche wochen",
    "month": "month months monat monate monaten",
    "year": "year years jahr jahre jahren",
}
_UNITS = {name: unit for unit, names in _NAMES.items() for name in names.split()}
_UNIT = "|".join(re.escape(one) for one in sorted(_UNITS, key=len, reverse=True))
_QUANTITY = re.compile(
    rf"(?<![\w.,€$£/-])(?P<first>{AMOUNT})(?:(?P<between>[ ]?[x×][ ]?|{BETWEEN})(?P<last>{AMOUNT}))?"
    rf"[ ]?(?:(?:working|business)[ ])?(?P<unit>{_UNIT})(?!\w)",
    re.IGNORECASE,
)


def quantities_in(text: str) -> Iterator[Entity]:
    for found in _QUANTITY.finditer(text):
        between = found["between"] or ""
        joined = "x" if between.strip() in ("x", "X", "×") else "-"
        said = joined.join(str(decimal(one)) for one in (found["first"], found["last"]) if one)
        yield Entity("quantity", found[0], f"{said} {_UNITS[found['unit'].casefold()]}", found.start(), found.end())
