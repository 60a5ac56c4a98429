"""What has to be known beside the result, a sentence each: changes, faults, and what is left out."""

from bot.experiment import Arm
from bot.insights.lift.reading import Experiment
from bot.insights.lift.sample_ratio import sample_ratio
from bot.insights.lift.sentences import percent
from bot.insights.lift.verdict import Lift, Verdict
from bot.interactions import as_datetime
from bot.store.experiments import Period


def notes_of(
    found: Lift, experiment: Experiment, period: Period, before: Period | None, currency: str, planned: int | None
) -> list[str]:
    """In the order of their weight."""
    people = len(experiment.people)
    notes = [
        *_of_the_lot(found, period, before),
        *_of_the_looks(found, people, planned),
        *_of_the_people(experiment),
        *_of_the_money(found, experiment, currency),
    ]
    return notes if people else notes[:1] if before else []


def _of_the_lot(found: Lift, period: Period, before: Period | None) -> list[str]:
    day = as_datetime(period.since).date()
    notes = []
    if before is not None:
        notes.append(
            f"On {day} the holdout changed from {percent(before.holdout, 0)} to {percent(period.holdout, 0)}. Only "
            "people drawn since then are compared: those before were drawn by another lot."
        )
    if found.verdict is Verdict.FAULTY and found.ratio_check.p is not None:
        notes.append(
            f"Chance alone would make the arms so uneven with p = {found.ratio_check.p:.2g}; below 0.001 is a fault."
        )
    return notes


def _of_the_looks(found: Lift, people: int, planned: int | None) -> list[str]:
    if found.conversion is None:
        return []
    if not found.is_running:
        drawn = f"All {planned:,} people that were planned are drawn, so this is the last look. "
        return [f"{drawn}The intervals of 95 % hold for it and all looks before it together."]
    plan = f"{people:,} of {planned:,} planned people are drawn. " if planned is not None else ""
    return [f"{plan}The experiment runs: its intervals of 95 % are wide enough to hold however often you look."]


def _of_the_people(experiment: Experiment) -> list[str]:
    notes = []
    if experiment.in_both_arms:
        people = "1 person was" if experiment.in_both_arms == 1 else f"{experiment.in_both_arms:,} people were"
        notes.append(f"{people} drawn into both arms, with two browsers; they count in the arm of the first.")
    if experiment.noise:
        people = "1 person is" if experiment.noise == 1 else f"{experiment.noise:,} people are"
        notes.append(f"{people} marked as a robot or staff. Everybody who was drawn counts, they too.")
    shown = {arm: [one.exposed for one in experiment.people if one.arm is arm] for arm in (Arm.OFFERED, Arm.HELD_OUT)}
    if all(shown.values()):
        offered, held_out = (sum(shown[arm]) for arm in (Arm.OFFERED, Arm.HELD_OUT))
        share = len(shown[Arm.HELD_OUT]) / len(experiment.people)
        if sample_ratio(offered, held_out, holdout=share).is_faulty:
            notes.append(
                f"The chat’s button was logged for {offered:,} of {len(shown[Arm.OFFERED]):,} people offered and "
                f"{held_out:,} of {len(shown[Arm.HELD_OUT]):,} held out: more uneven than chance makes it. Something "
                "on the pages treats the arms differently."
            )
    return notes


def _of_the_money(found: Lift, experiment: Experiment, currency: str) -> list[str]:
    notes = []
    others = {one: count for one, count in sorted(experiment.orders.items()) if one != currency}
    if others and found.revenue is not None:
        named = ", ".join(f"{count:,} in {one}" for one, count in others.items())
        notes.append(f"Revenue is in {currency} alone; there are also orders {named}. Buyers count in any currency.")
    if found.revenue_is_few and found.verdict is not Verdict.TOO_FEW:
        notes.append(
            "Revenue is too few to judge: fewer than 100 people of an arm bought, and one large order moves it."
        )
    if found.steadied is not None:
        gain = percent(max(0.0, found.steadied.gain), 1)
        notes.append(f"Earlier orders take {gain} of the chance out of the revenue (CUPED).")
    return notes
