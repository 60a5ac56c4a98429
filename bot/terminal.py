"""What a command tells: on standard output for programs, on standard error while it takes a while."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def step(what: str) -> Iterator[Callable[[str], None]]:
    """Shows a step and how long it took; on a terminal also what it does at the moment."""
    started = time.monotonic()
    shows = sys.stderr.isatty()
    sys.stderr.write(f"{what} …" + ("" if shows else "\n"))
    sys.stderr.flush()

    def detail(line: str) -> None:
        if shows:
            passed = time.monotonic() - started
            sys.stderr.write(f"\r\x1b[K{what} … {passed:.0f} s  {line.strip()[:60]}")
            sys.stderr.flush()

    try:
        yield detail
    except BaseException:
        # What went wrong is told on a line of its own.
        sys.stderr.write("\n" if shows else "")
        raise
    passed = time.monotonic() - started
    sys.stderr.write(f"\r\x1b[K{what}: {passed:.1f} s\n" if shows else f"  done in {passed:.1f} s\n")
    sys.stderr.flush()


@contextmanager
def shares(what: str, *, is_silent: bool = False) -> Iterator[Callable[[float], None] | None]:
    """Shows to who watches which share is done; nothing is left of it, and a file gets none of it."""
    if is_silent or not sys.stderr.isatty():
        yield None
        return

    def tell(share: float) -> None:
        sys.stderr.write(f"\r\x1b[K{what}: {share:.0%}")
        sys.stderr.flush()

    try:
        yield tell
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def say(line: str) -> None:
    sys.stderr.write(f"\n{line}\n")
    sys.stderr.flush()


def write_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
