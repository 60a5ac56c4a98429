"""When a report is due: once on each of its days, whatever the clocks do, and of whole days that are over."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.insights.one_page.plan import Days, Every, Plan, days_before, latest, next_after
from bot.insights.one_page.schedules import plan_given
from bot.interactions import Microseconds, as_datetime, microseconds

VIENNA, NEW_YORK, APIA = (ZoneInfo(name) for name in ("Europe/Vienna", "America/New_York", "Pacific/Apia"))
MONDAYS = Plan(Every.WEEK, 1, time(8, 30), VIENNA)
SUNDAYS_AT_NIGHT = Plan(Every.WEEK, 7, time(2, 30), VIENNA)


def moment(text: str) -> Microseconds:
    return microseconds(datetime.fromisoformat(text).replace(tzinfo=UTC))


def told(at: Microseconds) -> str:
    return f"{as_datetime(at):%Y-%m-%dT%H:%M}"


def test_a_weekly_report_is_due_at_the_hour_of_its_recipients():
    assert told(next_after(MONDAYS, moment("2026-03-02T12:00"))) == "2026-03-09T07:30"
    assert told(next_after(MONDAYS, moment("2026-03-02T07:29"))) == "2026-03-02T07:30"
    assert told(next_after(MONDAYS, moment("2026-03-02T07:30"))) == "2026-03-09T07:30"
    # Summer time began on the 29th.
    assert told(next_after(MONDAYS, moment("2026-03-29T12:00"))) == "2026-03-30T06:30"


def test_an_hour_that_does_not_exist_is_the_one_after_the_gap():
    assert told(next_after(SUNDAYS_AT_NIGHT, moment("2026-03-28T12:00"))) == "2026-03-29T01:30"
    assert told(next_after(SUNDAYS_AT_NIGHT, moment("2026-03-29T01:30"))) == "2026-04-05T00:30"


def test_of_an_hour_that_comes_twice_it_is_the_first_and_once():
    assert told(next_after(SUNDAYS_AT_NIGHT, moment("2026-10-24T12:00"))) == "2026-10-25T00:30"
    assert told(next_after(SUNDAYS_AT_NIGHT, moment("2026-10-25T00:30"))) == "2026-11-01T01:30"


def test_the_31st_is_the_last_day_of_a_short_month():
    monthly = Plan(Every.MONTH, 31, time(6), ZoneInfo("UTC"))
    due, days = moment("2026-01-31T06:00"), []
    for _ in range(4):
        due = next_after(monthly, due)
        days.append(told(due)[:10])

    assert days == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


def test_a_report_is_of_the_whole_days_before_it_by_its_own_calendar():
    assert days_before(MONDAYS, moment("2026-03-09T07:30")) == Days(date(2026, 3, 2), date(2026, 3, 8))
    # In New York it is still the last of February when the first of March begins in UTC.
    first = Plan(Every.MONTH, 1, time(0), NEW_YORK)
    assert days_before(first, moment("2026-03-01T05:00")) == Days(date(2026, 2, 1), date(2026, 2, 28))


def test_after_a_downtime_it_is_the_last_one_alone():
    assert told(latest(MONDAYS, moment("2026-03-09T07:30"), moment("2026-06-01T12:00"))) == "2026-06-01T06:30"
    assert told(latest(MONDAYS, moment("2026-03-09T07:30"), moment("2026-03-09T07:31"))) == "2026-03-09T07:30"


@given(
    some.sampled_from(tuple(Every)), some.integers(1, 7), some.times(), some.sampled_from((VIENNA, NEW_YORK, APIA)),
    some.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
)  # fmt: skip
def test_it_is_later_on_one_of_its_days_and_no_later_than_a_period(
    every: Every, day: int, at: time, zone: ZoneInfo, start: datetime
):
    plan, before = Plan(every, day, at.replace(second=0, microsecond=0), zone), microseconds(start.replace(tzinfo=UTC))

    due = next_after(plan, before)

    local = as_datetime(due).astimezone(zone)
    assert due > before
    assert as_datetime(due) - as_datetime(before) <= timedelta(days=8 if every is Every.WEEK else 32)
    assert (local.isoweekday() if every is Every.WEEK else local.day) == day
    assert next_after(plan, due) - due > timedelta(days=6) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"every": "hour"}, "Choose each week"), ({"every": ""}, "Choose each week"),
        ({"weekday": "0"}, "1 to 7"), ({"weekday": "8"}, "1 to 7"), ({"weekday": "٣"}, "1 to 7"),
        ({"weekday": "9" * 30}, "1 to 7"), ({"every": "month", "day": "32"}, "1 to 31"), ({"at": "25:00"}, "08:30"),
        ({"at": "noon"}, "08:30"), ({"timezone": "Mars/Olympus"}, "Europe/Vienna"), ({"timezone": ""}, "Europe/Vienna"),
        ({"timezone": "../../etc/passwd"}, "Europe/Vienna"),
    ],
)  # fmt: skip
def test_what_is_no_schedule_is_refused_with_what_would_be(wrong: dict[str, str], said: str):
    given = {"every": "week", "weekday": "1", "day": "1", "at": "08:30", "timezone": "Europe/Vienna"}

    assert plan_given(given) == MONDAYS
    refused = plan_given(given | wrong)
    assert isinstance(refused, str) and said in refused
