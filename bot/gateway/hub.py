"""Who is connected to which conversation, and pushing frames to them without waiting for anyone."""

import asyncio
import contextlib
import json
import time
from abc import ABC, abstractmethod
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from aiohttp import web

from bot.interactions import ConversationId

WAITING_FRAMES = 500
"""A socket that reads so slowly is closed; it resumes by seq and has lost nothing."""

LEFT = 10_000
"""Of so many conversations it is kept when their last browser left."""


class Window(Protocol):
    """Whoever is told what happens in a conversation."""

    conversation: ConversationId | None

    def push(self, frame: dict[str, Any]) -> None: ...
    async def close(self, code: int, why: str) -> None: ...


class Way(ABC):
    """One browser's way out, from its hello on."""

    def __init__(self) -> None:
        self._held: list[dict[str, Any]] | None = []
        self.conversation: ConversationId | None = None

    @abstractmethod
    def send(self, frame: dict[str, Any]) -> None: ...

    @abstractmethod
    async def close(self, code: int, why: str) -> None: ...

    def push(self, frame: dict[str, Any]) -> None:
        """For everybody of the conversation; held back until this browser was welcomed."""
        if self._held is not None:
            self._held.append(frame)
        else:
            self.send(frame)

    def welcome(self, frame: dict[str, Any], *, last_seq: int) -> None:
        """Sends the welcome, then what was pushed while it was being made and is not in it (above `last_seq`)."""
        self.send(frame)
        held, self._held = self._held or [], None
        for one in held:
            if one["type"] != "message" or one["seq"] > last_seq:
                self.send(one)


class Line(Way):
    """One socket's way out: frames go in order, and a slow reader holds up nobody."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        super().__init__()
        self._socket = socket
        self._frames: asyncio.Queue[str | tuple[int, bytes]] = asyncio.Queue(WAITING_FRAMES)
        self._task = asyncio.create_task(self._send())

    def send(self, frame: dict[str, Any]) -> None:
        self._put(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))

    def end(self, code: int, why: str) -> None:
        """As `close`, and waits for nobody: who does not read any more may take half a minute."""
        self._put((code, why.encode()))

    async def close(self, code: int, why: str) -> None:
        """Closes the socket once all that was sent before has left."""
        self.end(code, why)
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    def drop(self) -> None:
        self._task.cancel()

    def _put(self, frame: str | tuple[int, bytes]) -> None:
        try:
            self._frames.put_nowait(frame)
        except asyncio.QueueFull:
            self._task.cancel()

    async def _send(self) -> None:
        code, why = 1013, b"too slow; resume by seq"
        try:
            while isinstance(frame := await self._frames.get(), str):
                await self._socket.send_str(frame)
            code, why = frame
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            with contextlib.suppress(Exception):
                await self._socket.close(code=code, message=why)


class Hub:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._windows: defaultdict[ConversationId, set[Window]] = defaultdict(set)
        self._clock, self._began = clock, clock()
        self._left: OrderedDict[ConversationId, float] = OrderedDict()

    def join(self, conversation: ConversationId, window: Window) -> None:
        self._windows[conversation].add(window)
        window.conversation = conversation

    def leave(self, window: Window) -> None:
        if window.conversation is None:
            return
        windows = self._windows[window.conversation]
        windows.discard(window)
        if not windows:
            del self._windows[window.conversation]
            self._left.pop(window.conversation, None)
            self._left[window.conversation] = self._clock()
            if len(self._left) > LEFT:
                self._left.popitem(last=False)

    def away_for(self, conversation: ConversationId) -> timedelta:
        """How long nobody has been connected to it; since we began, for who was not here since then.

        After a restart everybody comes back within seconds, and until then is not taken for somebody who left.
        """
        if self._windows.get(conversation):
            return timedelta(0)
        return timedelta(seconds=self._clock() - self._left.get(conversation, self._began))

    def push(self, conversation: ConversationId, frame: dict[str, Any]) -> None:
        for window in self._windows.get(conversation, ()):
            window.push(frame)

    async def close(self, conversation: ConversationId, code: int, why: str) -> None:
        """Ends every window of a conversation, after what was sent before."""
        await asyncio.gather(*(window.close(code, why) for window in list(self._windows.get(conversation, ()))))
