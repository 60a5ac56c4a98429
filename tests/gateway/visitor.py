"""A visitor's browser as the tests play it: says hello, sends frames, reads what comes."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from aiohttp import ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestClient

Frame = dict[str, Any]
PATIENCE_S = 30


class Visitor:
    def __init__(self, client: TestClient[Any, Any], *, site: str = "demo") -> None:
        self._client, self._site = client, site
        self.token: str | None = None
        self.last_seq = 0
        self.socket: ClientWebSocketResponse | None = None
        self.frames: list[Frame] = []

    async def connect(self, *, origin: str | None = None, **hello: Any) -> Frame:
        """Opens a socket and says hello; the welcome, or the close code under "closed"."""
        headers = {"Origin": origin} if origin else {}
        self.socket = await self._client.ws_connect("/v1/chat", headers=headers)
        first = {"type": "hello", "site": self._site, "token": self.token, "last_seq": self.last_seq}
        await self.socket.send_json(first | {"page": {"url": "https://shop.example/", "title": "Start"}} | hello)
        frame = await self.next()
        if frame["type"] == "welcome":
            self.token = frame["token"]
        return frame

    async def next(self) -> Frame:
        assert self.socket is not None
        message = await self.socket.receive(timeout=PATIENCE_S)
        if message.type is not WSMsgType.TEXT:
            return {"type": "closed", "code": self.socket.close_code}
        frame: Frame = message.json()
        self.frames.append(frame)
        if frame["type"] == "message":
            self.last_seq = max(self.last_seq, frame["seq"])
        return frame

    async def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """The first frame that is wanted; whatever comes before it is read and kept in `frames`."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = await self.next()
                if wanted(frame):
                    return frame
                assert frame["type"] != "closed", f"closed with {frame['code']}"

    async def send(self, type: str, **fields: Any) -> str:
        assert self.socket is not None
        id = fields.pop("id", None) or str(uuid4())
        await self.socket.send_json({"type": type, "id": id} | fields)
        return id

    async def say(self, text: str, **fields: Any) -> Frame:
        """Says `text`; the ack, or the error."""
        id = await self.send("message", text=text, **fields)
        return await self.until(lambda frame: frame.get("id") == id and frame["type"] in ("ack", "error"))

    async def ask(self, text: str) -> Frame:
        """Says `text` and waits for the bot's answer to it."""
        ack = await self.say(text)
        assert ack["type"] == "ack", ack
        return await self.until(lambda f: f["type"] == "message" and f.get("reply_to") == ack["seq"])

    async def leave(self) -> None:
        assert self.socket is not None
        await self.socket.close()
