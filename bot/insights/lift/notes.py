"""What has to be known beside the result, a sentence each: changes, faults, and what is left out."""

from bot.insights.lift.reading import Drawees, Experiment
from bot.insights.lift.sample_ratio import sample_ratio
from bot.insights.lift.verdict import Lift, Verdict
from bot.insights.percents import percent
from bot.interactions import as_datetime
from bot.store.experiments import Period


def notes_of(
    found: Lift, experiment: Experiment, period: Period, before: Period | None, planned: int | None
) -> list[str]:
    """In the order of their weight."""
    people = len(experiment.people)
    notes = [
        *_of_the_lot(found, period, before),
        *_of_the_looks(found, people, planned),
        *_of_the_people(experiment.people),
        *_of_the_money(found, experiment),
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


def _of_the_people(people: Drawees) -> list[str]:
    notes = []
    if both := int(people.in_both_arms.sum()):
        were = "1 person was" if both == 1 else f"{both:,} people were"
        notes.append(f"{were} drawn into both arms, with two browsers; they count in the arm of the first.")
    if noise := int(people.noise.sum()):
        are = "1 person is" if noise == 1 else f"{noise:,} people are"
        notes.append(f"{are} marked as a robot or staff. Everybody who was drawn counts, they too.")
    return [*notes, *_of_the_button(people)]


def _of_the_button(people: Drawees) -> list[str]:
    drawn = [int(arm.sum()) for arm in (people.offered, ~people.offered)]
    offered, held_out = (int((people.exposed & arm).sum()) for arm in (people.offered, ~people.offered))
    if not all(drawn) or not sample_ratio(offered, held_out, holdout=drawn[1] / sum(drawn)).is_faulty:
        return []
    return [
        f"The chat’s button was logged for {offered:,} of {drawn[0]:,} people offered and {held_out:,} of {drawn[1]:,} "
        "held out: more uneven than chance makes it. Something on the pages treats the arms differently."
    ]


def _of_the_money(found: Lift, experiment: Experiment) -> list[str]:
    notes, currency = [], experiment.currency
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
