"""The estimates against published figures and a library that others wrote."""

import numpy as np
import pyarrow as pa
import pytest
import tea_tasting as tt

from bot.insights.lift.conversion import conversion_difference, conversion_ratio, wilson
from bot.insights.lift.detectable import detectable, people_needed
from bot.insights.lift.estimates import Estimate, Label
from bot.insights.lift.hidden import e_value, e_value_of_limit
from bot.insights.lift.prior import steadied
from bot.insights.lift.resampling import drawn_again
from bot.insights.lift.revenue import revenue_difference, revenue_ratio
from bot.insights.lift.sample_ratio import sample_ratio
from bot.insights.lift.sequence import boundary, ratio_while_running, while_running
from bot.insights.lift.sides import Person, side, side_of
from bot.insights.lift.talkers import conversion_of_talkers, revenue_of_talkers
from tests.insights.lift.populations import buyers, spending

LOT = Label.RANDOMIZED


def test_a_difference_of_shares_has_newcombes_published_interval():
    difference = conversion_difference(buyers(56, 70), buyers(48, 80), LOT)

    # Newcombe 1998, table II, case (a), method 10.
    assert difference is not None
    assert difference.value == pytest.approx(0.2)
    assert (round(difference.low, 4), round(difference.high, 4)) == (0.0524, 0.3339)


def test_a_share_of_none_is_exactly_nothing_at_its_lower_end():
    # Newcombe 1998, Statistics in Medicine 17, 857-872: 0 of 20, method 3.
    assert (wilson(0, 20)[0], round(wilson(0, 20)[1], 4)) == (0.0, 0.1611)
    assert wilson(20, 20)[1] == 1.0


def test_the_ratio_holds_the_truth_where_its_difference_does():
    more = conversion_ratio(buyers(56, 70), buyers(48, 80), LOT)
    same = conversion_ratio(buyers(50, 1_000), buyers(5, 100), LOT)

    assert more is not None and same is not None
    assert more.value == pytest.approx(56 / 70 / (48 / 80) - 1)
    assert more.sign == 1
    assert same.value == pytest.approx(0)
    assert same.sign == 0


def test_revenue_is_what_another_library_says():
    one, other = spending(9_000, 0.2, 1), spending(1_000, 0.15, 2)
    table = pa.table({"variant": [1] * 9_000 + [0] * 1_000, "spent": np.concatenate([one, other])})
    theirs = tt.Experiment({"t": tt.Mean("spent"), "z": tt.Mean("spent", use_t=False)}).analyze(table)

    difference, ratio = revenue_difference(side(one), side(other), LOT), revenue_ratio(side(one), side(other), LOT)

    assert difference is not None and ratio is not None
    assert (difference.value, difference.low, difference.high, difference.p) == pytest.approx(
        (theirs["t"].effect_size, theirs["t"].effect_size_ci_lower, theirs["t"].effect_size_ci_upper,
         theirs["t"].pvalue)
    )  # fmt: skip
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx(
        (theirs["z"].rel_effect_size, theirs["z"].rel_effect_size_ci_lower, theirs["z"].rel_effect_size_ci_upper)
    )


def test_what_was_there_before_takes_out_as_much_as_another_library_says():
    random = np.random.default_rng(3)
    before = random.exponential(20, 10_000)
    spent = before + random.exponential(20, 10_000)
    variant = np.arange(10_000) % 2
    table = pa.table({"variant": variant, "spent": spent, "before": before})
    theirs = tt.Experiment({"t": tt.Mean("spent", covariate="before", use_t=False)}).analyze(table)["t"]
    one, other = (side(spent[variant == arm], before=before[variant == arm]) for arm in (1, 0))

    found = steadied(one, other, LOT)

    assert found is not None
    assert found.gain == pytest.approx(np.corrcoef(before, spent)[0, 1] ** 2, abs=0.01)
    assert (found.difference.low, found.difference.high) == pytest.approx(
        (theirs.effect_size_ci_lower, theirs.effect_size_ci_upper), abs=1e-3
    )


def test_what_was_there_before_never_makes_it_worse():
    random = np.random.default_rng(4)
    one = side(spending(5_000, 0.2, 1), before=random.exponential(20, 5_000))
    other = side(spending(500, 0.2, 2), before=random.exponential(20, 500))

    found = steadied(one, other, LOT)

    assert found is not None and found.gain >= 0


def test_the_sample_ratio_is_what_another_library_says():
    table = pa.table({"variant": [1] * 9_100 + [0] * 900})
    theirs = tt.Experiment({"ratio": tt.SampleRatio(9, method="norm", correction=False)}).analyze(table)["ratio"]

    ours = sample_ratio(9_100, 900, holdout=0.1)

    assert ours.p == pytest.approx(theirs.pvalue)
    assert ours.is_faulty


def test_an_impossible_lot_is_a_fault_and_nobody_is_none():
    assert sample_ratio(10, 1, holdout=0).is_faulty
    assert not sample_ratio(10, 0, holdout=0).is_faulty
    assert sample_ratio(0, 0, holdout=0.1).p is None


