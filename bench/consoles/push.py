"""How long a visitor's message takes to a screen of the staff: fifty consoles, two hundred live conversations.

And how long it takes to switch to another conversation meanwhile: its page, as the console's script fetches it.

The gateway runs in a process of its own, on SQLite, with an engine that answers at once: so the bot's answers are
pushed too, and nothing but the gateway is measured. From the visitor's send to the console's frame, on loopback.
"""

import asyncio
import json
import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import aiohttp

sys.path[:0] = [str(Path(__file__).parents[2])]

CONSOLES, CONVERSATIONS, PER_SECOND = 50, 200, 10.0
SWITCHES_PER_SECOND = 5.0
LISTS = 10
"""Consoles with the list open; the others look at a conversation each, two of them at the same one."""
SAID, SAID_QUICK = 600, 200
PATIENCE_S = 60.0
TICKET = re.compile(r'data-ticket="([^"]+)"')


@dataclass
class Took:
    """In milliseconds: of messages to the screens of their conversation and to the lists, and of switching."""

    pushed: list[float]
    switched: list[float]


@dataclass
class Arrivals:
    """When each message was sent, and how long it took to each screen that shows its conversation."""

    sent: dict[str, float] = field(default_factory=dict)
    took_ms: list[float] = field(default_factory=list)
    expected: int = 0
    awaited: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def all_have_come(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while len(self.took_ms) < self.expected:
                self.came.clear()
                await self.came.wait()


async def serve(folder: Path) -> None:
    """The gateway's process: says where it is and the sign-ins' secrets, and ends with its input."""
    from aiohttp import web

    from bot.gateway.app import gateway_app
    from bot.gateway.engine_address import EngineWhereabouts
    from bot.gateway.house import House, now
    from bot.pages.answering.librarian import Librarian
    from bot.settings import Settings
    from bot.store.migrate import upgrade
    from bot.store.sites import add_site
    from bot.store.staff import add_member, sign_in
    from bot.store.store import Store
    from bot.understanding.listener import Listener
    from tests.cast import ORIGIN, SHOP
    from tests.fake_engine import FakeEngine

    settings = Settings(home=folder)
    store, listener = Store(settings.store_url), Listener()
    await store.write(upgrade)
    await store.write(add_site, SHOP, name="Demo", origins=(ORIGIN,), at=now())
    members = [await store.write(add_member, f"Member {number}", "agent", at=now()) for number in range(CONSOLES)]
    secrets = [await store.write(sign_in, member, at=now()) for member in members]
    house, librarian = House(settings, store), Librarian(store, settings)
    whereabouts = EngineWhereabouts(folder / "run")
    app = gateway_app(
        house, engine=FakeEngine(), whereabouts=whereabouts, librarian=librarian, listener=listener
    )  # fmt: skip
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}", "secrets": secrets}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()
    listener.close()
    await librarian.close()
    await store.close()


class Visitor:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket, self.conversation = socket, ""

    async def greet(self) -> None:
        await self.socket.send_json({"type": "hello", "site": "demo", "token": None, "last_seq": 0})
        self.conversation = str((await self.socket.receive_json(timeout=PATIENCE_S))["conversation"])

    async def say(self, text: str) -> None:
        await self.socket.send_json({"type": "message", "id": str(uuid4()), "text": text})


async def look(session: aiohttp.ClientSession, url: str, secret: str, path: str) -> aiohttp.ClientWebSocketResponse:
    """Opens the page and its socket, as a browser does."""
    headers = {"Cookie": f"duologue={secret}", "Origin": url}
    async with session.get(url + path, headers=headers) as page:
        found = TICKET.search(await page.text())
        assert found is not None
    socket = await session.ws_connect(f"{url}/console/live", headers=headers)
    await socket.send_json({"ticket": found.group(1), "look": path})
    assert (await socket.receive_json(timeout=PATIENCE_S))["type"] == "welcome"
    return socket


