"""The chain of labels against all ways that there are."""

from itertools import pairwise, product

import numpy as np
import pytest

from bot.engine.chain import Chain, Sentences, _likely

WORDS, LABELS = 4, 3


@pytest.fixture(params=range(5))
def chain_and_scores(request: pytest.FixtureRequest) -> tuple[Chain, np.ndarray]:
    random = np.random.Generator(np.random.PCG64(request.param))
    follows = random.normal(0, 2, (LABELS, LABELS)).astype(np.float32)
    return Chain([], np.zeros(LABELS), follows), random.normal(0, 2, (WORDS, LABELS)).astype(np.float32)


def all_ways(chain: Chain, scores: np.ndarray) -> dict[tuple[int, ...], float]:
    return {
        way: float(
            sum(scores[at, label] for at, label in enumerate(way))
            + sum(chain.follows[one, next] for one, next in pairwise(way))
        )
        for way in product(range(LABELS), repeat=len(scores))
    }


def test_the_best_labels_are_the_best_of_all_ways(chain_and_scores: tuple[Chain, np.ndarray]) -> None:
    chain, scores = chain_and_scores
    ways = all_ways(chain, scores)

    labels, sure = chain.best(scores)

    total = np.logaddexp.reduce(list(ways.values()))
    assert tuple(labels) == max(ways, key=lambda way: ways[way])
    for at, label in enumerate(labels):
        share = sum(np.exp(score - total) for way, score in ways.items() if way[at] == label)
        assert sure[at] == pytest.approx(share, abs=1e-4)


def test_sentences_of_different_lengths_do_not_touch_each_other() -> None:
    random = np.random.Generator(np.random.PCG64(7))
    scores, follows = random.normal(0, 1, (6, LABELS)), random.normal(0, 1, (LABELS, LABELS))
    parts = [scores[:1], scores[1:4], scores[4:]]

    together, _, total = _likely(scores, follows, Sentences(np.array([1, 3, 2])))

    alone = [_likely(part, follows, Sentences(np.array([len(part)]))) for part in parts]
    assert together == pytest.approx(np.concatenate([likely for likely, _, _ in alone]))
    assert total == pytest.approx(sum(each for _, _, each in alone))
