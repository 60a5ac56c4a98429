"""What the ranking learns from questions whose right passages are known."""

import time

import numpy as np
import pytest

from bot.pages.answering.ranking import FEATURES, shipped_weights
from bot.pages.learning.compared import Comparison, coin, comes_first, compare
from bot.pages.learning.fit import Example, fit

SHIPPED = shipped_weights()
NO_WEIGHT = dict.fromkeys(FEATURES, 0.0)
PLANTED = {**NO_WEIGHT, "words": 1.0, "tokens": -2.0, "facts": 0.5}


def rows(chance: np.random.Generator, candidates: int = 20) -> np.ndarray:
    return chance.normal(size=(candidates, len(FEATURES))).astype(np.float32)


def planted(questions: int, *, candidates: int = 20, seed: int = 1) -> list[Example]:
    """Questions whose right passage is drawn by the planted weights, as the softmax has it."""
    chance = np.random.default_rng(seed)
    counted = np.array([PLANTED[name] for name in FEATURES])
    found = []
    for _ in range(questions):
        features = rows(chance, candidates)
        scores = features @ counted + chance.gumbel(size=candidates)
        labels = np.zeros(candidates, dtype=np.float32)
        labels[int(scores.argmax())] = 1
        found.append(Example(features, labels))
    return found


def test_planted_weights_are_found_again():
    learned = fit(planted(2_000), NO_WEIGHT, ridge=1.0)

    assert learned == pytest.approx(PLANTED, abs=0.12)


def test_features_of_any_size_are_learned_alike():
    big = [
        Example(one.features * np.where(np.array(FEATURES) == "tokens", 1000, 1), one.labels) for one in planted(300)
    ]

    learned, beside = fit(big, NO_WEIGHT), fit(planted(300), NO_WEIGHT)

    assert learned["tokens"] * 1000 == pytest.approx(beside["tokens"], rel=1e-3)
    assert learned["words"] == pytest.approx(beside["words"], rel=1e-3)


def test_without_examples_the_weights_stay():
    unlabelled = Example(rows(np.random.default_rng(1)), np.zeros(20, dtype=np.float32))

    assert fit([], SHIPPED) == SHIPPED
    assert fit([unlabelled], SHIPPED) == SHIPPED


def test_a_few_examples_change_little_and_hundreds_decide():
    few, many = (fit(planted(count), NO_WEIGHT)["tokens"] for count in (3, 600))

    assert -0.5 < few < 0 and many < -1.5


def test_people_who_contradict_one_another_change_little():
    features = rows(np.random.default_rng(1))
    at_odds = [Example(features, label) for label in np.eye(20, dtype=np.float32) for _ in range(10)]

    learned = fit(at_odds, NO_WEIGHT)

    agreed = fit([at_odds[0]] * 200, NO_WEIGHT)
    assert _length(learned) < _length(agreed) / 100


def test_a_wrong_passage_sinks():
    chance = np.random.default_rng(1)
    counted = np.array([SHIPPED[name] for name in FEATURES])
    features = [rows(chance) for _ in range(100)]
    labels = [-np.eye(20, dtype=np.float32)[int((one @ counted).argmax())] for one in features]

    learned = fit([Example(one, label) for one, label in zip(features, labels, strict=True)], SHIPPED)

    assert _length(learned) < _length(SHIPPED)


def test_a_feature_that_tells_nothing_apart_keeps_its_weight():
    examples = planted(50)
    for one in examples:
        one.features[:, FEATURES.index("here")] = 1

    assert fit(examples, SHIPPED)["here"] == SHIPPED["here"]


@pytest.mark.parametrize("labels", [[-1.0], [1.0], [-1.0, -1.0], [1.0, -1.0]])
def test_hardly_any_candidates_harm_nothing(labels: list[float]):
    example = Example(rows(np.random.default_rng(1), len(labels)), np.array(labels, dtype=np.float32))

    learned = fit([example], SHIPPED)

    assert all(np.isfinite(weight) for weight in learned.values())


def test_the_same_examples_always_teach_the_same():
    assert fit(planted(100), SHIPPED) == fit(planted(100), SHIPPED)


def test_a_thousand_questions_take_seconds_at_most():
    examples = planted(1_000, candidates=80)

    began = time.process_time()
    fit(examples, SHIPPED)

    assert time.process_time() - began < 5


def test_weights_that_find_more_are_told_from_those_that_do_not():
    examples = planted(200)

    better = compare(examples, range(200), NO_WEIGHT)
    same = compare(examples, range(200), PLANTED)

    assert better.better and better.learned > better.shipped + 0.2 and 0 < better.low < better.high
    assert not same.better and same.questions == 200


def test_no_question_is_judged_by_what_was_learned_from_its_own_conversation():
    taught: list[set[int]] = []
    examples = planted(20)
    conversations = [at // 4 for at in range(20)]

    def fitter(some, prior):
        taught.append({conversations[at] for at, one in enumerate(examples) if any(one is other for other in some)})
        return prior

    compare(examples, conversations, SHIPPED, fitter=fitter)

    assert taught == [{0, 1, 2, 3, 4} - {left_out} for left_out in range(5)]


def test_a_few_changes_for_the_better_may_be_chance():
    assert coin(5, 0) == 0.0625 and coin(6, 0) == 0.03125 and coin(3, 3) == 1
    assert not Comparison(20, 0.5, 0.75, low=0.05, high=0.4, changed=5, chance=coin(5, 0)).better


def test_ratings_that_agree_with_the_weights_call_no_others_better():
    called = [compare(planted(60, seed=seed), range(60), PLANTED).better for seed in range(40)]

    assert sum(called) <= 1


def test_nothing_to_compare_is_not_better():
    assert not compare([], [], SHIPPED).better
    assert not compare(planted(1), [1], SHIPPED).better


def test_a_question_without_candidates_finds_nothing():
    nothing = Example(np.zeros((0, len(FEATURES)), dtype=np.float32), np.zeros(0, dtype=np.float32))

    assert not comes_first(nothing, SHIPPED)


def _length(weights: dict[str, float]) -> float:
    return float(np.linalg.norm(list(weights.values())))
