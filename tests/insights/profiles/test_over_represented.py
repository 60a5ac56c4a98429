"""Shares in a group against those in everybody: the ratio, its interval, and what is too few."""

from random import Random

import pytest

from bot.insights.profiles.over_represented import Compared, Counted, compared


def counted(group: int, everybody: int, *, of: int = 100, of_all: int = 1_000) -> Counted:
    return Counted("language", "de", group, of, everybody, of_all)


def one(value: Counted) -> Compared:
    (told,) = compared([value])
    return told


def test_twice_as_often_is_twice_the_share_with_an_interval_around_it():
    told = one(counted(60, 300))

    assert told.ratio == pytest.approx(2.0)
    assert (told.low, told.high) == (pytest.approx(1.677, abs=0.001), pytest.approx(2.318, abs=0.001))
    assert told.is_over and not told.is_under


def test_the_same_share_is_no_finding_and_none_of_the_group_is_less():
    same, none = compared([counted(30, 300), counted(0, 300)])

    assert same.ratio == pytest.approx(1.0) and not same.is_over and not same.is_under
    assert none.ratio == 0 and none.low == 0 and none.is_under


def test_whatever_most_have_can_not_be_much_more_often_in_the_group():
    told = one(counted(100, 990))

    assert told.high is not None and told.high <= 1.02 and not told.is_over


@pytest.mark.parametrize(
    "few", [counted(9, 9), counted(2, 10, of=9), counted(0, 0, of=0, of_all=0), counted(50, 55, of=100, of_all=109)]
)
def test_too_few_are_not_judged(few: Counted):
    assert one(few) == Compared(few, None)


def test_the_more_values_are_looked_at_the_wider_are_the_intervals():
    alone = one(counted(60, 300))
    among_many = compared([counted(60, 300)] * 40)[0]
    among_few = compared([counted(60, 300), *[counted(0, 0)] * 39])[0]

    assert alone.low is not None and among_many.low is not None
    assert among_many.low < alone.low
    assert among_few == alone


def test_where_nothing_is_planted_hardly_ever_anything_is_found():
    random = Random(7)
    found = 0
    for _ in range(400):
        shares = [random.uniform(0.1, 0.6) for _ in range(15)]
        values = []
        for share in shares:
            group = sum(random.random() < share for _ in range(60))
            rest = sum(random.random() < share for _ in range(540))
            values.append(counted(group, group + rest, of=60, of_all=600))
        found += any(told.is_over or told.is_under for told in compared(values))

    assert found / 400 < 0.06
