"""The questions put to another engine, in the environment of the engines: `elsewhere.py spark|clickhouse FOLDER`.

FOLDER has `log.parquet` and `who.parquet`: the log of a window, and who is who. Prints a line of JSON: the rows of each
question, as bot/insights/log/questions has it; `ten` in the end leaves out those of the dashboard.
"""

import json
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import ibis

from bot.insights.log.questions.all import BOARDS, QUESTIONS
from bot.insights.log.questions.asked import LOG, WHO, Asked

ASKED = Asked(ibis.table(LOG, name="log"), ibis.table(WHO, name="who"))
TABLES = ("log", "who")


def spark(folder: Path) -> Callable[[Any], list[dict[str, Any]]]:
    """Of one core in this process, as of any number on a cluster."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.sql.session.timeZone": "UTC", "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1",
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.autoBroadcastJoinThreshold": "-1",
    }  # fmt: skip
    session = SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    engine = ibis.pyspark.connect(session)
    for name in TABLES:
        engine.read_parquet(folder / f"{name}.parquet", table_name=name)
    # All its columns by name: Ibis leaves the number there by which Spark skips rows.
    return lambda question: engine.to_pyarrow(question.select(*question.columns)).to_pylist()


def clickhouse(folder: Path) -> Callable[[Any], list[dict[str, Any]]]:
    from chdb.session import Session

    session = Session()
    session.query("CREATE DATABASE elsewhere")
    for name in TABLES:
        path = str(folder / f"{name}.parquet").replace("'", "''")
        session.query(f"CREATE VIEW elsewhere.{name} AS SELECT * FROM file('{path}', Parquet)")
    session.query("USE elsewhere")

    def ask(question: Any) -> list[dict[str, Any]]:
        said = str(ibis.to_sql(question, dialect="clickhouse"))
        # Else what a join does not find would be 0 and '': the last of the six rules.
        return list(session.query(f"{said} SETTINGS join_use_nulls = 1", "ArrowTable").to_pylist())

    return ask


def main(engine: str, folder: Path, which: str = "all") -> None:
    ask = {"spark": spark, "clickhouse": clickhouse}[engine](folder)
    questions = QUESTIONS if which == "ten" else QUESTIONS | BOARDS
    told = {name: ask(question(ASKED, "EUR")) for name, question in questions.items()}
    print(json.dumps(told, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value.decode() if isinstance(value, bytes) else str(value)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve(), *sys.argv[3:])
