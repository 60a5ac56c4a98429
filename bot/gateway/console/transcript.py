"""What was said, by day and by who spoke, with what was made of each message."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bot.interactions import as_datetime
from bot.store.conversations import Message

KINDS_OF_FILES = {
    "image/png": "PNG picture",
    "image/jpeg": "JPEG picture",
    "image/webp": "WebP picture",
    "application/pdf": "PDF document",
    "text/plain": "plain text",
}


@dataclass(frozen=True)
class Why:
    """What was made of a visitor's message: in a few words, and in rows of a name and its values."""

    summary: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Run:
    """Messages of one sender in a row; the sender is named once."""

    sender: str
    name: str | None
    lines: tuple[tuple[Message, Why | None], ...]


@dataclass(frozen=True)
class Day:
    at: int
    runs: tuple[Run, ...]


def by_day(said: Iterable[tuple[Message, dict[str, Any] | None]]) -> list[Day]:
    """The messages by day (UTC), and within a day by who spoke."""
    days = groupby(said, key=lambda pair: as_datetime(pair[0].at).date())
    return [_day(list(pairs)) for _, pairs in days]


def _day(pairs: list[tuple[Message, dict[str, Any] | None]]) -> Day:
    runs = groupby(pairs, key=lambda pair: (pair[0].sender, pair[0].name))
    return Day(
        pairs[0][0].at,
        tuple(
            Run(sender, name, tuple((one, None if made is None else why(made)) for one, made in lines))
            for (sender, name), lines in runs
        ),
    )


def why(made: dict[str, Any]) -> Why:
    """What the log says was understood, for people."""
    intent = made.get("intent")
    rows = [
        ("Intent", tuple(_sure(name, sure) for name, sure in made.get("ranking") or [])),
        ("Named", tuple(_entity(entity) for entity in made.get("entities") or [])),
        ("Sentiment", () if made.get("sentiment") is None else (_mood(made["sentiment"]),)),
        ("Learned", tuple(f"{kind}: {value}" for kind, value in made.get("facts") or [])),
        ("Actions", tuple(made.get("actions") or [])),
    ]
    summary = _sure(intent, made.get("confidence") or 0.0) if intent else "nothing for certain"
    return Why(summary, tuple((name, values) for name, values in rows if values))


def kind_and_size(file: dict[str, Any]) -> str:
    """What kind of file it is and how large, in words."""
    size = file["size"]
    large = size >= 1024 * 1024
    number, unit = (f"{size / 1024 / 1024:.1f}", "MB") if large else (-(-size // 1024), "kB")
    return f"{KINDS_OF_FILES.get(file['type'], 'file')}, {number}\N{NO-BREAK SPACE}{unit}"


def _sure(name: str, confidence: float) -> str:
    return f"{name.replace('_', ' ')} {confidence:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


def _entity(entity: dict[str, Any]) -> str:
    said = entity["text"] if entity["text"] == entity["value"] else f"{entity['text']} ({entity['value']})"
    return f"{entity['kind']}: {said}"


def _mood(sentiment: float) -> str:
    word = "neutral" if abs(sentiment) < 0.2 else "glad" if sentiment > 0 else "unhappy"
    return f"{word} ({sentiment:+.2f})"
