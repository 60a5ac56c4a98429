"""What a board is asked for by its address: windows that move with today, other days to compare with, and filters."""

from datetime import date
from itertools import product

import pytest

from bot.gateway.boards.asked import PRESETS, Wanted, Window, preset
from bot.store.sites import Site
from tests.cast import SHOP

MONDAY = date(2026, 3, 2)
DAYS = Window(date(2026, 2, 1), date(2026, 3, 2))


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        ("7d", "2026-02-24", "2026-03-02"),
        ("90d", "2025-12-03", "2026-03-02"),
        ("month", "2026-03-01", "2026-03-02"),
        ("last-month", "2026-02-01", "2026-02-28"),
        ("year", "2026-01-01", "2026-03-02"),
        ("last-year", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_preset_is_the_days_that_its_name_says(name: str, since: str, until: str) -> None:
    assert preset(name, MONDAY) == Window(date.fromisoformat(since), date.fromisoformat(until), name)


def test_every_preset_has_whole_days_on_every_day_of_a_leap_year() -> None:
    days = [date.fromordinal(date(2028, 1, 1).toordinal() + number) for number in range(366)]

    windows = [preset(name, day) for name, day in product(PRESETS, days)]

    assert all(one.since <= one.until for one in windows)


def test_the_days_before_are_as_many_and_end_where_the_window_begins() -> None:
    compared = Wanted(None, DAYS, "previous").compared

    assert compared == Window(date(2026, 1, 2), date(2026, 1, 31))
    assert compared.days == DAYS.days == 30


def test_a_year_earlier_the_29th_of_february_is_the_28th() -> None:
    compared = Wanted(None, Window(date(2028, 2, 29), date(2028, 2, 29)), "year").compared

    assert compared == Window(date(2027, 2, 28), date(2027, 2, 28))


def test_an_address_keeps_what_was_asked_and_changes_one_thing() -> None:
    site = Site(SHOP, "Demo", (), "", (), 0.1, "", {}, None)
    wanted = Wanted(site, DAYS, "year", (("channel", "search"), ("page", "https://shop.example/a b")), "campaign")

    assert wanted.query(by=None, channel="direct") == (
        f"site={SHOP}&since=2026-02-01&until=2026-03-02&against=year&channel=direct"
        "&page=https%3A%2F%2Fshop.example%2Fa+b"
    )
    assert Wanted(site, preset("7d", MONDAY)).query() == f"site={SHOP}&window=7d"
    assert wanted.filters == ("channel=search", "page=https://shop.example/a b")
