"""How likely a clause is a complaint, praise or a need, by what it means: three logistic models on `Mood.parts`.

Lists of words hear nothing in "the drawer front doesn't line up". The weights are in stating.json, made by
`bench/statements.py --fit`: docs/decisions/0038-statements-by-words-and-meaning.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from bot.understanding.mood import Line, Numbers

KINDS = ("complaint", "praise", "need")


@dataclass(frozen=True)
class Heard:
    """Of a clause: its mood, from -1 to 1, and the chance of each of KINDS; None where the meaning is not read."""

    mood: float
    chances: Mapping[str, float] | None = None

    def chance(self, kind: str) -> float:
        return self.chances[kind] if self.chances else 0.0


class Stating:
    def __init__(self) -> None:
        told = json.loads((files("bot.understanding") / "stating.json").read_text(encoding="utf-8"))
        self._lines = {kind: Line.read(told[kind]) for kind in KINDS}

    def chances(self, parts: Numbers) -> list[dict[str, float]]:
        """Of each row of `Mood.parts`, from 0 to 1."""
        logits = {kind: np.clip(line.of(parts), -30.0, 30.0) for kind, line in self._lines.items()}
        told = {kind: 1 / (1 + np.exp(-logit)) for kind, logit in logits.items()}
        return [{kind: float(told[kind][row]) for kind in KINDS} for row in range(len(parts))]
