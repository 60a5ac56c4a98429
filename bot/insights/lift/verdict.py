"""The whole comparison of an experiment, and what it comes to: one of a few outcomes, with the reason."""

from dataclasses import dataclass
from enum import StrEnum

from bot.insights.lift.conversion import conversion_difference, conversion_ratio
from bot.insights.lift.detectable import detectable
from bot.insights.lift.estimates import Estimate, Label
from bot.insights.lift.prior import Steadied, steadied
from bot.insights.lift.resampling import are_few, drawn_again
from bot.insights.lift.revenue import revenue_difference, revenue_ratio
from bot.insights.lift.sample_ratio import SampleRatio, sample_ratio
from bot.insights.lift.sequence import ratio_while_running, while_running
from bot.insights.lift.sides import Side
from bot.insights.lift.talkers import conversion_of_talkers, revenue_of_talkers

FEWEST_BUYERS = 10
"""Of both sides together, below which the share who buy is "too few to judge"."""


class Verdict(StrEnum):
    NOBODY_DRAWN = "nobody_drawn"
    NOBODY_HELD_OUT = "nobody_held_out"
    NOBODY_OFFERED = "nobody_offered"
    FAULTY = "faulty"
    """The arms are not as the lot made them: no number of the comparison may be believed."""
    TOO_FEW = "too_few"
    MORE = "more"
    LESS = "less"
    NO_DIFFERENCE = "no_difference"
    """None was found; an effect smaller than the interval may be there."""


@dataclass(frozen=True)
class Measured:
    """One outcome, absolute and relative."""

    difference: Estimate | None
    ratio: Estimate | None


@dataclass(frozen=True)
class Lift:
    """Everything that is told of an experiment. Nothing is compared when the arms are faulty or one is empty.

    All intervals are those that may be looked at every day, up to the last look that was planned.
    """

    verdict: Verdict
    ratio_check: SampleRatio
    is_running: bool
    conversion: Measured | None = None
    revenue: Measured | None = None
    revenue_drawn: Estimate | None = None
    revenue_is_few: bool = False
    steadied: Steadied | None = None
    talkers_conversion: Estimate | None = None
    talkers_revenue: Estimate | None = None
    detectable: float | None = None
    """The smallest relative change in buying that this many people can show, in 8 of 10 experiments."""


@dataclass(frozen=True)
class _Looks:
    """Makes the intervals fit for daily looks."""

    people: int
    planned: int | None

    def __call__(self, found: Estimate | None) -> Estimate | None:
        if found is None:
            return None
        return while_running(found, people=self.people, planned=self.planned)

    def ratio(self, found: Estimate | None) -> Estimate | None:
        if found is None:
            return None
        return ratio_while_running(found, people=self.people, planned=self.planned)


def lift_of(offered: Side, held_out: Side, *, holdout: float, planned: int | None = None, seed: int = 0) -> Lift:
    """Compares those who were offered the chat with those held out, all who were drawn (intention to treat).

    `planned` is how many were to be drawn before the result is read: then the intervals are nearly those of one look;
    until then, and for ever when nothing was planned, those that may be looked at every day.
    """
    check = sample_ratio(offered.people, held_out.people, holdout=holdout)
    people = offered.people + held_out.people
    is_running = planned is None or people < planned
    empty = _empty(offered, held_out)
    if empty is not None or check.is_faulty:
        return Lift(empty or Verdict.FAULTY, check, is_running)
    looks, lot = _Looks(people, planned), Label.RANDOMIZED
    conversion = Measured(
        _of_shares(looks(conversion_difference(offered, held_out, lot))),
        looks.ratio(conversion_ratio(offered, held_out, lot)),
    )
    few_spent = are_few(offered, held_out)
    steady = steadied(offered, held_out, lot)
    return Lift(
        verdict=_verdict(conversion.difference, offered.buyers + held_out.buyers),
        ratio_check=check,
        is_running=is_running,
        conversion=conversion,
        revenue=Measured(
            looks(revenue_difference(offered, held_out, lot)), looks.ratio(revenue_ratio(offered, held_out, lot))
        ),
        revenue_drawn=looks(drawn_again(offered, held_out, lot, seed=seed)) if few_spent else None,
        revenue_is_few=few_spent,
        steadied=steady and Steadied(looks(steady.difference) or steady.difference, steady.gain),
        talkers_conversion=_of_shares(looks(conversion_of_talkers(offered, held_out))),
        talkers_revenue=looks(revenue_of_talkers(offered, held_out)),
        detectable=detectable(held_out.bought or 0.0, people, held_out.people / people),
    )


def _of_shares(found: Estimate | None) -> Estimate | None:
    """No difference of two shares is more than all."""
    return found and Estimate(found.value, max(-1.0, found.low), min(1.0, found.high), found.label, found.p)


def _empty(offered: Side, held_out: Side) -> Verdict | None:
    if not offered.people and not held_out.people:
        return Verdict.NOBODY_DRAWN
    if not held_out.people:
        return Verdict.NOBODY_HELD_OUT
    return Verdict.NOBODY_OFFERED if not offered.people else None


def _verdict(difference: Estimate | None, buyers: int) -> Verdict:
    if difference is None or buyers < FEWEST_BUYERS:
        return Verdict.TOO_FEW
    return {1: Verdict.MORE, -1: Verdict.LESS}.get(difference.sign, Verdict.NO_DIFFERENCE)
