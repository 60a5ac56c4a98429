"""Who those sought are, in words: by what the plain model goes, where the people themselves show it too."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bot.insights.likeness.known import Amount, Known, Numbers
from bot.insights.likeness.models import Logistic

TOLD = 5
WORDS: dict[str, str] = {
    "views": "pages looked at",
    "days": "days on which they were here",
    "evenings": "pages looked at in the evening (UTC)",
    "weekends": "pages looked at on weekends",
    "said": "messages written",
    "opened": "times the chat was opened",
    "orders": "orders",
    "spent": "spent so far",
    "largest": "the largest order",
    "days known": "days since they were first seen",
    "days since last seen": "days since they were last seen",
    "days since last order": "days since the last order",
    "channel": "came by",
    "country": "are in",
    "language": "read",
    "device": "are on a",
}
MONEY = ("spent", "largest")


@dataclass(frozen=True)
class Reason:
    """Of an amount the means of those sought and of the others; of a kind (`value`) their shares."""

    name: str
    value: str | None
    theirs: float
    others: float
    weight: float


def reasons(model: Logistic, known: Known, is_seed: Numbers, weight: Numbers) -> list[Reason]:
    """The strongest first. What the model goes by only to correct another column is left out: it would mislead."""
    columns = {one.name: one for one in known.columns}
    found: list[Reason] = []
    for part, pull in zip(model.design.parts, model.weights, strict=True):
        column = columns[part.name]
        if isinstance(column, Amount):
            values, value = column.values, None
        else:
            if not part.kind:
                continue
            values, value = (column.values == column.names.index(part.kind)).astype(np.float64), part.kind
        theirs, others = _mean(values, is_seed * weight), _mean(values, (1 - is_seed) * weight)
        if (theirs - others) * pull > 0:
            found.append(Reason(part.name, value, theirs, others, float(pull)))
    return sorted(found, key=lambda one: (-abs(one.weight), one.name))[:TOLD]


def sentence(one: Reason, money: Callable[[float], str]) -> str:
    name = WORDS.get(one.name, one.name)
    if one.value is not None:
        return f"{one.theirs:.0%} of them {name} {one.value}, of the others {one.others:.0%}."
    shown = money if one.name in MONEY else _number
    return f"{name[0].upper()}{name[1:]}: {shown(one.theirs)}, the others {shown(one.others)}, on the average."


def _mean(values: Numbers, weight: Numbers) -> float:
    told = ~np.isnan(values)
    whole = float(weight[told].sum())
    return float(values[told] @ weight[told]) / whole if whole > 0 else 0.0


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
