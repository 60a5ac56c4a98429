"""Duologue as it comes: `duologue up`, with visitors over WebSocket who agreed to everything."""

import asyncio
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from bot.children import Child
from bot.settings import Settings
from bot.shop_reading import fingerprint
from sides.prepared import SHOP
from sides.processes import Processes, two_free_ports
from sides.visit import PATIENCE_S, Answered, NotAnswered, Side, Visit

PAGE = {"url": f"{SHOP}/shipping.html", "title": "Shipping"}


class DuologueVisit(Visit):
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def greet(self) -> None:
        await self._socket.send_json({"type": "hello", "site": "demo", "token": None, "last_seq": 0, "page": PAGE})
        await self._next("welcome")
        # The dearest visitor there is: every turn is learned into a profile.
        await self._send("consent", measure=True, memory=True)
        await self._next("ack")

    async def ask(self, text: str) -> Answered:
        while True:
            began = time.perf_counter()
            id = await self._send("message", text=text, page=PAGE)
            frame = await self._next("ack", "error", id=id)
            if frame["type"] == "ack":
                break
            if frame["code"] != "rate_limited":
                raise NotAnswered(frame["detail"])
            await asyncio.sleep(2)
        stored = time.perf_counter()
        answer = await self._next("message", reply_to=frame["seq"])
        return Answered(answer["text"], time.perf_counter() - began, stored - began)

    async def leave(self) -> None:
        await self._socket.close()

    async def _send(self, type: str, **fields: Any) -> str:
        id = str(uuid4())
        await self._socket.send_json({"type": type, "id": id} | fields)
        return id

    async def _next(self, *types: str, **fields: Any) -> dict[str, Any]:
        while True:
            frame: dict[str, Any] = await self._socket.receive_json(timeout=PATIENCE_S)
            if frame["type"] in types and all(frame.get(name) == value for name, value in fields.items()):
                return frame


class Duologue(Side):
    name = "Duologue"

    def __init__(self, session: aiohttp.ClientSession, folder: Path, model: Path, home: Path) -> None:
        self.processes = Processes("bot.engine.lean")
        self._session, self._folder, self._model, self._home = session, folder, model, home
        self.settings = Settings(home=folder)

    async def launch(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._home, self._folder)
        self.settings = settings = Settings(home=self._folder, port=two_free_ports())
        (self._folder / "models").mkdir(exist_ok=True)
        shutil.copy(self._model, self._folder / "models")
        (self._folder / "run").mkdir(exist_ok=True)
        # As after a first start: the shop was read, and is not read again.
        (self._folder / "run" / "shop-was-read.txt").write_text(fingerprint(settings))
        own = {"DUOLOGUE_HOME": str(self._folder), "DUOLOGUE_PORT": str(settings.port)}
        start = [sys.executable, "-m", "bot", "up"]
        self.processes.children = [
            Child(start, environment=os.environ | own, log=self._folder / "up.log", folder=self._folder)
        ]
        await self.processes.children[0].start()

    async def is_ready(self) -> bool:
        async with self._session.get(f"{self.settings.gateway_url}/readyz") as reply:
            return (await reply.json())["engine"] == "ok"

    async def visit(self) -> DuologueVisit:
        visit = DuologueVisit(await self._session.ws_connect(f"{self.settings.gateway_url}/v1/chat"))
        await visit.greet()
        return visit
