"""How sure the bot may be of a place that was found."""

import json
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from bot.pages.answering.listed import Hit, Meant
from bot.pages.answering.question import Question
from bot.pages.indexing.meaning import question_of
from bot.store.pages import StoredPassage

TOLD_BY = ("coverage", "near", "around", "tokens", "always")
"""How sure we are of a place is told by the share of the words asked that it speaks of, its cosine, the highest cosines
on the site, its tokens, and from the beginning. Either alone misleads: "hold" is said of prices; what nothing on the
site comes near to is off its topic."""
ONE_THING, ALL_OF_IT = (0.43, 0.85), 0.95
"""A question that names one thing only is answered by the place that names it: by coverage and cosine."""
CALLED = 0.6
"""The same of a question that is the name of the place and nothing else: "Care"."""
OF_ANOTHER = 0.5
"""The most of a place that answers the question of another name."""
NOT_SURER = 0.05
"""What talk of Norway may add to how sure we are of "do you ship to Atlantis?" when no page speaks of Atlantis."""


def confidence(asked: Question, passage: StoredPassage, coverage: float, hit: Hit) -> float:
    """Of the quoted place: what it speaks of, what it means, and how much on the site is about the same."""
    sure = coverage
    if hit.meant is not None and not asked.by_words_alone:
        sure = _sure(coverage, hit.meant)
        if hit.alone is not None and not asked.leaning and asked.has_unknown:
            sure = min(sure, _sure(coverage, hit.alone) + NOT_SURER)
        if len(asked.terms) == 1 and coverage > ALL_OF_IT:
            # "Parking?" is said in one place, and nothing around is about it.
            sure = max(sure, ONE_THING[0] * coverage + ONE_THING[1] * hit.meant.near)
    if asked.is_name_of(passage):
        sure = max(sure, CALLED)
    if is_of_another(asked, hit):
        sure = min(sure, OF_ANOTHER)
    return max(0.0, min(asked.most_confidence, sure, 1.0))


@cache
def shipped_sureness() -> NDArray[np.float64]:
    """What each of `TOLD_BY` counts; how that was chosen stands in the file itself."""
    told = json.loads((files("bot.pages.answering") / "sureness.json").read_text(encoding="utf-8"))
    return np.array([told["weights"][name] for name in TOLD_BY])


def _sure(coverage: float, meant: Meant) -> float:
    return float(shipped_sureness() @ np.array([coverage, *meant, 1.0]))


def is_of_another(asked: Question, hit: Hit) -> bool:
    """Whether the place answers the same question of another name: of Norway, not Sweden."""
    heading = question_of(asked.index.passages[hit.number])
    return hit.asks_alike > 0 and asked.is_of_another_name(heading, hit.number)
