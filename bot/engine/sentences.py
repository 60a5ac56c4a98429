"""What a message means as a whole: MiniLM's vector, beside the counts of its words and letters.

In a recipe: `- name: bot.engine.sentences.SentenceFeaturizer`. English only. It gives one vector a message and none
for each word, so it serves classifiers of intents; a component that labels words needs another one beside it.
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
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine import minilm

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
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing that could be wrong."""

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._model = minilm.model_of(_weights(Path(config["folder"])))
        self._tokens = minilm.tokenizer(config["most_tokens"])

    def process(self, messages: list[Message]) -> list[Message]:
        said = [message for message in messages if message.get(TEXT)]
        for message, vector in zip(said, self._vectors([message.get(TEXT) for message in said]), strict=True):
            features = Features(vector[None], FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS])
            message.add_features(features)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def _vectors(self, texts: list[str]) -> Any:
        """A row of length 1 for each text."""
        tokens = [encoding.ids for encoding in self._tokens.encode_batch(texts)]
        vectors = np.zeros((len(texts), minilm.WIDTH), dtype=np.float32)
        # A batch is as slow as its longest text.
        order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))
        for start in range(0, len(order), AT_ONCE):
            batch = order[start : start + AT_ONCE]
            ids = [tokens[at] for at in batch]
            read = self._model.forward_batch(ids, token_type_ids=[[0] * len(each) for each in ids])
            states = np.asarray(read.last_hidden_state)
            for row, at in enumerate(batch):
                vector = states[row, : len(tokens[at])].mean(axis=0)
                vectors[at] = vector / np.linalg.norm(vector)
        return vectors


def _weights(folder: Path) -> Path:
    try:
        return minilm.prepared(folder)
    except OSError:
        # A project that nobody may write to: quantised at each start then, in a second.
        return minilm.prepared(Path(tempfile.mkdtemp(prefix="minilm-")))
