"""The E-value: how strong something unknown would have to be to explain a ratio away (VanderWeele and Ding, 2017)."""

from math import sqrt
from typing import TYPE_CHECKING

from bot.insights.lift.estimates import Estimate

if TYPE_CHECKING:
    from bot.insights.lift.adjusted import Adjusted


def e_value(ratio: float) -> float | None:
    """The least ratio that the unknown must have with both talking and buying; None of no ratio at all."""
    if ratio <= 0:
        return None
    up = ratio if ratio >= 1 else 1 / ratio
    return up + sqrt(up * (up - 1))


def e_value_of_limit(change: Estimate) -> float | None:
    """The same for the end of the interval that is nearest to no change: 1 where no change is in it.

    `change` is a ratio less one, as `conversion_ratio` gives it.
    """
    if change.sign == 0:
        return 1.0
    return e_value(1 + (change.low if change.sign > 0 else change.high))


def told_of(found: "Adjusted | None") -> list[str]:
    """What both say, as a sentence; none where there is nothing to explain."""
    if found is None or found.e_value is None or found.e_value_of_limit is None:
        return []
    if found.e_value_of_limit == 1:
        return ["The interval of the adjusted difference holds no difference: nothing unknown is needed to explain it."]
    return [
        f"Something unknown would have to make people {found.e_value:.1f} times as likely to talk, and change their "
        f"buying as much, to be all of the adjusted difference; {found.e_value_of_limit:.1f} times would do for its "
        "interval to reach no difference. These are the E-values: the larger, the safer."
    ]
