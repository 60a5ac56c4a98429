"""Who is connected to which conversation, and pushing frames to them without waiting for anyone."""

import asyncio
import contextlib
import json
from collections import defaultdict
from typing import Any

from aiohttp import web

from bot.interactions import ConversationId

WAITING_FRAMES = 500
"""A socket that reads so slowly is closed; it resumes by seq and has lost nothing."""


class Line:
    """One socket's way out: frames go in order, and a slow reader holds up nobody."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._frames: asyncio.Queue[str] = asyncio.Queue(WAITING_FRAMES)
        self._held: list[dict[str, Any]] | None = []
        self._task = asyncio.create_task(self._send())
        self.conversation: ConversationId | None = None

    def push(self, frame: dict[str, Any]) -> None:
        """For everybody of the conversation; held back until this socket was welcomed."""
        if self._held is not None:
            self._held.append(frame)
        else:
            self.send(frame)

    def send(self, frame: dict[str, Any]) -> None:
        try:
            self._frames.put_nowait(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))
        except asyncio.QueueFull:
            self._task.cancel()

    def welcome(self, frame: dict[str, Any]) -> None:
        """Sends the welcome, then what was pushed while it was being made and is not in it."""
        self.send(frame)
        held, self._held = self._held or [], None
        seq = frame["seq"]
        for one in held:
            if one["type"] != "message" or one["seq"] > seq:
                self.send(one)

    async def _send(self) -> None:
        try:
            while True:
                await self._socket.send_str(await self._frames.get())
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            with contextlib.suppress(Exception):
                await self._socket.close(code=1013, message=b"too slow; resume by seq")

    async def drain(self, seconds: float = 1.0) -> None:
        """Gives what is queued a moment to leave."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self._frames.empty() and not self._task.done():
                    await asyncio.sleep(0.005)

    def hang_up(self) -> None:
        self._task.cancel()


class Hub:
    def __init__(self) -> None:
        self._lines: defaultdict[ConversationId, set[Line]] = defaultdict(set)
        self.all: set[web.WebSocketResponse] = set()

    def join(self, conversation: ConversationId, line: Line) -> None:
        self._lines[conversation].add(line)
        line.conversation = conversation

    def leave(self, line: Line) -> None:
        if line.conversation is None:
            return
        lines = self._lines[line.conversation]
        lines.discard(line)
        if not lines:
            del self._lines[line.conversation]

    def push(self, conversation: ConversationId, frame: dict[str, Any], *, but: Line | None = None) -> None:
        for line in self._lines.get(conversation, ()):
            if line is not but:
                line.push(frame)

    def count(self) -> int:
        return sum(len(lines) for lines in self._lines.values())
