"""When the log is brought up to date, and by whom: a process of its own, for the worker and for who asks."""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

from bot.errors import DuologueError
from bot.insights.log.manifest import Manifest, load
from bot.interactions import Microseconds
from bot.settings import PREFIX, Settings
from bot.store.log_changes import has_changed, is_behind
from bot.store.store import Store

EVERY = timedelta(minutes=5)
"""What is new waits this long at most; answers have it all the same, from the store. What was erased never waits."""


async def is_due(store: Store, folder: Path, at: Microseconds) -> bool:
    copied = (await asyncio.to_thread(load, folder) or Manifest()).copied
    if await store.read(has_changed, copied):
        return True
    return at - copied.at >= EVERY // timedelta(microseconds=1) and await store.read(is_behind, copied)


async def bring_up_to_date(settings: Settings) -> None:
    """Waits until the log has everything that the store has now; a DuologueError with its last words when it fails."""
    given = {f"{PREFIX}HOME": str(settings.home), f"{PREFIX}DATABASE_URL": settings.database_url}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.insights.log"),
        env=os.environ | given,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, told = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if process.returncode:
        last = told.decode(errors="replace").strip().splitlines()[-1:]
        raise DuologueError(f"The log could not be brought up to date: {' '.join(last) or process.returncode}")
