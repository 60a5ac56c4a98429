"""Days in what people write, each in one form, whatever the language and the way it is written.

As ISO 8601 writes them: 2026-03-03; --03-03 without a year, ---03 without a month, --03 and 2026-03 without a day, two
with a stroke between for a range. Nothing here has a clock: what depends on it is told as it was meant (today+3, next
friday). Of 12/10 the day comes first, as all but Americans write it.
"""

import re
from collections.abc import Callable, Iterator

from bot.interactions import Entity
from bot.understanding.relative_days import MONDAY, read, relative_days_in

MOST = 10
"""Days read of one message: each may take a millisecond."""
_MONTH = (
    r"(?:jan(?:uary|uar)?|jänner|feb(?:ruary|ruar)?|feber|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli"
    r"|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:(?:20|19)\d\d)"
_TO = r"[ ]?(?:[-–—]|\b(?:to|bis|and|und)\b)[ ]?"
_ON = r"(?:on|by|until|till|before|after|since|from|am|bis|zum|vom|ab|seit|den|dem|der|the)[ ]"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\w)(?P<from>{_DAY}){_TO}(?P<day>{_DAY})[ ]?(?:of[ ])?(?P<month>{_MONTH})(?:,?[ ](?P<year>{_YEAR}))?",
        rf"(?<![\w.-])(?P<year>{_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])",
        rf"(?<![\w.])(?P<day>\d{{1,2}})[./](?P<month>\d{{1,2}})[./](?P<year>{_YEAR}|\d\d)(?![\w/]|\.\d)",
        rf"(?<!\w)(?P<day>{_DAY})[ ](?:of[ ])?(?P<month>{_MONTH})(?:,?[ ](?P<year>{_YEAR}))?",
        rf"\b(?P<month>{_MONTH})[ ](?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.,:]?\d)(?:,?[ ](?P<year>{_YEAR}))?",
        rf"\b{_ON}(?P<said>(?P<day>\d{{1,2}})(?:\.(?P<month>\d{{1,2}})\.(?!\d)|/(?P<month_>\d{{1,2}})(?![\w/]|[.,]\d)))",
        rf"\b(?P<month>{_MONTH})[ ](?P<year>{_YEAR})\b",
        r"\b(?:in|since|until|by|early|late|im|seit|bis|ab|anfang|mitte|ende|vor|nach)[ ]"
        rf"(?P<said>(?P<month>{_MONTH.removesuffix(r'\.?')}))(?![ ]?\d)",
        # What else is counted stands behind its number: the 3rd floor, am 3. Tag.
        r"\b(?:am|den|dem|zum|bis|vom|ab|seit)[ ](?P<said>(?P<day>\d{1,2})\.)(?!\d|[ ](?-i:[A-ZÄÖÜ]))",
        r"\bthe[ ](?P<said>(?P<day>\d{1,2})(?:st|nd|rd|th))"
        r"(?=[ ]?(?:[.,;:!?]|$)|[ ](?:if|at|please|would|or|and|is)\b)",
    )
)


def days_in(text: str) -> Iterator[Entity]:
    """The surest first; none is in another."""
    known: list[tuple[int, int]] = []
    for found, value_of, where in _candidates(text):
        start, end = found.span(where)
        if any(start < other_end and other < end for other, other_end in known):
            continue
        if (value := value_of(found)) is not None:
            known.append((start, end))
            yield Entity("date", found[where], value, start, end)
        if len(known) == MOST:
            return


def _candidates(text: str) -> Iterator[tuple[re.Match[str], Callable[[re.Match[str]], str | None], str | int]]:
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield found, _value, "said" if "said" in pattern.groupindex else 0
    for found, value_of in relative_days_in(text):
        yield found, value_of, 0


def _value(found: re.Match[str]) -> str | None:
    told = {name.rstrip("_"): one for name, one in found.groupdict().items() if one}
    ends = (_iso(told | {"day": told[end]}) for end in ("from", "day") if end in told)
    days = list(ends) if "day" in told else [_iso(told)]
    return None if None in days else "/".join(filter(None, days))


def _iso(told: dict[str, str]) -> str | None:
    """None when the calendar has no such day."""
    day, month, year = (told.get(part, "").rstrip(".") for part in ("day", "month", "year"))
    known = read(
        _written(day, month, year or str(MONDAY.year)) if month else f"{int(day):02}.01.{MONDAY.year}"
    ).date_obj
    if known is None:
        return None
    of = f"{known:%Y}" if year else "-"
    if not month:
        return f"---{known:%d}"
    return f"{of}-{known:%m}" + (f"-{known:%d}" if day else "")


def _written(day: str, month: str, year: str) -> str:
    # In figures without a year the library takes 12.10 for a time of day.
    if month.isdecimal():
        return f"{day}.{month}.{year}"
    return " ".join(filter(None, (re.sub(r"\D", "", day), month, year)))
