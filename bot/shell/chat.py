"""The chat's socket as a terminal holds it: says a line, and has all that came back for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp

from bot.errors import ConfigurationError, NotReachable
from bot.interactions import ConversationId

Frame = dict[str, Any]
WELCOME_WITHIN_S = 10.0
LOST = "The chat ended{}; see whether everything runs: duologue status."


class Refused(Exception):
    """The gateway did not take the line; the text says why."""


@dataclass(frozen=True)
class Answered:
    """`seq` is the visitor's line; `replies` are the bot's, none while staff own the conversation."""

    seq: int
    replies: tuple[Frame, ...]


class Chat:
    """One conversation. `on_news` is told what comes without being asked for: staff's messages, a new owner."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, welcome: Frame, on_news: Callable[[Frame], None]
    ) -> None:
        self._socket, self._on_news = socket, on_news
        self.conversation = ConversationId(welcome["conversation"])
        self.owner: str = welcome["owner"]
        self._frames: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._reader = asyncio.create_task(self._read())

    async def say(self, text: str, page: str | None) -> Answered:
        return await self._answered("message", text=text, page={"url": page, "title": ""} if page else None)

    async def press(self, button: str) -> Answered:
        return await self._answered("press", button=button)

    async def forget(self) -> None:
        """Erases the conversation; the gateway then ends it."""
        with suppress(ConnectionError, NotReachable):
            await self._send("forget", what="all")
            while True:
                await self._next()

    async def close(self) -> None:
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        await self._socket.close()

    async def _answered(self, type: str, **fields: Any) -> Answered:
        id = await self._send(type, **fields)
        ack = await self._until(lambda frame: frame.get("id") == id and frame["type"] in ("ack", "error"))
        if ack["type"] == "error":
            raise Refused(ack["detail"])
        seq: int = ack["seq"]
        if self.owner == "staff":
            return Answered(seq, ())
        first = await self._until(lambda frame: _replies(frame, seq) or self.owner == "staff")
        if not _replies(first, seq):
            return Answered(seq, ())
        # All of a turn is stored at once: with its first reply here, the transcript has the others.
        await self._send("history", after=seq)
        told = await self._until(lambda frame: frame["type"] == "history")
        return Answered(seq, tuple(one for one in told["messages"] if _replies(one, seq)))

    async def _send(self, type: str, **fields: Any) -> str:
        id = str(uuid4())
        try:
            await self._socket.send_json({"type": type, "id": id} | fields)
        except ConnectionError as error:
            raise self._lost() from error
        return id

    async def _until(self, wanted: Callable[[Frame], bool]) -> Frame:
        while True:
            frame = await self._next()
            if wanted(frame):
                return frame

    async def _next(self) -> Frame:
        frame = await self._frames.get()
        if frame is None:
            self._frames.put_nowait(None)
            raise self._lost()
        return frame

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            frame: Frame = message.json()
            if frame["type"] == "owner":
                self.owner = frame["owner"]
            if frame["type"] == "owner" or (frame["type"] == "message" and frame["from"] == "staff"):
                self._on_news(frame)
            self._frames.put_nowait(frame)
        self._frames.put_nowait(None)

    def _lost(self) -> NotReachable:
        code = self._socket.close_code
        return NotReachable(LOST.format(f" (code {code})" if code else ""))


@asynccontextmanager
async def entered(url: str, hello: Frame, on_news: Callable[[Frame], None]) -> AsyncIterator[Chat]:
    """The chat at `url` after its welcome; NotReachable when nobody is there."""
    async with aiohttp.ClientSession() as session:
        try:
            socket = await session.ws_connect(f"{url}/v1/chat")
            await socket.send_json({"type": "hello", "token": None, "last_seq": 0} | hello)
            first = await socket.receive(timeout=WELCOME_WITHIN_S)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NotReachable(f"Duologue does not answer at {url}; start it: make up.") from error
        if socket.close_code == 4404:
            raise ConfigurationError(f'There is no site "{hello["site"]}"; `duologue site list` tells them.')
        if first.type is not aiohttp.WSMsgType.TEXT:
            raise NotReachable(LOST.format(f" (code {socket.close_code})"))
        chat = Chat(socket, first.json(), on_news)
        try:
            yield chat
        finally:
            await chat.close()


def _replies(frame: Frame, seq: int) -> bool:
    return frame["type"] == "message" and frame["from"] == "bot" and frame.get("reply_to") == seq
