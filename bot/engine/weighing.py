"""What a message's features weigh before a classifier sees them: rare words more than common ones, all kinds alike.

Counts of words and letters become tf-idf rows of length 1 (a word said five times says hardly more than said twice),
dense vectors rows of one length. Each featurizer of the recipe gives a block of its own, so that a long list of
n-grams can't drown a sentence's vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix

MANY = 3_000
"""From so many examples on, what only one of them has tells nothing, and would be most of the columns."""


@dataclass(frozen=True)
class Block:
    """Of one featurizer. `rarity` has a weight for each of its columns, 0 for those left out; None for a vector."""

    origin: str
    width: int
    weight: float
    rarity: Any = None

    def rows(self, found: Sequence[Features | None]) -> Any:
        """A row for each message; of zeros where the featurizer found nothing."""
        return self._dense(found) if self.rarity is None else self._sparse(found)

    def _dense(self, found: Sequence[Features | None]) -> Any:
        rows = np.zeros((len(found), self.width), dtype=np.float32)
        for at, each in enumerate(found):
            if each is not None:
                rows[at] = each.features[0]
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows * (self.weight / np.where(lengths > 0, lengths, 1))

    def _sparse(self, found: Sequence[Features | None]) -> Any:
        row_of, columns, counts = _counted(found)
        kept = self.rarity[columns] > 0
        row_of, columns, counts = row_of[kept], columns[kept], counts[kept]
        values = (1 + np.log(counts)) * self.rarity[columns]
        lengths = np.sqrt(np.bincount(row_of, values * values, len(found)))[row_of]
        values *= self.weight / np.where(lengths > 0, lengths, 1)
        starts = np.concatenate([[0], np.cumsum(np.bincount(row_of, minlength=len(found)))])
        shape = (len(found), int(self._places[-1]))
        return csr_matrix((values.astype(np.float32), self._places[columns] - 1, starts), shape=shape)

    @cached_property
    def _places(self) -> Any:
        """How many columns are kept up to each."""
        return np.cumsum(self.rarity > 0)


def learn(messages: Sequence[Message], dense_weight: float) -> list[Block]:
    """The blocks of the featurizers that ran before. A dense vector weighs `dense_weight` times a list of n-grams."""
    blocks = []
    for first in {each.origin: each for message in messages for each in _of_sentence(message)}.values():
        width = first.features.shape[1]
        if not first.is_sparse():
            blocks.append(Block(first.origin, width, dense_weight))
            continue
        _, columns, _ = _counted(_found(messages, first.origin))
        seen_in = np.bincount(columns, minlength=width)
        rarity = np.log((1 + len(messages)) / (1 + seen_in)) + 1
        rarity[seen_in < (2 if len(messages) > MANY else 1)] = 0
        blocks.append(Block(first.origin, width, 1.0, rarity.astype(np.float32)))
    return blocks


def weighed(blocks: Sequence[Block], messages: Sequence[Message]) -> list[Any]:
    """For each block its rows, one a message."""
    return [block.rows(_found(messages, block.origin)) for block in blocks]


def _found(messages: Sequence[Message], origin: str) -> list[Features | None]:
    return [next((each for each in _of_sentence(message) if each.origin == origin), None) for message in messages]


def _of_sentence(message: Message) -> list[Features]:
    return [each for each in message.features if each.attribute == TEXT and each.type == FEATURE_TYPE_SENTENCE]


def _counted(found: Sequence[Features | None]) -> tuple[Any, Any, Any]:
    """Row, column and count of all that is counted; a column at most once in a row."""
    there = [(row, each.features.tocoo()) for row, each in enumerate(found) if each is not None]
    if not there:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), np.zeros(0)
    rows = np.repeat([row for row, _ in there], [counts.nnz for _, counts in there])
    return rows, np.concatenate([counts.col for _, counts in there]), np.concatenate([c.data for _, c in there])
