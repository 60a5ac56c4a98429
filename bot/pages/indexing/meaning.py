"""What the passages of a site mean, kept beside its index, and how near a question is to each of them."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.pages.indexing.encoder import FULL, STANDS_ALONE, STATE, WIDTH, Encoder, Read, States, Vectors
from bot.pages.indexing.highest import highest
from bot.store.pages import StoredPassage

AT_ONCE = 512
EXACT = 16_384
"""Up to so many passages are all compared in all dimensions; of more, these:"""
NEAREST = 1_024
ALIKE = 0.55
"""The cosine from which two questions ask for the same; below, they are only of one subject."""


@dataclass(frozen=True)
class Understood:
    """What is kept of passages: a vector for each, the `states` of passage `i` from `starts[i]` to `starts[i + 1]`,
    and a vector of each heading that asks something, with the passage under it."""

    vectors: Vectors
    states: States
    starts: NDArray[np.int64]
    questions: Vectors
    question_of: NDArray[np.int64]


class Meaning:
    """Rows in the index's order. Read only after it is made."""

    def __init__(self, understood: Understood, encoder: Encoder) -> None:
        self.understood = understood
        self.vectors = understood.vectors
        # The file behind it stays; only numpy's bookkeeping for each piece of it is left out.
        self._states = understood.states.view(np.ndarray)
        self.encoder = encoder
        self._coarse = encoder.small(self.vectors) if len(self.vectors) > EXACT else self.vectors[:0]

    def ask(self, text: str, before: Sequence[str] = ()) -> Read:
        """The question, by itself and as it is meant after what was said `before`: both tell, in equal parts."""
        alone = self.encoder.read(text)
        if not before or len(alone.states) > STANDS_ALONE:
            return alone
        after = self.encoder.read(text, before)
        both = alone.vector + after.vector
        return Read(np.asarray(both / np.linalg.norm(both), dtype=np.float32), after.states, alone.vector)

    def nearness(self, asked: Read) -> Vectors:
        """The cosine of every passage with the question, from -1 to 1.

        On a large site it is roughly so for most: the few thousand that come nearest in fewer dimensions are exact.
        """
        if len(self.vectors) <= EXACT:
            return self.vectors @ asked.vector
        near = self._coarse @ self.encoder.small(asked.vector)
        nearest = highest(near, NEAREST)
        near[nearest] = self.vectors[nearest] @ asked.vector
        return near

    def said_alike(self, asked: Read, numbers: NDArray[np.int64]) -> Vectors:
        """How well these passages have a token for each of the question's: the mean over the question's tokens of the
        nearest state's cosine, about 0.3 to 0.9."""
        kept, starts = self._states, self.understood.starts
        states = np.concatenate([kept[starts[one] : starts[one + 1]] for one in numbers]).astype(np.float32)
        begins = np.concatenate([[0], np.cumsum(starts[numbers + 1] - starts[numbers])[:-1]])
        nearest = np.maximum.reduceat(states @ asked.states.T, begins, axis=0)
        return np.asarray(nearest.mean(axis=1) / FULL, dtype=np.float32)

    def asks_alike(self, asked: Read, numbers: NDArray[np.int64]) -> Vectors:
        """For these passages, by how much the question in the heading is nearer than any may be; else 0."""
        alike = np.zeros(len(numbers), dtype=np.float32)
        asking = self.understood.question_of
        rows = np.minimum(np.searchsorted(asking, numbers), max(0, len(asking) - 1))
        found = np.flatnonzero(asking[rows] == numbers) if len(asking) else rows[:0]
        near = self.understood.questions[rows[found]] @ asked.vector - np.float32(ALIKE)
        alike[found] = np.maximum(near, 0)
        return alike


class Known:
    """What was understood before, by its text, so that a crawl need not do it again."""

    def __init__(self, passages: Sequence[StoredPassage], meaning: Meaning) -> None:
        self.encoder = meaning.encoder.name
        self._kept = meaning.understood
        self._at = {text_of(passage): at for at, passage in enumerate(passages)}
        asked = zip(self._kept.question_of, self._kept.questions, strict=True)
        self._questions = {question_of(passages[at]): vector for at, vector in asked}

    def passage(self, text: str) -> tuple[Vectors, States] | None:
        at = self._at.get(text)
        if at is None:
            return None
        return self._kept.vectors[at], self._kept.states[self._kept.starts[at] : self._kept.starts[at + 1]]

    def question(self, text: str) -> Vectors | None:
        return self._questions.get(text)


def understand(passages: Sequence[StoredPassage], encoder: Encoder, before: Known | None = None) -> Meaning:
    """What these passages mean; 9 ms of CPU for each that the crawl before did not have."""
    known = before if before is not None and before.encoder == encoder.name else None
    vectors = np.zeros((len(passages), WIDTH), dtype=np.float32)
    starts = np.zeros(len(passages) + 1, dtype=np.int64)
    # A large site has gigabytes of states: they go to the disk at once, and only those that are looked at come back.
    with tempfile.TemporaryFile(dir=encoder.folder.parent) as file:
        for at, (vector, states) in enumerate(_each([text_of(one) for one in passages], encoder, known)):
            vectors[at] = vector
            starts[at + 1] = starts[at] + len(states)
            file.write(states.tobytes())
        file.flush()
        rows = (int(starts[-1]), STATE)
        states_of_all = np.memmap(file, np.int8, "r", shape=rows) if rows[0] else np.zeros(rows, dtype=np.int8)
    questions, question_of_passage = _questions(passages, encoder, known)
    return Meaning(Understood(vectors, states_of_all, starts, questions, question_of_passage), encoder)


def _each(texts: Sequence[str], encoder: Encoder, known: Known | None) -> Iterator[tuple[Vectors, States]]:
    for begin in range(0, len(texts), AT_ONCE):
        some = texts[begin : begin + AT_ONCE]
        found = {text: told for text in some if known is not None and (told := known.passage(text)) is not None}
        new = [text for text in dict.fromkeys(some) if text not in found]
        found |= dict(zip(new, zip(*encoder.encode_with_states(new), strict=True), strict=True))
        for text in some:
            yield found[text]


def _questions(
    passages: Sequence[StoredPassage], encoder: Encoder, known: Known | None
) -> tuple[Vectors, NDArray[np.int64]]:
    asking = [(at, text) for at, passage in enumerate(passages) if (text := question_of(passage))]
    found = {text: told for _, text in asking if known is not None and (told := known.question(text)) is not None}
    new = [text for text in dict.fromkeys(text for _, text in asking) if text not in found]
    found |= dict(zip(new, encoder.encode(new), strict=True))
    rows = np.array([found[text] for _, text in asking], dtype=np.float32).reshape(-1, WIDTH)
    return rows, np.array([at for at, _ in asking], dtype=np.int64)


def question_of(passage: StoredPassage) -> str:
    """What the nearest heading above the passage asks, or else its page's title; empty when neither does."""
    return next((text for text in (*passage.heading[-1:], passage.title) if text.rstrip().endswith(("?", "？"))), "")


def text_of(passage: StoredPassage) -> str:
    """What of a passage is understood: its page's title and its headings say what it is about."""
    return " ".join((*title_of(passage), *passage.heading)) + "\n" + passage.text


def title_of(passage: StoredPassage) -> tuple[str, ...]:
    """The title of the passage's page, if it has one: a page without is called by its URL, which says nothing."""
    return () if passage.title == passage.url else (passage.title,)
