"""How many of the ten questions have the same answer, to a billionth, on all four engines; and which were there."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from math import isclose
from pathlib import Path
from typing import Any

import duckdb
import ibis
from consoles.postgres import postgres
from sqlalchemy.engine import make_url

from bot.insights.log.files import parquet
from bot.insights.log.manifest import load
from bot.insights.log.questions.all import QUESTIONS
from bot.insights.log.questions.asked import LOG, WHO, Asked, rows_of

type Answers = dict[str, list[dict[str, Any]]]
ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-engines" / "bin" / "python"
TABLES = ("log", "who")
ELSEWHERE = ROOT / "bench" / "logs" / "elsewhere.py"


def equal(home: Path, since: int, until: int) -> tuple[int, list[str]]:
    """How many are equal on all engines that are there, and their names: of the log's rows in this time."""
    with tempfile.TemporaryDirectory(prefix="duologue-engines-") as folder:
        ours = _duckdb(home, Path(folder), since, until)
        others = {name: found for name, ask in ENGINES.items() if (found := ask(Path(folder))) is not None}
    return sum(all(_same(ours[name], other[name]) for other in others.values()) for name in QUESTIONS), [
        "DuckDB",
        *others,
    ]


def _duckdb(home: Path, folder: Path, since: int, until: int) -> Answers:
    manifest = load(home / "log")
    assert manifest is not None and manifest.who is not None
    files = parquet(*(home / "log" / one.path for one in manifest.between(since, until)))
    with duckdb.connect(config={"threads": 1}) as connection:
        within = f"ts_us >= {since} AND ts_us < {until}"
        connection.execute(f"CREATE TABLE log AS SELECT {_named(LOG)} FROM {files} WHERE {within}")
        connection.execute(f"CREATE TABLE who AS SELECT {_named(WHO)} FROM {parquet(home / 'log' / manifest.who)}")
        for name in TABLES:
            connection.table(name).write_parquet(str(folder / f"{name}.parquet"))
        return {name: rows_of(connection, question, "EUR") for name, question in QUESTIONS.items()}


def _named(columns: dict[str, str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _postgresql(folder: Path) -> Answers | None:
    with postgres() as url:
        if url is None:
            return None
        where = make_url(url)
        server = ibis.postgres.connect(host=where.query["host"], user=where.username, database=where.database)
        try:
            tables = {name: duckdb.read_parquet(str(folder / f"{name}.parquet")).to_arrow_table() for name in TABLES}
            asked = Asked(*(server.create_table(name, table) for name, table in tables.items()))
            return {name: server.to_pyarrow(one(asked, "EUR")).to_pylist() for name, one in QUESTIONS.items()}
        finally:
            server.disconnect()


def _elsewhere(engine: str) -> Callable[[Path], Answers | None]:
    def ask(folder: Path) -> Answers | None:
        if not PYTHON.exists() or (engine == "spark" and shutil.which("java") is None):
            return None
        asked = [PYTHON, ELSEWHERE, engine, folder, "ten"]
        told = subprocess.run(asked, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        answers: Answers = json.loads(told.stdout.splitlines()[-1])
        return answers

    return ask


ENGINES: dict[str, Callable[[Path], Answers | None]] = {
    "PostgreSQL": _postgresql,
    "Spark": _elsewhere("spark"),
    "ClickHouse": _elsewhere("clickhouse"),
}


def _same(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> bool:
    one, other = (sorted((_plain(row) for row in rows), key=_order) for rows in (ours, theirs))
    return len(one) == len(other) and all(
        row.keys() == alike.keys() and all(_alike(row[name], alike[name]) for name in row)
        for row, alike in zip(one, other, strict=True)
    )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value if value is None or isinstance(value, str) else float(value) for name, value in row.items()}


def _order(row: dict[str, Any]) -> str:
    """By what is whole or a word: a mean may differ in its last digit."""
    return str([one for one in row.values() if not isinstance(one, float) or one.is_integer()])


def _alike(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-9)
    return one == other
