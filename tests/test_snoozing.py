"""Until when a conversation is out of sight."""

from zoneinfo import ZoneInfo

from bot.interactions import as_datetime
from bot.snoozing import until
from tests.cast import at

BERLIN = ZoneInfo("Europe/Berlin")


def told(way: str, **later: float) -> str:
    moment = until(way, at=at(**later), zone=BERLIN)
    assert moment is not None
    return as_datetime(moment).astimezone(BERLIN).strftime("%a %d %H:%M")


def test_an_hour_is_an_hour():
    assert until("hour", at=at(), zone=BERLIN) == at(hours=1)


def test_tomorrow_is_the_next_day_where_the_shop_is():
    assert told("tomorrow") == "Tue 03 09:00"
    assert told("tomorrow", hours=11.5) == "Wed 04 09:00"


def test_on_a_monday_the_next_one_is_in_a_week():
    assert told("monday") == "Mon 09 09:00"
    assert told("monday", days=6) == "Mon 09 09:00"


def test_nine_is_nine_when_the_clocks_change():
    assert told("monday", days=24) == "Mon 30 09:00"


def test_another_way_there_is_not():
    assert until("never", at=at(), zone=BERLIN) is None
