"""How likely a clause is a complaint, praise or a need, by its words' mood and what it means: a small network.

Lists of words hear nothing in "the drawer front doesn't line up". The weights are in stating.npz, made by
`bench/statements.py --fit`: docs/decisions/0038-statements-by-words-and-meaning.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from bot.understanding.mood import Numbers

KINDS = ("complaint", "praise", "need")
FARTHEST = 6.0
"""Spreads from the centre beyond which a part tells no more."""


@dataclass(frozen=True)
class Heard:
    """Of a clause: its mood, from -1 to 1, and the chance of each of KINDS; None where the meaning is not read."""

    mood: float
    chances: Mapping[str, float] | None = None

    def chance(self, kind: str) -> float:
        return self.chances[kind] if self.chances else 0.0


class Stating:
    """Reads `Mood.parts` of an encoder's `gists`."""

    def __init__(self, weights: Mapping[str, Numbers] | None = None) -> None:
        self._weights = weights or _shipped()

    def chances(self, parts: Numbers) -> list[dict[str, float]]:
        """Of each row of `Mood.parts`, from 0 to 1."""
        told = self._weights
        hidden = np.maximum(standard(parts, told["centre"], told["spread"]) @ told["hidden"] + told["hidden_rest"], 0)
        logits = np.clip(hidden @ told["kinds"] + told["kinds_rest"], -30.0, 30.0)
        return [dict(zip(KINDS, map(float, row), strict=True)) for row in 1 / (1 + np.exp(-logits))]


def standard(parts: Numbers, centre: Numbers, spread: Numbers) -> Numbers:
    """In spreads from the centre."""
    return np.clip((parts - centre) / spread, -FARTHEST, FARTHEST)


def _shipped() -> dict[str, Numbers]:
    with (files("bot.understanding") / "stating.npz").open("rb") as file:
        return {name: rows.astype(np.float64) for name, rows in np.load(file).items()}
