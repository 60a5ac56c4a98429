"""`python -m bot.insights.imports` looks at a file of the tray, or imports it, asked for in JSON on standard input.

What was found or done is in the tray (told.json) when it ends; until then it holds the lock that it was given.
"""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.errors import ConfigurationError, DuologueError
from bot.insights.imports.command import finish_one
from bot.insights.imports.handed import import_handed, names_in
from bot.insights.imports.tray import Tray
from bot.interactions import Microseconds, microseconds
from bot.store.imports import find
from bot.store.store import Store

NICENESS = 10


async def work(told: dict[str, Any]) -> None:
    """`act` is `check` or `take`, of the file `id` of the tray in `home`; or `undo`, of the import `id`."""
    store = Store(told["store"])
    try:
        if told["act"] == "undo":
            await _undo(store, told["id"])
        else:
            await _handed(store, Tray(Path(told["home"])), told)
    finally:
        await store.close()


async def _handed(store: Store, tray: Tray, told: dict[str, Any]) -> None:
    id, act = told["id"], told["act"]
    handed = tray.find(id)
    # The second press of a button finds the file gone, and what became of it told.
    if handed is None or handed.size is None:
        return
    try:
        found = await import_handed(
            store, tray, handed, is_dry=act == "check", skip_errors=told["skip_errors"], staff=told["staff"], now=_now
        )
    except (DuologueError, OSError) as error:
        found = {"act": "check", "problem": _sentence(error), "names": names_in(tray.path(id, "file"))}
    tray.write(id, "told.json", found)
    if found["act"] == "take":
        tray.path(id, "file").unlink(missing_ok=True)


async def _undo(store: Store, id: int) -> None:
    if (found := await store.read(find, id)) is not None:
        await finish_one(store, found, now=_now)


def _sentence(error: Exception) -> str:
    if isinstance(error, ConfigurationError):
        return str(getattr(error, "told", error))
    if isinstance(error, OSError):
        return f"There was no room to work in ({error.strerror or error}). Ask whoever runs Duologue."
    return str(error)


def _now() -> Microseconds:
    return microseconds(datetime.now(UTC))


def main() -> int:
    # Whoever asks a page comes first.
    os.nice(NICENESS)
    try:
        asyncio.run(work(json.load(sys.stdin)))
    except DuologueError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
