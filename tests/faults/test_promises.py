"""The measure itself: each way to break a promise is noticed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.promises import broken_by
from tests.faults.talker import Book, Entry

Transcript = list[dict[str, Any]]


def _kept() -> tuple[Book, Transcript]:
    """Two messages, each acknowledged, stored and answered, and shown as they are stored."""
    stored: Transcript = [
        {"seq": 1, "from": "visitor", "id": "a", "text": "hello"},
        {"seq": 2, "from": "bot", "text": "Hello!", "reply_to": 1},
        {"seq": 3, "from": "visitor", "id": "b", "text": "thanks"},
        {"seq": 4, "from": "bot", "text": "My pleasure!", "reply_to": 3},
    ]
    book = Book([Entry("sent", "a"), Entry("acked", "a", 1), Entry("sent", "b"), Entry("acked", "b", 3)])
    for message in stored:
        book.show(dict(message))
    return book, stored


def test_a_conversation_that_keeps_all_promises_breaks_none() -> None:
    assert broken_by(*_kept()) == []


BROKEN: dict[str, Callable[[Book, Transcript], object]] = {
    "lost": lambda book, stored: stored.pop(2),
    "doubled": lambda book, stored: stored.append({"seq": 5, "from": "visitor", "id": "a", "text": "hello"}),
    "never sent": lambda book, stored: stored.append({"seq": 5, "from": "visitor", "id": "c", "text": "hello"}),
    "not acknowledged": lambda book, stored: book.ledger.pop(),
    "out of order": lambda book, stored: book.ledger.reverse(),
    "kept under another seq": lambda book, stored: stored[2].update(seq=4) or stored[3].update(seq=3),
    "not answered": lambda book, stored: stored.pop(),
    "answered twice": lambda book, stored: stored.append(stored[3] | {"seq": 5}),
    "acknowledged anew as another": lambda book, stored: book.ack("b", 5),
    "shown otherwise": lambda book, stored: book.show(stored[3] | {"text": "No!"}),
    "not shown": lambda book, stored: book.shown.pop(4),
}


@pytest.mark.parametrize("way", BROKEN)
def test_each_way_to_break_a_promise_is_noticed(way: str) -> None:
    book, stored = _kept()

    BROKEN[way](book, stored)

    assert broken_by(book, stored) != []
