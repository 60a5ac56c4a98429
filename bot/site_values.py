"""The single values that a site may set: each is parsed, or refused with what is wrong about it."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from bot import money
from bot.hours import in_order, parse_span
from bot.visits import is_web_address

LIGHT, DARK = "#ffffff", "#17191d"
"""What the chat's panel, and most pages, are painted with by day and by night."""
LEAST_CONTRAST = 3.0
SHORTEST_CRAWL_EVERY, LONGEST_CRAWL_EVERY = timedelta(minutes=15), timedelta(weeks=4)
DAY_NAME_LENGTH = 80
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", re.ASCII)


def luminance(colour: str) -> float:
    """From 0.0 (black) to 1.0 (white), as WCAG 2 reckons it; `colour` is #rrggbb."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1.0 (the same) to 21.0, as WCAG 2 reckons it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def colour(given: str) -> str:
    if re.fullmatch("#[0-9a-fA-F]{6}", given) is None:
        raise ValueError("it has to be # and six digits, 0 to f")
    # Every colour has more than 4:1 to one of the two grounds, so asking for both would refuse none; and asking for
    # each would refuse every dark blue. Pages are light, most of them: that ground decides.
    if (ratio := contrast(given, LIGHT)) < LEAST_CONTRAST:
        raise ValueError(
            f"its contrast is {ratio:.1f}:1 to white and {contrast(given, DARK):.1f}:1 to {DARK}; on a white page "
            f"nobody would see the launcher, it takes {LEAST_CONTRAST:.0f}:1"
        )
    return given.lower()


def text(given: object, limit: int) -> str:
    if not isinstance(given, str):
        raise ValueError("it has to be a text")
    said = unicodedata.normalize("NFC", given.replace("\r\n", "\n")).strip()
    if not said:
        raise ValueError("it has no words in it")
    if len(said) > limit:
        raise ValueError(f"it has {len(said):,} characters; {limit} are the most")
    if UNSEEN.search(said):
        raise ValueError("it has control characters in it")
    return said


def language(given: object) -> str:
    tag = given.strip().lower() if isinstance(given, str) else ""
    if _LANGUAGE.fullmatch(tag) is None:
        raise ValueError(f'"{str(given)[:40]}" is no language')
    return tag


def words(limit: int) -> Callable[[object], str | dict[str, str]]:
    def parse(given: object) -> str | dict[str, str]:
        if not isinstance(given, Mapping):
            return text(given, limit)
        if not 1 <= len(given) <= 50:
            raise ValueError("it has to have 1 to 50 languages")
        return {language(tag): text(said, limit) for tag, said in given.items()}

    return parse


def listed(given: object) -> object:
    """A list may also be one text with commas: 09:00-12:30,13:30-17:00."""
    return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given


def number(given: object) -> object:
    return int(given) if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 9 else given


def duration(given: str) -> timedelta:
    """Of "90s", "15m", "12h", "1d", "2w"."""
    found = re.fullmatch(r"(\d{1,6})\s*([smhdw])", given.strip().lower(), re.ASCII)
    if found is None:
        raise ValueError("it is no length of time; s, m, h, d and w are its units")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


def every(given: str) -> str:
    if not SHORTEST_CRAWL_EVERY <= duration(given) <= LONGEST_CRAWL_EVERY:
        raise ValueError("it has to be from 15m to 4w")
    return given.strip().lower()


def amount(given: str) -> str:
    """Of "500 EUR", the amount before the currency."""
    figures, _, currency = given.strip().partition(" ")
    if not money.is_currency(currency):
        raise ValueError("give an amount and a currency of ISO 4217")
    money.minor_units(figures, currency)
    return f"{figures} {currency}"


def price(given: str) -> str:
    """What a piece of work costs: "0.002 EUR", of as many as six decimals, for it may be less than a cent."""
    found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ([A-Z]{3})", given.strip())
    if found is None or not money.is_currency(found[2]):
        raise ValueError("give a price in digits and a currency of ISO 4217")
    return found[0]


def share(given: object) -> object:
    """A number from 0 to 1 as text or as it is; a percentage is another thing."""
    try:
        return float(given) if isinstance(given, str | int) and not isinstance(given, bool) else given
    except ValueError:
        return given


def spans(given: list[str]) -> list[str]:
    return [str(span) for span in in_order(parse_span(one) for one in given)]


def timezone(given: str) -> str:
    try:
        ZoneInfo(given)
    except (LookupError, ValueError, OSError):
        # Only now: listing them all reads hundreds of files.
        close = get_close_matches(given, available_timezones(), 1)
        raise ValueError("it is no timezone" + (f'; did you mean "{close[0]}"?' if close else "")) from None
    return given


def dates(given: list[str]) -> list[str]:
    for one in given:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", one, re.ASCII) is None:
            raise ValueError(f'"{one}" is no date')
        date.fromisoformat(one)
    return sorted(set(given))


def dated(given: dict[str, str]) -> dict[str, str]:
    return {day: given[day] for day in dates(list(given))}


def day_name(given: str) -> str:
    return " ".join(text(given, DAY_NAME_LENGTH).split())


def wall_clock(given: str) -> str:
    """ "2026-11-24 14:00", as a clock on the wall there shows it."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d", given, re.ASCII) is None:
        raise ValueError(f'"{given}" is no date and time')
    return datetime.fromisoformat(given).isoformat(" ", "minutes")


def pattern(given: str) -> str:
    if not given.startswith("/") or re.search(r"[\s?#]", given) or UNSEEN.search(given):
        raise ValueError("a page is a path that begins with /, without blanks, query and control characters")
    return given


def matching(pattern: str, why: str) -> Callable[[str], str]:
    def check(given: str) -> str:
        found = text(given, 2_048)
        if re.fullmatch(pattern, found, re.ASCII) is None:
            raise ValueError(why)
        return found

    return check


def address(given: str) -> str:
    found = text(given, 2_048)
    if not is_web_address(found):
        raise ValueError("it is no address of a page")
    return found
