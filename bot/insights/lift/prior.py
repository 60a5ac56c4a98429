"""CUPED: what people had brought before the draw takes chance out of the difference (Deng and others, WSDM 2013)."""

from dataclasses import dataclass

from bot.insights.lift.estimates import Estimate, Label, around
from bot.insights.lift.sides import Side


@dataclass(frozen=True)
class Steadied:
    """The difference less what was there before; `gain` is the share of the variance that this takes out."""

    difference: Estimate
    gain: float


def steadied(offered: Side, held_out: Side, label: Label) -> Steadied | None:
    """None when nobody had brought anything before, or a side can't vary."""
    sides = (offered, held_out)
    if any(one.people < 2 for one in sides) or offered.mean is None or held_out.mean is None:
        return None
    squares = sum(_variance_before(one) / one.people for one in sides)
    if squares <= 0:
        return None
    # The slope that leaves the difference the least variance, so that the gain is never a loss.
    slope = sum(_together(one) / one.people for one in sides) / squares
    plain = sum((one.variance or 0.0) / one.people for one in sides)
    variance = sum(_left(one, slope) / one.people for one in sides)
    if plain <= 0 or variance <= 0:
        return None
    before = offered.before[0] / offered.people - held_out.before[0] / held_out.people
    difference = around(offered.mean - held_out.mean - slope * before, variance, label)
    return Steadied(difference, 1 - variance / plain)


def _variance_before(side: Side) -> float:
    total, squares, _ = side.before
    return max(0.0, squares - total * total / side.people) / (side.people - 1)


def _together(side: Side) -> float:
    """How what they brought before and after varies together."""
    return (side.before[2] - side.before[0] * (side.mean or 0.0)) / (side.people - 1)


def _left(side: Side, slope: float) -> float:
    """The variance of what is left of one visitor's revenue without the part that was there before."""
    return max(0.0, (side.variance or 0.0) - 2 * slope * _together(side) + slope * slope * _variance_before(side))
