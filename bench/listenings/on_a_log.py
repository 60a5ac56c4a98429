"""The report on a log in a process of its own, for its CPU and its memory: `python -m listenings.on_a_log FOLDER`.

The second half of the year against the first. What was understood is not in the bench's log: each message is given a
mood, a topic and, every third, one of 200 statements by its number as it is read. Prints a line of JSON.
"""

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from logs.year import DAYS, FIRST_DAY

from bot.insights.listening.meaning import Ears
from bot.insights.listening.reading import Window
from bot.insights.listening.report import Asking
from bot.insights.log.files import DAY_US, parquet
from bot.insights.log.manifest import load
from bot.insights.log.opened import opened
from bot.pages.indexing.encoder import Encoder
from bot.pages.questions.meanings import Meanings
from bot.store.log_changes import Waiting

MODELS = Path(__file__).parents[2] / "models"
SINCE, UNTIL = (FIRST_DAY + DAYS // 2) * DAY_US, (FIRST_DAY + DAYS) * DAY_US
KINDS = ("need", "objection", "praise", "complaint", "wish")
THINGS = ("parcel", "blanket", "scarf", "price", "refund", "staff", "website", "size", "colour", "invoice")
SAYINGS = ("is late", "is lovely", "is too dear", "came torn")


def reported(folder: Path) -> int:
    """How many people said anything in the second half."""
    manifest = load(folder / "log")
    assert manifest is not None
    marked = duckdb.sql(f"SELECT visitor FROM {parquet(folder / 'log' / 'who-1.parquet')} WHERE marked = 1").fetchall()
    waiting = Waiting((), (), True, {}, tuple(one for (one,) in marked))
    meanings = Meanings(lambda: Encoder(MODELS))
    ears = Ears(meanings.alike, meanings.questions)
    window = Window(SINCE, UNTIL, 2 * SINCE - UNTIL)
    asking = Asking(window, pa.table({"visitor": pa.array([], pa.string())}), ears, None, "page", date(2027, 1, 1))
    with opened(folder / "log", manifest, waiting, "demo", 0, UNTIL) as connection:
        _state(connection)
        return asking.asked(connection).said.talked.people


def _state(connection: duckdb.DuckDBPyConnection) -> None:
    """Every message is taken for one that was understood, with a mood and a topic; every third states something."""
    connection.execute("ALTER VIEW log RENAME TO as_it_is")
    things, sayings, kinds = (", ".join(f"'{one}'" for one in some) for some in (THINGS, SAYINGS, KINDS))
    connection.execute(
        f"""CREATE VIEW log AS SELECT * REPLACE (
            CASE WHEN type = 'message' THEN 'understanding' ELSE type END AS type,
            CASE WHEN type = 'message' THEN (hash(id) % 21)::DOUBLE / 10 - 1 END AS sentiment,
            CASE WHEN type <> 'message' THEN data ELSE json_object('topics', ['delivery'], 'statements',
                CASE WHEN hash(id) % 3 > 0 THEN [] ELSE [json_object('kind', [{kinds}][(hash(id) % 5 + 1)::INT],
                'text', 'the ' || [{things}][(hash(id) // 5 % 10 + 1)::INT] || ' '
                    || [{sayings}][(hash(id) // 50 % 4 + 1)::INT],
                'topics', ['delivery'])] END)::VARCHAR END AS data) FROM as_it_is"""
    )


if __name__ == "__main__":
    began = time.process_time()
    people = reported(Path(sys.argv[1]))
    told = {"people": people, "cpu_s": time.process_time() - began}
    print(json.dumps(told | {"memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000}))
