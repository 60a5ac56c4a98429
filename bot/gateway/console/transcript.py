"""What was said, by day and by who spoke, with why the bot answered so."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bot.gateway.console.why import Made, Why, why_answered, why_heard
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
class Run:
    """Messages of one sender in a row; the sender is named once."""

    sender: str
    name: str | None
    lines: tuple[tuple[Message, Why | None], ...]


@dataclass(frozen=True)
class Day:
    at: int
    runs: tuple[Run, ...]


def by_day(said: Iterable[tuple[Message, Made | None]]) -> list[Day]:
    """The messages by day (UTC), and within a day by who spoke."""
    pairs = list(said)
    answered = {one.reply_to for one, _ in pairs if one.sender == "bot"}
    shown = [(one, _why(one, made, answered)) for one, made in pairs]
    days = groupby(shown, key=lambda pair: as_datetime(pair[0].at).date())
    return [_day(list(pairs)) for _, pairs in days]


def _why(said: Message, made: Made | None, answered: set[int | None]) -> Why | None:
    """Below what the bot said; what was made of a message that it did not answer is below the message."""
    if said.sender == "bot":
        return why_answered(made) if said.reply_to is not None else None
    return why_heard(made) if made is not None and said.seq not in answered else None


def _day(pairs: list[tuple[Message, Why | None]]) -> Day:
    runs = groupby(pairs, key=lambda pair: (pair[0].sender, pair[0].name))
    return Day(
        pairs[0][0].at,
        tuple(Run(sender, name, tuple(lines)) for (sender, name), lines in runs),
    )


def kind_and_size(file: dict[str, Any]) -> str:
    """What kind of file it is and how large, in words."""
    size = file["size"]
    large = size >= 1024 * 1024
    number, unit = (f"{size / 1024 / 1024:.1f}", "MB") if large else (-(-size // 1024), "kB")
    return f"{KINDS_OF_FILES.get(file['type'], 'file')}, {number}\N{NO-BREAK SPACE}{unit}"
