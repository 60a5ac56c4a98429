"""Puts a question to an opened log when its answer is more than a few rows: as a table to go on from, or as columns."""

from collections.abc import Callable

import duckdb
import pyarrow as pa
from ibis.expr import types as ir

from bot.insights.log.questions.asked import sql_of


def keep_as(connection: duckdb.DuckDBPyConnection, name: str, question: Callable[..., ir.Table], *given: str) -> None:
    """Keeps the answer as the table `name`, for the questions after it."""
    connection.execute(f"CREATE TABLE {name} AS {sql_of(question, *given)}")


def columns_of(connection: duckdb.DuckDBPyConnection, question: Callable[..., ir.Table], *given: str) -> pa.Table:
    return connection.sql(sql_of(question, *given)).to_arrow_table()
