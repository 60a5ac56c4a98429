"""What a training gave the component that finds entities, and how it comes about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import ENTITIES, EXTRACTOR, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix

from bot.engine import chain
from bot.engine.labels import NOTHING, Word, entities_of, labels_of
from bot.engine.looks import looks

MANY = 3_000
"""From so many examples on, a look that only one word has tells nothing, and would be most of the columns."""


class Tagger:
    def __init__(self, labels: list[str], columns: Sequence[str], learned: chain.Chain, config: dict[str, Any]) -> None:
        self.labels, self.chain = labels, learned
        self.columns = {look: at for at, look in enumerate(columns)}
        self._config = config

    def entities(self, message: Message) -> list[dict[str, Any]]:
        words = _words(message)
        if not words:
            return []
        labels, sure = self.chain.best(self.chain.scores(rows_of([message], self.columns, self._config, self._widths)))
        return entities_of(message.get(TEXT), words, [self.labels[at] for at in labels], sure)

    @property
    def _widths(self) -> tuple[int, int]:
        return len(self.chain.matrices[1]), len(self.chain.matrices[2])


def teach(examples: Sequence[Message], extractor: str, config: dict[str, Any]) -> Tagger | None:
    """None when no word of any example is part of an entity."""
    examples = [one for one in examples if _words(one)]
    marked = [label for one in examples for label in labels_of(_words(one), _ours(one, extractor))]
    labels = sorted({NOTHING, *marked})
    if len(labels) < 2:
        return None
    seen = Counter(look for one in examples for word in _looks(one) for look in word)
    least = 2 if len(examples) > MANY else 1
    columns = {look: at for at, look in enumerate(sorted(look for look, times in seen.items() if times >= least))}
    widths = _width(examples, 0), _width(examples, 1)
    blocks = rows_of(examples, columns, config, widths)
    lengths = np.array([len(_words(one)) for one in examples])
    learned = chain.fit(blocks, np.searchsorted(labels, marked), lengths, len(labels), config["strength"])
    return Tagger(labels, list(columns), learned, config)


def rows_of(
    messages: Sequence[Message], columns: dict[str, int], config: dict[str, Any], widths: tuple[int, int]
) -> list[Any]:
    """A row for each word in three blocks: its looks, its vector, its sentence's vector."""
    named = [[columns[look] for look in word if look in columns] for one in messages for word in _looks(one)]
    ends = np.cumsum([0, *map(len, named)])
    found = np.fromiter((at for word in named for at in word), dtype=np.int32, count=int(ends[-1]))
    seen = csr_matrix((np.ones(len(found), dtype=np.float32), found, ends), shape=(len(named), len(columns)))
    of_words = [_vectors(one, 0, widths[0]) for one in messages]
    of_sentences = [_vectors(one, 1, widths[1]) for one in messages]
    return [
        seen,
        _of_length(config["word_weight"], np.concatenate(of_words)),
        _of_length(config["sentence_weight"], np.concatenate(of_sentences)),
    ]


def _words(message: Message) -> list[Word]:
    return [Word(token.text, token.start, token.end) for token in message.get(TOKENS_NAMES[TEXT]) or []]


def _ours(message: Message, extractor: str) -> list[dict[str, Any]]:
    """What is marked in an example for this extractor to learn, not by another that looks for patterns."""
    return [one for one in message.get(ENTITIES) or [] if one.get(EXTRACTOR) in (None, extractor)]


def _looks(message: Message) -> list[list[str]]:
    tokens = message.get(TOKENS_NAMES[TEXT]) or []
    patterns = [[name for name, there in (token.get("pattern") or {}).items() if there] for token in tokens]
    return looks([token.text for token in tokens], patterns)


def _width(examples: Sequence[Message], which: int) -> int:
    found = (one.get_dense_features(TEXT)[which] for one in examples)
    return next((each.features.shape[1] for each in found if each is not None), 0)


def _vectors(message: Message, which: int, width: int) -> Any:
    """A row for each word: of the words (0), or of the sentence (1) again and again; zeros where there is none."""
    words = len(message.get(TOKENS_NAMES[TEXT]) or [])
    found = message.get_dense_features(TEXT)[which]
    if found is None or found.features.shape not in ((words, width), (1, width)):
        return np.zeros((words, width), dtype=np.float32)
    return np.broadcast_to(found.features, (words, width))


def _of_length(weight: float, rows: Any) -> Any:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows * (weight / np.where(lengths > 0, lengths, 1))).astype(np.float32)
