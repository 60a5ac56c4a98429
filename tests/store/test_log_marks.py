"""A number that is committed after higher ones is not missed, and one that never comes is not looked for for ever."""

from bot.store.log_marks import PATIENCE_US, Mark, Moment


def a_moment(seconds: float = 0, *, oldest: int = 10, next: int = 10) -> Moment:
    return Moment(int(seconds * 1_000_000), oldest, next)


LATER = PATIENCE_US / 1_000_000


def test_what_was_missing_is_looked_for_again():
    mark = Mark().moved([1, 2, 5, 6], a_moment())

    assert (mark.upto, mark.ranges()[0]) == (6, (3, 4))
    assert [number in mark for number in (2, 3, 4, 5, 7)] == [True, False, False, True, False]


def test_what_came_late_is_not_missing_any_more():
    mark = Mark().moved([1, 6], a_moment()).moved([4, 7], a_moment(1))

    assert [(gap.first, gap.last) for gap in mark.gaps] == [(2, 3), (5, 5)]


def test_a_gap_is_given_up_when_whoever_could_fill_it_has_ended():
    mark = Mark().moved([1, 3], a_moment(next=12))

    assert mark.moved([], a_moment(LATER, oldest=11, next=99)).gaps
    assert not mark.moved([], a_moment(LATER, oldest=12, next=99)).gaps


def test_a_gap_is_kept_for_a_minute_in_any_case():
    mark = Mark().moved([1, 3], a_moment())

    assert mark.moved([], a_moment(LATER - 1, oldest=99)).gaps


def test_where_there_is_one_writer_nothing_comes_late():
    assert Mark().moved([1, 5], Moment(0)).gaps == ()
