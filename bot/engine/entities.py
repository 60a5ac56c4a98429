"""What a message names, learned from the entities that are marked in its examples.

In a recipe, after a tokenizer and best after bot.engine.sentences.SentenceFeaturizer:
`- name: bot.engine.entities.EntityTagger`. Without a marked entity in the examples nothing is learned or loaded, and a
message costs nothing.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine import chain
from bot.engine.tagger import Tagger, teach


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityTagger(EntityExtractorMixin, GraphComponent):
    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["scipy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # How far the examples are trusted, and what a word's vector and its sentence's weigh beside a look
            # (docs/decisions/0019-entities-by-a-chain.md).
            "strength": 3.0,
            "word_weight": 3.0,
            "sentence_weight": 2.0,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityTagger:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EntityTagger:
        with model_storage.read_from(resource) as folder:
            told = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
            if not told["labels"]:
                return cls(config, model_storage, resource)
            with np.load(folder / "tagger.npz", allow_pickle=False) as arrays:
                kept = dict(arrays.items())
        matrices = [kept[f"matrix_{number}"] for number in range(3)]
        learned = chain.Chain(matrices, kept["bias"], kept["follows"])
        return cls(config, model_storage, resource, Tagger(told["labels"], told["looks"], learned, config))

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, tagger: Tagger | None = None
    ) -> None:
        self.component_config = config
        self._storage = model_storage
        self._resource = resource
        self._tagger = tagger

    def train(self, training_data: TrainingData) -> Resource:
        if training_data.entity_examples:
            self.check_correct_entity_annotations(training_data)
            self._tagger = teach(training_data.nlu_examples, self.name, self.component_config)
        told: dict[str, Any] = {"labels": [], "looks": []}
        with self._storage.write_to(self._resource) as folder:
            if self._tagger is not None:
                learned = self._tagger.chain
                told = {"labels": self._tagger.labels, "looks": list(self._tagger.columns)}
                matrices = {f"matrix_{number}": each for number, each in enumerate(learned.matrices)}
                np.savez(folder / "tagger.npz", bias=learned.bias, follows=learned.follows, **matrices)
            (folder / "tagger.json").write_text(json.dumps(told), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        if self._tagger is not None:
            for message in messages:
                found = self.add_extractor_name(self._tagger.entities(message))
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