def test_the_effect_that_can_be_found_is_known_beforehand():
    # 64,000 people of whom 1 % buy: ../shared/insights-notes.md has the same shares.
    assert [round(found, 2) for share in (0.05, 0.1, 0.2, 0.5) if (found := detectable(0.01, 64_000, share))] == [
        0.51, 0.37, 0.28, 0.22,
    ]  # fmt: skip
    needed = people_needed(0.01, 0.37, 0.1)
    assert needed is not None and 60_000 < needed < 68_000
    assert detectable(0, 1_000, 0.1) is detectable(0.1, 1_000, 0) is people_needed(0.1, 0, 0.1) is None


def test_an_interval_for_every_look_is_half_as_wide_again_when_all_are_there():
    once = Estimate(0.1, 0.1 - 1.96, 0.1 + 1.96, LOT)

    always = while_running(once, people=1_000, planned=None)

    assert (always.value, always.label) == (0.1, LOT)
    assert (always.high - always.low) / (once.high - once.low) == pytest.approx(1.55, abs=0.005)
    assert boundary(10, 1_000, 0.05) > boundary(1_000, 1_000, 0.05)


def test_a_plan_makes_the_last_look_nearly_as_narrow_as_a_single_one():
    once = Estimate(0.1, 0.1 - 1.96, 0.1 + 1.96, LOT)

    before, last = (while_running(once, people=people, planned=1_000) for people in (999, 1_000))

    assert last.high - last.low == pytest.approx((once.high - once.low) * 2.054 / 1.96, abs=0.001)
    assert before.high > last.high


def test_a_ratio_looked_at_every_day_is_wider_both_ways_and_never_below_nothing():
    once = Estimate(0.5, -0.99, 4.0, LOT)

    always = ratio_while_running(once, people=1_000, planned=None)

    assert always is not None
    assert always.value == 0.5
    assert -1 <= always.low < once.low
    assert always.high > once.high
    assert ratio_while_running(Estimate(-1.0, -1.0, 2.0, LOT), people=10, planned=None) is None


def test_drawing_again_agrees_with_welch_where_buyers_are_many():
    one, other = side(spending(20_000, 0.2, 1)), side(spending(20_000, 0.2, 2))
    welch = revenue_difference(one, other, LOT)

    drawn = drawn_again(one, other, LOT, seed=5)

    assert welch is not None and drawn is not None
    width = welch.high - welch.low
    assert drawn.value == pytest.approx(welch.value)
    assert (drawn.high - drawn.low) / width == pytest.approx(1, abs=0.06)


def test_the_same_seed_draws_the_same():
    one, other = side(spending(500, 0.2, 1)), side(spending(500, 0.2, 2))

    assert drawn_again(one, other, LOT, seed=5) == drawn_again(one, other, LOT, seed=5)


def test_the_effect_on_those_who_talked_is_that_of_the_offer_by_who_took_it():
    # 40 % take the offer, and it makes 10 in 100 of all more buy: 25 in 100 of those who took it.
    found = conversion_of_talkers(buyers(300, 1_000, talked=400), buyers(200, 1_000))

    assert found is not None
    assert (found.value, found.label) == (pytest.approx(0.25), LOT)
    assert found.low < 0.25 < found.high


def test_the_effect_on_those_who_talked_has_the_variance_of_drawing_again():
    random = np.random.default_rng(6)

    def one(people: int, offered: bool) -> list[Person]:
        talks = random.random(people) < 0.3 if offered else np.zeros(people, dtype=bool)
        spent = np.where(random.random(people) < 0.1 + 0.1 * talks, 20.0, 0.0)
        return [Person(float(money), bool(money), bool(talk)) for money, talk in zip(spent, talks, strict=True)]

    pairs = [(side_of(one(2_000, True)), side_of(one(2_000, False))) for _ in range(60)]
    values = [found for pair in pairs if (found := revenue_of_talkers(*pair)) is not None]

    spread = float(np.std([found.value for found in values], ddof=1))
    told = float(np.mean([(found.high - found.low) / 2 / 1.96 for found in values]))
    assert len(values) == 60
    assert told == pytest.approx(spread, rel=0.3)


def test_where_the_offer_makes_hardly_anybody_talk_there_is_no_quotient():
    assert conversion_of_talkers(buyers(300, 1_000, talked=3), buyers(200, 1_000)) is None
    assert conversion_of_talkers(buyers(300, 1_000), buyers(200, 1_000, talked=400)) is None
    # 100 more buy, of whom 50 talked at most.
    assert conversion_of_talkers(buyers(300, 1_000, talked=50), buyers(200, 1_000)) is None
    assert revenue_of_talkers(buyers(300, 1_000, talked=50), buyers(200, 1_000)) is None


def test_the_e_value_is_the_published_one():
    # VanderWeele and Ding, Annals of Internal Medicine 167, 2017: a ratio of 3.9 (1.8 to 8.7) has 7.26 and 3.0.
    assert round(e_value(3.9) or 0, 2) == 7.26
    assert round(e_value_of_limit(Estimate(2.9, 0.8, 7.7, Label.ADJUSTED)) or 0, 1) == 3.0
    assert e_value_of_limit(Estimate(0.1, -0.1, 0.3, Label.ADJUSTED)) == 1.0
