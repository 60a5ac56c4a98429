"""Cells as values: numbers as decimals, never floats; moments with their time zone; yes and no."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from bot.insights.imports.currencies import CODES, SIGNS
from bot.insights.imports.faults import Wrong, shown
from bot.interactions import Microseconds, microseconds
from bot.money import DIGITS, LARGEST_DIGITS

WAYS = {"dates": ("dmy", "mdy"), "decimals": ("point", "comma")}
"""How cells that can be read in two ways are read, where somebody says so."""
_POINT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,8})?")
_GROUPED_POINT = re.compile(r"[1-9][0-9]{0,2}([,' ])[0-9]{3}(?:\1[0-9]{3})*(?:\.[0-9]{1,8})?")
_COMMA = re.compile(r"[0-9]{1,15}(?:,[0-9]{1,8})?")
_GROUPED_COMMA = re.compile(r"[1-9][0-9]{0,2}([.' ])[0-9]{3}(?:\1[0-9]{3})*(?:,[0-9]{1,8})?")
_AROUND = re.compile(r"^[A-Z]{3}\s+|\s+[A-Z]{3}$|[€$£¥\s]+$|^[€$£¥\s]+")
_UNMARKED = re.compile(r"-?[0-9.,]+")
_MARK = re.compile(r"[A-Z]{3}|[€$£¥]")
_DATE = re.compile(
    r"(?:(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"|(?P<one>[0-9]{1,2})(?P<by>[./])(?P<two>[0-9]{1,2})[./](?P<late>[0-9]{4}))"
    r"(?:[T ,]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<part>[0-9]{1,9}))?)?"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\.?)?(?:\s?(?P<zone>Z|UTC|GMT|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9]))?)?"
)
SLASHED = re.compile(r"\s*([0-9]{1,2})/([0-9]{1,2})/[0-9]{4}")
YES = frozenset(("yes", "y", "true", "1", "ja", "oui", "subscribed", "opted in", "granted", "confirmed"))
NO = frozenset(
    ("no", "n", "false", "0", "nein", "non", "unsubscribed", "not subscribed", "not_subscribed", "opted out", "denied",
     "never_subscribed", "cleaned", "pending")
)  # fmt: skip
_LOST = dict.fromkeys((*range(32), 127, *range(55296, 57344))) | dict.fromkeys((9, 10, 13), " ")


class Figure(str):
    """A number of JSON: its decimals stand after a point, whatever else the file writes."""

    __slots__ = ()


@dataclass(frozen=True)
class Clock:
    """How the file tells the time. `day_first` is of 03/04/2026; None: nobody knows."""

    zone: str = "UTC"
    day_first: bool | None = None


def words(text: str, limit: int = 512) -> str:
    """What people wrote, as it can be stored."""
    if not text.isprintable():
        text = text.translate(_LOST)
    return text.strip()[:limit].strip()


def number(text: str, *, comma: bool | None, digits: int = 2) -> Decimal:
    """49.90, 1,234.50 or, with `comma`, 49,90 and 1.234,50; signs of currencies around it are left out.

    `comma` None: nobody knows; 1.234 is Wrong then, unless its currency has three `digits`, and 1,234 is.
    """
    if isinstance(text, Figure):
        comma = False
    sign, plain = _bare(text)
    if comma is None and _is_either(plain) and not (digits == 3 and "." in plain):
        whole = plain.replace(",", "").replace(".", "")
        raise Wrong(f"{shown(text)} may be {sign}{whole}, or {sign}{plain[:-4]} and a part; say --decimals point or "
                    f"comma, or write every amount as e.g. {whole}.00")  # fmt: skip
    if comma and _is_by_comma(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif comma or not _is_by_point(plain):
        good = "49,90, as the file's other numbers are" if comma else "49.90"
        raise Wrong(f"{shown(text)} is no number; write e.g. {good}")
    return Decimal(sign + plain.replace(",", "").replace("'", "").replace(" ", ""))


def decimals_after_comma(known: bool | None, cells: Iterable[str]) -> bool | None:
    """What numbers that can be read in one way only add to what is `known`: a comma outweighs points."""
    for text in cells:
        if "." not in text and "," not in text:
            continue
        plain = _bare(text)[1]
        is_by_comma = _is_by_comma(plain) and not isinstance(text, Figure)
        if is_by_comma != _is_by_point(plain):
            known = known or is_by_comma
    return known


def _is_by_point(plain: str) -> bool:
    return (_POINT.fullmatch(plain) or _GROUPED_POINT.fullmatch(plain)) is not None


def _is_by_comma(plain: str) -> bool:
    return (_COMMA.fullmatch(plain) or _GROUPED_COMMA.fullmatch(plain)) is not None


def _is_either(plain: str) -> bool:
    """Whether it has a sign that may be of thousands or of decimals."""
    return ("." in plain or "," in plain) and _is_by_point(plain) and _is_by_comma(plain)


def _bare(text: str) -> tuple[str, str]:
    """The minus, if there is one, and the figures without signs of currencies around them."""
    plain = _AROUND.sub("", text.strip().replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'"))
    sign = "-" if plain[:1] in ("-", "−") else ""
    return sign, _AROUND.sub("", plain[1:]) if sign else plain


def marks(text: str) -> list[str]:
    """The currencies that stand in an amount: codes, and signs such as $."""
    if not text or _UNMARKED.fullmatch(text):
        return []
    return [mark for mark in _MARK.findall(text) if mark in SIGNS or mark in CODES]


def refuse_other(text: str, currency: str) -> None:
    """Wrong where the amount says that it is in another currency than its row."""
    other = next((mark for mark in marks(text) if mark != currency and currency not in SIGNS.get(mark, ())), None)
    if other is not None:
        raise Wrong(f"{shown(text)} says {other}, and its row is in {currency}; write the right one in the column "
                    f"currency, or the amount alone if it is in {currency}")  # fmt: skip


def minor(amount: Decimal, currency: str) -> int:
    """In whole minor units, half of one up."""
    whole = int((amount.scaleb(DIGITS.get(currency, 2))).to_integral_value(ROUND_HALF_UP))
    if len(str(abs(whole))) > LARGEST_DIGITS:
        raise Wrong(f"{amount} is more than can be kept; an amount has at most {LARGEST_DIGITS} digits")
    return whole


def yes_or_no(text: str) -> bool | None:
    """None where nothing is said."""
    said = text.strip().lower()
    if not said:
        return None
    if said not in YES and said not in NO:
        raise Wrong(f"{shown(text)} is neither yes nor no; write yes, no, or nothing where nobody knows")
    return said in YES


@lru_cache(4_096)
def moment(text: str, clock: Clock) -> tuple[Microseconds, str]:
    """When that was, and what the clock did then: `twice` was the hour, when it was put back; or it was `skipped`."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise Wrong(f"{shown(text)} is no date; write e.g. 2026-03-01 14:30 or 2026-03-01T14:30:00+01:00")
    told = match.groupdict()
    try:
        local = datetime(*_day(told, text, clock), *_time(told))
        at, clocks = _placed(local, told["zone"], clock.zone)
    except (ValueError, OverflowError) as error:
        if isinstance(error, Wrong):
            raise
        raise Wrong(f"{shown(text)} is no day or time that there is; write e.g. 2026-03-01 14:30") from error
    if at.year < 1970:
        raise Wrong(f"{shown(text)} is before 1970; write the year in four digits")
    return microseconds(at), clocks


