"""Has files of the tray looked at and imported in processes of their own, one at a time, and sweeps the tray."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator
from typing import Any
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.errors import DuologueError
from bot.gateway.house import HOUSE, House
from bot.insights.imports.tray import Tray
from bot.store.staff import Member

SWEEP_EVERY_S = 60.0
log = logging.getLogger(__name__)
_working: WeakKeyDictionary[web.Application, "Working"] = WeakKeyDictionary()


class Working:
    """What this gateway has under way."""

    def __init__(self) -> None:
        self.one_at_a_time = asyncio.Semaphore(1)
        self.tasks: set[asyncio.Task[None]] = set()


def working_of(app: web.Application) -> Working:
    return _working.setdefault(app, Working())


def tray_of(house: House) -> Tray:
    return Tray(house.settings.home)


async def begin(request: web.Request, member: Member, id: str, act: str, *, skip_errors: bool = False) -> None:
    """Begins to look at a file (`check`) or to import it (`take`); nothing where somebody is at it already."""
    house = request.app[HOUSE]
    lock = await asyncio.to_thread(tray_of(house).claim, id)
    if lock is not None:
        given = {"act": act, "id": id, "skip_errors": skip_errors, "staff": member.id}
        _start(request.app, house, given, lock)


def begin_undo(request: web.Request, id: int) -> None:
    """Goes on with an import that begins to be undone. If that ends before it is, the worker goes on."""
    _start(request.app, request.app[HOUSE], {"act": "undo", "id": id}, None)


async def settled(app: web.Application) -> None:
    """Returns when nothing is under way."""
    await asyncio.gather(*working_of(app).tasks)


def _start(app: web.Application, house: House, given: dict[str, Any], lock: int | None) -> None:
    working = working_of(app)
    task = asyncio.create_task(_work(house, working, given, lock), name=f"import {given['act']}")
    working.tasks.add(task)
    task.add_done_callback(working.tasks.discard)


async def _work(house: House, working: Working, given: dict[str, Any], lock: int | None) -> None:
    try:
        async with working.one_at_a_time:
            await _in_a_process(house, given, lock)
    except (DuologueError, OSError) as error:
        log.warning("an import was not gone on with (%s): %s", given["act"], error)
    finally:
        if lock is not None:
            os.close(lock)


async def _in_a_process(house: House, given: dict[str, Any], lock: int | None) -> None:
    url = house.store.url.render_as_string(hide_password=False)
    # The lock goes along: whatever ends this process, the file is held for as long as that one works at it.
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.insights.imports"), pass_fds=() if lock is None else (lock,),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        told = given | {"store": url, "home": str(house.settings.home)}
        _, failed = await process.communicate(json.dumps(told).encode())
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if process.returncode:
        last = failed.decode(errors="replace").strip().splitlines()[-1:]
        raise DuologueError(" ".join(last) or f"It ended with {process.returncode}.")


async def keeping(app: web.Application) -> AsyncIterator[None]:
    """While the gateway runs nothing waits longer than it may; what is under way when it ends is ended."""
    task = asyncio.create_task(_keep_sweeping(app[HOUSE]), name="imports")
    yield
    running = [task, *working_of(app).tasks]
    for one in running:
        one.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def _keep_sweeping(house: House) -> None:
    while True:
        try:
            await asyncio.to_thread(tray_of(house).sweep, house.now())
        except OSError as error:
            log.warning("files that wait to be imported can't be removed: %s", error)
        await asyncio.sleep(SWEEP_EVERY_S)
