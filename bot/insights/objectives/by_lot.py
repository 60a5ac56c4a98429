"""Sales by lot: what the chat adds to revenue per visitor since the objective began, as the report Lift has it."""

from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from typing import Any

from bot.insights.lift.report import looked_at
from bot.insights.lift.resampling import are_few
from bot.insights.lift.sides import Side, side
from bot.insights.lift.verdict import Verdict
from bot.insights.objectives.estimates import FOUND_BY, Ranged
from bot.insights.objectives.reading import Wanted
from bot.interactions import Microseconds
from bot.money import DIGITS
from bot.store.store import Store

NO_LOT = (Verdict.NOBODY_DRAWN, Verdict.NOBODY_HELD_OUT, Verdict.NOBODY_OFFERED)


@dataclass(frozen=True)
class ByLot:
    """`gain` is None where too little was brought for one; `detectable` as if nobody more was drawn.

    `is_hidden`: nobody guessed yet, so only who may see a result without a guess may see this.
    """

    gain: Ranged | None
    people: int
    buyers: int
    enough: bool
    is_hidden: bool
    since: str
    detectable: float | None


async def by_lot(store: Store, log: Path | None, wanted: Wanted, *, now: Microseconds) -> ByLot | str | None:
    """None where no lot is drawn; a sentence where one is, and can't be believed or set against this objective."""
    span = wanted.span
    # Told on the first day as it began, there is a moment of it, in which nothing was bought.
    until = Microseconds(max(min(now, span.until), span.since + 1))
    _, experiment, told = await looked_at(store, replace(span, until=until), log=log)
    verdict = Verdict(told["verdict"])
    if verdict in NO_LOT:
        return None
    if verdict is Verdict.FAULTY:
        return "The lot can’t be trusted (page Lift), so what was gained is described, and not proven."
    if told["currency"] != wanted.currency:
        return f"Those who were drawn bought in {told['currency']} mostly, so the lot says nothing about this currency."
    people, scale = experiment.people, 10.0 ** -DIGITS.get(wanted.currency, 2)
    arms = [side(people.spent[mine], bought=people.bought[mine]) for mine in (people.offered, ~people.offered)]
    row = next((one for one in told["rows"] if one["name"] == "revenue_difference"), None)
    return ByLot(
        _ranged(row),
        people=arms[0].people + arms[1].people,
        buyers=arms[0].buyers + arms[1].buyers,
        enough=not are_few(*arms),
        is_hidden=told["guess"] is None,
        since=told["since"][:10],
        detectable=_detectable(arms, scale),
    )


def _ranged(row: dict[str, Any] | None) -> Ranged | None:
    return None if row is None or row["value"] is None else Ranged(row["value"], row["low"], row["high"])


def _detectable(arms: list[Side], scale: float) -> float | None:
    one, other = arms
    if not one.variance or not other.variance:
        return None
    return FOUND_BY * scale * sqrt(one.variance / one.people + other.variance / other.people)