def _day(told: dict[str, str | None], text: str, clock: Clock) -> tuple[int, int, int]:
    if told["year"] is not None:
        return int(told["year"]), int(told["month"] or 0), int(told["day"] or 0)
    one, two, year = int(told["one"] or 0), int(told["two"] or 0), int(told["late"] or 0)
    if told["by"] == ".":
        return year, two, one
    if clock.day_first is None and one != two:
        raise Wrong(f"{shown(text)} may be of two months; say --dates dmy or mdy, or write 2026-03-01")
    return (year, two, one) if clock.day_first else (year, one, two)


def _time(told: dict[str, str | None]) -> tuple[int, int, int, int]:
    hour = int(told["hour"] or 0)
    if told["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if told["half"] in "Pp" else 0)
    part = (told["part"] or "").ljust(6, "0")[:6]
    return hour, int(told["minute"] or 0), int(told["second"] or 0), int(part)


def _placed(local: datetime, offset: str | None, zone: str) -> tuple[datetime, str]:
    if offset in ("Z", "UTC", "GMT"):
        return local.replace(tzinfo=UTC), ""
    if offset is not None:
        sign = -1 if offset[0] == "-" else 1
        east = sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
        return (local - east).replace(tzinfo=UTC), ""
    there = local.replace(tzinfo=_zone(zone))
    at = there.astimezone(UTC)
    if at.astimezone(_zone(zone)).replace(tzinfo=None) != local:
        return at, "skipped"
    return at, "twice" if there.replace(fold=1).utcoffset() != there.utcoffset() else ""


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
