"""The columns as a model takes them: amounts as logarithms around 0, kinds as yes or no."""

from dataclasses import dataclass

import numpy as np

from bot.insights.likeness.known import Amount, Column, Known, Numbers

COMMON, MOST = 20, 12
"""A kind is a column of its own when so many people are of it; at most so many of one dimension are."""


@dataclass(frozen=True)
class Part:
    """A column of the design: an amount (kind None), or whether somebody is of this kind ("": of none known)."""

    name: str
    kind: str | None
    middle: float
    spread: float


@dataclass(frozen=True)
class Design:
    """Learned from some people, applied to any: nobody who is judged has a part in it."""

    parts: tuple[Part, ...]

    def of(self, known: Known) -> Numbers:
        columns = {one.name: one for one in known.columns}
        found = np.empty((len(known), len(self.parts)), dtype=np.float64)
        for place, part in enumerate(self.parts):
            raw = _raw(columns[part.name], part.kind)
            # What is not known of somebody is taken to be as in the middle.
            found[:, place] = np.nan_to_num((raw - part.middle) / part.spread)
        return found


def design_of(known: Known) -> Design:
    parts: list[Part] = []
    for one in known.columns:
        if isinstance(one, Amount):
            parts += _part(one.name, None, logs(one.values))
            continue
        codes, people = np.unique(one.values, return_counts=True)
        common = [int(code) for code, many in sorted(zip(codes, people, strict=True), key=lambda row: -row[1])
                  if many >= COMMON][:MOST]  # fmt: skip
        for code in common:
            parts += _part(one.name, one.names[code] if code >= 0 else "", (one.values == code).astype(np.float64))
    return Design(tuple(parts))


def _raw(column: Column, kind: str | None) -> Numbers:
    if isinstance(column, Amount):
        return logs(column.values)
    # By name: the numbers of the kinds are others in another table.
    code = -1 if kind == "" else column.names.index(kind) if kind in column.names else -2
    found: Numbers = (column.values == code).astype(np.float64)
    return found


def logs(values: Numbers) -> Numbers:
    found: Numbers = np.sign(values) * np.log1p(np.abs(values))
    return found


def _part(name: str, kind: str | None, values: Numbers) -> list[Part]:
    told = values[~np.isnan(values)]
    spread = float(told.std()) if len(told) else 0.0
    return [Part(name, kind, float(told.mean()), spread)] if spread > 0 else []
