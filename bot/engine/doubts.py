"""What is doubtful in the examples that a bot is taught by: intents that read alike, and intents with too few of them.

Told by meaning alone, each example against all others: where one is nearer to an example of another intent than to any
of its own, a visitor's words are likely to be taken for the wrong one as well. Says nothing of a model; it needs none.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml  # type: ignore[import-untyped]

from bot.engine import minilm
from bot.engine.glossary import glossaries
from bot.engine.training import GLOSSARIES
from bot.errors import ConfigurationError

FEWEST = 10
NEAR, NEARER_BY = 0.7, 0.05
"""The least cosine that counts as alike, and how much nearer the other intent has to be than the example's own."""
SHOWN = 20
AT_ONCE = 16
_MARKED = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_SAME = re.compile(r"[^\w']+")


@dataclass(frozen=True)
class Example:
    text: str
    intent: str


@dataclass(frozen=True)
class Doubt:
    """`text` is taught as `intent` but reads like `other`, whose nearest example is `like`."""

    text: str
    intent: str
    other: str
    like: str
    nearness: float

    def __str__(self) -> str:
        return f"“{self.text}” is taught as {self.intent} but reads like {self.other} (“{self.like}”)"


@dataclass(frozen=True)
class Doubts:
    """`few` are intents with their number of examples, `twice` texts with the intents that they are taught as."""

    examples: int
    intents: int
    few: dict[str, int]
    twice: dict[str, list[str]]
    alike: list[Doubt]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def in_words(self) -> Iterator[str]:
        yield f"{self.examples} examples of {self.intents} intents."
        for intent, number in self.few.items():
            yield f"{intent} has {number} examples; give it at least {FEWEST}."
        for text, intents in self.twice.items():
            yield f"“{text}” is taught as {' and '.join(intents)}; leave it in one."
        yield from (f"{doubt}." for doubt in self.alike[:SHOWN])
        if (more := len(self.alike) - SHOWN) > 0:
            yield f"… and {more} more that read like another intent: `--output json` has them all."


def doubts_of(project: Path) -> Doubts:
    """What is doubtful in `data/nlu`; some ten seconds of one core for 5,000 examples."""
    examples = list(examples_in(project))
    return weigh(examples, _vectors([one.text for one in examples], project) if examples else np.zeros((0, 1)))


def examples_in(project: Path) -> Iterator[Example]:
    """ConfigurationError when a file is no YAML."""
    for file in sorted((project / "data" / "nlu").rglob("*.y*ml")):
        try:
            blocks = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("nlu") or []
        except (yaml.YAMLError, AttributeError) as error:
            raise ConfigurationError(f"{file} can not be read as YAML; see data/nlu for how it should look.") from error
        for block in blocks:
            for line in str(block.get("examples") or "").splitlines() if "intent" in block else ():
                if text := _MARKED.sub(r"\1", line.strip().removeprefix("-")).strip():
                    yield Example(text, str(block["intent"]))


def weigh(examples: Sequence[Example], vectors: Any) -> Doubts:
    """`vectors` has a row of length 1 for each example."""
    counts = Counter(one.intent for one in examples)
    taught: dict[str, set[str]] = defaultdict(set)
    for one in examples:
        taught[_plain(one.text)].add(one.intent)
    twice = {text: sorted(intents) for text, intents in taught.items() if len(intents) > 1 and text}
    alike = [one for one in _alike(examples, vectors) if _plain(one.text) not in twice]
    return Doubts(
        examples=len(examples),
        intents=len(counts),
        few={intent: number for intent, number in sorted(counts.items()) if number < FEWEST},
        twice=dict(sorted(twice.items())),
        alike=sorted(alike, key=lambda one: -one.nearness),
    )


def _alike(examples: Sequence[Example], vectors: Any) -> Iterator[Doubt]:
    intents = np.array([one.intent for one in examples])
    for at, one in enumerate(examples):
        near = vectors @ vectors[at]
        near[at] = -1
        own = intents == one.intent
        best = int(np.argmax(np.where(own, -1, near)))
        if not own.all() and near[best] >= max(NEAR, NEARER_BY + near[own].max()):
            yield Doubt(one.text, one.intent, str(intents[best]), examples[best].text, round(float(near[best]), 3))


def _vectors(texts: Sequence[str], project: Path) -> Any:
    model = minilm.model_of(minilm.prepared(project / ".rasa" / "minilm"))
    lists = glossaries(project / GLOSSARIES)
    meant = [next((found for each in lists if (found := each.in_english(text))), text) for text in texts]
    tokens = [encoding.ids for encoding in minilm.tokenizer(64).encode_batch(meant)]
    vectors = np.zeros((len(texts), minilm.WIDTH), dtype=np.float32)
    # A batch is as slow as its longest text.
    order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))
    for start in range(0, len(order), AT_ONCE):
        batch = order[start : start + AT_ONCE]
        ids = [tokens[at] for at in batch]
        read = model.forward_batch(ids, token_type_ids=[[0] * len(each) for each in ids])
        for at, states in zip(batch, np.asarray(read.last_hidden_state), strict=True):
            vector = states[: len(tokens[at])].mean(axis=0)
            vectors[at] = vector / np.linalg.norm(vector)
    return vectors


def _plain(text: str) -> str:
    return _SAME.sub(" ", text.casefold()).strip()
