"""The best of many values are the same as those of a whole sort."""

import numpy as np
import pytest

from bot.pages.indexing.highest import MANY, highest


def values(kind: str, count: int) -> np.ndarray:
    chance = np.random.default_rng(count)
    made = {
        "any": chance.normal(size=count),
        "few": np.where(chance.random(count) < 0.001, chance.random(count), 0.0),
        "equal": np.full(count, 0.5),
        "left out": np.where(chance.random(count) < 0.999, -np.inf, chance.random(count)),
        # The sample meets the high ones only, or none of them.
        "in steps": np.arange(count) % (count // 4_096 or 1) == 0,
        "beside the steps": np.arange(count) % (count // 4_096 or 1) == 1,
    }
    return made[kind].astype(np.float32)


@pytest.mark.parametrize("kind", ["any", "few", "equal", "left out", "in steps", "beside the steps"])
@pytest.mark.parametrize("size", [0, 1, 50, 51, 5_000, MANY + 1, 300_000])
@pytest.mark.parametrize("count", [1, 50, 1_024])
def test_the_highest_are_those_of_a_whole_sort(kind: str, size: int, count: int):
    given = values(kind, size)

    found = highest(given, count)

    assert len(set(found.tolist())) == len(found) == min(size, count)
    assert sorted(given[found].tolist()) == sorted(given.tolist())[len(given) - len(found) :]
