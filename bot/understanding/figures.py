"""What is written in figures: e-mail addresses, telephone and order numbers, money, dates and quantities.

Each with its place in the text, and its value in one form whatever the visitor's.
"""

import re
from collections.abc import Iterator

from bot.interactions import Entity
from bot.orders import number_in

_AMOUNT = r"\d{1,3}(?:[ .,'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "eur": "EUR", "euro": "EUR", "euros": "EUR", "dollar": "USD"}
_SIGNS |= {
    "dollars": "USD",
    "usd": "USD",
    "gbp": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
    "chf": "CHF",
    "franken": "CHF",
}
_SIGNS |= {"franks": "CHF", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "quid": "GBP"}
_CODES = "|".join(sorted((sign for sign in _SIGNS if sign.isalpha()), key=len, reverse=True))
_MONTHS = (
    "jan(?:uary|uar)?|jänner",
    "feb(?:ruary|ruar)?|feber",
    "mar(?:ch)?|märz",
    "apr(?:il)?",
    "may|mai",
    "june?|juni",
    "july?|juli",
    "aug(?:ust)?",
    "sept?(?:ember)?",
    "o[ck]t(?:ober)?",
    "nov(?:ember)?",
    "de[cz](?:ember)?",
)
_MONTH = "|".join(_MONTHS)
_UNITS = {
    "cm": "cm",
    "mm": "mm",
    "m": "m",
    "metre": "m",
    "metres": "m",
    "meter": "m",
    "meters": "m",
    "kg": "kg",
    "g": "g",
}
_UNITS |= {"gram": "g", "grams": "g", "kilo": "kg", "kilos": "kg", "inch": "in", "inches": "in", "feet": "ft", "l": "l"}
_UNITS |= {"pair": "pair", "pairs": "pair", "paar": "pair", "piece": "piece", "pieces": "piece", "stück": "piece"}
_UNITS |= {
    "people": "person",
    "persons": "person",
    "leute": "person",
    "personen": "person",
    "°c": "°C",
    "degrees": "°C",
}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_RELATIVE = {
    "today": "today", "heute": "today", "tomorrow": "tomorrow", "morgen": "tomorrow", "yesterday": "yesterday",
    "gestern": "yesterday", "the day after tomorrow": "today+2", "übermorgen": "today+2", "vorgestern": "today-2",
}  # fmt: skip

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?![\w-])")
_PHONE = re.compile(r"(?<![\w@.,+-])(?:\+|00)?\(?\d++\)?(?:[ \-/.()]{1,2}+\d++){0,7}+(?![\w@]|[.,]\d)")
_MONEY = re.compile(
    rf"(?<![\w.,])(?:(?P<sign>[€$£¥])[ ]?(?P<after>{_AMOUNT})(?!\w)"
    rf"|(?P<before>{_AMOUNT})[ ]?(?:(?P<mark>[€$£¥])|(?P<code>{_CODES})\b))",
    re.IGNORECASE,
)
_DATES = (
    re.compile(r"(?<![\w.-])(?P<year>20\d\d|19\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])"),
    re.compile(r"(?<![\w.])(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>20\d\d|19\d\d|\d\d)(?![\w/]|\.\d)"),
    re.compile(
        rf"(?<!\w)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[ ](?:of[ ])?(?P<name>{_MONTH})\b\.?(?:,?[ ](?P<year>20\d\d))?",
        re.I,
    ),
    re.compile(
        rf"\b(?P<name>{_MONTH})\.?[ ](?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.,:]?\d)(?:,?[ ](?P<year>20\d\d))?", re.I
    ),
)
_DAY = re.compile(
    rf"\b(?:{'|'.join(sorted(_RELATIVE, key=len, reverse=True))}|"
    r"(?:(?:next|last|this|on|nächsten?|letzten?|am|kommenden)[ ])(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:(?:nächsten?|letzten?|am|kommenden)[ ])(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)|"
    r"(?:last|next|this)[ ](?:week|month|year))\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(rf"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)?)[ ]?(?P<unit>{_UNIT})(?!\w)", re.IGNORECASE)
_ORDER = re.compile(
    r"(?:\b(?:order|bestellung|auftrag|bestell-?nummer|auftrags-?nummer)\b|#)[\s.:#-]*(?:(?:number|nummer|nr|no|is|ist|id)\b"
    r"[\s.:#-]*)*(?P<number>[\w/-]*\d[\w/-]*)",
    re.IGNORECASE,
)


def in_figures(text: str) -> list[Entity]:
    """What is written in figures; where two readings overlap, the surer one: an address before an amount."""
    found: list[Entity] = []
    for read in (_emails, _orders, _money, _dates, _quantities, _phones):
        for one in read(text):
            if not any(one.start < known.end and known.start < one.end for known in found):
                found.append(one)
    return sorted(found, key=lambda one: one.start)


def _emails(text: str) -> Iterator[Entity]:
    for match in _EMAIL.finditer(text):
        yield _entity("email", match, match[0].lower())


def _orders(text: str) -> Iterator[Entity]:
    for match in _ORDER.finditer(text):
        number = number_in(f"#{match['number']}")
        if number is not None:
            start = match.start("number")
            yield Entity("order_number", match["number"], number, start, match.end("number"))


def _money(text: str) -> Iterator[Entity]:
    for match in _MONEY.finditer(text):
        sign = (match["sign"] or match["mark"] or match["code"]).lower()
        amount = _decimal(match["after"] or match["before"])
        yield _entity("money", match, f"{amount} {_SIGNS[sign]}")


def _dates(text: str) -> Iterator[Entity]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            told = match.groupdict()
            month = _month(told["name"]) if told.get("name") else int(told["month"])
            day = int(told["day"])
            if 1 <= month <= 12 and 1 <= day <= 31:
                year = told.get("year")
                # Without a year as ISO 8601 wrote it: whoever has a clock knows which.
                of = "-" if year is None else year if len(year) == 4 else f"20{year}"
                yield _entity("date", match, f"{of}-{month:02}-{day:02}")
    for match in _DAY.finditer(text):
        said = match[0].lower()
        yield _entity("date", match, _RELATIVE.get(said, said))


def _month(name: str) -> int:
    return next(number for number, names in enumerate(_MONTHS, 1) if re.fullmatch(names, name, re.IGNORECASE))


def _quantities(text: str) -> Iterator[Entity]:
    for match in _QUANTITY.finditer(text):
        number = match["number"].replace(",", ".")
        yield _entity("quantity", match, f"{number} {_UNITS[match['unit'].lower()]}")


def _phones(text: str) -> Iterator[Entity]:
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        begins = match[0].lstrip("(").startswith(("+", "0"))
        if begins and 7 <= len(digits) <= 15:
            yield _entity("phone", match, f"+{digits}" if match[0].startswith("+") else digits)


def _decimal(amount: str) -> str:
    """As money is kept: digits, and a point before the cents."""
    whole, cents = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", amount).groups()  # type: ignore[union-attr]
    digits = re.sub(r"\D", "", whole)
    return digits if cents is None else f"{digits}.{cents:0<2}"


def _entity(kind: str, match: re.Match[str], value: str) -> Entity:
    return Entity(kind, match[0], value, match.start(), match.end())
