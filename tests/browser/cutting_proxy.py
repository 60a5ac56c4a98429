"""A line between browsers and the gateway that can be torn, go away, or let no WebSocket through."""

import asyncio
import re
import socket
import struct
from collections.abc import Coroutine
from contextlib import suppress
from enum import StrEnum
from typing import Any, NamedTuple

HEAD_BYTES = 64 * 1024
RESET = struct.pack("ii", 1, 0)
"""With this linger a socket is closed by a reset, not by a goodbye."""


class Sockets(StrEnum):
    """What the line does with a request to become a WebSocket."""

    PASS = "pass"
    REFUSE = "refuse"
    SWALLOW = "swallow"


class Call(NamedTuple):
    """A connection that a browser made to chat; `at` in seconds of the event loop's clock."""

    at: float
    agent: str
    is_socket: bool


class CuttingProxy:
    def __init__(self, port: int) -> None:
        self.sockets = Sockets.PASS
        self.is_there = True
        """When it is not, whoever calls is hung up on."""
        self.calls: list[Call] = []
        self._to = port
        self._lines: dict[asyncio.Task[None], set[asyncio.StreamWriter]] = {}
        self._chats: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0, limit=HEAD_BYTES)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @property
    def chats(self) -> int:
        """How many connections are open that began with a call to chat: WebSockets and polls."""
        return len(self._chats)

    def cut(self) -> int:
        """Resets every connection, on both sides; how many chats were among them."""
        torn = len(self._chats)
        for ends in list(self._lines.values()):
            for end in ends:
                _reset(end)
        return torn

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        assert line is not None
        self._lines[line] = {writer}
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._carry(line, reader, writer)
        finally:
            for end in self._lines.pop(line):
                _reset(end)
            self._chats.discard(line)

    async def _carry(
        self, line: asyncio.Task[None], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        wants_socket = re.search(rb"\r\nupgrade: *websocket\r\n", head, re.IGNORECASE) is not None
        is_chat = self._note(head, wants_socket)
        if not self.is_there:
            return
        if wants_socket and self.sockets is Sockets.REFUSE:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            writer.close()
            return
        if wants_socket and self.sockets is Sockets.SWALLOW:
            await reader.read()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._lines[line].add(far_writer)
        if is_chat:
            self._chats.add(line)
        far_writer.write(head)
        await _both(_pump(reader, far_writer), _pump(far_reader, writer))

    def _note(self, head: bytes, wants_socket: bool) -> bool:
        """Whether it is a call to chat."""
        if is_chat := re.match(rb"[A-Z]+ /v1/chat[ ?]", head) is not None:
            agent = re.search(rb"\r\nuser-agent: *([^\r]*)", head, re.IGNORECASE)
            at = asyncio.get_running_loop().time()
            self.calls.append(Call(at, agent[1].decode() if agent else "", wants_socket))
        return is_chat


async def _both(*pumps: Coroutine[Any, Any, None]) -> None:
    """Until one side has hung up: half a line is of no use to the other."""
    tasks = [asyncio.ensure_future(pump) for pump in pumps]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(65_536):
            writer.write(part)
            await writer.drain()


def _reset(end: asyncio.StreamWriter) -> None:
    plain = end.get_extra_info("socket")
    with suppress(OSError):
        if plain is not None and not end.is_closing():
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    end.transport.abort()
