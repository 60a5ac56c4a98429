"""MTRAG: conversations of people over pages of three domains, with the passages that answer each turn."""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pages.sites import DATA, Asked, Page

DOMAINS = ("cloud", "clapnq", "fiqa")


@dataclass(frozen=True)
class Query:
    """A visitor's last turn; `said` is what came before, (visitor or bot, words), oldest first."""

    id: str
    domain: str
    rewrite: str
    last: str
    said: tuple[tuple[str, str], ...]
    gold: frozenset[str]

    def asked(self, *, with_answers: bool = True) -> Asked:
        return Asked(self.id, self.last, tuple(one for one in self.said if with_answers or one[0] == "visitor"))

    def rewritten(self) -> Asked:
        return Asked(self.id, self.rewrite)


@dataclass(frozen=True)
class Labelled:
    """A visitor's turn with what people said of it: ANSWERABLE, PARTIAL, UNANSWERABLE, CONVERSATIONAL."""

    domain: str
    answerability: str
    asked: Asked


@dataclass(frozen=True)
class Given:
    """A passage of the pool. Its id ends in where it begins and ends in its document."""

    id: str
    title: str
    text: str
    document: str
    start: int
    end: int

    def page(self) -> Page:
        return Page(self.id, self.text, self.title)


def queries() -> list[Query]:
    said = _said_before()
    with (DATA / "mtrag" / "retrieval_queries.jsonl").open() as lines:
        return [_query(json.loads(line), said) for line in lines]


def _query(given: dict[str, Any], said: dict[tuple[str, ...], tuple[tuple[str, str], ...]]) -> Query:
    turns = tuple(map(_one_line, given["questions"].removeprefix("|user|:").split("\n|user|:")))
    rewrite = given["rewrite"].removeprefix("|user|:").strip()
    return Query(given["query_id"], given["domain"], rewrite, turns[-1], said[turns], frozenset(given["gold"]))


@cache
def _conversations() -> list[dict[str, Any]]:
    with gzip.open(DATA / "mtrag" / "conversations.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def _said_before() -> dict[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """What was said before a turn, by the visitor's turns up to it."""
    found = {}
    for one in _conversations():
        turns: list[str] = []
        said: list[tuple[str, str]] = []
        for message in one["messages"]:
            text = _one_line(message["text"])
            if message["speaker"] == "user":
                turns.append(text)
                found[tuple(turns)] = tuple(said)
            said.append(("visitor" if message["speaker"] == "user" else "bot", text))
    return found


def labelled() -> list[Labelled]:
    """Every visitor's turn, with its history."""
    found = []
    for one in _conversations():
        said: list[tuple[str, str]] = []
        for number, message in enumerate(one["messages"]):
            text = _one_line(message["text"])
            if message["speaker"] == "user":
                asked = Asked(f"{one['conversation_no']}.{number}", text, tuple(said))
                found.append(Labelled(one["domain"], message["answerability"], asked))
            said.append(("visitor" if message["speaker"] == "user" else "bot", text))
    return found


def passages(domain: str) -> list[Given]:
    with gzip.open(DATA / "mtrag" / f"passages_{domain}.jsonl.gz", "rt") as lines:
        return [_given(json.loads(line)) for line in lines]


def _given(one: dict[str, str]) -> Given:
    document, start, end = re.fullmatch(r"(.+?)[-_](\d+)-(\d+)(?:-\d+-\d+)?", one["id"]).groups()  # type: ignore[union-attr]
    return Given(one["id"], one.get("title", ""), one["text"], document, int(start), int(end))


def documents(given: Sequence[Given]) -> dict[str, list[Given]]:
    """The passages of each document in its order."""
    found: dict[str, list[Given]] = defaultdict(list)
    for one in sorted(given, key=lambda one: (one.document, one.start, one.end)):
        found[one.document].append(one)
    return found


def as_page(document: str, parts: Sequence[Given]) -> Page:
    """The document as one page; what two passages share is said once."""
    text, end = "", -1
    for part in parts:
        own = part.text.removeprefix(part.title).removeprefix("\n")
        text += "\n\n" + (own[max(0, end - part.start) :] if part.start < end else own)
        end = max(end, part.end)
    return Page(document, text, parts[0].title)


def _one_line(text: str) -> str:
    return " ".join(text.split())
