"""The log as it was at a moment: what came later is not there to be asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NewType

import duckdb

Past = NewType("Past", duckdb.DuckDBPyConnection)
"""A DuckDB whose `log` ends at a moment. Only `as_of` makes one: what takes a Past can't see what came after."""


@contextmanager
def as_of(connection: duckdb.DuckDBPyConnection, moment: int) -> Iterator[Past]:
    """Until it is left, the connection's `log` has what happened before this moment (`ts_us`), and no more."""
    connection.execute("ALTER VIEW log RENAME TO log_to_the_end")
    try:
        connection.execute(f"CREATE VIEW log AS SELECT * FROM log_to_the_end WHERE ts_us < {moment:d}")  # noqa: S608
        yield Past(connection)
    finally:
        connection.execute("DROP VIEW IF EXISTS log")
        connection.execute("ALTER VIEW log_to_the_end RENAME TO log")


@contextmanager
def from_on(connection: duckdb.DuckDBPyConnection, moment: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Until it is left, the connection's `log` has what happened from this moment on: what there was to foretell."""
    connection.execute("ALTER VIEW log RENAME TO log_from_the_start")
    try:
        connection.execute(f"CREATE VIEW log AS SELECT * FROM log_from_the_start WHERE ts_us >= {moment:d}")  # noqa: S608
        yield connection
    finally:
        connection.execute("DROP VIEW IF EXISTS log")
        connection.execute("ALTER VIEW log_from_the_start RENAME TO log")
