"""One real engine for a whole test run, with actions hosted in this process and a desk that the test holds.

Other folders' tests get it by `from tests.engine_fixture import engine, running_engine  # noqa: F401`.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from bot import desk
from bot.engine.address import EngineAddress
from bot.engine.client import EngineClient, TurnCall, TurnResult
from bot.engine.process import READY_LIMIT_S, EngineProcess, train_if_changed
from bot.interactions import TurnId
from tests.fake_desk import FakeDesk

PROJECT = Path(__file__).parents[1]
MODELS = PROJECT / "models"
ACTION_LIMIT_S = 1.5
"""Instead of 20 s, so that the test of it does not take so long."""
LOOKS = 5
"""Rounds of the loop in which a watch that was held up has its say."""
JOURNAL = "action_validate_slot_mappings"


class ActionsHost:
    """Hosts actions/ for the engine. `ran` lists the actions called; `broken` answer 500 instead."""

    def __init__(self) -> None:
        self.secret = secrets.token_urlsafe(16)
        self.port = 0
        self.ran: list[str] = []
        self.metadata: list[dict[str, Any]] = []
        self.broken: set[str] = set()
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def start(self) -> web.AppRunner:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/webhook", self._webhook)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        return runner

    async def _webhook(self, request: web.Request) -> web.Response:
        if request.headers.get("X-Duologue-Secret") != self.secret:
            return web.json_response({"error": "who are you?"}, status=401)
        call = json.loads(await request.read())
        call.setdefault("domain", {})
        self.ran.append(call["next_action"])
        self.metadata.append((call["tracker"]["latest_message"] or {}).get("metadata") or {})
        if call["next_action"] in self.broken:
            return web.json_response({"error": "broken"}, status=500)
        try:
            result = await self._executor.run(call)
        except ActionExecutionRejection as error:
            return web.json_response({"error": error.message, "action_name": error.action_name}, status=400)
        except ActionNotFoundException as error:
            return web.json_response({"error": str(error), "action_name": error.action_name}, status=404)
        return web.json_response(result.model_dump() if result else None)


@dataclass
class Engine:
    """What a test needs of the engine: say something to it, or knock at its door with anything at all."""

    process: EngineProcess
    host: ActionsHost
    desk: FakeDesk
    session: aiohttp.ClientSession
    client: EngineClient
    turns: int = 0
    changes: list[EngineAddress] = field(default_factory=list)

    async def say(self, text: str, **more: Any) -> TurnResult:
        """One turn with an id of its own."""
        return await self.client.take_turn(TurnCall(turn=more.pop("turn", self.next_turn()), text=text, **more))

    def next_turn(self) -> TurnId:
        self.turns += 1
        return TurnId(f"turn-{self.turns}")

    async def knock(self, body: Any = None, **more: Any) -> tuple[int, dict[str, Any]]:
        """Status and answer of a raw call; `body` is sent as it is when it is bytes."""
        headers = {"X-Duologue-Secret": self.process.address.secret, "Content-Type": "application/json"}
        headers |= more.pop("headers", {})
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = f"{self.process.address.url}/webhooks/duologue/turn"
        async with self.session.post(url, data=data, headers=headers) as reply:
            return reply.status, await reply.json()

    async def status(self) -> dict[str, Any]:
        url = f"{self.process.address.url}/webhooks/duologue/status"
        async with self.session.get(url, headers={"X-Duologue-Secret": self.process.address.secret}) as reply:
            return dict(await reply.json())


def a_call(**changes: Any) -> dict[str, Any]:
    """A correct body, with `changes`."""
    body = {"turn": "raw", "text": "hello", "mode": "answer", "trusted": False, "state": None}
    return body | {"page": None, "facts": {}, "language": None} | changes


@pytest.fixture(scope="session")
async def running_engine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    host = ActionsHost()
    runner = await host.start()
    changes: list[EngineAddress] = []
    model = await train_if_changed(PROJECT, MODELS, on_line=print)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DUOLOGUE_ENGINE_ACTION_LIMIT_S", str(ACTION_LIMIT_S))
        environment.setenv("DUOLOGUE_DATABASE_URL", "sqlite:///none-of-the-engine's-business")
        process = EngineProcess(
            project=PROJECT,
            model=model,
            run_dir=tmp_path_factory.mktemp("engine"),
            actions_port=host.port,
            actions_secret=host.secret,
            on_change=changes.append,
        )
        await process.start()
    async with aiohttp.ClientSession() as session:
        client = EngineClient(session, lambda: process.address)
        yield Engine(process, host, FakeDesk(), session, client, changes=changes)
    await process.stop()
    await runner.cleanup()


@pytest.fixture
async def engine(running_engine: Engine) -> Engine:
    """The running engine, with a fresh desk.

    It is watched by the tests' own loop. A test without one holds that up, and may hold it up so long that the watch
    hears nothing of a sound engine and starts it again: that is waited for.
    """
    for _ in range(LOOKS):
        await asyncio.sleep(0)
    async with asyncio.timeout(READY_LIMIT_S):
        while running_engine.process.address.state != "ready":  # noqa: ASYNC110 - it tells its own listener alone
            await asyncio.sleep(0.1)
    running_engine.desk = FakeDesk()
    running_engine.host.ran.clear()
    running_engine.host.metadata.clear()
    running_engine.host.broken.clear()
    desk.fill(running_engine.desk)
    return running_engine
