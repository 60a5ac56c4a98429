"""The 25 cells: each once, each with a name; the fifths as the log's own question has them."""

from itertools import pairwise, product

import numpy as np
import pytest

from bot.insights.value.rfm import MAP, MEANINGS, Group, cells, fifths, group_of


def test_each_cell_is_covered_once_and_each_name_is_used():
    named = {
        (recency, frequency): group_of(recency, frequency) for recency, frequency in product(range(1, 6), repeat=2)
    }

    assert [len(row) for row in MAP] == [5] * 5
    assert len(named) == 25
    assert set(named.values()) == set(Group) == set(MEANINGS)


@pytest.mark.parametrize(
    ("recency", "frequency", "group"),
    [(5, 5, Group.CHAMPIONS), (5, 1, Group.NEW), (1, 5, Group.CANT_LOSE), (1, 1, Group.LOST)],
)
def test_the_corners_are_what_they_are_called(recency: int, frequency: int, group: Group):
    assert group_of(recency, frequency) is group


@pytest.mark.parametrize("count", [25, 26, 29, 1_003])
def test_fifths_are_as_even_as_can_be(count: int):
    sizes = np.bincount(fifths(np.zeros(count)), minlength=6)[1:]

    assert sizes.sum() == count
    assert all(one >= other for one, other in pairwise(sizes.tolist())) and sizes.max() - sizes.min() <= 1


def test_equals_are_told_apart_by_the_next_key_and_then_by_their_place():
    orders, spent = np.array([1, 1, 1, 1, 2]), np.array([5, 9, 5, 5, 1])

    assert fifths(orders, spent).tolist() == [1, 4, 2, 3, 5]


def test_the_cells_have_every_buyer_and_all_their_money():
    random = np.random.default_rng(1)
    late, often, spent = random.integers(1, 6, 400), random.integers(1, 6, 400), random.integers(1, 10**6, 400)

    found = cells(late, often, spent)

    assert len({(one.recency, one.frequency) for one in found}) == len(found) == 25
    assert sum(one.people for one in found) == 400
    assert sum(one.revenue for one in found) == spent.sum()


def test_sums_of_the_largest_amounts_do_not_begin_again_from_below():
    all_in_one = np.full(40, 5)

    found = cells(all_in_one, all_in_one, np.full(40, 9 * 10**17))

    assert found[0].revenue == 40 * 9 * 10**17
