"""The log of a test's store, brought up to date as the worker does it, and what is in it."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bot.insights.log.keep import keep
from bot.insights.log.manifest import Manifest
from bot.insights.log.reading import ask
from bot.interactions import Microseconds
from bot.store.pages_of_rows import Span
from bot.store.store import Store
from tests.cast import SHOP, at

EVER = Span(SHOP, Microseconds(0), at(days=10_000))


@dataclass
class Kept:
    """A store's log in a folder of its own."""

    store: Store
    folder: Path

    def keep(self, *, now: Microseconds | None = None) -> Manifest:
        """Brings it up to date. Of SQLite from a copy: the driver's own SQLite must not open a file that ours holds."""
        url = self.store.url.render_as_string(hide_password=False)
        if self.store.url.drivername == "sqlite":
            copy = self.folder.with_name("copy-of-the-store.db")
            with closing(sqlite3.connect(str(self.store.url.database))) as one, closing(sqlite3.connect(copy)) as other:
                one.backup(other)
                other.execute("PRAGMA journal_mode=DELETE")
            url = f"sqlite:///{copy}"
        return keep(url, self.folder, at=at(minutes=5) if now is None else now, name="the store")

    async def rows(self, *columns: str, span: Span = EVER) -> list[tuple[Any, ...]]:
        """These columns of all that happened, in the order of the log, as a reader has them."""
        return await self.asked(f"SELECT {', '.join(columns)} FROM log ORDER BY id", span=span)

    async def asked(self, sql: str, *, span: Span = EVER) -> list[tuple[Any, ...]]:
        put: Callable[[duckdb.DuckDBPyConnection], list[tuple[Any, ...]]] = lambda log: log.execute(sql).fetchall()  # noqa: E731
        return (await ask(self.store, self.folder, span, put)).told

    def files(self) -> list[str]:
        return sorted(str(one.relative_to(self.folder)) for one in self.folder.glob("*/*"))

    def holds(self, text: str) -> bool:
        """Whether any file has these letters, as they are or packed: each column is also looked into unpacked."""
        for path in (*self.folder.glob("*/*"), *self.folder.glob("who*")):
            unpacked = str(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall())
            if text.encode() in path.read_bytes() or text in unpacked:
                return True
        return False

    def digest(self) -> str:
        """Of all that is in the folder."""
        told = hashlib.sha256()
        for path in sorted(self.folder.rglob("*")):
            told.update(str(path).encode() + (path.read_bytes() if path.is_file() else b""))
        return told.hexdigest()


@pytest.fixture
def kept(store: Store, tmp_path: Path) -> Kept:
    return Kept(store, tmp_path / "log")
