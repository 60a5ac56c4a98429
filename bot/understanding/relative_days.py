"""Days that depend on when they are said: tomorrow, next Friday, two weeks ago; in English words always."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateparser.date import DateData, DateDataParser

MONDAY = datetime(2000, 1, 3)
"""What is reckoned from. A leap year, or the 29th of February would be no day."""
_NEXT, _LAST, _THIS = (
    r"next|n[äa]chste[nrs]?|kommende[nrs]?",
    r"last|letzte[nrs]?|vergangene[nrs]?",
    r"this|diese[nrsm]?",
)
_WHICH = rf"(?P<next>{_NEXT})|(?P<last>{_LAST})|{_THIS}"
_WEEKDAYS = {
    day: english
    for english, *others in (
        ("monday", "montag"), ("tuesday", "dienstag"), ("wednesday", "mittwoch"), ("thursday", "donnerstag"),
        ("friday", "freitag"), ("saturday", "samstag", "sonnabend"), ("sunday", "sonntag"),
    )
    for day in (english, *others)
}  # fmt: skip
_SPANS = {"week": "week", "month": "month", "year": "year", "weekend": "weekend"}
_SPANS |= {"woche": "week", "monat": "month", "jahr": "year", "wochenende": "weekend"}
_WEEKDAY, _SPAN = "|".join(_WEEKDAYS), "|".join(sorted(_SPANS, key=len, reverse=True))
_MANY = r"(?:\d{1,3}|[^\W\d_]{1,9})[ ](?:(?:day|week|month|year)s?|tag(?:en)?|woche[n]?|monat(?:en)?|jahr(?:en)?)\b"


@cache
def _reader() -> "DateDataParser":
    """Imported at the first day: a tenth of a second that no start waits for."""
    from dateparser.date import DateDataParser

    settings = {"RELATIVE_BASE": MONDAY, "DATE_ORDER": "DMY", "PREFER_DAY_OF_MONTH": "first", "TIMEZONE": "UTC"}
    return DateDataParser(languages=["en", "de"], use_given_order=True, settings=settings)


@lru_cache(maxsize=512)
def read(words: str) -> "DateData":
    """The day that is meant, reckoned from `MONDAY`; without one when the calendar has none."""
    return _reader().get_date_data(words)


def relative_days_in(text: str) -> Iterator[tuple[re.Match[str], Callable[[re.Match[str]], str | None]]]:
    """Where one could be, the surest first, and what it is called then."""
    for pattern, value_of in _PATTERNS:
        for found in pattern.finditer(text):
            yield found, value_of


def _distance(found: re.Match[str]) -> str | None:
    known = read(found[0].casefold())
    if known.date_obj is None:
        return None
    if known.period in ("month", "year"):
        away = known.date_obj.year - MONDAY.year
        away = away * 12 + known.date_obj.month - MONDAY.month if known.period == "month" else away
        return f"{known.period}{away:+}"
    away = (known.date_obj - MONDAY).days
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(away, f"today{away:+}")


def _weekday(found: re.Match[str]) -> str:
    # The library knows no "nächsten Freitag", and takes every bare one for the last.
    return _when(found, "") + _WEEKDAYS[found["day"].casefold()]


def _span(found: re.Match[str]) -> str:
    return _when(found, "this ") + _SPANS[found["span"].casefold()]


def _when(found: re.Match[str], this: str) -> str:
    told = found.groupdict()
    return "next " if told.get("next") else "last " if told.get("last") else this


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), value_of)
    for pattern, value_of in (
        (rf"\b(?:in|vor)[ ]{_MANY}|(?<!\w){_MANY}[ ]ago\b", _distance),
        (
            # In German the morning is called as tomorrow is.
            r"(?<!guten )(?<!jeden )(?<!heute )(?<!am )\b(?:the[ ]day[ ](?:after[ ]tomorrow|before[ ]yesterday)"
            r"|today|heute|tomorrow|morgen|yesterday|gestern|übermorgen|vorgestern)(?![\w-])",
            _distance,
        ),
        (rf"\b(?:{_WHICH}|on|am)[ ](?P<day>{_WEEKDAY})\b", _weekday),
        (rf"\b(?P<day>{_WEEKDAY})\b", _weekday),
        (rf"\b(?:{_WHICH}|am|on[ ]the)[ ](?P<span>{_SPAN})\b", _span),
    )
)
