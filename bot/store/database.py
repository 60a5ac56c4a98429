"""One way to the store for SQLite and PostgreSQL: plain functions of a connection, run where they block nobody.

A function that reads or writes is synchronous and takes a SQLAlchemy `Connection` first. SQLite runs it in a
thread, PostgreSQL on asyncpg; so the functions of bot/store are written, and tested, once.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, Concatenate, cast

from sqlalchemy import Connection, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from bot.errors import ConfigurationError, StoreUnavailable

BUSY_TIMEOUT_MS = 5_000
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is erased is overwritten, not only unlinked
    f"busy_timeout={BUSY_TIMEOUT_MS}",
)
READERS = 4

AWAY = ("08", "25006", "53", "55000", "57P", "58")
"""SQLSTATEs of a PostgreSQL that can't serve now: no connection, read only, out of something, stopping, disk."""
DISK_FULL = "53100"
COLLISIONS = ("40001", "40P01")

type Question[**P, T] = Callable[Concatenate[Connection, P], T]


def parse_url(text: str) -> URL:
    """The URL of a store we can use, or a ConfigurationError that shows one."""
    good = "sqlite:////var/lib/duologue/store.db or postgresql+asyncpg://user:password@host/duologue"
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ConfigurationError(f"DUOLOGUE_DATABASE_URL is not a database URL; give e.g. {good}.") from error
    if url.drivername not in ("sqlite", "postgresql+asyncpg"):
        raise ConfigurationError(f"DUOLOGUE_DATABASE_URL begins with {url.drivername}://; give e.g. {good}.")
    return url


class Readers:
    """Where reads run: a few at a time, each in its own short transaction."""

    async def run[T](self, ask: Callable[[Connection], T]) -> T:
        raise NotImplementedError

    async def run_writing[T](self, act: Callable[[Connection], T]) -> T:
        """Runs `act` in one transaction that may write; commits to disk before it returns."""
        raise NotImplementedError

    async def erase_traces(self) -> None:
        """Clears what was deleted from where the database still keeps it, as far as it can be told to."""

    async def close(self) -> None:
        raise NotImplementedError


class SqliteReaders(Readers):
    def __init__(self, url: URL) -> None:
        if url.database and url.database != ":memory:":
            _make_folder(Path(url.database).parent)
        self.engine = create_engine(url, poolclass=QueuePool, pool_size=READERS + 1, max_overflow=0)
        event.listen(self.engine, "connect", _prepare_sqlite)
        event.listen(self.engine, "begin", _begin_sqlite)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-write")

    async def run[T](self, ask: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._transact, ask, "DEFERRED")

    async def run_writing[T](self, act: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._transact, act, "IMMEDIATE")

    def _transact[T](self, act: Callable[[Connection], T], kind: str) -> T:
        with self.engine.connect().execution_options(sqlite_begin=kind) as connection, connection.begin():
            return act(connection)

    async def erase_traces(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writer, self._empty_log)

    def _empty_log(self) -> None:
        # Else the write-ahead log shows what was erased until it is next emptied, perhaps in a week.
        with closing(self.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        self._readers.shutdown()
        self._writer.shutdown()
        self.engine.dispose()


class PostgresReaders(Readers):
    def __init__(self, url: URL) -> None:
        # Imported here: it brings the object mapper along, which a store on SQLite never needs.
        from sqlalchemy.ext.asyncio import create_async_engine

        self.engine = create_async_engine(url, pool_size=READERS + 1, max_overflow=0, pool_pre_ping=True)

    async def run[T](self, ask: Callable[[Connection], T]) -> T:
        async with self.engine.connect() as connection:
            return await connection.run_sync(ask)

    async def run_writing[T](self, act: Callable[[Connection], T]) -> T:
        async with self.engine.begin() as connection:
            return await connection.run_sync(act)

    async def close(self) -> None:
        await self.engine.dispose()


def readers_for(url: URL) -> Readers:
    return SqliteReaders(url) if url.drivername == "sqlite" else PostgresReaders(url)


def insert_into(connection: Connection, table: Table) -> postgresql.Insert:
    """An INSERT that can say ON CONFLICT; both databases write it alike, SQLAlchemy has one class for each."""
    if connection.dialect.name == "sqlite":
        return cast(postgresql.Insert, sqlite.insert(table))
    return postgresql.insert(table)


def unavailable(error: Exception) -> StoreUnavailable | None:
    """The error as "try again later", when it is the database that is away and not the statement that is wrong."""
    is_away = isinstance(error, OperationalError | OSError | PoolTimeout) or (
        isinstance(error, DBAPIError) and (error.connection_invalidated or _sqlstate(error).startswith(AWAY))
    )
    if not is_away:
        return None
    if isinstance(error, DBAPIError) and _is_full(error):
        return StoreUnavailable("The store's disk is full; nothing was stored. Make room there, then try again.")
    return StoreUnavailable(f"The store can't be used now ({type(error).__name__}); nothing was stored. Try again.")


def is_collision(error: Exception) -> bool:
    """Whether two transactions waited for each other and this one was chosen to give way: tried again, it will do."""
    return isinstance(error, DBAPIError) and _sqlstate(error) in COLLISIONS


def _is_full(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or _sqlstate(error) == DISK_FULL


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    # We say BEGIN ourselves: the driver's own begins only at the first write, too late to queue for the lock.
    connection.isolation_level = None
    try:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
            raise
        file = connection.execute("PRAGMA database_list").fetchone()[2]
        raise ConfigurationError(
            f"{file} is not a database of SQLite. Move it away and start again, so that a new one is made; "
            "if it was one, put a backup in its place."
        ) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The folder {folder} can't be made ({error.strerror}); choose another, e.g. DUOLOGUE_HOME=.duologue."
        ) from error


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")
