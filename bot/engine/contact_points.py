"""Order numbers, e-mail addresses and telephone numbers in a message, by how they are written.

In a recipe: `- name: bot.engine.contact_points.ContactPoints` with `for_intents`. Digits of any script count. All that
is learned is whether the examples have one of those intents: elsewhere a number after "order" is no order's.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.telephones import telephones_in

_EMAIL = re.compile(
    r"(?<![\w.%+@-])(?<!\w')\w[\w%+'&-]*(?:\.[\w%+'&-]+)*@"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}(?![\w@-])"
)
_ORDER = re.compile(
    r"(?:\b(?:order|bestellung|auftrag|bestell-?nummer|auftrags-?nummer|nr|no)\b|#|№)[\s.:#№-]{0,4}"
    r"(?:(?:number|nummer|is|ist|nr|no)\b[\s.:#№-]{0,4}){0,2}(?P<value>[\w/-]{0,20}\d[\w/-]{0,20})",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\W*(?P<value>\d{3,20})\W*")
"""A message that is a number and nothing else: people answer so when they are asked for their order."""
WANTED = "wanted.json"
"""Tells whether a model was taught one of the intents. Always there: of an empty folder Rasa keeps nothing."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ContactPoints(EntityExtractorMixin, GraphComponent):
    @staticmethod
    def required_packages() -> list[str]:
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"for_intents": []}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ContactPoints:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ContactPoints:
        with model_storage.read_from(resource) as folder:
            return cls(
                config, model_storage, resource, wanted=bool(json.loads((folder / WANTED).read_text(encoding="utf-8")))
            )

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, wanted: bool = False
    ) -> None:
        self._intents = frozenset(config["for_intents"])
        self._model_storage, self._resource, self._wanted = model_storage, resource, wanted

    def train(self, training_data: TrainingData) -> Resource:
        self._wanted = bool(self._intents & training_data.intents)
        with self._model_storage.write_to(self._resource) as folder:
            (folder / WANTED).write_text(json.dumps(self._wanted), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages if self._wanted else ():
            found = self.add_extractor_name(found_in(message.get(TEXT) or ""))
            if found:
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def found_in(text: str) -> list[dict[str, Any]]:
    """The entities in their order; none lies in another: an order's number is no telephone's."""
    # Digit for digit, so that places in the text stay what they are.
    plain = "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)
    found: list[dict[str, Any]] = []
    for match in _EMAIL.finditer(plain):
        _add(found, "email", match.start(), match.end(), match.group())
    for match in _ORDER.finditer(plain):
        value = match["value"].rstrip("-/_")
        _add(found, "order_number", match.start("value"), match.start("value") + len(value), value)
    if (only := _ONLY.fullmatch(plain)) is not None:
        _add(found, "order_number", *only.span("value"), only["value"])
    for start, end, number in telephones_in(plain):
        _add(found, "phone", start, end, number)
    return sorted(found, key=lambda one: one["start"])


def _add(found: list[dict[str, Any]], entity: str, start: int, end: int, value: str) -> None:
    if start < end and all(end <= one["start"] or start >= one["end"] for one in found):
        found.append({"entity": entity, "start": start, "end": end, "value": value})
