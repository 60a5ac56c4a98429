"""A visitor's browser behind a proxy that blocks WebSockets: it posts frames and asks what happened since."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from aiohttp.test_utils import TestClient

from bot.gateway.rooms import ROOMS

Frame = dict[str, Any]
PATIENCE_S = 30


class Poller:
    """`says_mark` is off for a browser that only knows `after` and `wait`."""

    def __init__(self, client: TestClient[Any, Any], *, site: str = "demo", says_mark: bool = True) -> None:
        self._client, self._site, self._says_mark = client, site, says_mark
        self.token: str | None = None
        self.mark: str | None = None
        self.last_seq = 0
        self.frames: list[Frame] = []
        self.status = 0

    async def hello(self, **hello: Any) -> Frame:
        """Says hello; the welcome, or the refusal."""
        first = {"type": "hello", "site": self._site, "token": self.token, "last_seq": self.last_seq}
        told = await self.post(first | {"page": {"url": "https://shop.example/", "title": "Start"}} | hello)
        if self.status != 200:
            return told
        welcome: Frame = told["frames"][0]
        self.token, self.mark = welcome["token"], told["next"]
        return welcome

    async def post(self, frame: Frame | bytes | str, **headers: str) -> Frame:
        """What a frame is answered with, whole."""
        body = {"data": frame} if isinstance(frame, bytes | str) else {"json": frame}
        async with self._client.post("/v1/chat", headers=self._headers() | headers, **body) as answer:
            self.status = answer.status
            told: Frame = await answer.json()
            self.frames += told.get("frames", [])
            return told

    async def send(self, type: str, **fields: Any) -> list[Frame]:
        frames: list[Frame] = (await self.post({"type": type, "id": str(uuid4())} | fields))["frames"]
        return frames

    async def say(self, text: str, **fields: Any) -> Frame:
        """Says `text`; the ack, or the error."""
        id = fields.pop("id", None) or str(uuid4())
        frames = await self.send("message", id=id, text=text, **fields)
        return next(frame for frame in frames if frame.get("id") == id and frame["type"] in ("ack", "error"))

    async def poll(self, *, wait: int | str = 25, **query: Any) -> list[Frame]:
        """What happened since the last poll; the browser then has it."""
        told = await self.ask_for(wait=wait, **query)
        assert self.status == 200, told
        self.mark = told["next"]
        for frame in told["frames"]:
            if frame["type"] == "message":
                self.last_seq = max(self.last_seq, frame["seq"])
        self.frames += told["frames"]
        frames: list[Frame] = told["frames"]
        return frames

    async def ask_for(self, **query: Any) -> Frame:
        """A poll's answer, whole; nothing of it is kept."""
        asked = {"after": self.last_seq} | ({"from": self.mark} if self._says_mark and self.mark else {}) | query
        async with self._client.get("/v1/chat", params=asked, headers=self._headers()) as answer:
            self.status = answer.status
            told: Frame = await answer.json()
            return told

    async def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """The first frame that is wanted, of all that polls bring."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for frame in await self.poll():
                    if wanted(frame):
                        return frame

    async def ask(self, text: str) -> Frame:
        """Says `text` and polls for the bot's answer to it."""
        ack = await self.say(text)
        assert ack["type"] == "ack", ack
        return await self.until(lambda frame: frame["type"] == "message" and frame.get("reply_to") == ack["seq"])

    def _headers(self) -> dict[str, str]:
        return {} if self.token is None else {"Authorization": f"Bearer {self.token}"}


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110 - there is nothing that would tell us
            await asyncio.sleep(0.005)


def readers(client: TestClient[Any, Any]) -> int:
    """How many polls wait now."""
    waiting: int = client.app[ROOMS].mailboxes.waiting
    return waiting


def kinds(frames: list[Frame]) -> list[tuple[str, Any]]:
    told = [frame for frame in frames if frame["type"] not in ("typing", "seen")]
    return [(frame["type"], frame.get("seq", frame.get("owner"))) for frame in told]
