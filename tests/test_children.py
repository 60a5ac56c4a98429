"""Processes of ours end when they are told to, and when we end."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from bot.children import Child, free_port

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = """
import asyncio, os, sys
from pathlib import Path
from bot.children import Child
async def main():
    child = Child([sys.executable, "-c", "import time; time.sleep(60)"], environment=os.environ,
                  log=Path(sys.argv[1]), folder=Path.cwd())
    await child.start()
    print(child.process.pid, flush=True)
    await child.wait()
asyncio.run(main())
"""


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except FileNotFoundError:
        return False


async def test_a_child_that_will_not_end_is_ended(tmp_path: Path):
    child = Child([sys.executable, "-c", STUBBORN], environment=os.environ, log=tmp_path / "log", folder=tmp_path)
    await child.start()
    async with asyncio.timeout(30):
        while child.last_lines() != "up":  # noqa: ASYNC110 - a file tells nobody when it changes
            await asyncio.sleep(0.02)

    await child.stop(0.2)

    assert child.process is not None and child.process.returncode == -signal.SIGKILL


def test_a_child_ends_with_its_parent_whatever_ended_that(tmp_path: Path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert is_running(child)

    parent.kill()
    parent.wait()

    async def gone() -> None:
        async with asyncio.timeout(30):
            while is_running(child):  # noqa: ASYNC110 - nobody tells of another's child
                await asyncio.sleep(0.02)

    asyncio.run(gone())


async def test_a_log_does_not_grow_for_ever(tmp_path: Path):
    log = tmp_path / "gateway.log"
    log.write_bytes(b"x" * 5_000_001)
    child = Child([sys.executable, "-c", "print('new')"], environment=os.environ, log=log, folder=tmp_path)

    await child.start()
    await child.wait()

    assert child.last_lines() == "new" and log.with_suffix(".old").exists()


def test_a_free_port_is_free():
    assert free_port() > 1_023


async def test_its_last_words_are_those_since_it_was_started_last(tmp_path: Path):
    log = tmp_path / "log"
    log.write_text("said by the one before\n")
    child = Child([sys.executable, "-c", "print('new')"], environment=os.environ, log=log, folder=tmp_path)

    await child.start()
    await child.wait()

    assert child.last_lines() == "new"
