"""The sets of intents, as their authors split them."""

import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).parents[2]
DATA = Path(os.environ.get("DUOLOGUE_DATA") or PROJECT / ".." / "shared" / "data").resolve()
CLINC = DATA / "clinc150" / "data_full.json.gz"
HWU64 = DATA / "hwu64" / "hwu64_entities_10fold.jsonl.gz"
SHOTS = 10
FOLDS = tuple(range(1, 11))


@dataclass(frozen=True, order=True)
class Named:
    """A part of a text, by its characters, and of what kind it is."""

    start: int
    end: int
    kind: str

    def overlaps(self, other: "Named") -> bool:
        """Whether both are of one kind and share some of the text."""
        return self.kind == other.kind and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Said:
    text: str
    intent: str
    entities: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Task:
    """What is taught, and what is asked then. Where nothing is refused, only these two are there."""

    name: str
    taught: tuple[Said, ...]
    asked: tuple[Said, ...]
    of_no_intent: tuple[str, ...] = ()
    validation: tuple[Said, ...] = ()
    validation_of_no_intent: tuple[str, ...] = ()


def clinc() -> Task:
    """All 15,000 examples of its 150 intents, and none of its examples of no intent."""
    parts = json.loads(gzip.decompress(CLINC.read_bytes()))
    said = {part: tuple(Said(text, intent) for text, intent in pairs) for part, pairs in parts.items()}
    return Task(
        "clinc",
        said["train"],
        said["test"],
        tuple(one.text for one in said["oos_test"]),
        said["val"],
        tuple(one.text for one in said["oos_val"]),
    )


def hwu64(fold: int) -> Task:
    """What the fold teaches, and what it asks."""
    rows = [json.loads(line) for line in gzip.decompress(HWU64.read_bytes()).splitlines()]
    taught = tuple(_said(row) for row in rows if fold in row["train_folds"])
    asked = tuple(_said(row) for row in rows if fold in row["test_fold"])
    return Task(f"hwu64-{fold}", taught, asked)


def _said(row: dict[str, Any]) -> Said:
    named = [Named(one["start"], one["end"], one["entity"]) for one in row["entities"]]
    return Said(row["text"], row["intent"], tuple(sorted(named)))


def few(task: Task, seed: int) -> Task:
    """The same questions after ten examples of each intent, drawn by the seed."""
    random = np.random.Generator(np.random.PCG64(seed))
    by_intent: dict[str, list[Said]] = {}
    for one in task.taught:
        by_intent.setdefault(one.intent, []).append(one)
    drawn = tuple(
        by_intent[intent][at]
        for intent in sorted(by_intent)
        for at in random.permutation(len(by_intent[intent]))[:SHOTS]
    )
    return Task(f"{task.name}-{SHOTS}-{seed}", drawn, task.asked)
