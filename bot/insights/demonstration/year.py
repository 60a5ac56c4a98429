"""A year that never was: who came, who talked, who bought and came back, drawn by chance from a seed.

What is planted in it stands in planted.py. Everything else that differs between people changes nothing about who buys.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from bot.experiment import Arm
from bot.insights.demonstration.journal import SECOND_US, Journal
from bot.insights.demonstration.people import Who, somebody
from bot.insights.demonstration.planted import BUYS, EXPERIMENTS, MOBILE, MOBILE_TALKS, TALKS, Experiment
from bot.insights.demonstration.shop import ORIGIN, PAGES
from bot.insights.demonstration.talking import Talking
from bot.insights.demonstration.visiting import DAY_US, buy, look
from bot.interactions import Interaction, Kind, Microseconds, microseconds
from bot.store.invented import Person, Talk
from bot.store.purchases import Notice
from bot.store.sites import INVENTED

SITE = INVENTED
DAYS = 365
COMES_BACK = 0.1
"""Of those who have not bought, to look again; they buy nothing then either, so that the planted shares stay."""
BUYS_AGAIN, OFTEN_BUYS_AGAIN = 0.6, 0.85
"""Of those who bought, each time; and of companies."""
REGULAR_ORDERS = 140
COSTLY_VISITS = 4


@dataclass(frozen=True)
class Came:
    """One person's year."""

    person: Person
    happened: tuple[Interaction, ...]
    talks: tuple[Talk, ...]
    orders: tuple[Notice, ...]


def first_day(last: date) -> date:
    return last - timedelta(days=DAYS - 1)


def begun(last: date) -> list[tuple[Microseconds, float]]:
    """When each experiment began, and the share that it holds out."""
    return [(_moment(first_day(last), one.day, 0), one.holdout) for one in EXPERIMENTS]


def a_year(last: date, *, people: int, seed: int = 1) -> Iterator[Came]:
    """Everybody in the order in which they came, more at weekends and before the holidays; nothing after `last`."""
    random = Random(seed)  # noqa: S311 - nobody's secret
    first = first_day(last)
    weights = [_busy(first + timedelta(days=day)) for day in range(DAYS)]
    days = sorted(random.choices(range(DAYS), weights, k=people))
    moments = sorted(_moment(first, day, random.triangular(7, 23, 19)) for day in days)
    for number, at in enumerate(moments):
        one = Journal(random, somebody(random, number, _of(at, first)))
        _live(one, at, ends := _moment(first, DAYS, 0))
        yield _told(one, at, ends)


def views_of_nobody(last: date, *, seed: int = 2) -> list[tuple[str, str, int]]:
    """Page views of people who did not agree to be measured, by day and page."""
    random = Random(seed)  # noqa: S311 - nobody's secret
    days = [first_day(last) + timedelta(days=day) for day in range(DAYS)]
    return [
        (day.isoformat(), ORIGIN + page, round(random.uniform(3, 9) * _busy(day))) for day in days for page in PAGES[:4]
    ]


def _live(one: Journal, at: Microseconds, ends: Microseconds) -> None:
    """The first visit, and all that come of it."""
    who, one.now = one.who, at
    look(one, is_first=True)
    if who.memory:
        one.add(Kind.CONSENT, after=1, data={"measure": True, "memory": True})
    _talk(one)
    # Who is keen talks more and buys more: so talkers buy more than the silent, whatever the chat does.
    bought = one.chance(BUYS * 2 * who.keen + who.effect) or who.is_regular or who.is_costly
    if bought:
        buy(one)
    while one.chance(_again(who, len(one.orders), bought=bought)):
        one.now = Microseconds(one.now + round(one.random.expovariate(1 / _pause(who)) * DAY_US))
        if one.now >= ends:
            return
        look(one, is_first=False)
        _talk(one)
        if bought:
            buy(one)


def _again(who: Who, orders: int, *, bought: bool) -> float:
    if who.is_regular:
        return 1.0 if orders < REGULAR_ORDERS else 0.0
    if who.is_costly:
        return 1.0 if orders < COSTLY_VISITS else 0.0
    if not bought:
        return COMES_BACK
    return BUYS_AGAIN if who.company is None else OFTEN_BUYS_AGAIN


def _pause(who: Who) -> float:
    """Days until they come again, on average."""
    return 2.5 if who.is_regular else 20 if who.is_costly else 60


def _talk(one: Journal) -> None:
    who = one.who
    share = MOBILE_TALKS if who.device == MOBILE else TALKS
    if who.arm is not Arm.OFFERED:
        return
    if one.chance(share * (0.5 + who.keen)) or who.is_costly:
        Talking(one).happens(is_costly=who.is_costly)


def _told(one: Journal, at: Microseconds, ends: Microseconds) -> Came:
    """What of it happened before the end."""
    since = one.customer_since if one.customer_since is not None and one.customer_since < ends else None
    person = Person(one.who.visitor, at, one.who.arm.value, one.who.memory, one.who.customer, since)
    return Came(
        person,
        tuple(row for row in one.rows if row.at < ends),
        tuple(talk for talk in one.talks if talk.said[-1].at < ends),
        tuple(order for order in one.orders if order.at < ends),
    )


def _of(at: Microseconds, first: date) -> Experiment:
    return next(one for one in reversed(EXPERIMENTS) if at >= _moment(first, one.day, 0))


def _busy(day: date) -> float:
    return (1.4 if day.weekday() >= 5 else 1.0) * (1.8 if day.month in (11, 12) else 1.0)


def _moment(first: date, day: int, hour: float) -> Microseconds:
    midnight = microseconds(datetime.combine(first + timedelta(days=day), time(), UTC))
    return Microseconds(midnight + round(hour * 3_600 * SECOND_US))
