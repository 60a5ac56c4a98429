"""Stands where the gateway would, for what the real one cannot be made to say; and cuts the line to the real one."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Page, Route, WebSocketRoute

CHAT = re.compile(r"/v1/chat$")
DOORS = re.compile(r"/v1/")
PAGE = 100
"""Messages of a history frame."""
BROKEN = 1011
"""The close code of a server that failed."""


def message(seq: int, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "seq": seq, "from": "bot", "text": text, "at": "2026-05-04T10:00:00Z"} | more


@dataclass
class ScriptedServer:
    """Welcomes with these messages, and acknowledges what is said."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    acknowledges: bool = True
    socket: WebSocketRoute | None = None

    async def stand_in(self, page: Page) -> None:
        await page.route_web_socket(CHAT, self._meet)

    def say(self, frame: dict[str, Any]) -> None:
        assert self.socket is not None
        self.socket.send(json.dumps(frame))

    def _meet(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        socket.on_message(lambda text: self._hear(json.loads(text)))

    def _hear(self, frame: dict[str, Any]) -> None:
        self.heard.append(frame)
        if frame["type"] == "hello":
            self.say(self._welcome(frame["last_seq"]))
        elif frame["type"] == "history":
            self.say({"type": "history"} | self._earlier(frame["before"]))
        elif "id" in frame and self.acknowledges:
            self.say({"type": "ack", "id": frame["id"], "seq": len(self.messages) + 1})

    async def heard_of(self, type: str) -> dict[str, Any] | None:
        return next((frame for frame in self.heard if frame["type"] == type), None)

    def _welcome(self, last_seq: int) -> dict[str, Any]:
        missed = [one for one in self.messages if one["seq"] > last_seq]
        consent = {"measure": False, "memory": False, "version": "1"}
        told = {"token": "t", "visitor": None, "conversation": "c", "owner": "bot", "more": False, "consent": consent}
        return told | {"type": "welcome", "seq": len(self.messages), "missed": missed, "settings": {}}

    def _earlier(self, before: int) -> dict[str, Any]:
        older = [one for one in self.messages if one["seq"] < before]
        return {"messages": older[-PAGE:], "more": len(older) > PAGE}


@dataclass
class Line:
    """The way to the gateway: everything on it fails while it is `broken`."""

    broken: bool = True
    failed: int = 0

    async def lead(self, page: Page) -> None:
        await page.route_web_socket(CHAT, self._socket)
        await page.route(DOORS, self._call)

    async def _socket(self, socket: WebSocketRoute) -> None:
        if not self.broken:
            socket.connect_to_server()
            return
        self.failed += 1
        await socket.close(code=BROKEN)

    async def _call(self, route: Route) -> None:
        if not self.broken:
            await route.continue_()
            return
        self.failed += 1
        await route.fulfill(status=500, body="")
