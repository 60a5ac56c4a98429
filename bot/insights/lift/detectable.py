"""How large an effect has to be for an experiment to find it: to be looked at before it starts."""

from math import ceil, sqrt
from statistics import NormalDist

from bot.insights.lift.estimates import Z

POWER = 0.8
_REACH = Z + NormalDist().inv_cdf(POWER)


def detectable(bought: float, people: int, holdout: float) -> float | None:
    """The smallest change, as a share of `bought`, that 8 of 10 such experiments find; None when none can.

    `bought` is the share who buy without the chat.
    """
    if not 0 < bought < 1 or not 0 < holdout < 1 or people < 2:
        return None
    return _REACH * sqrt((1 - bought) / bought * (1 / (people * holdout) + 1 / (people * (1 - holdout))))


def people_needed(bought: float, change: float, holdout: float) -> int | None:
    """How many have to be drawn, that 8 of 10 experiments find a relative change so large; None when none can."""
    if not 0 < bought < 1 or not 0 < holdout < 1 or not change:
        return None
    return ceil((_REACH / change) ** 2 * (1 - bought) / bought / (holdout * (1 - holdout)))
