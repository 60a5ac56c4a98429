"""A conversation as it is written down: Rasa's test stories, and beside each visitor's line what has to come back.

Rasa takes no keys of ours in a step, so that what has to come back stands in a comment of its own below the line, `#> `
and then names and values: Rasa reads over it, and we read it as a step. README.md says what can be expected.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent
EXPECTED = re.compile(r"^( *)#> (.+)$", re.MULTILINE)
ENTITY = re.compile(r"\[(?P<text>[^\]]+)\](?:\((?P<kind>[^)]+)\)|(?P<more>\{[^}]+\}))")
GIVEN = frozenset({"page", "language", "site", "consent", "customer", "fails"})
"""What a story's `metadata` may say of the visitor, before they say a word."""
KEYS = frozenset({"story", "metadata", "steps"})
"""What Rasa reads of a story."""


class BadScript(Exception):
    """A file says what nobody can play or judge."""


@dataclass(frozen=True)
class Line:
    """What the visitor says, how Rasa has to understand it, what has to be done, and what has to come back."""

    text: str
    intent: str
    entities: tuple[tuple[str, str], ...] = ()
    actions: tuple[str, ...] = ()
    expected: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Conversation:
    name: str
    file: str
    lines: tuple[Line, ...]
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def fails(self) -> str | None:
        """Why it is known to go wrong; None for nearly all."""
        return self.given.get("fails")


def all_conversations(folder: Path = FOLDER) -> list[Conversation]:
    """Of all files, in their order; BadScript when two have one name."""
    found = [one for file in sorted(folder.glob("test_*.yml")) for one in read(file)]
    names = [one.name for one in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadScript(f"These names are given twice: {', '.join(twice)}")
    return found


def read(file: Path) -> list[Conversation]:
    text = EXPECTED.sub(r"\1- expected: {\2}", file.read_text(encoding="utf-8"))
    stories = YAML(typ="safe", pure=True).load(text)["stories"]
    return [_conversation(file, story) for story in stories]


def _conversation(file: Path, story: dict[str, Any]) -> Conversation:
    name, given = str(story["story"]), dict(story.get("metadata") or {})
    if odd := set(story) - KEYS:
        raise BadScript(f"{file.name}, “{name}”: Rasa knows no {', '.join(sorted(odd))} in a story; metadata takes it.")
    if unknown := set(given) - GIVEN:
        raise BadScript(f"{file.name}, “{name}”: {', '.join(sorted(unknown))} can't be given; {sorted(GIVEN)} can.")
    lines = tuple(_lines(story["steps"]))
    if not lines:
        raise BadScript(f"{file.name}, “{name}”: nobody says anything.")
    for line in lines:
        if not line.expected:
            raise BadScript(f"{file.name}, “{name}”: nothing is expected after “{line.text}”.")
    return Conversation(name, file.name, lines, given)


def _lines(steps: list[dict[str, Any]]) -> Iterator[Line]:
    starts = [at for at, step in enumerate(steps) if "user" in step] + [len(steps)]
    for start, end in pairwise(starts):
        said, after = steps[start], steps[start + 1 : end]
        expected: dict[str, Any] = {}
        for step in after:
            expected |= step.get("expected") or {}
        text = str(said["user"]).strip()
        yield Line(
            text=ENTITY.sub(r"\g<text>", text),
            intent=str(said["intent"]),
            entities=tuple(_entities(text)),
            actions=tuple(step["action"] for step in after if "action" in step),
            expected=expected,
        )


def _entities(text: str) -> Iterator[tuple[str, str]]:
    for found in ENTITY.finditer(text):
        more = YAML(typ="safe", pure=True).load(found["more"]) if found["more"] else {}
        yield found["kind"] or more["entity"], str(more.get("value", found["text"]))
