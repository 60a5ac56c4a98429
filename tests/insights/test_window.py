"""The days and moments that a window is asked for by."""

import pytest

from bot.errors import ConfigurationError
from bot.insights.window import span_of


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30", "soon"])
def test_a_moment_that_there_is_not_is_told(moment: str):
    with pytest.raises(ConfigurationError, match="give a day or a moment"):
        span_of("demo", moment, None)
    with pytest.raises(ConfigurationError, match="give a day or a moment"):
        span_of("demo", None, moment)


def test_a_last_day_before_anything_is_known_is_told():
    with pytest.raises(ConfigurationError, match="days before 1970: until is 1969-12-31; give a later day"):
        span_of("demo", None, "1969-12-31")


def test_a_first_day_that_is_still_to_come_is_told():
    with pytest.raises(ConfigurationError, match="what is to come: since is 2999-01-01; give an earlier day"):
        span_of("demo", "2999-01-01", None)
