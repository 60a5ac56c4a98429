"""Somebody else holds the database's lock. The gateway says so, keeps breathing, and loses nothing."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp

from tests.faults.conftest import NewTalker, everything_runs
from tests.faults.promises import broken_promises
from tests.running import Duologue, until

LOCKED_FOR_S = 7.0
"""Longer than the five seconds that a writer waits for its turn."""
HEALTHY_WITHIN_S = 1.0
HOLDS_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


@asynccontextmanager
async def _locked(duologue: Duologue) -> AsyncIterator[None]:
    """Another process has the lock meanwhile."""
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDS_THE_LOCK, str(duologue.home / "store.db"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert await holder.stdout.readline() == b"locked\n"
        yield
    finally:
        holder.kill()
        await holder.wait()


class Pulse:
    """Asks for /healthz over and over; `slowest_s` is the longest that it took."""

    def __init__(self, duologue: Duologue) -> None:
        self._duologue = duologue
        self.slowest_s, self.beats = 0.0, 0

    async def beat(self) -> None:
        while True:
            began = time.monotonic()
            with suppress(aiohttp.ClientError, TimeoutError):
                await self._duologue.get("/healthz")
                self.beats += 1
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            # So often, and no oftener: it is a pulse, not a load.
            await asyncio.sleep(0.05)


async def test_a_locked_database_is_told_and_survived(duologue: Duologue, new_talker: NewTalker) -> None:
    await everything_runs(duologue)
    talkers = [new_talker(f"visitor {number}") for number in range(5)]
    await asyncio.gather(*(one.welcomed() for one in talkers))
    pulse = Pulse(duologue)
    beating = asyncio.ensure_future(pulse.beat())

    async with _locked(duologue):
        since = time.monotonic()
        for number in range(20):
            await talkers[number % 5].say(f"Do you ship to Norway? ({number})")

        async def is_told() -> bool:
            status, body = await duologue.get("/readyz", within_s=20)
            return status == 503 and '"store": "down"' in body and time.monotonic() - since > LOCKED_FOR_S

        await until(is_told, within_s=40, what="/readyz says that the store is down")
        refused = [entry for one in talkers for entry in one.book.ledger if entry.what == "refused"]
        acked = [id for one in talkers for id in one.book.acks()]
    await everything_runs(duologue)
    await asyncio.gather(*(one.all_answered() for one in talkers))
    beating.cancel()

    assert acked == [], "nothing is acknowledged that is not on disk"
    assert refused, "visitors are told that it could not be stored"
    assert pulse.beats > LOCKED_FOR_S and pulse.slowest_s < HEALTHY_WITHIN_S, pulse.slowest_s
    assert await broken_promises(duologue, *talkers) == []


async def test_an_event_is_not_accepted_while_it_can_not_be_stored(duologue: Duologue) -> None:
    await everything_runs(duologue)
    page = f"{duologue.shop_url}/index.html"
    event = {"id": "0b0e9b4e-94b1-4b52-8f6e-5a4a4ad40c01", "type": "page_view", "url": page}
    body = {"site": "demo", "visitor": None, "consent": {"measure": True}, "events": [event]}

    async with _locked(duologue):
        locked, told = await duologue.post("/v1/events", body, within_s=20)
    after, accepted = await duologue.post("/v1/events", body, within_s=20)
    again, twice = await duologue.post("/v1/events", body, within_s=20)

    assert (locked, after, again) == (503, 200, 200), told
    assert '"accepted"' in accepted and '"duplicate"' in twice


async def test_the_lock_is_a_real_one(duologue: Duologue) -> None:
    async with _locked(duologue):
        other = sqlite3.connect(duologue.home / "store.db", timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            refused = ""
        except sqlite3.OperationalError as error:
            refused = str(error)
        other.close()

    assert refused == "database is locked"
