"""Who is alike: what may be known of them, how well they are ranked, and what gives itself away."""

from collections.abc import Iterator

import numpy as np
import pytest

from bot.insights.likeness.judging import judged, lift
from bot.insights.likeness.known import Amount, Kind, Known, Leak
from bot.insights.likeness.models import Boosted, Logistic
from bot.insights.one_core import one_core
from tests.insights.likeness.people import MOMENT, beside, drawn


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    with one_core("sklearn.ensemble", "sklearn.linear_model"):
        yield


def test_what_happened_after_the_moment_is_not_known_at_it():
    known, is_seed = drawn(200)
    thanks = Amount("saw the page that thanks for an order", is_seed, MOMENT + 5)

    with pytest.raises(Leak, match="saw the page that thanks for an order: known only after the moment"):
        beside(known, thanks)


@pytest.mark.parametrize("latest", [MOMENT, MOMENT + 1])
def test_the_moment_itself_is_too_late(latest: int):
    with pytest.raises(Leak):
        Known(MOMENT, (Kind("channel", np.array([0]), ("search",), latest),))

    assert len(Known(MOMENT, (Kind("channel", np.array([0]), ("search",), MOMENT - 1),))) == 1


def test_a_column_that_knows_the_outcome_is_reported_whatever_it_says_of_its_time():
    known, is_seed = drawn(1_200)
    planted = Amount("pages of the checkout", is_seed * 3 + np.random.default_rng(2).random(1_200), MOMENT - 1)

    found = judged(beside(known, planted), is_seed, None)

    assert [name for name, _ in found.suspects] == ["pages of the checkout"]
    assert "alone it ranks people with an AUC of 1.000" in found.suspects[0][1]


def test_a_column_without_which_little_is_left_is_reported():
    known, is_seed = drawn(1_500, telling=0.05)
    random = np.random.default_rng(3)
    planted = Amount("worth of the pages", np.where(random.random(1_500) < 0.85, is_seed, 0.0), MOMENT - 1)

    found = judged(beside(known, planted), is_seed, None)

    assert [name for name, _ in found.suspects] == ["worth of the pages"]
    assert found.suspects[0][1].startswith("without it the AUC is 0.5")


def test_those_sought_are_ranked_first_and_nothing_is_suspected():
    known, is_seed = drawn(1_500)

    found = judged(known, is_seed, None)

    assert found.chosen == "logistic"
    assert found.best.mean_auc > 0.75 and found.best.mean_lift > 2.5
    assert found.lifts and found.suspects == () and found.against_spend is None


def test_where_nothing_tells_there_is_no_lift():
    known, _ = drawn(1_200)
    by_chance = (np.random.default_rng(4).random(1_200) < 0.1).astype(float)

    found = judged(known, by_chance, known.columns[0].values.astype(float))

    assert not found.lifts
    assert abs(found.best.mean_auc - 0.5) < 0.06


def test_trees_are_taken_only_where_they_are_better_by_a_standard_error():
    random = np.random.default_rng(5)
    one, other = random.normal(size=1_500), random.normal(size=1_500)
    # Alike is who is far out on one side of both or on the other: no line tells them.
    is_seed = ((one * other > 0.8) ^ (random.random(1_500) < 0.02)).astype(float)

    found = judged(Known(MOMENT, (Amount("one", one, 0), Amount("other", other, 0))), is_seed, None)

    assert found.chosen == "boosted"
    assert found.ranked["logistic"].mean_auc < 0.6 < 0.85 < found.best.mean_auc


def test_past_spend_that_ranks_as_well_is_not_beaten():
    known, is_seed = drawn(1_500)
    visits, noise = known.columns[0], known.columns[3]

    found = judged(Known(MOMENT, (visits, noise)), is_seed, visits.values.astype(float))

    assert found.against_spend is not None and found.against_spend < 2


@pytest.mark.parametrize(
    ("score", "expected"), [([9, *range(9), *[-1] * 10], 10.0), ([0] * 20, 1.0), ([-9, *range(19)], 0.0)]
)
def test_the_lift_of_a_tenth_shares_seats_among_equals(score: list[int], expected: float):
    is_seed = np.array([1.0] + [0.0] * 19)

    assert lift(np.array(score, dtype=float), is_seed, np.ones(20)) == pytest.approx(expected)


def test_who_stands_for_many_counts_as_many():
    is_seed, weight = np.array([1.0, 1.0, 0.0, 0.0]), np.array([1.0, 1.0, 49.0, 49.0])

    assert lift(np.array([4.0, 3.0, 2.0, 1.0]), is_seed, weight) == pytest.approx(10.0)
    assert lift(np.array([4.0, 1.0, 3.0, 2.0]), is_seed, weight) == pytest.approx(5.0)


@pytest.mark.parametrize("model", [Logistic, Boosted])
def test_what_is_not_known_of_somebody_is_no_reason_to_fail(model: type[Logistic] | type[Boosted]):
    known, is_seed = drawn(300)
    gaps = Amount("days since the last order", np.where(np.arange(300) % 3 == 0, np.nan, 4.0), MOMENT - 1)
    never, huge = Amount("never", np.full(300, np.nan), 0), Amount("huge", np.geomspace(1, 1e18, 300), 0)
    whole = beside(known, gaps, never, huge, Kind("unknown", np.full(300, -1), (), 0))

    scores = model(whole, is_seed, np.ones(300)).scores(whole)

    assert np.isfinite(scores).all() and ((scores >= 0) & (scores <= 1)).all()
