"""A visitor's browser that never gives up, with a book of its own about what it was promised.

It sends what was not acknowledged again, under the same id, after every reconnect: as the widget does.
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple
from uuid import uuid4

import aiohttp
import pytest

Frame = dict[str, Any]
RETRY_S = 0.1
PATIENCE_S = 60.0


class Entry(NamedTuple):
    """A line of the book. It is only ever added to."""

    what: Literal["sent", "acked", "refused"]
    id: str
    seq: int | None = None


@dataclass
class Book:
    """What a visitor was promised and shown. `shown` are the messages that arrived, by seq."""

    ledger: list[Entry] = field(default_factory=list)
    shown: dict[int, Frame] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    """Where the gateway told one thing and later another."""

    def acks(self) -> dict[str, int]:
        """Each acknowledged id and its seq, in the order in which they were acknowledged first."""
        told: dict[str, int] = {}
        for entry in self.ledger:
            if entry.what == "acked" and entry.seq is not None:
                told.setdefault(entry.id, entry.seq)
        return told

    def ack(self, id: str, seq: int | None) -> None:
        if (before := self.acks().get(id)) not in (None, seq):
            self.contradictions.append(f"{id} was acked as {before} and as {seq}")
        self.ledger.append(Entry("acked", id, seq))

    def show(self, message: Frame) -> None:
        before = self.shown.setdefault(message["seq"], message)
        if (before["from"], before["text"]) != (message["from"], message["text"]):
            self.contradictions.append(f"seq {message['seq']} was {before['text']!r}, then {message['text']!r}")

    def answer_to(self, seq: int) -> Frame | None:
        return next((one for one in self.shown.values() if one.get("reply_to") == seq), None)


@dataclass(frozen=True)
class Said:
    id: str
    text: str


class Talker:
    """One conversation, kept up over however many connections."""

    def __init__(self, session: aiohttp.ClientSession, gateway_url: str, *, name: str = "", site: str = "demo") -> None:
        self._session, self._url, self._site = session, f"{gateway_url}/v1/chat", site
        self.name = name
        self.book = Book()
        self.token: str | None = None
        self.conversation = ""
        self.welcomes = 0
        self.close_codes: list[int] = []
        """How the gateway ended connections; those that broke have none."""
        self.frames: list[Frame] = []
        self._waiting: dict[str, Said] = {}
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._ready = False
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._live())

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def say(self, text: str) -> str:
        """Says it, at once or as soon as there is a connection; its id."""
        said = Said(str(uuid4()), text)
        self._waiting[said.id] = said
        self.book.ledger.append(Entry("sent", said.id))
        await self._send(said)
        return said.id

    def cut(self) -> None:
        """Tears the connection, without a word to the other side."""
        connection = self._socket._response.connection if self._socket is not None else None
        if connection is not None and connection.transport is not None:
            connection.transport.abort()
            self._ready, self._socket = False, None

    async def until(self, look: Callable[[], bool], *, what: str, within_s: float = PATIENCE_S) -> None:
        """Returns as soon as a frame has made `look` true; fails the test with `what` when none does in time."""
        try:
            async with asyncio.timeout(within_s):
                while not look():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            pytest.fail(f"{self.name} not within {within_s:g} s: {what}. Last: {self.frames[-5:]}")

    async def welcomed(self) -> None:
        await self.until(lambda: self._ready, what="welcomed")

    async def acked(self, id: str, *, within_s: float = PATIENCE_S) -> int:
        """The seq of the acknowledgement."""
        await self.until(lambda: self.seq_of(id) is not None, what=f"ack of {id}", within_s=within_s)
        seq = self.seq_of(id)
        assert seq is not None
        return seq

    async def answered(self, seq: int, *, within_s: float = PATIENCE_S) -> Frame:
        await self.until(lambda: self.book.answer_to(seq) is not None, what=f"answer to {seq}", within_s=within_s)
        answer = self.book.answer_to(seq)
        assert answer is not None
        return answer

    async def all_answered(self, *, within_s: float = PATIENCE_S) -> None:
        await self.until(lambda: not self._waiting, what=f"acks of {len(self._waiting)}", within_s=within_s)
        for seq in self.book.acks().values():
            await self.answered(seq, within_s=within_s)

    @property
    def unacked(self) -> int:
        return len(self._waiting)

    def seq_of(self, id: str) -> int | None:
        return self.book.acks().get(id)

    async def _live(self) -> None:
        while True:
            with suppress(aiohttp.ClientError, OSError, TimeoutError):
                async with self._session.ws_connect(self._url) as socket:
                    self._socket = socket
                    await socket.send_json(self._hello())
                    async for message in socket:
                        if message.type is aiohttp.WSMsgType.TEXT:
                            await self._take(message.json())
                    if socket.close_code not in (None, aiohttp.WSCloseCode.ABNORMAL_CLOSURE):
                        self.close_codes.append(socket.close_code)
            self._ready, self._socket = False, None
            await asyncio.sleep(RETRY_S * random.uniform(0.5, 1.5))

    def _hello(self) -> Frame:
        last_seq = 0
        while last_seq + 1 in self.book.shown:
            last_seq += 1
        return {"type": "hello", "site": self._site, "token": self.token, "last_seq": last_seq}

    async def _take(self, frame: Frame) -> None:
        self.frames.append(frame)
        match frame["type"]:
            case "welcome":
                await self._welcome(frame)
            case "ack":
                self._ack(frame["id"], frame["seq"])
            case "message":
                self.book.show(frame)
            case "error" if frame["id"] in self._waiting:
                self.book.ledger.append(Entry("refused", frame["id"]))
                asyncio.get_running_loop().call_later(RETRY_S, self._again, frame["id"])
        self._news.set()

    async def _welcome(self, frame: Frame) -> None:
        if self.conversation not in ("", frame["conversation"]):
            self.book.contradictions.append(f"conversation {self.conversation} became {frame['conversation']}")
        self.token, self.conversation = frame["token"], frame["conversation"]
        for one in frame["missed"]:
            self.book.show(one)
        self.welcomes += 1
        self._ready = True
        for said in list(self._waiting.values()):
            await self._send(said)

    def _ack(self, id: str, seq: int | None) -> None:
        self.book.ack(id, seq)
        self._waiting.pop(id, None)

    def _again(self, id: str) -> None:
        if (said := self._waiting.get(id)) is not None:
            self._sending = asyncio.ensure_future(self._send(said))

    async def _send(self, said: Said) -> None:
        if self._ready and self._socket is not None:
            # What is lost on the way is sent again after the next welcome.
            with suppress(ConnectionError, aiohttp.ClientError):
                await self._socket.send_json({"type": "message", "id": said.id, "text": said.text})
