"""What a message means as a whole: MiniLM's vector, beside the counts of its words and letters.

In a recipe, after a tokenizer: `- name: bot.engine.sentences.SentenceFeaturizer`. English, and languages that
`glossaries` has words of (glossary.py). It gives a vector for the message and one for each of its words; in training
the latter only when entities are to be learned from them.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS, TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine import minilm
from bot.engine.glossary import digest, glossaries

AT_ONCE = 8
"""Texts in one call of the model: more of them would only wait in the cache's way."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    @staticmethod
    def required_packages() -> list[str]:
        return ["ctranslate2", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            **DenseFeaturizer.get_default_config(),
            # Where the quantised weights are kept (24 MB); beside what Rasa keeps between two trainings.
            "folder": ".rasa/minilm",
            # The rest of a long message is not read: it would cost everybody's time.
            "most_tokens": 64,
            # Of other languages: their words in English, a file for each. There need not be any.
            "glossaries": "data/glossary",
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        return cls(config, execution_context.node_name)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Rasa keeps the vectors of one training for the next, unless this is another."""
        return digest(Path(config["glossaries"]))

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing that could be wrong."""

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._model = minilm.model_of(_weights(Path(config["folder"])))
        self._tokens = minilm.tokenizer(config["most_tokens"])
        self._glossaries = glossaries(Path(config["glossaries"]))

    def process(self, messages: list[Message]) -> list[Message]:
        self._read(messages, with_words=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self._read(training_data.training_examples, with_words=bool(training_data.entity_examples))
        return training_data

    def _read(self, messages: list[Message], *, with_words: bool) -> None:
        kinds = (FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE) if with_words else (FEATURE_TYPE_SENTENCE,)
        said = [each for message in messages if message.get(TEXT) for each in self._said(message, kinds)]
        tokens = self._tokens.encode_batch([text for _, text, _ in said])
        # A batch is as slow as its longest text.
        order = sorted(range(len(said)), key=lambda at: len(tokens[at].ids))
        for start in range(0, len(order), AT_ONCE):
            batch = order[start : start + AT_ONCE]
            ids = [tokens[at].ids for at in batch]
            read = self._model.forward_batch(ids, token_type_ids=[[0] * len(each) for each in ids])
            for at, row in zip(batch, np.asarray(read.last_hidden_state), strict=True):
                states = row[: len(tokens[at].ids)]
                message, _, wanted = said[at]
                if FEATURE_TYPE_SENTENCE in wanted:
                    vector = states.mean(axis=0, keepdims=True)
                    self._give(message, FEATURE_TYPE_SENTENCE, vector / np.linalg.norm(vector))
                words = message.get(TOKENS_NAMES[TEXT]) if FEATURE_TYPE_SEQUENCE in wanted else None
                if words:
                    self._give(message, FEATURE_TYPE_SEQUENCE, of_words(states, tokens[at].offsets, words))

    def _said(self, message: Message, kinds: tuple[str, ...]) -> list[tuple[Message, str, tuple[str, ...]]]:
        """What is to be read for which vectors: the words of another language are elsewhere in its English."""
        text = message.get(TEXT)
        english = next((found for each in self._glossaries if (found := each.in_english(text)) is not None), None)
        if english is None:
            return [(message, text, kinds)]
        return [(message, english, kinds[:1]), *([(message, text, kinds[1:])] if kinds[1:] else [])]

    def _give(self, message: Message, kind: str, rows: Any) -> None:
        message.add_features(Features(rows, kind, TEXT, self._config[FEATURIZER_CLASS_ALIAS]))


def of_words(states: Any, offsets: list[tuple[int, int]], words: list[Any]) -> Any:
    """A row for each word: the mean of its pieces' states, zeros for one that was cut off."""
    pieces = np.array(offsets)
    begins = np.array([[word.start] for word in words])
    ends = np.array([[word.end] for word in words])
    # What stands for no text, as the first piece does, is from 0 to 0.
    is_of = (pieces[:, 0] < ends) & (pieces[:, 1] > begins)
    rows = is_of.astype(np.float32) @ states
    return rows / np.maximum(1, is_of.sum(axis=1, keepdims=True)).astype(np.float32)


def _weights(folder: Path) -> Path:
    try:
        return minilm.prepared(folder)
    except OSError:
        # A project that nobody may write to: quantised at each start then, in a second.
        return minilm.prepared(Path(tempfile.mkdtemp(prefix="minilm-")))
