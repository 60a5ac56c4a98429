"""Entities of a message as labels of its words, and back. A label is "" where there is nothing.

An entity of the same kind may follow directly, so a label tells whether it begins one. Role and group are part of the
label: "from" and "to" are told apart together with the city.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NOTHING = ""
BEGINS, GOES_ON = "B", "I"
_PARTS = ("entity", "role", "group")
# Single letters, each with its dot but the last.
_LETTERS = re.compile(r"(?:^|\s)(?:[^\W\d_]\.\s?)+[^\W\d_]$")


@dataclass(frozen=True)
class Word:
    text: str
    start: int
    end: int


def labels_of(words: Sequence[Word], entities: Sequence[dict[str, Any]]) -> list[str]:
    """A label for each word. Of entities that overlap the first counts; one that cuts a word takes all of it."""
    labels = [NOTHING] * len(words)
    for entity in sorted(entities, key=lambda one: (one["start"], -one["end"])):
        kind = "\t".join(str(entity.get(part) or "") for part in _PARTS)
        covered = [at for at, word in enumerate(words) if word.start < entity["end"] and word.end > entity["start"]]
        if any(labels[at] for at in covered):
            continue
        for at in covered:
            labels[at] = f"{BEGINS if at == covered[0] else GOES_ON}\t{kind}"
    return labels


def entities_of(text: str, words: Sequence[Word], labels: Sequence[str], sure: Sequence[float]) -> list[dict[str, Any]]:
    """As Rasa writes them. The confidence of an entity is that of its least sure word."""
    entities: list[dict[str, Any]] = []
    open_kind = NOTHING
    for word, label, confidence in zip(words, labels, sure, strict=True):
        begins, _, kind = label.partition("\t")
        if not kind:
            open_kind = NOTHING
        elif begins == BEGINS or kind != open_kind:
            open_kind = kind
            entities.append(_entity(kind, word, confidence))
        else:
            entities[-1]["end"] = word.end
            entities[-1]["confidence_entity"] = min(entities[-1]["confidence_entity"], confidence)
    for entity in entities:
        entity["end"] += _dot_after(text, entity["start"], entity["end"])
    return [entity | {"value": text[entity["start"] : entity["end"]]} for entity in entities]


def _dot_after(text: str, start: int, end: int) -> int:
    """1 where the last dot of "U.S." or "g. b. p." was cut off, as a tokenizer takes it for the end of a sentence."""
    return int(text[end : end + 1] == "." and _LETTERS.search(text[start:end]) is not None)


def _entity(kind: str, word: Word, confidence: float) -> dict[str, Any]:
    named = {part: name for part, name in zip(_PARTS, kind.split("\t"), strict=True) if name}
    return {**named, "start": word.start, "end": word.end, "confidence_entity": confidence}
