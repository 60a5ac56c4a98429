"""The page's own questions to the log: the same on DuckDB and PostgreSQL, and as counted by hand."""

from typing import Any

import ibis
import pytest
from sqlalchemy.engine import make_url

from bot.insights.log.questions.asked import Asked, rows_of
from bot.insights.log.questions.spread import spending, spending_by
from bot.insights.log.reading import ask
from bot.store.store import Store
from tests.insights.log.test_questions import WHOLE, plain, trade

__all__ = ["trade"]


async def test_spending_is_the_same_on_duckdb_and_postgresql(trade: Store, postgres_url: str):
    def by_duckdb(connection: Any) -> Any:
        told = rows_of(connection, spending, "EUR"), rows_of(connection, spending_by, "EUR", "channel")
        return told, *(connection.sql(f"SELECT * FROM {one}").to_arrow_table() for one in ("log", "who"))

    ours, log, who = (await ask(trade, None, WHOLE, by_duckdb)).told
    url = make_url(postgres_url)
    server = ibis.postgres.connect(host=url.query["host"], user=url.username, database=url.database)
    asked = Asked(server.create_table("log", log), server.create_table("who", who), WHOLE)
    theirs = [
        server.to_pyarrow(one).to_pylist() for one in (spending(asked, "EUR"), spending_by(asked, "EUR", "channel"))
    ]
    server.disconnect()

    for mine, other in zip(ours, theirs, strict=True):
        assert len(mine) > 1
        for row, same in zip(plain(mine), plain(other), strict=True):
            assert row == {
                name: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
                for name, value in same.items()
            }
