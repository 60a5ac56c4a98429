"""A DuckDB is kept for the next question, and nothing of the last is in it."""

import tempfile
from pathlib import Path

import duckdb
import pytest

from bot.insights.log import lent as lending
from bot.insights.log.lent import lent

TOO_LARGE = "SELECT i, md5(i::VARCHAR) AS one, md5((i + 1)::VARCHAR) AS other FROM range(1_000_000) AS numbers(i)"


@pytest.fixture(autouse=True)
def _none_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(lending, "_idle", [])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def named(connection: duckdb.DuckDBPyConnection) -> list[tuple[str]]:
    return connection.execute("SELECT table_name FROM information_schema.tables").fetchall()


def test_nothing_of_a_question_is_there_for_the_next():
    with lent("50MB") as first:
        first.execute("CREATE TABLE who AS SELECT 1 AS one")
        first.execute("CREATE VIEW log AS SELECT * FROM who")
        first.execute("CREATE TEMP TABLE said AS SELECT 1 AS one")
        first.register("links", first.sql("SELECT 1 AS one").to_arrow_table())
        assert len(named(first)) == 4

    with lent("70MB") as second:
        assert named(second) == []
        assert second.execute("SELECT current_setting('memory_limit')").fetchone() == ("66.7 MiB",)


def test_one_is_kept_and_who_asks_meanwhile_has_another():
    with lent("50MB") as first, lent("60MB") as second:
        first.execute("CREATE TABLE asked.who AS SELECT 1 AS one")
        second.execute("CREATE TABLE asked.who AS SELECT 2 AS one")
        assert first.execute("SELECT one, current_setting('memory_limit') FROM who").fetchone() == (1, "47.6 MiB")
        assert second.execute("SELECT one, current_setting('memory_limit') FROM who").fetchone() == (2, "57.2 MiB")

    assert len(lending._idle) == 1


def test_what_a_question_failed_in_is_not_kept():
    with pytest.raises(duckdb.CatalogException), lent("50MB") as connection:
        connection.execute("CREATE TABLE who AS SELECT 1 AS one")
        connection.execute("SELECT * FROM nothing_of_this_name")

    assert lending._idle == []


def test_what_does_not_fit_is_put_on_disk_each_time_and_leaves_nothing_there(tmp_path: Path):
    sums = []
    for _ in range(2):
        with lent("40MB") as connection:
            connection.execute(f"CREATE TABLE large AS {TOO_LARGE}")
            assert [one for folder in tmp_path.iterdir() for one in folder.iterdir()]
            sums.append(connection.execute("SELECT count(*), min(one), max(other) FROM large").fetchone())
        assert list(tmp_path.iterdir()) == []

    assert len(lending._idle) == 1
    assert sums[0] == sums[1]
