"""Whom staff should come to first, and what they are told of it."""

from bot.interactions import Microseconds
from bot.who_is_next import HEAD_STARTS, Waiting, head_start, marks_of, told
from tests.cast import at

MINUTE = 60_000_000


def counts_as_waited(waiting: Waiting, *, minutes: int) -> float:
    return minutes + head_start(waiting) / MINUTE


def test_who_has_waited_longer_comes_first():
    assert counts_as_waited(Waiting("asked"), minutes=3) > counts_as_waited(Waiting("asked"), minutes=2)


def test_one_of_the_best_customers_counts_half_an_hour_longer():
    best = Waiting("asked", worth="900.00 EUR")

    assert counts_as_waited(best, minutes=1) > counts_as_waited(Waiting(), minutes=30)
    assert counts_as_waited(best, minutes=1) < counts_as_waited(Waiting(), minutes=32)


def test_head_starts_add_up():
    assert head_start(Waiting("complaint", -0.9, "900.00 EUR")) == (30 + 20 + 10) * MINUTE


def test_being_upset_counts_once_whether_the_bot_or_the_mood_says_so():
    assert head_start(Waiting("upset", -0.9)) == head_start(Waiting("upset")) == head_start(Waiting("asked", -0.5))
    assert head_start(Waiting("asked", -0.49)) == 0


def test_distress_comes_before_anything_else_together():
    assert head_start(Waiting("distress")) > head_start(Waiting("complaint", -1.0, "900.00 EUR"))


def test_nobody_waits_for_ever():
    whole = sum(one.total_seconds() for one in HEAD_STARTS.values()) / 60

    assert counts_as_waited(Waiting(), minutes=int(whole) + 1) > counts_as_waited(
        Waiting("distress", -1.0, "9"), minutes=0
    )


def test_the_reason_is_told_in_words():
    upset = Waiting("asked", -0.8, "900.00 EUR")

    assert told(upset, since=at(), at=at(minutes=12)) == "waits 12 min · among the best customers (900.00 EUR) · upset"
    assert marks_of(Waiting("no_answer")) == ("got no answer",)


def test_how_long_is_told_in_what_fits():
    waits = {minutes: told(Waiting(), since=at(), at=at(minutes=minutes)) for minutes in (0, 1, 59, 60, 2879, 2880)}

    assert list(waits.values()) == [
        "waits less than a minute", "waits 1 min", "waits 59 min", "waits 1 h", "waits 47 h", "waits 2 days",
    ]  # fmt: skip
    assert told(Waiting(), since=at(minutes=1), at=Microseconds(at())) == "waits less than a minute"
