"""What it changes that the best customers are served as such: by the lot that serves some of them as everybody.

Of each figure the mean or the share on both sides, and the difference, which the lot makes that of valued service
alone. The intervals hold for all figures at once and however often one looks, as those of the lift report do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from bot.store.valued_lot import AS_EVERYBODY, VALUED, Drawn

FEWEST = 10
"""People on each side, and of a share those who did and those who did not: a rule of ours, as in the other reports."""
US_A_MINUTE = 60_000_000


@dataclass(frozen=True)
class Figure:
    """`of` gives its value for one person, None where it has none. `better`: 1 where more is better, -1 where less."""

    title: str
    unit: str
    means: str
    is_share: bool
    better: int
    of: Callable[[Drawn], float | None]


FIGURES = {
    "wait": Figure(
        "Wait for a person", "minutes",
        "Until staff took the conversation or spoke; four hours at most, which is also what counts where nobody came.",
        False, -1, lambda one: None if one.waited_us is None else one.waited_us / US_A_MINUTE,
    ),
    "resolved": Figure(
        "Resolved", "share", "Of whom that conversation is resolved now.", True, 1, lambda one: float(one.resolved),
    ),
    "again": Figure(
        "Bought again", "share", "In the 90 days after; so far, of who was drawn later.", True, 1,
        lambda one: float(one.again),
    ),
    "mood": Figure(
        "Mood", "-1 to 1", "The mean of what they said in it in the week after.", False, 1, lambda one: one.mood,
    ),
}  # fmt: skip


def service_of(drawn: Sequence[Drawn], share: float) -> dict[str, Any]:
    """Of all who were drawn; without any the rows say so. `share` is that of the lot by now."""
    sides = {arm: [one for one in drawn if one.arm == arm] for arm in (VALUED, AS_EVERYBODY)}
    known: dict[str, Any] = {
        "label": "randomized",
        "share": share,
        "valued": len(sides[VALUED]),
        "as_everybody": len(sides[AS_EVERYBODY]),
        "rows": [_row(name, one, sides) for name, one in FIGURES.items()],
    }
    return known | {"sentence": _sentence(known)}


def _row(name: str, figure: Figure, sides: dict[str, list[Drawn]]) -> dict[str, Any]:
    valued, others = (
        [value for one in sides[arm] if (value := figure.of(one)) is not None] for arm in (VALUED, AS_EVERYBODY)
    )
    told: dict[str, Any] = {
        "name": name, "title": figure.title, "unit": figure.unit, "means": figure.means,
        "valued": _mean(valued), "valued_people": len(valued),
        "as_everybody": _mean(others), "as_everybody_people": len(others),
        "difference": None, "low": None, "high": None, "verdict": "too_few",
    }  # fmt: skip
    if _is_few(valued, figure) or _is_few(others, figure):
        return told
    value, low, high = _difference(valued, others, figure)
    verdict = "no_difference" if low <= 0 <= high else "better" if value * figure.better > 0 else "worse"
    return told | {"difference": value, "low": low, "high": high, "verdict": verdict}


def _difference(valued: Sequence[float], others: Sequence[float], figure: Figure) -> tuple[float, float, float]:
    # Imported here: the statistics' library takes a second, and the report is asked for in a thread of its own.
    from bot.insights.lift.sequence import ALPHA, LEAST, boundary

    value = sum(valued) / len(valued) - sum(others) / len(others)
    error = sqrt(_variance(valued, figure) + _variance(others, figure))
    width = boundary(len(valued) + len(others), LEAST, ALPHA / len(FIGURES)) * error
    return value, value - width, value + width


def _variance(values: Sequence[float], figure: Figure) -> float:
    """Of the mean."""
    mean, people = sum(values) / len(values), len(values)
    if figure.is_share:
        # One more of each: of few people the plain one is too small (Agresti and Caffo).
        mean, people = (sum(values) + 1) / (people + 2), people + 2
        return mean * (1 - mean) / people
    return sum((one - mean) ** 2 for one in values) / (people - 1) / people


def _is_few(values: Sequence[float], figure: Figure) -> bool:
    least = min(sum(values), len(values) - sum(values)) if figure.is_share else len(values)
    return least < FEWEST


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _sentence(told: dict[str, Any]) -> str:
    if not told["valued"] + told["as_everybody"]:
        return (
            "None of the best customers has waited for a person since the lot began"
            if told["share"]
            else "No lot is drawn (valued_lot is 0), so what serving the best customers first changes can't be told"
        ) + "."
    found = [row for row in told["rows"] if row["verdict"] in ("better", "worse")]
    if found:
        named = "; ".join(f"{row['title'].lower()} {row['verdict']}" for row in found)
        return f"Serving the best customers first changed something: {named}."
    if all(row["verdict"] == "too_few" for row in told["rows"]):
        return (
            f"Too few to judge what serving the best customers first changes: {told['valued']:,} were, "
            f"{told['as_everybody']:,} were by lot served as everybody."
        )
    return "No clear difference between the best customers who were served first and those who by lot were not."
