"""What a browser that polls finds when it comes back: the frames that no transcript repeats, kept for a minute.

Messages are not kept here. A poll reads them from the store by seq, so losing a mailbox loses none of them.
"""

import asyncio
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.gateway.hub import Hub
from bot.interactions import ConversationId

LINGER_S = 60.0
"""Between two polls. A tab in the background may wake up only once a minute."""
FRAMES = 100
MAILBOXES = 10_000
TYPING_S = 10.0
"""After that nobody types any more, as far as we know."""
BOOKMARKS = 32


@dataclass(frozen=True)
class Kept:
    """A frame, its number in the mailbox, and the seq of the last message that was pushed before it."""

    number: int
    at: float
    seq: int
    frame: dict[str, Any]


class Mailbox:
    """Of one conversation, for all its tabs. Each tab says how far it has read, so each sees everything."""

    def __init__(self, conversation: ConversationId, seq: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.conversation: ConversationId | None = conversation
        self.readers = 0
        self.closed: tuple[int, str] | None = None
        self.bell = asyncio.Event()
        self._name = secrets.token_urlsafe(6)
        self._clock, self._seq = clock, seq
        self._kept: deque[Kept] = deque(maxlen=FRAMES)
        self._last = 0
        self._visited = False
        self._bookmarks: deque[tuple[int, float]] = deque(maxlen=BOOKMARKS)

    def push(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "message":
            self._seq = max(self._seq, frame["seq"])
        else:
            self._last += 1
            self._kept.append(Kept(self._last, self._clock(), self._seq, frame))
        self.ring()

    async def close(self, code: int, why: str) -> None:
        self.closed = (code, why)
        self._kept.clear()
        self.ring()

    def ring(self) -> None:
        """Wakes every poll that waits. Each bell rings once: who waits takes it before looking, and misses nothing."""
        self.bell.set()
        self.bell = asyncio.Event()

    def mark(self, place: int) -> str:
        """The word by which a browser says that it has read up to this place."""
        return f"{self._name}.{place}"

    @property
    def end(self) -> int:
        return self._last

    def begin(self, mark: str | None) -> int | None:
        """Where a browser goes on reading; None when what it has not read is not all here.

        One that says no mark goes on where the first of its kind left off: tabs that wait together leave together.
        """
        was_visited, self._visited = self._visited, True
        if mark is not None:
            return self._place_of(mark)
        fresh = [one for one in self._bookmarks if one[1] > self._clock() - LINGER_S]
        if not fresh:
            return self._last if was_visited else None
        self._bookmarks.remove(min(fresh))
        return self._place_of(self.mark(min(fresh)[0]))

    def leave_bookmark(self, place: int) -> None:
        """For a browser that may come back without a mark."""
        self._visited = True
        self._bookmarks.append((place, self._clock()))

    def after(self, place: int) -> tuple[list[Kept], int]:
        """What was kept after the place, and the place after all of it."""
        still = self._clock() - TYPING_S
        new = [one for one in self._kept if one.number > place]
        return [one for one in new if one.frame["type"] != "typing" or one.at > still], self._last

    def _place_of(self, mark: str) -> int | None:
        name, _, number = mark.rpartition(".")
        if name != self._name or not (number.isascii() and number.isdigit() and len(number) < 10):
            return None
        oldest = self._kept[0].number if self._kept else self._last + 1
        return int(number) if oldest - 1 <= int(number) <= self._last else None


class Mailboxes:
    def __init__(self, hub: Hub, *, linger_s: float = LINGER_S) -> None:
        self.closing = False
        self.linger_s = linger_s
        self._hub = hub
        self._boxes: OrderedDict[ConversationId, tuple[Mailbox, asyncio.TimerHandle | None]] = OrderedDict()

    @contextmanager
    def open(self, conversation: ConversationId, *, seq: int) -> Iterator[Mailbox]:
        """The conversation's mailbox; it stays for a while after its last reader. `seq` is its latest message."""
        box, drop = self._boxes.pop(conversation, (None, None))
        if drop is not None:
            drop.cancel()
        box = box or self._new(conversation, seq)
        self._boxes[conversation] = (box, None)
        box.readers += 1
        try:
            yield box
        finally:
            box.readers -= 1
            if not box.readers:
                drop = asyncio.get_running_loop().call_later(self.linger_s, self._drop, conversation)
                self._boxes[conversation] = (box, drop)

    def close(self) -> None:
        """Sends every waiting poll home, with nothing: its browser comes back to the next start."""
        self.closing = True
        for box, _ in self._boxes.values():
            box.ring()

    @property
    def waiting(self) -> int:
        """How many polls wait now."""
        return sum(box.readers for box, _ in self._boxes.values())

    def __len__(self) -> int:
        return len(self._boxes)

    def _new(self, conversation: ConversationId, seq: int) -> Mailbox:
        if len(self._boxes) >= MAILBOXES:
            idle = next((one for one, (box, _) in self._boxes.items() if not box.readers), None)
            if idle is not None:
                self._drop(idle)
        box = Mailbox(conversation, seq)
        self._hub.join(conversation, box)
        return box

    def _drop(self, conversation: ConversationId) -> None:
        box, drop = self._boxes.pop(conversation)
        if drop is not None:
            drop.cancel()
        self._hub.leave(box)
