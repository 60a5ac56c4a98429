"""Without a holdout: what can be made of people who are alike, and what can't."""

import numpy as np
import pytest

from bot.insights.lift.adjusted import adjusted
from bot.insights.lift.estimates import Label
from tests.insights.lift.populations import alike


def test_what_the_keen_would_have_bought_anyway_is_taken_out():
    columns, talked, bought = alike(20_000, 1, effect=0.0)
    naive = bought[talked].mean() - bought[~talked].mean()

    found = adjusted(columns, talked, bought)

    assert found is not None
    assert naive > 0.08
    assert found.difference.sign == 0
    assert found.difference.label is Label.ADJUSTED
    assert found.e_value_of_limit == 1.0


def test_a_planted_effect_is_found_and_how_strong_something_unknown_would_have_to_be():
    columns, talked, bought = alike(20_000, 2, effect=0.08)

    found = adjusted(columns, talked, bought)

    assert found is not None and found.ratio is not None and found.e_value_of_limit is not None
    assert found.difference.low < 0.08 < found.difference.high
    assert found.ratio.sign == 1
    assert 1 < found.e_value_of_limit < (found.e_value or 0)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    found = [adjusted(*alike(4_000, seed, effect=0.05)) for seed in range(60)]

    held = [one.difference.low <= 0.05 <= one.difference.high for one in found if one is not None]
    assert len(held) == 60
    assert np.mean(held) >= 0.88


def test_the_overlap_counts_everybody_and_says_how_many_were_left_out():
    columns, talked, bought = alike(20_000, 3, effect=0.0)
    # These few talk whatever happens: nobody is like them.
    columns[:500, 1], talked[:500] = 30.0, True

    found = adjusted(columns, talked, bought)

    assert found is not None
    assert sum(found.overlap.talkers) == talked.sum()
    assert sum(found.overlap.others) == (~talked).sum()
    assert found.overlap.trimmed > 400
    assert 0 < found.overlap.worth < (~talked).sum()


def test_too_few_to_compare_give_no_number():
    columns, talked, bought = alike(20_000, 4, effect=0.0)
    few = np.flatnonzero(talked)[:49]

    assert adjusted(columns[:20], talked[:20], bought[:20]) is None
    assert adjusted(columns, np.isin(np.arange(20_000), few), bought) is None
    assert adjusted(columns, talked, np.zeros(20_000, dtype=bool)) is None
    assert adjusted(columns, talked, np.ones(20_000, dtype=bool)) is None


def test_columns_that_say_nothing_are_no_harm():
    _, talked, bought = alike(20_000, 5, effect=0.0)

    found = adjusted(np.ones((20_000, 2)), talked, bought)

    assert found is not None
    assert found.difference.value == pytest.approx(bought[talked].mean() - bought[~talked].mean(), abs=0.01)
