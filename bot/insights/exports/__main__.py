"""`python -m bot.insights.exports` makes one export in a process of its own, asked for in JSON on standard input.

It tells how many rows, bytes and which SHA-256 in JSON on standard output, or why not on standard error, where it says
meanwhile which share is done.
"""

import asyncio
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from bot.errors import DuologueError
from bot.insights.exports.export import export, wanted
from bot.insights.exports.progress import SHARE
from bot.insights.exports.whole import whole
from bot.insights.log.due import bring_up_to_date
from bot.insights.log.reading import FOLDER
from bot.settings import Settings, load
from bot.store.store import Store

NICENESS = 10
BUNDLE = "bundle"


async def make(told: dict[str, Any]) -> dict[str, Any]:
    settings, store = load(), Store(told["store"])
    into = Path(told["into"])
    if told["kind"] == BUNDLE:
        return await make_bundle(settings, store, told, into)
    window = {"since": told["since"], "until": told["until"]}
    asked = wanted(told["site"], told["kind"], told["format"], **window, bom=told["bom"])
    try:
        with whole(into) as part:
            log = settings.home / FOLDER
            rows = await export(
                store, asked, part, log=log, bring_up_to_date=lambda: bring_up_to_date(settings), tell=_tell
            )
            made_of = _measured(part)
    finally:
        await store.close()
    return {"rows": rows} | made_of


async def make_bundle(settings: Settings, store: Store, told: dict[str, Any], into: Path) -> dict[str, Any]:
    from bot.insights.exports.bundle import bundle, write_zip

    window = {"since": told["since"], "until": told["until"]}
    try:
        made = await bundle(store, told["site"], **window, log=settings.home / FOLDER)
        with whole(into) as part:
            write_zip(made, part)
            return {"rows": made.rows} | _measured(part)
    finally:
        await store.close()


def _tell(share: float) -> None:
    sys.stderr.write(f"{SHARE}{share:.3f}\n")
    sys.stderr.flush()


def _measured(path: Path) -> dict[str, Any]:
    with path.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def main() -> int:
    # Whoever asks a page comes first.
    os.nice(NICENESS)
    try:
        told = asyncio.run(make(json.load(sys.stdin)))
    except DuologueError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except OSError as error:
        sys.stderr.write(f"It can't be written: {error.strerror or error}.\n")
        return 1
    sys.stdout.write(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
