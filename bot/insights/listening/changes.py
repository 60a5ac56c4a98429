"""Whether what is said was said by more, or by fewer, in the window before; and what of that is beyond chance."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.insights.changes import FEW, MINUS, NOBODY, TOO_FEW
from bot.insights.lift.estimates import Estimate
from bot.insights.listening.told import Change
from bot.insights.one_page.shares import Share, beyond_chance, shares_differ

UNCLEAR = "no clear change"


@dataclass(frozen=True)
class Counted:
    """People who said it, of those who said anything, now and in the window before."""

    people: int
    of: int
    people_before: int
    of_before: int

    @property
    def estimate(self) -> Estimate | None:
        """None where it is too few to judge: fewer than ten who did, in both windows together, or who did not."""
        if min(self.of, self.of_before) < FEW or self.people + self.people_before < FEW:
            return None
        return shares_differ(Share(self.people, self.of), Share(self.people_before, self.of_before))


def changes_of(counted: Mapping[str, Counted]) -> dict[str, Change]:
    """Of each, by name. All of them are one family: where nothing has changed, one report of twenty claims anything."""
    estimates = {name: one.estimate for name, one in counted.items()}
    clear = beyond_chance({name: one for name, one in estimates.items() if one is not None})
    return {name: _change(one, estimates[name], is_clear=name in clear) for name, one in counted.items()}


def _change(one: Counted, estimate: Estimate | None, *, is_clear: bool) -> Change:
    share = one.people_before / one.of_before if one.of_before else None
    if estimate is None:
        told = TOO_FEW if one.of_before else NOBODY
        return Change(
            people=one.people_before, share=share, difference=None, low=None, high=None, found=None, told=told
        )
    found = ("more" if estimate.value > 0 else "less") if is_clear else None
    points = f"{points_of(estimate.value)} points ({points_of(estimate.low)} to {points_of(estimate.high)})"
    return Change(
        people=one.people_before,
        share=share,
        difference=estimate.value,
        low=estimate.low,
        high=estimate.high,
        found=found,
        told=points if found else f"{UNCLEAR}: {points}",
    )


def points_of(share: float) -> str:
    text = f"{abs(share * 100):.1f}"
    return text if text == "0.0" else f"{'+' if share > 0 else MINUS}{text}"
