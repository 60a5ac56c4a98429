"""What a form or a command says of a rule: read field by field, each fault with a good value."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.alert_rules import HAVE_TOPICS, Quiet, Rule, What
from bot.hours import parse_span
from bot.interactions import SiteKey
from bot.understanding.topics import TOPICS

FIELDS = ("topic", "least", "usual", "most_an_hour", "quiet", "timezone", "words", "on")
"""What of a rule can be set; what it watches for is said first, and stays."""
DEFAULTS = {What.WAITING: 10, What.MOOD: 20, What.BEST: 1}
MOST_PEOPLE, MOST_MINUTES, MOST_AN_HOUR = 10_000, 1_440, 60
_YES, _NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0", "")


def rule_given(site: SiteKey, what: str, fields: Mapping[str, str], *, was: Rule | None = None) -> Rule | str:
    """The rule, or the sentence that says what is wrong. What is not given stays as it `was`, else as it usually is."""
    if what not in tuple(What):
        return f'There is nothing like "{what[:40]}" to watch for; choose one of {", ".join(What)}.'
    kind = What(what)
    rule = was or Rule(site=site, what=kind, least=DEFAULTS.get(kind, 5))
    try:
        for name, value in fields.items():
            rule = _with(rule, name, value.strip())
    except ValueError as error:
        return str(error)
    if rule.what is What.TOPIC and not rule.topic:
        return f"Say which topic: {', '.join(TOPICS)}."
    return rule


def _with(rule: Rule, name: str, value: str) -> Rule:
    match name:
        case "topic":
            return replace(rule, topic=_topic(rule.what, value))
        case "least":
            return replace(rule, least=_least(rule.what, value))
        case "usual":
            return replace(rule, usual=_yes(name, value) and rule.what.counts)
        case "most_an_hour":
            return replace(rule, most_an_hour=_whole("most_an_hour", value, 1, MOST_AN_HOUR))
        case "quiet":
            return replace(rule, quiet=_quiet(value))
        case "timezone":
            return replace(rule, timezone=_zone(value))
        case "words":
            return replace(rule, words=_yes(name, value))
        case "on":
            return replace(rule, is_on=_yes(name, value))
    raise ValueError(f'"{name[:40]}" can\'t be set; there are {", ".join(FIELDS)}.')


def _topic(what: What, value: str) -> str:
    if not value:
        return ""
    if what not in HAVE_TOPICS:
        raise ValueError(f"A topic goes with {', '.join(HAVE_TOPICS)}; leave it out here.")
    if value not in TOPICS:
        raise ValueError(f'"{value[:40]}" is no topic that messages are known by; there are {", ".join(TOPICS)}.')
    return value


def _least(what: What, value: str) -> int:
    if what is What.MOOD:
        try:
            drop = Decimal(value)
        except InvalidOperation:
            drop = Decimal(0)
        if not (drop.is_finite() and Decimal("0.05") <= drop <= 1):
            raise ValueError(f'The drop is "{value[:40]}"; give 0.05 to 1, e.g. 0.2: the mood goes from -1 to 1.')
        return int(drop * 100)
    if what is What.WAITING:
        return _whole("The minutes", value, 1, MOST_MINUTES)
    return _whole("How many people", value, 1, MOST_PEOPLE)


def _whole(what: str, value: str, least: int, most: int) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 6 and least <= int(value) <= most):
        raise ValueError(f'{what} is "{value[:40]}"; give a whole number from {least} to {most:,}.')
    return int(value)


def _quiet(value: str) -> Quiet | None:
    """ "22:00-07:00"; over midnight where the end is earlier."""
    if not value:
        return None
    since, dash, until = value.replace("\N{EN DASH}", "-").partition("-")
    try:
        begins, ends = (parse_span(f"{one.strip()}-24:00").opens for one in (since, until if dash else ""))
    except ValueError as error:
        raise ValueError(f'The quiet hours are "{value[:40]}"; give from and to, e.g. 22:00-07:00.') from error
    if begins == ends:
        raise ValueError("The quiet hours end when they begin; give from and to, e.g. 22:00-07:00.")
    return Quiet(begins, ends)


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("Give the time zone by its name, e.g. Europe/Vienna or UTC.") from error


def _yes(name: str, value: str) -> bool:
    if value.lower() not in (*_YES, *_NO):
        raise ValueError(f'"{name}" is "{value[:40]}"; give yes or no.')
    return value.lower() in _YES


def quiet_told(quiet: Quiet | None) -> str:
    """As it is given: "22:00-07:00"; empty for none."""
    if quiet is None:
        return ""
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (quiet.since, quiet.until))


def least_told(rule: Rule) -> str:
    """As it is given."""
    return f"{Decimal(rule.least) / 100}" if rule.what is What.MOOD else str(rule.least)
