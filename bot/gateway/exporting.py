"""Makes exports in a process of their own, one at a time, keeps the files for a day, and sends them, also in parts."""

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import rmtree
from typing import Any
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.errors import DuologueError
from bot.gateway.house import HOUSE, House
from bot.insights.exports.columns import Format
from bot.insights.exports.progress import SHARE
from bot.settings import PREFIX
from bot.store import made_exports as store
from bot.store.made_exports import Asked, Made
from bot.store.staff import Member

FOLDER = "exports"
SWEEP_EVERY_S = 60.0
TYPES: dict[str, str] = {
    "zip": "application/zip",
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSONL: "application/jsonl; charset=utf-8",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
log = logging.getLogger(__name__)
_making: WeakKeyDictionary[web.Application, "Makers"] = WeakKeyDictionary()


class Makers:
    """What this gateway is making."""

    def __init__(self) -> None:
        self.one_at_a_time = asyncio.Semaphore(1)
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.shares: dict[str, float] = {}
        """What of each is done, from 0 to 1; none before its turn has come."""

    async def cancel(self, id: str) -> None:
        """Returns when nobody makes it any more."""
        if (task := self.tasks.get(id)) is not None:
            task.cancel()
            await asyncio.wait([task])


def makers_of(app: web.Application) -> Makers:
    return _making.setdefault(app, Makers())


def folder_of(house: House) -> Path:
    return house.settings.home / FOLDER


async def make(request: web.Request, member: Member, asked: Asked, *, wait_s: float | None = None) -> Made | None:
    """Has the export made and waits so long for it: what became of it until then. None: somebody was erased meanwhile.

    Who goes away before it is made finds it in the list.
    """
    house, makers = request.app[HOUSE], makers_of(request.app)
    made = await house.store.write(store.begin, asked, staff=member.id, at=house.now())
    task = asyncio.create_task(_make(house, makers, made), name=f"export {made.id}")
    makers.tasks[made.id] = task
    task.add_done_callback(lambda _: makers.tasks.pop(made.id, None))
    await asyncio.wait([task], timeout=wait_s)
    return await house.store.read(store.find_export, made.id, at=house.now())


async def settled(app: web.Application) -> None:
    """Returns when nothing is being made."""
    await asyncio.gather(*makers_of(app).tasks.values())


async def _make(house: House, makers: Makers, made: Made) -> None:
    path = folder_of(house) / made.file
    try:
        async with makers.one_at_a_time:
            told = await _in_a_process(house, made, path, makers.shares)
        if not await house.store.write(store.finish, made.id, **told, at=house.now()):
            path.unlink(missing_ok=True)
    except (DuologueError, OSError) as error:
        log.warning("the export %s failed: %s", made.asked.kind, error)
        await house.store.write(store.fail, made.id, str(error))
    finally:
        makers.shares.pop(made.id, None)


async def _in_a_process(house: House, made: Made, path: Path, shares: dict[str, float]) -> dict[str, Any]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = house.store.url.render_as_string(hide_password=False)
    asked = made.asked
    given = vars(asked) | {
        "store": url, "into": str(path), "since": asked.since or None, "until": asked.until or None,
    }  # fmt: skip
    settings = {f"{PREFIX}HOME": str(house.settings.home), f"{PREFIX}DATABASE_URL": house.settings.database_url}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.insights.exports"), env=os.environ | settings,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        told, last = await _heard(process, json.dumps(given).encode(), made.id, shares)
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if process.returncode is not None and process.returncode < 0:
        raise DuologueError("It was stopped by the machine before it was whole; ask for it again.")
    if process.returncode:
        raise DuologueError(last or f"It ended with {process.returncode}.")
    made_of: dict[str, Any] = json.loads(told)
    return made_of


async def _heard(process: Process, given: bytes, id: str, shares: dict[str, float]) -> tuple[bytes, str]:
    """What it says at its end, and its last words of what went wrong."""
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    process.stdin.write(given)
    process.stdin.close()
    shares[id] = 0.0
    told = asyncio.create_task(process.stdout.read())
    last = ""
    async for raw in process.stderr:
        line = raw.decode(errors="replace").strip()
        if line.startswith(SHARE):
            shares[id] = float(line.removeprefix(SHARE))
        elif line:
            last = line
    await process.wait()
    return await told, last


async def send(request: web.Request, made: Made, name: str, headers: dict[str, str]) -> web.StreamResponse:
    """The file, or the part of it that is asked for: a broken download goes on where it was (Range, If-Range)."""
    path = folder_of(request.app[HOUSE]) / made.file
    try:
        found = await asyncio.to_thread(path.stat)
    except FileNotFoundError:
        raise web.HTTPNotFound from None
    wanted = request.headers.get("If-Range", "")
    is_other = wanted.startswith(('"', "W/")) and wanted != f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
    disposition = f'attachment; filename="{name}"'
    response = (AllOfIt if is_other else web.FileResponse)(path, headers=headers | {"Content-Disposition": disposition})
    response.headers["Content-Type"] = TYPES[made.asked.format]
    return response


class AllOfIt(web.FileResponse):
    """The whole file to who has a part of another one. The library compares dates alone, and no names of content."""

    async def prepare(self, request: web.BaseRequest) -> Any:
        headers = request.headers.copy()
        headers.pop("Range", None)
        return await super().prepare(request.clone(headers=headers))


async def kept(request: web.Request, member: Member, asked: Asked) -> Made | None:
    """Of who asks for a part: the file that they had the other parts of."""
    if "Range" not in request.headers:
        return None
    house = request.app[HOUSE]
    return await house.store.read(store.latest_of, asked, staff=member.id, at=house.now())


async def sweep(house: House) -> None:
    """Removes the files that nobody may fetch any more, and what a killed process left."""
    folder = folder_of(house)
    if not await asyncio.to_thread(folder.is_dir):
        return
    ids = await house.store.write(store.kept, at=house.now())
    await asyncio.to_thread(_remove_others, folder, ids)


def _remove_others(folder: Path, ids: frozenset[str]) -> None:
    for found in folder.iterdir():
        if found.name.partition(".")[0] in ids:
            continue
        if found.is_dir():
            rmtree(found, ignore_errors=True)
        else:
            found.unlink(missing_ok=True)


async def keeping(app: web.Application) -> AsyncIterator[None]:
    """While the gateway runs its files follow the store; what it is making when it ends is not made."""
    task = asyncio.create_task(_keep_sweeping(app[HOUSE]), name="exports")
    yield
    running = [task, *makers_of(app).tasks.values()]
    for one in running:
        one.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def _keep_sweeping(house: House) -> None:
    while True:
        try:
            await sweep(house)
        except (DuologueError, OSError) as error:
            log.warning("exports that are over can't be removed: %s", error)
        await asyncio.sleep(SWEEP_EVERY_S)
