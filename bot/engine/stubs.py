"""Stand-ins for what Rasa imports at start though no component of ours needs it.

TensorFlow and JAX are over half of the cold start and of the memory; the clients of the channels, brokers and stores
that are not ours are a third of the rest. A stand-in has every attribute, can be subclassed and used as a decorator,
and refuses to do any work.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import json
import sys
import tarfile
from collections.abc import Sequence, Set
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from bot.engine import packages

NOT_LOADED = frozenset(
    ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "jax", "jaxlib")
)
# Channels, and the tokens that theirs come with.
_CHANNELS = "aiogram fbmessenger google.auth google.oauth2 jwt mattermostwrapper rocketchat_API slack_sdk socketio"
# Brokers, and stores of trackers, locks and models.
_STORES = "aio_pika aiormq boto3 botocore bson confluent_kafka kafka psycopg2 pymongo redis sqlalchemy"
# Two channels more; what asks at a terminal, and what draws; distributions that only a search of parameters needs.
_OTHERS = "twilio webexteamssdk PIL matplotlib prompt_toolkit questionary scipy.stats"
OF_OTHER_DOORS = frozenset(f"{_CHANNELS} {_STORES} {_OTHERS}".split())
"""Not needed by an engine that serves our channel with our tracker store. Training needs some of them."""
_LEARNERS = "sklearn.linear_model sklearn.model_selection scipy.optimize scipy.interpolate"
OF_OTHER_COMPONENTS = frozenset(f"requests {_LEARNERS} scipy.sparse.csgraph scipy.sparse.linalg".split())
"""What components bring that a model may have or not: a fifth of the start."""
WITHOUT_THEM = (
    "bot.engine.",
    "rasa.core.",
    "rasa.graph_components.",
    "rasa.nlu.classifiers.fallback_classifier.",
    "rasa.nlu.classifiers.regex_message_handler.",
    "rasa.nlu.featurizers.sparse_featurizer.",
    "rasa.nlu.tokenizers.whitespace_tokenizer.",
)
"""Components that serve without it. Of any other it is not known, so that a model with one gets all."""
NEEDS_TENSORFLOW = (
    "rasa.nlu.classifiers.diet_classifier.",
    "rasa.nlu.selectors.response_selector.",
    "rasa.core.policies.ted_policy.",
    "rasa.core.policies.unexpected_intent_policy.",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer.",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer.",
)

NAMED_IN_CONFIG = (
    "DIETClassifier",
    "ResponseSelector",
    "TEDPolicy",
    "UnexpecTEDIntentPolicy",
    "ConveRTFeaturizer",
    "LanguageModelFeaturizer",
)


class _InertType(type):
    """A class with every attribute. Called, it gives back the function it would decorate, or itself."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Inert

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is not Inert:
            raise RuntimeError(
                "This model needs TensorFlow, or this engine a channel or store that is not ours, which the lean "
                "start leaves out; set DUOLOGUE_ENGINE_LEAN=0 and start again."
            )
        return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else Inert

    def __or__(cls, other: Any) -> Any:
        return Any

    __ror__ = __or__


class Inert(metaclass=_InertType):
    pass


class _InertModule(ModuleType):
    __path__: ClassVar[list[str]] = []
    __version__ = "0.0.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Inert


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, names: Set[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        parts = fullname.split(".")
        if self._names.isdisjoint(".".join(parts[:number]) for number in (1, 2, 3)):
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _InertModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def stand_in(*, serving: bool = True, model: Path | None = None) -> None:
    """From here on, an import of TensorFlow or JAX gives a stand-in; of other doors' clients, too, when `serving`.

    So does what no component of the `model` needs; without one all of that is there.
    """
    names = NOT_LOADED
    if serving:
        names |= OF_OTHER_DOORS
        packages.stand_in()
    if model is not None and all(one.startswith(WITHOUT_THEM) for one in components(model)):
        names |= OF_OTHER_COMPONENTS
    sys.meta_path.insert(0, _Finder(names))


@cache
def components(model: Path) -> tuple[str, ...]:
    """Of the trained model, by class."""
    with tarfile.open(model) as archive:
        name = next((name for name in archive.getnames() if name.endswith("metadata.json")), None)
        content = archive.extractfile(name) if name else None
        metadata = json.load(content) if content else {}
    nodes = metadata.get("predict_schema", {}).get("nodes", {}).values()
    return tuple(sorted({str(node.get("uses", "")) for node in nodes}))


def needs_tensorflow(model: Path) -> list[str]:
    """The components of the trained model that can not do without TensorFlow."""
    return [one for one in components(model) if one.startswith(NEEDS_TENSORFLOW)]


def config_needs_tensorflow(config: Path) -> bool:
    """Whether a recipe names a component that trains with TensorFlow."""
    text = config.read_text(encoding="utf-8") if config.is_file() else ""
    lines = [line.partition("#")[0] for line in text.splitlines()]
    return any(name in line for line in lines for name in NAMED_IN_CONFIG)
