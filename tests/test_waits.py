"""What a visitor may be told about the wait for a person."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.hours import Hours, Span
from bot.interactions import Microseconds, as_datetime, microseconds
from bot.waits import FEWEST, Outlook, Wait, nobody_came, outlook, that_count
from tests.cast import at

BY_DAY = Hours(ZoneInfo("UTC"), ((Span(540, 1_020),),) * 5 + ((),) * 2)
"""Monday to Friday from 09:00 to 17:00; the tests' noon is a Monday's."""


def waits(*seconds: int, **earlier: float) -> list[Wait]:
    asked = at(**(earlier or {"hours": -1}))
    return [Wait(asked, asked + length * 1_000_000) for length in seconds]


def test_the_median_of_the_latest_waits_is_told():
    told = outlook(None, waits(10, 20, 30, 40, 5_000), present=True, at=at())

    assert told == Outlook(30, None, None)


def test_of_fewer_than_five_waits_nothing_follows():
    few = waits(10, 20, 30, 40)

    assert len(few) == FEWEST - 1
    assert outlook(None, few, present=True, at=at()).wait_s == 120
    assert outlook(None, few, present=False, at=at()).wait_s is None


def test_when_nobody_is_there_nobody_knows_unless_the_site_says_that_it_is_open():
    quick = waits(10, 10, 10, 10, 10)

    assert outlook(None, quick, present=False, at=at()) == Outlook()
    assert outlook(BY_DAY, quick, present=False, at=at()) == Outlook(10, True, None)
    assert outlook(BY_DAY, [], present=False, at=at()) == Outlook(None, True, None)


def test_closed_is_closed_whoever_is_there():
    told = outlook(BY_DAY, waits(10, 10, 10, 10, 10), present=True, at=at(hours=6))

    assert (told.wait_s, told.open) == (None, False)
    assert told.opens is not None and as_datetime(told.opens.at).isoformat() == "2026-03-03T09:00:00+00:00"


def test_who_asked_in_the_night_says_nothing_of_a_wait_by_day():
    nights = waits(36_000, 36_000, hours=-13)

    assert that_count(nights + waits(10), BY_DAY) == waits(10)
    assert that_count(nights, None) == nights


@pytest.mark.parametrize(("days", "counts"), [(-30, True), (-30.001, False)])
def test_waits_of_the_last_thirty_days_count(days: float, counts: bool):
    old = waits(10, 10, 10, 10, 10, days=days)

    assert outlook(None, old, present=True, at=at()).wait_s == (10 if counts else 120)


@pytest.mark.parametrize(("minutes", "expected"), [(14.99, 120), (15, 900)])
def test_who_still_waits_counts_after_a_quarter_of_an_hour(minutes: float, expected: int):
    alone = [Wait(at(minutes=-minutes), None)] * 5

    assert outlook(None, alone, present=True, at=at()).wait_s == expected


def test_a_clock_that_went_back_makes_no_wait_below_nothing():
    odd = [Wait(at(), at(seconds=-5))] * 5

    assert outlook(None, odd, present=True, at=at()).wait_s == 0


def test_a_part_of_a_second_is_a_second():
    short = [Wait(at(), at() + timedelta(milliseconds=1) // timedelta(microseconds=1))] * 5

    assert outlook(None, short, present=True, at=at(seconds=1)).wait_s == 1


@pytest.mark.parametrize(
    ("asked", "waited", "after", "expected"),
    [
        ("2026-03-02 10:00", timedelta(minutes=5), 5, True),
        ("2026-03-02 10:00", timedelta(minutes=5, microseconds=-1), 5, False),
        ("2026-03-02 10:00", timedelta(hours=9), 0, False),
        ("2026-03-02 16:58", timedelta(minutes=5), 5, True),
        ("2026-03-02 17:00", timedelta(minutes=5), 5, False),
        ("2026-03-02 17:00", timedelta(hours=17), 5, False),
    ],
)
def test_nobody_came_to_who_asked_in_open_hours_and_waited_so_long(
    asked: str, waited: timedelta, after: int, expected: bool
):
    since = microseconds(datetime.fromisoformat(asked).replace(tzinfo=UTC))
    at = Microseconds(since + waited // timedelta(microseconds=1))

    assert nobody_came(BY_DAY, timedelta(minutes=after), since, at) is expected


def test_where_no_hours_are_set_it_is_always_open_to_who_waits():
    assert nobody_came(None, timedelta(minutes=5), Microseconds(0), Microseconds(300_000_000))
