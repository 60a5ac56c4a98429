"""An export that is killed while it is written is no export: nothing has its name, and the next one is whole."""

import asyncio
import csv
import hashlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from time import monotonic

import pytest

from bot.insights.exports.whole import whole
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP
from tests.insights.happened import viewed

PEOPLE = 600
PATIENCE_S = 60


async def begin(store_url: str, into: Path, *, stderr: int | None = None) -> Process:
    """The process that makes an export for the gateway, told what to make."""
    told = {"store": store_url, "into": str(into), "site": SHOP, "kind": "profiles", "format": "csv"}
    asked = told | {"since": None, "until": None, "bom": False}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.insights.exports"), stdin=PIPE, stdout=PIPE, stderr=stderr,
        env=os.environ | {"DUOLOGUE_HOME": str(into.parent.parent), "DUOLOGUE_DATABASE_URL": store_url},
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(json.dumps(asked).encode())
    process.stdin.close()
    return process


def writes(folder: Path) -> bool:
    end = monotonic() + PATIENCE_S
    while monotonic() < end:
        if any(one.is_file() for one in folder.rglob("*")):
            return True
    return False


async def test_an_export_killed_while_it_is_written_is_not_believed_and_the_next_is_whole(
    store: Store, store_url: str, shop: Site, tmp_path: Path
):
    await store.write(append, [one for number in range(PEOPLE) for one in viewed(f"v{number}", 0)])
    into = tmp_path / "exports" / "people.csv"
    into.parent.mkdir()

    killed = await begin(store_url, into)
    wrote = await asyncio.to_thread(writes, into.parent)
    killed.kill()
    code = await killed.wait()
    left = [one.name for one in into.parent.iterdir()]
    again = await begin(store_url, into)
    told, _ = await again.communicate()

    assert wrote and code == -signal.SIGKILL
    assert left and into.name not in left
    made = json.loads(told)
    assert (made["rows"], made["sha256"]) == (PEOPLE, hashlib.sha256(into.read_bytes()).hexdigest())
    assert len(list(csv.reader(into.read_text().splitlines()))) == PEOPLE + 1
    assert [one.name for one in into.parent.iterdir()] == [into.name]


@pytest.mark.parametrize("left", ["e.csv.{pid}.part", "tmp_e.csv.{pid}.part", "e.csv.{pid}.part.x1_/rows.parquet"])
async def test_a_part_goes_when_nobody_writes_it_any_more(tmp_path: Path, left: str):
    ended = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await ended.wait()
    mine, foreign = tmp_path / left.format(pid=ended.pid), tmp_path / left.format(pid=os.getppid())
    for one in (mine, foreign):
        one.parent.mkdir(exist_ok=True)
        one.touch()

    with whole(tmp_path / "e.csv") as part:
        part.touch()

    assert not mine.exists() and foreign.exists()
