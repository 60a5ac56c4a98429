"""Experiments whose truth is known. All 1,000 of them: bench/lifts."""

import os

import numpy as np
import pytest

from bench.lifts import hillstrom, simulated
from bot.insights.lift.estimates import Label
from bot.insights.lift.revenue import revenue_difference
from bot.insights.lift.sides import side


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    return {name: value for name, value, _, _ in simulated.figures(100, seed=11)}


def test_the_interval_of_95_percent_holds_the_truth_as_often(found: dict[str, float]):
    assert 0.89 <= found["coverage"] <= 0.99
    assert 0.89 <= found["coverage_revenue"] <= 0.99


def test_ten_looks_find_no_effect_where_there_is_none(found: dict[str, float]):
    assert found["peeking_false_positive"] <= 0.05
    # Of 100, 10 are two standard errors above 5.
    assert found["planned_false_positive"] <= 0.10
    assert found["naive_peeking_false_positive"] > found["peeking_false_positive"]


def test_a_planted_fault_of_the_lot_is_caught_and_a_sound_lot_is_not(found: dict[str, float]):
    assert found["sample_ratio_caught"] >= 0.99
    assert found["sample_ratio_false_alarm"] <= 0.01


def test_a_real_experiment_has_the_interval_of_its_bootstrap():
    if not hillstrom.DATA.exists():
        told = f"The real experiment is missing: {hillstrom.DATA}"
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    mailed, not_mailed = hillstrom.arms()

    spent = revenue_difference(side(mailed), side(not_mailed), Label.RANDOMIZED)
    again = hillstrom.bootstrap(mailed, not_mailed, np.random.default_rng(1), 600)

    assert spent is not None
    assert spent.value == pytest.approx(mailed.mean() - not_mailed.mean())
    assert (spent.high - spent.low) / float(np.subtract(*np.quantile(again, [0.975, 0.025]))) == pytest.approx(
        1, abs=0.06
    )
