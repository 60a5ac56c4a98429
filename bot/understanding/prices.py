"""Amounts of money in what people write: one value, or a range, with the currency's code."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.interactions import Entity
from bot.understanding.amounts import AMOUNT, BETWEEN, decimal

_CODES = "EUR USD GBP CHF JPY CNY INR AUD NZD SEK NOK DKK ISK PLN CZK HUF RON BGN BRL MXN ZAR SGD HKD ILS AED KRW"
_SIGNS = {code.casefold(): code for code in _CODES.split()}
_SIGNS |= {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₪": "ILS", "zł": "PLN", "kč": "CZK"}
_SIGNS |= {"us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "r$": "BRL"}
_SIGNS |= {
    "euro": "EUR",
    "euros": "EUR",
    "dollar": "USD",
    "dollars": "USD",
    "bucks": "USD",
    "rupees": "INR",
    "yen": "JPY",
}
_SIGNS |= {"pound": "GBP", "pounds": "GBP", "quid": "GBP", "franken": "CHF", "franks": "CHF", "francs": "CHF"}
_AFTER_ONLY = {"euros", "dollar", "dollars", "bucks", "pound", "pounds", "quid", "franken", "franks", "francs", "yen"}


def _any_of(signs: set[str]) -> str:
    listed = sorted(signs, key=len, reverse=True)
    return "|".join(rf"{re.escape(one)}{r'(?!\w)' if one[-1].isalpha() else ''}" for one in listed)


_BEFORE, _BEHIND = _any_of(set(_SIGNS) - _AFTER_ONLY), _any_of(set(_SIGNS))
_MONEY = re.compile(
    rf"(?<![\w.,])(?:(?P<sign>{_BEFORE})[ ]?(?P<first>{AMOUNT})(?:{BETWEEN}(?:(?P=sign))?(?P<last>{AMOUNT}))?(?!\w)"
    rf"|(?P<from>{AMOUNT})(?:{BETWEEN}(?P<to>{AMOUNT}))?[ ]?(?P<mark>{_BEHIND}))",
    re.IGNORECASE,
)


def money_in(text: str) -> Iterator[Entity]:
    for found in _MONEY.finditer(text):
        currency = _SIGNS[(found["sign"] or found["mark"]).casefold()]
        amounts = [found["first"] or found["from"], found["last"] or found["to"]]
        said = "-".join(_kept(decimal(one)) for one in amounts if one)
        yield Entity("money", found[0], f"{said} {currency}", found.start(), found.end())


def _kept(amount: Decimal) -> str:
    """As money is kept: digits, and two behind the point when there are any."""
    return f"{amount:.2f}" if "." in str(amount) else str(amount)
