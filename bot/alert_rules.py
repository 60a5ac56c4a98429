"""What is watched for, when that is worth an alert, and when an alert may go: decided without a clock or a store."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.interactions import Microseconds, SiteKey, as_datetime

DAY = timedelta(days=1)
DAYS_BEFORE, FEWEST_DAYS = 28, 14
"""Against so many days "usual" is told; with fewer than the second nothing is."""
RARELY = 0.001
"""How likely chance alone may be to do as much. It is looked at each minute: one in twenty would be every day."""
FEWEST_PEOPLE = 10
"""Of fewer no mood is told."""


class What(StrEnum):
    """What a rule watches for. `words` follow "when"; `counts`: people, and `least` is how many within a day."""

    words: str
    counts: bool

    def __new__(cls, key: str, words: str = "", counts: bool = True) -> "What":
        what = str.__new__(cls, key)
        what._value_, what.words, what.counts = key, words, counts
        return what

    COMPLAINT = "complaint", "people complain"
    OBJECTION = "objection", "people object to something"
    NEED = "need", "people say what they need"
    PRAISE = "praise", "people praise something"
    TOPIC = "topic", "people talk about a topic"
    QUESTION = "question", "people ask what no page answers"
    STARS = "stars", "people give 1 or 2 stars"
    MOOD = "mood", "the mood drops clearly", False
    WAITING = "waiting", "somebody waits for a person and nobody comes", False
    BEST = "best", "a most valuable customer complains", False


HAVE_TOPICS = (What.COMPLAINT, What.OBJECTION, What.NEED, What.PRAISE, What.TOPIC)


@dataclass(frozen=True)
class Quiet:
    """From when to when nothing goes, in minutes of the day where the shop is; over midnight when `until` is less."""

    since: int
    until: int


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`least`: how many people within a day; of WAITING minutes; of MOOD hundredths of the scale from -1 to 1.

    `usual`: only when it is also clearly more than usual. `topic` is empty for whatever it is about.
    `words`: what goes out carries what visitors said.
    """

    site: SiteKey
    what: What
    topic: str = ""
    usual: bool = False
    least: int = 5
    most_an_hour: int = 4
    quiet: Quiet | None = None
    timezone: str = "UTC"
    words: bool = False
    is_on: bool = True

    @property
    def heard(self) -> What:
        """What people have to have said to count for it."""
        return What.COMPLAINT if self.what is What.BEST else self.what


@dataclass(frozen=True)
class Spread:
    """The mood of some people, each counted once: how many, the mean of their means, and its variance."""

    people: int
    mean: float
    variance: float


def is_quiet(rule: Rule, at: Microseconds) -> bool:
    """By the clock on the wall: the hour that comes twice in autumn is quiet twice."""
    if rule.quiet is None:
        return False
    there = as_datetime(at).astimezone(ZoneInfo(rule.timezone))
    minute = there.hour * 60 + there.minute
    since, until = rule.quiet.since, rule.quiet.until
    return since <= minute < until if since < until else minute >= since or minute < until


def clearly_more(now: int, before: Sequence[int]) -> bool:
    """Whether so many people within a day are more than usual; `before` are those of each of the days before.

    More than on any of these days, and so many that chance alone would hardly ever have done it (the exact
    conditional test of two Poisson counts). False with fewer than FEWEST_DAYS days to compare with.
    """
    if len(before) < FEWEST_DAYS or now <= max(before):
        return False
    return _tail(now, sum(before) + now, 1 / (len(before) + 1)) < RARELY


def clear_drop(now: Spread, before: Spread, *, least: float) -> bool:
    """Whether people's mood is lower by at least so much, and by Welch's test not by chance. Of few people: False."""
    if min(now.people, before.people) < FEWEST_PEOPLE or before.mean - now.mean < least:
        return False
    parts = [one.variance / one.people for one in (now, before)]
    error = math.sqrt(sum(parts))
    if error == 0:
        return True
    freedom = sum(parts) ** 2 / sum(
        part**2 / (one.people - 1) for part, one in zip(parts, (now, before), strict=True)
    )  # fmt: skip
    return (before.mean - now.mean) / error > _critical(freedom)


def _critical(freedom: float) -> float:
    """Student's t beyond which RARELY is left, by its expansion at the normal quantile (Abramowitz & Stegun 26.7.5)."""
    z = 3.090232306167813
    first = (z**3 + z) / (4 * freedom)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    return z + first + second + third


def _tail(least: int, of: int, share: float) -> float:
    """How likely at least so many of `of` are drawn, each with this share."""
    log_term = (
        math.lgamma(of + 1) - math.lgamma(least + 1) - math.lgamma(of - least + 1)
        + least * math.log(share) + (of - least) * math.log1p(-share)
    )  # fmt: skip
    term, total, drawn = math.exp(log_term), 0.0, least
    while drawn <= of and term > total * 1e-12:
        total += term
        term *= (of - drawn) / (drawn + 1) * share / (1 - share)
        drawn += 1
    return total
