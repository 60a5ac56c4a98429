"""The questions on engines that a company may grow into, Spark and ClickHouse, each in a process of its own."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.insights.log.questions.asked import rows_of
from bot.insights.log.reading import ask
from bot.store.store import Store
from tests.insights.log.test_questions import EVERY, WHOLE, same, trade

__all__ = ["trade"]
ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-engines" / "bin" / "python"


async def asked_elsewhere(engine: str, folder: Path) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        PYTHON, ROOT / "bench" / "logs" / "elsewhere.py", engine, folder,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, wrong = await process.communicate()
    assert process.returncode == 0, wrong.decode()[-2_000:]
    answer: dict[str, Any] = json.loads(told.splitlines()[-1])
    return answer


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("engine", ["spark", "clickhouse"])
async def test_questions_have_the_same_answers_elsewhere(engine: str, trade: Store, tmp_path: Path):
    if not PYTHON.exists():
        pytest.skip("The other engines are not set up: run `make engines`.")
    if engine == "spark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java 17, which is not installed here: openjdk-17-jre-headless.")

    def by_duckdb(connection: Any) -> dict[str, Any]:
        for name in ("log", "who"):
            connection.sql(f"SELECT * FROM {name}").write_parquet(str(tmp_path / f"{name}.parquet"))
        return {name: rows_of(connection, question, "EUR") for name, question in EVERY.items()}

    ours = (await ask(trade, None, WHOLE, by_duckdb)).told
    theirs = await asked_elsewhere(engine, tmp_path)

    assert len(ours) == len(theirs) >= 10
    for name, rows in ours.items():
        same(name, rows, theirs[name])
