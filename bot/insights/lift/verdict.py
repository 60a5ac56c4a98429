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
from bot.insights.lift.sequence import while_running
from bot.insights.lift.sides import Side
from bot.insights.lift.talkers import conversion_of_talkers, revenue_of_talkers

LEAST = 1_000
"""People to plan for, when nothing is planned: before that the interval need not be narrow."""
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
    """One outcome: absolute and relative. `judged` is what the verdict goes by: while it runs, the wider interval."""

    difference: Estimate | None
    ratio: Estimate | None
    running: Estimate | None

    def judged(self, *, is_running: bool) -> Estimate | None:
        return self.running if is_running else self.difference


@dataclass(frozen=True)
class Lift:
    """Everything that is told of an experiment. Nothing is compared when the arms are faulty or one is empty."""

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


def lift_of(offered: Side, held_out: Side, *, holdout: float, planned: int | None = None, seed: int = 0) -> Lift:
    """Compares those who were offered the chat with those held out, all who were drawn (intention to treat).

    `planned` is how many were to be drawn before the result is read: until then, and when nothing was planned, the
    intervals are those that may be looked at every day.
    """
    check = sample_ratio(offered.people, held_out.people, holdout=holdout)
    people = offered.people + held_out.people
    is_running = planned is None or people < planned
    empty = _empty(offered, held_out)
    if empty is not None or check.is_faulty:
        return Lift(empty or Verdict.FAULTY, check, is_running)
    conversion = _conversion(offered, held_out, planned or LEAST)
    few = offered.buyers + held_out.buyers < FEWEST_BUYERS
    few_spent = are_few(offered, held_out)
    return Lift(
        verdict=Verdict.TOO_FEW if few else _verdict(conversion.judged(is_running=is_running)),
        ratio_check=check,
        is_running=is_running,
        conversion=conversion,
        revenue=_revenue(offered, held_out, planned or LEAST),
        revenue_drawn=drawn_again(offered, held_out, Label.RANDOMIZED, seed=seed)
        if are_few(offered, held_out)
        else None,
        revenue_is_few=few_spent,
        steadied=steadied(offered, held_out, Label.RANDOMIZED),
        talkers_conversion=conversion_of_talkers(offered, held_out),
        talkers_revenue=revenue_of_talkers(offered, held_out),
        detectable=detectable(held_out.bought or 0.0, people, held_out.people / people),
    )


def _empty(offered: Side, held_out: Side) -> Verdict | None:
    if not offered.people and not held_out.people:
        return Verdict.NOBODY_DRAWN
    if not held_out.people:
        return Verdict.NOBODY_HELD_OUT
    return Verdict.NOBODY_OFFERED if not offered.people else None


def _conversion(offered: Side, held_out: Side, planned: int) -> Measured:
    difference = conversion_difference(offered, held_out, Label.RANDOMIZED)
    # Two more who bought and two who did not (Agresti and Coull): nobody who bought is not certainty.
    shares = [((one.buyers + 2) / (one.people + 4), one.people) for one in (offered, held_out)]
    variance = sum(share * (1 - share) / people for share, people in shares)
    return Measured(
        difference,
        conversion_ratio(offered, held_out, Label.RANDOMIZED),
        _running(difference, variance, offered, held_out, planned),
    )


def _revenue(offered: Side, held_out: Side, planned: int) -> Measured:
    difference = revenue_difference(offered, held_out, Label.RANDOMIZED)
    variance = sum((one.variance or 0.0) / one.people for one in (offered, held_out))
    return Measured(
        difference,
        revenue_ratio(offered, held_out, Label.RANDOMIZED),
        _running(difference, variance, offered, held_out, planned),
    )


def _running(
    estimate: Estimate | None, variance: float, offered: Side, held_out: Side, planned: int
) -> Estimate | None:
    if estimate is None or variance <= 0:
        return None
    return while_running(estimate, variance, people=offered.people + held_out.people, planned=planned)


def _verdict(judged: Estimate | None) -> Verdict:
    if judged is None:
        return Verdict.TOO_FEW
    return {1: Verdict.MORE, -1: Verdict.LESS}.get(judged.sign, Verdict.NO_DIFFERENCE)
