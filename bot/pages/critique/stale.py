"""Which sentence of a page is out of date: a day or year that has passed, beside a word that says it should not."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

STALE_AFTER = timedelta(days=365)
STORY_AFTER_YEARS = 15
""""In 1987" tells how it began; "in 2019" was once news."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|" \
         r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"  # fmt: skip
_ANY_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATES = tuple(
    re.compile(rf"(?<![\w.,€$£#/-]){pattern}(?![\w%€]|[.,/-]\d)", re.IGNORECASE)
    for pattern in (
        r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)",
        rf"{_DAY} (?:of )?{_MONTH},? {_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"{_MONTH},? {_YEAR}",
        rf"(?<!\d ){_YEAR}(?! \d)",
    )
)
_ENDS = r"until|till|valid|expires?|ends?|ending|deadline|offers?|sale|discounts?|book by|order by"
_FRESH = (
    r"updated?|revised|reviewed|as of|latest|newest|new|current|currently|now|upcoming|coming|this|season|prices?|"
    r"price list|opening hours|catalogue|spring|summer|autumn|winter|from"
)
# Beside: up to five words before the day, or three after it, without a stop between.
_ENDS_BEFORE, _FRESH_BEFORE = (
    re.compile(rf"\b(?:{words})\b(?:[^\w.!?;]+\w+){{0,5}}[^\w.!?;]*$", re.IGNORECASE) for words in (_ENDS, _FRESH)
)
_ENDS_AFTER, _FRESH_AFTER = (
    re.compile(rf"^[^\w.!?;]*(?:\w+[^\w.!?;]+){{0,3}}(?:{words})\b", re.IGNORECASE) for words in (_ENDS, _FRESH)
)
_IN_BEFORE = re.compile(r"\bin $", re.IGNORECASE)
_HISTORY = re.compile(
    r"©|\(c\)|\bcopyright|\ball rights reserved|\bsince\b|\bfounded\b|\bestablished\b|\best\.|\bbegan\b|\bstarted\b|"
    r"\bborn\b|\bbuilt\b|\bhistory\b|\bformed\b",
    re.IGNORECASE,
)


def stale_sentence(sentences: Iterable[str], *, today: date) -> str | None:
    """The first sentence that is out of date: an offer or a term that is over, or what was new more than a year ago.

    A copyright, and how it all began, never is.
    """
    return next((one for one in sentences if is_stale(one, today=today)), None)


def is_stale(sentence: str, *, today: date) -> bool:
    # Nearly no sentence has a year, and the rest takes its time.
    if not _ANY_YEAR.search(sentence) or _HISTORY.search(sentence):
        return False
    return any(_is_over(sentence[:start], sentence[end:], last, today) for start, end, last in days_told(sentence))


def _is_over(before: str, after: str, last: date, today: date) -> bool:
    if last >= today:
        return False
    if _ENDS_BEFORE.search(before) or _ENDS_AFTER.search(after):
        return True
    if today - last <= STALE_AFTER:
        return False
    if _FRESH_BEFORE.search(before) or _FRESH_AFTER.search(after):
        return True
    return bool(_IN_BEFORE.search(before)) and today.year - last.year <= STORY_AFTER_YEARS


def days_told(sentence: str) -> Iterator[tuple[int, int, date]]:
    """Where a date stands in the sentence and the last day that it can mean: that of a bare year is 31 December."""
    taken: list[tuple[int, int]] = []
    for pattern in _DATES:
        for found in pattern.finditer(sentence):
            start, end = found.span()
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            last = _last_day(**found.groupdict())
            if last is not None:
                taken.append((start, end))
                yield start, end, last


def _last_day(year: str, month: str = "12", day: str | None = None) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        if day is not None:
            return date(int(year), number, int(day))
        following = date(int(year) + number // 12, number % 12 + 1, 1)
        return following - timedelta(days=1)
    except ValueError:
        return None
