"""Until when a conversation is out of sight: each way to say it, as a moment."""

from datetime import datetime, time, timedelta, tzinfo

from bot.interactions import Microseconds, as_datetime, microseconds

MORNING = time(9)
WAYS = {"hour": "in 1 hour", "tomorrow": "tomorrow, 9:00", "monday": "next Monday, 9:00"}


def until(way: str, *, at: Microseconds, zone: tzinfo) -> Microseconds | None:
    """The moment that `way` means where the shop is; None for a way that there is not."""
    now = as_datetime(at).astimezone(zone)
    match way:
        case "hour":
            return Microseconds(at + timedelta(hours=1) // timedelta(microseconds=1))
        case "tomorrow":
            return _morning(now, days=1)
        case "monday":
            return _morning(now, days=7 - now.weekday())
        case _:
            return None


def _morning(now: datetime, *, days: int) -> Microseconds:
    # Put together from the date, so that nine stays nine when the clocks change in between.
    return microseconds(datetime.combine(now.date() + timedelta(days=days), MORNING, now.tzinfo))
