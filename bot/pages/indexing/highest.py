"""The best of many values, without looking at most of them twice."""

import numpy as np
from numpy.typing import NDArray

MANY = 16_384
SAMPLE = 4_096


def highest(values: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """The places of the `count` highest values, or of all, in no order."""
    if len(values) <= count:
        return np.arange(len(values))
    if len(values) <= MANY:
        return np.argpartition(values, -count)[-count:]
    # What a sample has about twice as often as is wanted is a value that the wanted ones are above; but for bad luck.
    sample = values[:: len(values) // SAMPLE]
    wanted = min(len(sample), 2 * count * len(sample) // len(values) + 8)
    above = np.flatnonzero(values >= np.partition(sample, -wanted)[-wanted])
    if len(above) < count:
        return np.argpartition(values, -count)[-count:]
    return above[np.argpartition(values[above], len(above) - count)[-count:]]
