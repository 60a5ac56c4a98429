"""When people answer, on the site's own clock."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.hours import DAYS, Hours, Span, in_order, in_words, is_open, next_closing, next_opening, parse_span
from bot.interactions import Microseconds, as_datetime, microseconds

DUBLIN = ZoneInfo("Europe/Dublin")


def hours(timezone: ZoneInfo = DUBLIN, closed: tuple[str, ...] = (), **days: list[str]) -> Hours:
    week = tuple(in_order(parse_span(text) for text in days.get(day, [])) for day in DAYS)
    return Hours(timezone, week, frozenset(date.fromisoformat(day) for day in closed))


def utc(text: str) -> Microseconds:
    return microseconds(datetime.fromisoformat(text).replace(tzinfo=UTC))


def opens(given: Hours, at: str) -> str | None:
    found = next_opening(given, utc(at))
    return None if found is None else as_datetime(found.at).strftime("%Y-%m-%d %H:%M")


def words(given: Hours, at: str) -> str:
    found = next_opening(given, utc(at))
    assert found is not None
    return in_words(found)


OFFICE = hours(mon=["09:00-12:30", "13:30-17:00"], fri=["09:00-17:00"])


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02 08:59:59.999999", False),
        ("2026-03-02 09:00", True),
        ("2026-03-02 12:29:59.999999", True),
        ("2026-03-02 12:30", False),
        ("2026-03-02 13:30", True),
        ("2026-03-02 17:00", False),
        ("2026-03-03 10:00", False),
    ],
)
def test_it_is_open_from_the_first_minute_until_just_before_the_last(at: str, expected: bool):
    assert is_open(OFFICE, utc(at)) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02 08:00", "2026-03-02 09:00"),
        ("2026-03-02 12:30", "2026-03-02 13:30"),
        ("2026-03-02 17:00", "2026-03-06 09:00"),
        ("2026-03-07 00:00", "2026-03-09 09:00"),
    ],
)
def test_who_comes_when_it_is_closed_is_told_the_next_opening(at: str, expected: str):
    assert opens(OFFICE, at) == expected


def test_in_summer_nine_in_dublin_is_eight_in_utc():
    assert not is_open(OFFICE, utc("2026-06-01 07:59"))
    assert is_open(OFFICE, utc("2026-06-01 08:00"))
    assert opens(OFFICE, "2026-03-28 12:00") == "2026-03-30 08:00"


NIGHTS = hours(sun=["00:30-01:30", "03:00-04:00"])


def test_an_hour_that_clocks_skip_does_not_shorten_the_night():
    # On 29 March clocks go from 01:00 to 02:00: 00:30 UTC is 00:30, 01:00 UTC is 02:00.
    assert opens(NIGHTS, "2026-03-28 12:00") == "2026-03-29 00:30"
    assert is_open(NIGHTS, utc("2026-03-29 01:29"))
    assert not is_open(NIGHTS, utc("2026-03-29 01:30"))
    assert is_open(NIGHTS, utc("2026-03-29 02:00"))


def test_an_hour_that_comes_twice_is_open_both_times():
    # On 25 October clocks go from 02:00 back to 01:00: 00:30 UTC and 01:30 UTC are both 01:30, just closed.
    assert is_open(NIGHTS, utc("2026-10-24 23:30"))
    assert is_open(NIGHTS, utc("2026-10-25 00:45"))
    assert is_open(NIGHTS, utc("2026-10-25 01:29"))
    assert not is_open(NIGHTS, utc("2026-10-25 01:30"))


def test_what_opens_in_a_skipped_hour_opens_an_hour_later():
    late = hours(sun=["01:30-05:00"])

    assert opens(late, "2026-03-28 12:00") == "2026-03-29 01:30"
    assert is_open(late, utc("2026-03-29 01:30"))


def test_a_span_that_a_skipped_hour_swallows_is_not_told_as_an_opening():
    gone = hours(sun=["01:30-02:00"])

    assert opens(gone, "2026-03-28 12:00") == "2026-04-05 00:30"


def test_midnight_belongs_to_the_day_that_begins():
    late = hours(mon=["22:00-24:00"], tue=["00:00-02:00"])

    assert is_open(late, utc("2026-03-02 23:59:59.999999"))
    assert is_open(late, utc("2026-03-03 00:00"))
    assert is_open(late, utc("2026-03-03 01:59"))
    assert not is_open(late, utc("2026-03-03 02:00"))
    assert not is_open(hours(mon=["22:00-24:00"]), utc("2026-03-03 00:00"))


def test_the_sites_day_counts_and_not_that_of_utc():
    auckland = hours(ZoneInfo("Pacific/Auckland"), mon=["09:00-17:00"])

    assert is_open(auckland, utc("2026-03-01 20:00"))
    assert not is_open(auckland, utc("2026-03-02 10:00"))


def test_a_closed_date_is_closed_and_skipped():
    holiday = hours(closed=("2026-12-25", "2026-12-28"), mon=["09:00-17:00"], fri=["09:00-17:00"])

    assert not is_open(holiday, utc("2026-12-25 10:00"))
    assert opens(holiday, "2026-12-24 10:00") == "2027-01-01 09:00"


def test_an_opening_is_told_when_it_is_at_most_fourteen_days_away():
    closed = tuple(f"2026-03-{day:02}" for day in range(2, 16))
    away = hours(closed=closed, mon=["09:00-17:00"])

    assert opens(away, "2026-03-02 08:59") is None
    assert opens(away, "2026-03-02 09:00") == "2026-03-16 09:00"


def test_a_week_without_hours_never_opens():
    assert not is_open(hours(), utc("2026-03-02 12:00"))
    assert opens(hours(), "2026-03-02 12:00") is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02 08:00", "today at 9:00 (Dublin time)"),
        ("2026-03-05 20:00", "tomorrow at 9:00 (Dublin time)"),
        ("2026-03-02 20:00", "on Friday at 9:00 (Dublin time)"),
        ("2026-03-06 20:00", "on Monday at 9:00 (Dublin time)"),
        ("2026-06-05 20:00", "on Monday at 9:00 (Dublin time)"),
    ],
)
def test_an_opening_is_said_as_people_say_it(at: str, expected: str):
    assert words(OFFICE, at) == expected


def test_an_opening_a_week_away_is_said_with_its_date():
    weekly = hours(ZoneInfo("UTC"), mon=["09:00-10:00"])

    assert words(weekly, "2026-12-28 10:00") == "on Monday 4 January at 9:00 (UTC)"


@pytest.mark.parametrize(
    "text", ["9-17", "09:00", "09:00-25:00", "24:00-24:00", "09:60-10:00", "", "09:00-17:00x", "٠٩:00-17:00"]
)
def test_what_is_no_span_is_refused(text: str):
    with pytest.raises(ValueError, match="no time from and to"):
        parse_span(text)


@pytest.mark.parametrize("text", ["17:00-09:00", "09:00-09:00", "22:00-02:00"])
def test_a_span_that_ends_before_it_begins_is_refused_with_what_to_do_at_midnight(text: str):
    with pytest.raises(ValueError, match="until 24:00"):
        parse_span(text)


def test_spans_that_overlap_are_refused_and_those_that_touch_are_not():
    with pytest.raises(ValueError, match='"09:00-12:00" and "11:59-13:00" overlap'):
        in_order([Span(719, 780), Span(540, 720)])

    assert in_order([Span(720, 780), Span(540, 720)]) == (Span(540, 720), Span(720, 780))


def test_the_next_opening_is_told_in_german_too():
    found = next_opening(hours(ZoneInfo("Europe/Berlin"), mon=["09:00-17:00"]), utc("2026-03-02 18:00"))

    assert found is not None
    assert in_words(found, "de") == "am Montag, 9. März, um 9:00 Uhr (Zeit in Berlin)"


def test_tomorrow_is_told_in_german_too():
    found = next_opening(hours(ZoneInfo("Europe/Berlin"), tue=["09:00-17:00"]), utc("2026-03-02 18:00"))

    assert found is not None
    assert in_words(found, "de") == "morgen um 9:00 Uhr (Zeit in Berlin)"


@pytest.mark.parametrize(("at", "expected"), [("2026-03-28 20:00", "tomorrow"), ("2026-10-24 20:00", "tomorrow")])
def test_tomorrow_is_tomorrow_also_when_the_clocks_change_in_between(at: str, expected: str):
    sundays = hours(sun=["09:00-17:00"])

    assert words(sundays, at) == f"{expected} at 9:00 (Dublin time)"


def closing(begins: str, ends: str) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(begins), datetime.fromisoformat(ends)


@pytest.mark.parametrize(
    ("closed", "at", "expected"),
    [
        (("2026-03-06 11:00", "2026-03-06 13:00"), "2026-03-06 10:59", True),
        (("2026-03-06 11:00", "2026-03-06 13:00"), "2026-03-06 11:00", False),
        (("2026-03-06 11:00", "2026-03-06 13:00"), "2026-03-06 12:59", False),
        (("2026-03-06 11:00", "2026-03-06 13:00"), "2026-03-06 13:00", True),
        (("2026-03-02 00:00", "2026-03-07 00:00"), "2026-03-06 10:00", False),
        (("2026-03-07 10:00", "2026-03-07 12:00"), "2026-03-06 10:00", True),
    ],
)
def test_a_closing_once_shuts_from_its_first_minute_until_just_before_its_last(
    closed: tuple[str, str], at: str, expected: bool
):
    office = replace(OFFICE, closings=(closing(*closed),))

    assert is_open(office, utc(at)) is expected


def test_after_a_closing_in_the_middle_of_a_day_it_opens_the_same_day():
    office = replace(OFFICE, closings=(closing("2026-03-06 11:00", "2026-03-06 13:00"),))

    assert opens(office, "2026-03-06 11:30") == "2026-03-06 13:00"


def test_a_closing_goes_by_the_clock_on_the_wall_when_the_clocks_change():
    sundays = replace(hours(sun=["09:00-17:00"]), closings=(closing("2026-03-29 09:00", "2026-03-29 12:00"),))

    assert opens(sundays, "2026-03-28 20:00") == "2026-03-29 11:00"


@pytest.mark.parametrize(
    ("at", "expected"),
    [("2026-03-02 09:00", "2026-03-02 12:30"), ("2026-03-06 10:00", "2026-03-06 17:00"), ("2026-03-03 10:00", None)],
)
def test_it_is_known_when_it_closes(at: str, expected: str | None):
    found = next_closing(OFFICE, utc(at))

    assert (None if found is None else as_datetime(found).strftime("%Y-%m-%d %H:%M")) == expected


def test_what_is_open_past_midnight_does_not_close_there_and_what_is_always_open_never():
    late = hours(ZoneInfo("UTC"), mon=["22:00-24:00"], tue=["00:00-02:00"])
    always = hours(ZoneInfo("UTC"), **{day: ["00:00-24:00"] for day in DAYS})

    assert next_closing(late, utc("2026-03-02 23:00")) == utc("2026-03-03 02:00")
    assert next_closing(always, utc("2026-03-02 23:00")) is None
