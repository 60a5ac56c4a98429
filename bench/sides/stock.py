"""Rasa as it comes: `rasa run` with its REST channel and SQLite tracker store, and `python -m rasa_sdk`."""

import json
import os
import secrets
import shutil
import sys
import time
from pathlib import Path

import aiohttp

from bot.children import Child, free_port
from bot.engine.training import engine_python, plain_environment
from bot.project import ROOT
from sides.processes import Processes
from sides.visit import Answered, NotAnswered, Side, Visit


class StockVisit(Visit):
    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url, self._sender = session, url, secrets.token_hex(8)

    async def ask(self, text: str) -> Answered:
        began = time.perf_counter()
        async with self._session.post(self._url, json={"sender": self._sender, "message": text}) as reply:
            said = await reply.json()
        if not said:
            raise NotAnswered(text)
        return Answered(said[0]["text"], time.perf_counter() - began)

    async def leave(self) -> None:
        pass


class Stock(Side):
    name = "stock Rasa"

    def __init__(self, session: aiohttp.ClientSession, folder: Path, model: Path, home: Path) -> None:
        self.processes = Processes("rasa")
        self._session, self._folder, self._model, self._home = session, folder, model, home
        self._url = ""

    async def launch(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._home, self._folder / "home")
        # The model's components, and their quantised weights, which the other side finds there too.
        for name in ("bot", ".rasa"):
            (self._folder / name).symlink_to(ROOT / name)
        port, actions = free_port(), free_port()
        self._url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        tracker_store = {"type": "SQL", "dialect": "sqlite", "db": str(self._folder / "tracker.db")}
        endpoints = {"action_endpoint": {"url": f"http://127.0.0.1:{actions}/webhook"}, "tracker_store": tracker_store}
        (self._folder / "endpoints.yml").write_text(json.dumps(endpoints))
        (self._folder / "credentials.yml").write_text('{"rest": {}}')
        rasa = [str(engine_python(ROOT)), "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port)]
        rasa += ["-m", str(self._model), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
        sdk = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions)]
        own = {"DUOLOGUE_HOME": str(self._folder / "home"), "SANIC_HOST": "127.0.0.1"}
        self.processes.children = [
            Child(rasa, environment=plain_environment(), log=self._folder / "rasa.log", folder=self._folder),
            Child(sdk, environment=os.environ | own, log=self._folder / "actions.log", folder=self._folder),
        ]
        for child in self.processes.children:
            await child.start()

    async def visit(self) -> StockVisit:
        return StockVisit(self._session, self._url)
