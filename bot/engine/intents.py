"""The intent of a message, with a confidence that means something, also for what no intent is about.

In a recipe, after featurizers: `- name: bot.engine.intents.CalibratedIntentClassifier`, then the FallbackClassifier.
The confidences of all intents add up to the chance that the message is about any of them, so that one threshold
refuses both what is unclear and what is out of scope.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.taught import Taught, teach

log = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CalibratedIntentClassifier(IntentClassifier, GraphComponent):
    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # How far the examples are trusted, and a sentence's vector beside a list of n-grams; chosen by
            # cross-validation of training parts (docs/decisions/0015-intents-by-meaning-and-letters.md).
            "strength": 10.0,
            "dense_weight": 2.0,
            # Of the messages, how many are about nothing that the intents name.
            "out_of_scope_share": 0.1,
            "ranking_length": 10,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CalibratedIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CalibratedIntentClassifier:
        with model_storage.read_from(resource) as folder:
            told = json.loads((folder / "taught.json").read_text(encoding="utf-8"))
            with np.load(folder / "taught.npz", allow_pickle=False) as arrays:
                return cls(config, model_storage, resource, Taught.of(told, arrays) if told else None)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing that could be wrong."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        taught: Taught | None = None,
    ) -> None:
        self.component_config = config
        self._storage = model_storage
        self._resource = resource
        self._taught = taught

    def train(self, training_data: TrainingData) -> Resource:
        examples = [one for one in training_data.intent_examples if one.get(INTENT) and one.get(TEXT)]
        config = self.component_config
        self._taught = teach(
            examples,
            strength=config["strength"],
            dense_weight=config["dense_weight"],
            out_of_scope_share=config["out_of_scope_share"],
        )
        if self._taught is None:
            log.warning("There are no two intents with examples to be told apart, so no message will have one.")
        told, arrays = self._taught.parts() if self._taught else ({}, {})
        with self._storage.write_to(self._resource) as folder:
            (folder / "taught.json").write_text(json.dumps(told), encoding="utf-8")
            np.savez(folder / "taught.npz", **arrays)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        likely = self._taught.likely(messages) if self._taught else np.zeros((len(messages), 0))
        for message, row in zip(messages, likely, strict=True):
            best = np.argsort(-row, kind="stable")[: self.component_config["ranking_length"] or None]
            if not (message.get(TEXT) or "").strip():
                best = best[:0]  # nothing was said; the most frequent intent is no answer to that
            ranking = [{"name": self._taught.intents[at], "confidence": float(row[at])} for at in best]
            message.set("intent", ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after it reads what it makes of the examples."""
        return training_data