async def keep_up(
    session: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse, url: str, secret: str
) -> None:
    """A list, to which rows are pushed; one that is told that it is old fetches itself a moment later."""
    chance = random.Random(secret)
    async for frame in socket:
        if frame.json()["type"] == "list":
            await asyncio.sleep(0.2 + chance.random() * 1.5)
            async with session.get(f"{url}/console", headers={"Cookie": f"duologue={secret}"}) as page:
                await page.read()


async def switch(
    session: aiohttp.ClientSession, url: str, secret: str, visitors: list[Visitor], took_ms: list[float]
) -> None:
    """A member who goes from one conversation to the next, as long as the others write."""
    chance = random.Random(5)
    while True:
        path = f"/console/conversations/{chance.choice(visitors).conversation}"
        began = time.perf_counter()
        async with session.get(url + path, headers={"Cookie": f"duologue={secret}"}) as page:
            assert page.status == 200
            await page.read()
        took_ms.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(chance.expovariate(SWITCHES_PER_SECOND))


async def listen(socket: aiohttp.ClientWebSocketResponse, conversation: str, arrivals: Arrivals) -> None:
    shown: set[str] = set()
    async for frame in socket:
        at = time.perf_counter()
        for word in arrivals.awaited[conversation]:
            if word not in shown and word in frame.data:
                shown.add(word)
                arrivals.took_ms.append((at - arrivals.sent[word]) * 1000)
                arrivals.came.set()


async def measure(url: str, secrets: list[str], *, messages: int) -> Took:
    chance, arrivals, switched = random.Random(7), Arrivals(), list[float]()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        visitors: list[Visitor] = []
        for _ in range(CONVERSATIONS):
            visitors.append(Visitor(await session.ws_connect(f"{url}/v1/chat")))
            await visitors[-1].greet()
            await visitors[-1].say("Hello")
        listeners = [asyncio.create_task(_read_on(visitor.socket)) for visitor in visitors]
        looked_at = visitors[: (CONSOLES - LISTS) // 2]
        for number, secret in enumerate(secrets):
            seen = looked_at[number % len(looked_at)].conversation if number >= LISTS else ""
            socket = await look(session, url, secret, f"/console/conversations/{seen}" if seen else "/console")
            at = listen(socket, seen, arrivals) if seen else keep_up(session, socket, url, secret)
            listeners.append(asyncio.create_task(at))
        listeners.append(asyncio.create_task(switch(session, url, secrets[0], visitors, switched)))
        for number in range(messages):
            # Every second message is of a conversation that somebody looks at.
            visitor = chance.choice(looked_at if number % 2 else visitors)
            word = f"word{number:05}x"
            arrivals.sent[word] = time.perf_counter()
            arrivals.awaited[visitor.conversation].append(word)
            arrivals.expected += 2 if visitor in looked_at else 0
            await visitor.say(f"Where is it? {word}")
            await asyncio.sleep(chance.expovariate(PER_SECOND))
        await arrivals.all_have_come()
        for one in listeners:
            one.cancel()
    return Took(arrivals.took_ms, switched)


async def _read_on(socket: aiohttp.ClientWebSocketResponse) -> None:
    async for _ in socket:
        pass


async def push_ms(*, quick: bool) -> Took:
    """Milliseconds of every message to every screen that shows it, and of switching meanwhile."""
    with tempfile.TemporaryDirectory(prefix="duologue-bench-") as folder:
        process = await asyncio.create_subprocess_exec(
            sys.executable, __file__, folder, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdin is not None and process.stdout is not None
        try:
            told = json.loads(await process.stdout.readline())
            return await measure(told["url"], told["secrets"], messages=SAID_QUICK if quick else SAID)
        finally:
            process.stdin.close()
            await process.wait()


def p95(took: list[float]) -> float:
    return quantiles(took, n=20)[-1]


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
