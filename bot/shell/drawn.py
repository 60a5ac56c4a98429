"""What a terminal shows of a conversation: text, for people. What others wrote must not move its cursor."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
MARGIN = 6


def message(frame: Mapping[str, Any]) -> Iterator[str]:
    """A reply, line by line: words, products, where they are from, and buttons with the number that presses them."""
    yield from said(str(frame.get("name") or frame["from"]), frame["text"])
    for card in frame["cards"]:
        yield _beside(" · ".join(str(part) for part in (card["title"], card.get("price")) if part))
    for source in frame["sources"]:
        yield _beside(f"↳ {source.get('title') or 'A page'}: {_plain(source['url'])}")


def buttons(offered: Iterable[Mapping[str, str]]) -> Iterator[str]:
    titles = [f"[{number}] {button['title']}" for number, button in enumerate(offered, 1)]
    if titles:
        yield _beside("   ".join(titles))


def said(who: str, text: str) -> Iterator[str]:
    """The words with their speaker before the first line."""
    first, *rest = clean(text).split("\n")
    yield f"{clean(who)[:20]:<{MARGIN - 1}} {first}"
    yield from (_beside(line) for line in rest)


def owner(frame: Mapping[str, Any]) -> str:
    """Who has the conversation now."""
    match frame["owner"]:
        case "staff":
            return f"{clean(frame.get('name') or 'A member of staff')} has this chat now; the bot is silent."
        case "bot":
            return "The bot has this chat now."
        case _:
            wait = frame.get("wait_s")
            return "A person is asked for" + (f", and likely here in {wait} s." if wait else ".")


def reasons(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, words in rows:
        yield _beside(f"{name:<11}{clean(words)}")


def clean(text: str) -> str:
    return CONTROLS.sub("", text)


def _beside(text: str) -> str:
    return " " * MARGIN + clean(text)


def _plain(url: str) -> str:
    """Without the text fragment, which is for browsers."""
    return urlsplit(url)._replace(fragment="").geturl() if ":~:" in url else url
