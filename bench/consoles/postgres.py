"""A PostgreSQL of this run alone, on a socket file, with the settings that it comes with."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE_S = 30


@contextmanager
def postgres() -> Iterator[str | None]:
    """The URL of its empty database; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found is None:
        yield None
        return
    programs, folder = Path(found).resolve().parent, Path(tempfile.mkdtemp(prefix="duologue-bench-"))
    # PostgreSQL refuses to run as root, which is what a container often is.
    who: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if who:
        shutil.chown(folder, "postgres", "postgres")
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    try:
        made = [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "--encoding=UTF8"]
        subprocess.run([*made, "--locale=C"], check=True, **quiet, **who)
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses="], **quiet, **who
        )
        try:
            end = time.monotonic() + PATIENCE_S
            while subprocess.run([programs / "pg_isready", "-q", "-h", folder]).returncode:
                if time.monotonic() > end:
                    raise TimeoutError(f"PostgreSQL was not ready in {PATIENCE_S} s.")
                time.sleep(0.1)
            yield f"postgresql+asyncpg://postgres@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
