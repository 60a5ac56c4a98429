"""One answer in a process of its own, for its CPU and its memory: `python -m logs.one WHO FOLDER SINCE UNTIL`.

WHO: ours, by_hand, or whole (our question to the file that has no order of time). Prints a line of JSON.
"""

import json
import resource
import sys
import time
from pathlib import Path

import duckdb

from bot.insights.log.files import parquet, quiet_duckdb
from bot.insights.log.manifest import load
from bot.insights.log.opened import opened
from bot.insights.log.questions.asked import Row, rows_of
from bot.insights.log.questions.segments import segments
from bot.store.log_changes import Waiting


def ours(folder: Path, since: int, until: int) -> list[Row]:
    manifest = load(folder / "log")
    assert manifest is not None
    # The store tells who is marked: there are few.
    marked = duckdb.sql(f"SELECT visitor FROM {parquet(folder / 'log' / 'who-1.parquet')} WHERE marked = 1").fetchall()
    told = Waiting((), (), True, {}, tuple(one for (one,) in marked))
    with opened(folder / "log", manifest, told, "demo", since, until) as connection:
        return rows_of(connection, segments, "EUR")


def whole(folder: Path, since: int, until: int) -> list[Row]:
    with quiet_duckdb("400MB") as connection:
        within = f"site = 'demo' AND ts_us >= {since} AND ts_us < {until}"
        connection.execute(f"CREATE VIEW log AS SELECT * FROM {parquet(folder / 'whole.parquet')} WHERE {within}")
        connection.execute(f"CREATE TABLE who AS SELECT * FROM {parquet(folder / 'log' / 'who-1.parquet')}")
        return rows_of(connection, segments, "EUR")


def by_hand(folder: Path, since: int, until: int) -> list[Row]:
    manifest = load(folder / "log")
    assert manifest is not None
    with duckdb.connect(config={"threads": 1, "memory_limit": "400MB"}) as connection:
        files = parquet(*(folder / "log" / one.path for one in manifest.between(since, until)))
        who = parquet(folder / "log" / "who-1.parquet")
        sql = (Path(__file__).parent / "by_hand.sql").read_text().format(log=files, who=who, since=since, until=until)
        rows = connection.sql(sql).to_arrow_table().to_pylist()
        return [{name: one if isinstance(one, str) else int(one) for name, one in row.items()} for row in rows]


if __name__ == "__main__":
    who, folder, since, until = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    answer = {"ours": ours, "whole": whole, "by_hand": by_hand}[who]
    # Once for what is loaded and made only once in a process; the files are then in the system's memory for all.
    answer(folder, since, since + 1)
    started = time.process_time()
    told = answer(folder, since, until)
    used = time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    told.sort(key=lambda row: str(row["segment"]))
    print(json.dumps({"cpu_s": used, "memory_mb": memory, "rows": told}))
