"""Leads from how visitors ask about their data to how pages say it: "who gets it?" and "disclose to third parties".

Every site has such a page, and hardly a word of it is the visitor's own. What belongs together was learned from
PolicyQA's questions (MIT) over twenty real sites, by `bench/pages.py --fit-privacy`; the map and what tells a question
about privacy from others are in privacy.npz. On sites it was not learned from, 0.67 instead of 0.55 of the questions
find their paragraph among five; other questions are left as they are.
"""

from functools import cache
from importlib.resources import files

import numpy as np

from bot.pages.indexing.encoder import Vectors

ABOUT_IT = 0.5
"""A question of which less is told is not about privacy, and left as it is."""

type Map = dict[str, Vectors]


def about_privacy(question: Vectors) -> float:
    """Whether the question is about privacy, 0 to 1. `question` is its vector, of length 1."""
    told = learned()
    return float(1 / (1 + np.exp(-(question @ told["gate"] + told["bias"][0]))))


def answers_alike(question: Vectors, passages: Vectors) -> Vectors:
    """How much nearer each passage (a row) is to a question about privacy than their words tell, about -0.5 to 0.5."""
    about = about_privacy(question)
    if about < ABOUT_IT:
        return np.zeros(len(passages), dtype=np.float32)
    told = learned()
    nearer = (passages @ told["said"]) @ (question @ told["asked"])
    return np.asarray(nearer * np.float32(about), dtype=np.float32)


@cache
def learned() -> Map:
    """`asked` and `said` lead questions and passages to where they meet; `gate` and `bias` tell such questions."""
    with (files("bot.pages.answering") / "privacy.npz").open("rb") as file:
        return {name: rows.astype(np.float32) for name, rows in np.load(file).items()}
