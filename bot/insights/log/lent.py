"""A DuckDB for one question at a time, kept for the next: to start one and end it costs as much as a small answer."""

import atexit
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import duckdb

from bot.insights.log.files import quiet_duckdb

KEPT = 1
"""Who ask at the same time have a DuckDB each, so that none takes another's memory; of these so many are kept."""


class _Lendable:
    def __init__(self) -> None:
        self._spill = Path(mkdtemp(prefix="duologue-log-"))
        self._root = quiet_duckdb(spill=self._spill)

    @contextmanager
    def one_time(self, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """What doesn't fit into memory has a folder, and it is there only meanwhile: a process may be killed later."""
        self._spill.mkdir(mode=0o700, exist_ok=True)
        try:
            with self._root.cursor() as connection:
                connection.execute(f"SET memory_limit = '{memory}'")
                connection.execute("ATTACH ':memory:' AS asked")
                connection.execute("USE asked")
                yield connection
                connection.execute("USE memory")
                connection.execute("DETACH asked")
                # Said again, it has what is free given back: a third of what a process has while it waits.
                connection.execute(f"SET memory_limit = '{memory}'")
        finally:
            shutil.rmtree(self._spill)

    def end(self) -> None:
        self._root.close()


_idle: list[_Lendable] = []


@contextmanager
def lent(memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with nothing in it, on one core and with so much memory ("200MB"); what is made in it goes with it."""
    try:
        one = _idle.pop()
    except IndexError:
        one = _Lendable()
    try:
        with one.one_time(memory) as connection:
            yield connection
    except BaseException:
        # There may be anything in it.
        one.end()
        raise
    if len(_idle) < KEPT:
        _idle.append(one)
    else:
        one.end()


@atexit.register
def _end() -> None:
    while _idle:
        _idle.pop().end()
