"""How many people an experiment needs, told before anybody sees its result."""

from typing import Any

from bot.insights.lift.detectable import detectable, people_needed
from bot.insights.percents import percent

ASSUMED = 0.02
"""The share who buy, where nobody has bought yet."""
WORTH_FINDING = 0.2
SIZES = (1_000, 10_000, 100_000)


def plan_of(told: dict[str, Any]) -> tuple[int | None, str]:
    """How many people find a change of a fifth in 8 of 10 experiments, and the sentence for it and other sizes.

    None where nobody is held out: then no number of people finds anything.
    """
    people = told["people"]["offered"] + told["people"]["held_out"]
    buyers = told["buyers"]["offered"] + told["buyers"]["held_out"]
    bought, holdout = (buyers / people if buyers else ASSUMED), told["holdout"]
    needed = people_needed(bought, WORTH_FINDING, holdout)
    if needed is None:
        return None, "No experiment of this holdout finds anything, however many people are drawn."
    found = [
        f"{size:,} people ±{percent(change, 0)}" for size in SIZES if (change := detectable(bought, size, holdout))
    ]
    known = "" if buyers else "if "
    return needed, (
        f"With {percent(holdout, 0)} held out, and {known}{percent(bought)} who buy, 8 of 10 experiments find: of "
        f"{', of '.join(found)}. A change of {percent(WORTH_FINDING, 0)} takes {needed:,} people."
    )
