"""Recency and frequency in 25 named cells: who just bought and often, who used to, who was here once.

The trade has no one map: shops and their tools agree on the names, not on the borders. This is ours, whole.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bot.insights.value.histories import Numbers, Places

FIFTHS = 5
FEWEST = 25
"""Buyers: of fewer, a fifth of a fifth is nobody."""


class Group(StrEnum):
    CHAMPIONS = "champions"
    LOYAL = "loyal"
    POTENTIAL_LOYALISTS = "potential loyalists"
    NEW = "new"
    PROMISING = "promising"
    NEED_ATTENTION = "need attention"
    ABOUT_TO_SLEEP = "about to sleep"
    AT_RISK = "at risk"
    CANT_LOSE = "can't lose"
    HIBERNATING = "hibernating"
    LOST = "lost"


MEANINGS = {
    Group.CHAMPIONS: "bought of late and most often",
    Group.LOYAL: "buy often, not long ago",
    Group.POTENTIAL_LOYALISTS: "bought of late, and more than once or nearly so",
    Group.NEW: "bought just now, seldom before",
    Group.PROMISING: "bought of late, seldom before",
    Group.NEED_ATTENTION: "in the middle of both",
    Group.ABOUT_TO_SLEEP: "bought some time ago, seldom",
    Group.AT_RISK: "bought often, but long ago",
    Group.CANT_LOSE: "bought most often, and have stayed away",
    Group.HIBERNATING: "bought seldom, long ago",
    Group.LOST: "bought seldom, the longest ago",
}
_C, _L, _P, _A = Group.CHAMPIONS, Group.LOYAL, Group.POTENTIAL_LOYALISTS, Group.AT_RISK
MAP = (
    (Group.LOST, Group.LOST, _A, Group.CANT_LOSE, Group.CANT_LOSE),
    (Group.HIBERNATING, Group.HIBERNATING, _A, _A, Group.CANT_LOSE),
    (Group.ABOUT_TO_SLEEP, Group.ABOUT_TO_SLEEP, Group.NEED_ATTENTION, _L, _L),
    (Group.PROMISING, _P, _P, _L, _C),
    (Group.NEW, _P, _P, _C, _C),
)
"""A row a fifth of recency, the longest ago first; in it a cell a fifth of frequency, the seldomest first."""


@dataclass(frozen=True)
class Cell:
    """Fifths go from 1 to 5, the best."""

    recency: int
    frequency: int
    group: Group
    people: int
    revenue: int


def group_of(recency: int, frequency: int) -> Group:
    return MAP[recency - 1][frequency - 1]


def fifths(*keys: Numbers | Places) -> Places:
    """From 1 to 5, as even as can be, by the first key, then the next; where all are equal, by the place."""
    count = len(keys[0])
    order = np.lexsort((np.arange(count), *reversed(keys)))
    # As ntile has it: the first fifths have one more where it doesn't come out even.
    sizes = [count // FIFTHS + (number < count % FIFTHS) for number in range(FIFTHS)]
    found = np.empty(count, dtype=np.int64)
    found[order] = np.repeat(np.arange(1, FIFTHS + 1), sizes)
    return found


def cells(recency: Places, frequency: Places, spent: Places) -> list[Cell]:
    """All 25, by the fifths of each buyer and what they paid; the best first."""
    people: Counter[tuple[int, int]] = Counter(zip(recency.tolist(), frequency.tolist(), strict=True))
    # Whole numbers without an end: sums of 64 bits would begin again from below.
    revenue = np.zeros((FIFTHS + 1, FIFTHS + 1), dtype=object)
    np.add.at(revenue, (recency, frequency), spent.astype(object))
    return [
        Cell(late, often, group_of(late, often), people[late, often], int(revenue[late, often]))
        for late in range(FIFTHS, 0, -1)
        for often in range(FIFTHS, 0, -1)
    ]
