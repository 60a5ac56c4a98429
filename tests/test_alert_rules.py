"""When something is worth an alert, and when one may go."""

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.alert_rules import FEWEST_DAYS, Quiet, Rule, Spread, What, clear_drop, clearly_more, is_quiet
from bot.interactions import microseconds
from tests.cast import SHOP

NIGHT = Rule(site=SHOP, what=What.COMPLAINT, quiet=Quiet(22 * 60, 7 * 60), timezone="Europe/Vienna")


def there(year: int, month: int, day: int, hour: int, minute: int, *, fold: int = 0) -> bool:
    """Whether it is quiet then, by the clock in Vienna."""
    local = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Vienna"), fold=fold)
    return is_quiet(NIGHT, microseconds(local.astimezone(UTC)))


@pytest.mark.parametrize(
    "hour, minute, quiet", [(21, 59, False), (22, 0, True), (0, 0, True), (6, 59, True), (7, 0, False), (12, 0, False)]
)
def test_nights_are_quiet_to_the_minute(hour: int, minute: int, quiet: bool):
    assert there(2026, 1, 15, hour, minute) is quiet


def test_the_night_ends_by_the_clock_on_the_wall_when_it_changes():
    # The last Sunday of March has 23 hours and that of October 25.
    assert [there(2026, 3, 29, 6, 59), there(2026, 3, 29, 7, 0)] == [True, False]
    assert [there(2026, 10, 25, 6, 59), there(2026, 10, 25, 7, 0)] == [True, False]


def test_the_hour_that_comes_twice_is_quiet_twice():
    assert [there(2026, 10, 25, 2, 30, fold=fold) for fold in (0, 1)] == [True, True]


def test_without_quiet_hours_it_is_never_quiet():
    assert not is_quiet(Rule(site=SHOP, what=What.MOOD), microseconds(datetime(2026, 1, 1, 3, tzinfo=UTC)))


@pytest.mark.parametrize(
    "now, before, more",
    [
        (11, [1] * 28, True), (5, [1] * 28, False), (6, [0] * FEWEST_DAYS, True), (6, [0] * (FEWEST_DAYS - 1), False),
        (40, [30] * 27 + [41], False), (2, [0] * 28, False), (0, [0] * 28, False), (400, [300] * 28, True),
    ],
)  # fmt: skip
def test_more_than_usual_is_more_than_on_any_day_and_not_by_chance(now: int, before: list[int], more: bool):
    assert clearly_more(now, before) is more


def test_days_like_all_others_hardly_ever_are_more_than_usual():
    chance = random.Random(7)
    days = [sum(chance.random() < 0.02 for _ in range(400)) for _ in range(4_000)]

    raised = sum(clearly_more(days[at], days[at - 28 : at]) for at in range(28, len(days)))

    # At one in a thousand four are awaited, and more than twelve come once in ten thousand times.
    assert raised <= 12


def test_a_drop_is_clear_when_it_is_large_enough_and_not_by_chance():
    before = Spread(200, 0.3, 0.1)

    assert clear_drop(Spread(20, -0.2, 0.1), before, least=0.2)
    assert not clear_drop(Spread(20, 0.15, 0.1), before, least=0.2)
    assert not clear_drop(Spread(10, 0.05, 0.2), before, least=0.2)
    assert not clear_drop(Spread(9, -0.9, 0.01), before, least=0.2)
    assert not clear_drop(Spread(20, 0.9, 0.1), before, least=0.2)


def test_moods_like_all_others_hardly_ever_are_a_drop():
    chance = random.Random(11)

    def drawn(people: int) -> Spread:
        moods = [chance.gauss(0.2, 0.4) for _ in range(people)]
        mean = sum(moods) / people
        return Spread(people, mean, sum((one - mean) ** 2 for one in moods) / (people - 1))

    raised = sum(clear_drop(drawn(12), drawn(150), least=0.05) for _ in range(4_000))

    assert raised <= 12
