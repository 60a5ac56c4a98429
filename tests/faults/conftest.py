"""One running Duologue for all faults, apart from the one that browsers use: it is killed again and again."""

import os
import signal
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest

from tests.faults.talker import Talker
from tests.running import Duologue, running, until

NewTalker = Callable[..., Talker]
AGAIN_WITHIN_S = 120.0


@pytest.fixture(scope="session")
async def duologue(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Duologue]:
    # So long that an answer which comes in time is an answer, and not the apology for none.
    async with running(tmp_path_factory.mktemp("faults"), {"DUOLOGUE_DEADLINE_S": "900"}) as one:
        yield one


@pytest.fixture
async def new_talker(duologue: Duologue) -> AsyncIterator[NewTalker]:
    talkers: list[Talker] = []
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        def new(name: str = "the visitor") -> Talker:
            talkers.append(Talker(session, duologue.gateway_url, name=name))
            return talkers[-1]

        yield new
        for talker in talkers:
            await talker.close()


@pytest.fixture
async def talker(new_talker: NewTalker) -> Talker:
    """A visitor who was welcomed."""
    talker = new_talker()
    await talker.welcomed()
    return talker


async def everything_runs(duologue: Duologue) -> None:
    """Waits until all of it answers again; starts what an earlier test may have left ended."""
    if duologue.process is not None and duologue.process.poll() is not None:
        await duologue.start()

    async def runs() -> bool:
        return await duologue.ready() == {"store": "ok", "engine": "ok", "index": "ok"}

    await until(runs, within_s=AGAIN_WITHIN_S, what="everything runs again")


async def engine_pid(duologue: Duologue) -> int:
    async def look() -> int | None:
        return duologue.pids.engine

    return await until(look, within_s=AGAIN_WITHIN_S, what="there is an engine") or 0


async def gateway_pid(duologue: Duologue) -> int:
    async def look() -> int | None:
        return duologue.pids.gateway

    return await until(look, within_s=AGAIN_WITHIN_S, what="there is a gateway") or 0


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
