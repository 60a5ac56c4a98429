"""What `duologue questions learn` does: fits a site's own weights to what its visitors told of the answers they got."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bot.errors import DuologueError
from bot.interactions import ConversationId, Microseconds, rfc3339
from bot.pages.answering.answer import ranked
from bot.pages.answering.librarian import Librarian
from bot.pages.answering.ranking import Weights, shipped_weights
from bot.pages.indexing.index import Index
from bot.pages.learning.compared import Comparison, compare
from bot.pages.learning.fit import Example, fit
from bot.pages.learning.verdicts import LABELS, Sign, Verdict, is_reworded, verdicts
from bot.pages.questions.asked_on import addresses_of
from bot.store.pages_of_rows import Span
from bot.store.store import Store
from bot.store.talks import Talk, talk, talks_of

MOST_TALKS, MOST_EXAMPLES = 20_000, 5_000
"""The latest conversations that are read, and the most questions that are learned from."""
MOST_OF_ONE = 3.0
"""What one conversation's labels count together, at most: nobody teaches the bot by talking much."""
SAME = 0.8
"""The cosine from which two questions in a row ask the same."""


@dataclass
class Learned:
    """What was learned, from what, and whether it helps. `gone`: the quoted words are on that page no more; `unfound`:
    they are there, but too far from the question for any weights to find. No words of visitors."""

    span: Span
    conversations: int = 0
    signs: Counter[Sign] = field(default_factory=Counter)
    gone: int = 0
    unfound: int = 0
    capped: bool = False
    comparison: Comparison = field(default_factory=Comparison)
    shipped: Weights = field(default_factory=shipped_weights)
    weights: Weights = field(default_factory=shipped_weights)

    def as_json(self) -> dict[str, Any]:
        first = self.comparison
        window = {"since": rfc3339(self.span.since) if self.span.since else None}
        examples = {sign.value: self.signs[sign] for sign in Sign}
        counts = {"gone": self.gone, "unfound": self.unfound, "capped": self.capped}
        shares = {"questions": first.questions, "shipped": first.shipped, "learned": first.learned}
        beyond = {"low": first.low, "high": first.high, "changed": first.changed, "chance": first.chance}
        return {
            "site": self.span.site,
            **window,
            "conversations": self.conversations,
            "examples": examples | counts,
            "right_first": {name: round(value, 4) for name, value in (shares | beyond).items()},
            "better": first.better,
            "shipped_digest": digest(self.shipped),
            "shipped": dict(self.shipped),
            "weights": {name: round(weight, 6) for name, weight in self.weights.items()},
        }

    def record(self, at: Microseconds) -> dict[str, Any]:
        """What the site's file keeps."""
        return self.as_json() | {"learned_at": rfc3339(at)}


def digest(weights: Weights) -> str:
    """By which weights can be told from others."""
    return hashlib.sha256(json.dumps(dict(weights), sort_keys=True).encode()).hexdigest()[:16]


async def learn(
    store: Store,
    librarian: Librarian,
    span: Span,
    *,
    shipped: Weights | None = None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Learned:
    """Asks the questions of the window again that visitors told something of, and fits the weights to it.

    Nothing is written. The same store and the same pages always teach the same.
    """
    await addresses_of(store, span.site)
    await librarian.refresh(span.site)
    if (index := librarian.index(span.site)) is None:
        raise DuologueError(f"No pages of {span.site} answer now; crawl them: duologue crawl URL --site {span.site}.")
    found = await store.read(talks_of, span, MOST_TALKS)
    told = Learned(span, capped=len(found) == MOST_TALKS, shipped=shipped or shipped_weights())
    lessons = _Lessons(index, told)
    for done, one in enumerate(found, start=1):
        lessons.take(await store.read(talk, one))
        on_progress(done)
        if len(lessons.examples) >= MOST_EXAMPLES:
            lessons.told.capped = True
            break
    return lessons.told_of()


def shared_out(examples: Sequence[Example]) -> list[Example]:
    """What one conversation taught, so that a long one counts as little as a short one: `MOST_OF_ONE` in all."""
    counted = sum(float(np.abs(one.labels).sum()) for one in examples)
    return [Example(one.features, one.labels * min(1.0, MOST_OF_ONE / counted)) for one in examples]


class _Lessons:
    def __init__(self, index: Index, told: Learned) -> None:
        self.told = told
        self.examples: list[Example] = []
        self._from: list[ConversationId] = []
        self._index = index

    def take(self, one: Talk) -> None:
        """Adds what the conversation teaches."""
        taught = [(verdict.sign, example) for verdict in verdicts(one, self._same) if (example := self._of(verdict))]
        self.told.signs.update(sign for sign, _ in taught)
        self.examples += shared_out([example for _, example in taught])
        self._from += [one.conversation] * len(taught)
        self.told.conversations += bool(taught)

    def told_of(self) -> Learned:
        self.told.comparison = compare(self.examples, self._from, self.told.shipped)
        self.told.weights = fit(self.examples, self.told.shipped)
        return self.told

    def _of(self, verdict: Verdict) -> Example | None:
        """The question's candidates as they are today; None when the place is not among them."""
        url, words = verdict.place
        places = [one for one in self._index.numbers_of(url) if words in self._index.passages[one].text]
        candidates = ranked(self._index, verdict.question, verdict.history, verdict.page) if places else None
        known = np.isin(candidates.numbers, places) if candidates is not None else np.zeros(0, dtype=np.bool_)
        if candidates is None or not known.any():
            self.told.gone += not places
            self.told.unfound += bool(places)
            return None
        label = LABELS[verdict.sign] / int(known.sum())
        return Example(candidates.features, np.where(known, np.float32(label), np.float32(0)))

    def _same(self, question: str, other: str) -> bool:
        return is_reworded(question, other, alike=self._alike)

    def _alike(self, question: str, other: str) -> bool:
        if self._index.meaning is None:
            return False
        one, two = self._index.meaning.encoder.encode((question, other))
        return bool(one @ two >= SAME)
