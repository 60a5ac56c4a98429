"""Where the lines of a file wait until all of their order are there: on disk, in a file that has no name.

SQLite takes the name away as soon as it has opened it, so that nothing is left of it, whatever ends the process.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROWS_AT_ONCE = 2_000
CACHE_KB = 16_000


class Shelf:
    """Puts things away under a key and a number; gives them back by key, in the order of the first number of each."""

    def __init__(self, folder: Path) -> None:
        # SQLite asks the environment where its nameless files go; by itself it would take a small disk in memory.
        before = os.environ.get("SQLITE_TMPDIR")
        os.environ["SQLITE_TMPDIR"] = str(folder)
        try:
            self._file = sqlite3.connect("", isolation_level=None)
            self._file.execute("CREATE TABLE things (key TEXT, number INTEGER, thing TEXT)")
            self._file.execute("CREATE TABLE made (number INTEGER, thing TEXT)")
        finally:
            if before is None:
                del os.environ["SQLITE_TMPDIR"]
            else:
                os.environ["SQLITE_TMPDIR"] = before
        self._file.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        self._file.execute("BEGIN")
        self._waiting: dict[str, list[tuple[Any, ...]]] = {"things": [], "made": []}

    def put(self, key: str, number: int, thing: Any) -> None:
        self._add("things", (key, number, json.dumps(thing)))

    def keep(self, number: int, thing: Any) -> None:
        """Keeps what was made of some; `kept` gives it back in the order of numbers."""
        self._add("made", (number, json.dumps(thing)))

    def by_key(self) -> Iterator[tuple[str, list[tuple[int, Any]]]]:
        self._write("things")
        rows = self._file.execute("SELECT key, number, thing FROM things ORDER BY key, number, rowid")
        key, some = None, list[tuple[int, Any]]()
        for found, number, thing in rows:
            if found != key and key is not None:
                yield key, some
                some = []
            key = found
            some.append((number, json.loads(thing)))
        if key is not None:
            yield key, some

    def kept(self) -> Iterator[tuple[int, Any]]:
        self._write("made")
        for number, thing in self._file.execute("SELECT number, thing FROM made ORDER BY number, rowid"):
            yield number, json.loads(thing)

    def close(self) -> None:
        self._file.close()

    def _add(self, table: str, row: tuple[Any, ...]) -> None:
        waiting = self._waiting[table]
        waiting.append(row)
        if len(waiting) >= ROWS_AT_ONCE:
            self._write(table)

    def _write(self, table: str) -> None:
        waiting, self._waiting[table] = self._waiting[table], []
        if waiting:
            marks = ", ".join("?" * len(waiting[0]))
            self._file.executemany(f"INSERT INTO {table} VALUES ({marks})", waiting)  # noqa: S608
