"""Which questions ask the same: average linkage, exact below the core's size, the same in every order."""

import random

import numpy as np
import pytest

from bot.pages.indexing.encoder import Encoder
from bot.pages.questions.alike import alike, linked

KAYAKS = ["do you sell kayaks", "can i buy a kayak here", "kayaks for sale"]
WARRANTY = ["how long is the warranty", "how long does the warranty last", "warranty period"]
PARKING = ["where can i park my car"]


def at_angles(*degrees: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    radians = np.deg2rad(np.array(degrees, dtype=np.float32))
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def by_hand(vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]], at_least: float) -> set[frozenset[int]]:
    """Average linkage as its definition says it: every pair of members is looked at."""
    groups = [[number] for number in range(len(vectors))]
    while len(groups) > 1:
        pairs = [
            (float(np.mean([vectors[x] @ vectors[y] for x in a for y in b])), i, j)
            for i, a in enumerate(groups)
            for j, b in enumerate(groups)
            if i < j
        ]
        near, i, j = max(pairs)
        if near < at_least:
            break
        groups[i] += groups.pop(j)
    return {frozenset(group) for group in groups}


def sets_of(numbers: list[int]) -> set[frozenset[int]]:
    return {frozenset(at for at, one in enumerate(numbers) if one == group) for group in set(numbers)}


def test_what_is_near_on_average_is_one_group():
    assert linked(at_angles(0, 10, 80, 90, 200), 0.9).tolist() == [0, 0, 1, 1, 2]


def test_a_chain_of_neighbours_is_not_one_group():
    assert len(set(linked(at_angles(0, 25, 50, 75, 100), 0.85).tolist())) > 1


@pytest.mark.parametrize("seed", range(5))
def test_the_groups_are_those_of_the_definition(seed: int):
    drawn = np.random.default_rng(seed).normal(size=(40, 6)).astype(np.float32)
    vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    assert sets_of(linked(vectors, 0.4).tolist()) == by_hand(vectors, 0.4)


def test_nothing_and_one_alone_are_grouped_too():
    assert linked(at_angles(), 0.5).tolist() == []
    assert linked(at_angles(7), 0.5).tolist() == [0]


def test_questions_in_other_words_are_one_group(encoder: Encoder):
    placed = alike([*KAYAKS, *WARRANTY, *PARKING], encoder)

    assert placed.groups.tolist() == [0, 0, 0, 1, 1, 1, 2]
    assert placed.nearness[-1] == pytest.approx(1.0, abs=0.01)


def test_the_order_in_which_they_came_makes_no_other_groups(encoder: Encoder):
    texts = [*KAYAKS, *WARRANTY, *PARKING]
    shuffled = random.Random(1).sample(texts, len(texts))

    placed = alike(shuffled, encoder)

    together = {frozenset(shuffled[at] for at in group) for group in sets_of(placed.groups.tolist())}
    assert together == {frozenset(KAYAKS), frozenset(WARRANTY), frozenset(PARKING)}


def test_what_comes_after_the_core_joins_its_groups_or_none(encoder: Encoder):
    texts = [KAYAKS[0], WARRANTY[0], *KAYAKS[1:], *PARKING]
    told: list[int] = []

    placed = alike(texts, encoder, core=2, on_progress=told.append)

    assert placed.groups.tolist() == [0, 1, 0, 0, -1]
    assert told == [2, 5]
