"""What the passages of a site mean, as vectors beside its index, and how near a question is to each of them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from bot.pages.encoder import WIDTH, Encoder, Vectors
from bot.store.pages import StoredPassage

TURNS_KEPT = 4_096


class Meaning:
    """A row for each passage, in the index's order. Read only after it is made."""

    def __init__(self, vectors: Vectors, encoder: Encoder) -> None:
        self.vectors = vectors
        self.encoder = encoder
        # A conversation asks with the same earlier turns again: one encode a turn is enough.
        self._turn = lru_cache(maxsize=TURNS_KEPT)(lambda text: encoder.encode([text])[0])

    def nearness(self, turns: Iterable[str], earlier: float = 0.0) -> Vectors:
        """The cosine of every passage with the visitor's turns, the newest first; from -1 to 1.

        `earlier` is the weight of the turn before the last, and of each one further back once more.
        """
        asked = np.zeros(WIDTH, dtype=np.float32)
        for back, text in enumerate(turns):
            asked += np.float32(earlier**back) * self._turn(text)
        length = float(np.linalg.norm(asked))
        return self.vectors @ (asked / length) if length else np.zeros(len(self.vectors), dtype=np.float32)


def understand(passages: Sequence[StoredPassage], encoder: Encoder, before: "Known | None" = None) -> Meaning:
    """The vectors of these passages; 12 ms of CPU for each that the crawl before did not have."""
    vectors = np.zeros((len(passages), WIDTH), dtype=np.float32)
    texts = [text_of(passage) for passage in passages]
    known = before.by_text if before is not None and before.encoder == encoder.name else {}
    new = [at for at, text in enumerate(texts) if text not in known]
    for at, text in enumerate(texts):
        if text in known:
            vectors[at] = known[text]
    if new:
        vectors[new] = encoder.encode([texts[at] for at in new])
    return Meaning(vectors, encoder)


class Known:
    """What was understood before, by its text."""

    def __init__(self, passages: Sequence[StoredPassage], meaning: Meaning) -> None:
        self.encoder = meaning.encoder.name
        self.by_text = {text_of(passage): meaning.vectors[at] for at, passage in enumerate(passages)}


def text_of(passage: StoredPassage) -> str:
    """What of a passage is understood: its page's title and its headings say what it is about."""
    return " ".join((passage.title, *passage.heading)) + "\n" + passage.text
