"""A report on a log in a process of its own, for its CPU and its memory: `python -m values.on_a_log WHAT FOLDER`.

WHAT: value or likeness. Prints a line of JSON.
"""

import json
import resource
import sys
import time
from pathlib import Path

import duckdb

from bot.insights.likeness.told import told as likeness
from bot.insights.log.files import parquet
from bot.insights.log.manifest import load
from bot.insights.log.opened import opened
from bot.insights.one_core import one_core
from bot.insights.value.told import told as value
from bot.store.log_changes import Waiting

EVER = 2**61


def asked(what: str, folder: Path) -> int:
    """How many people it told of."""
    manifest = load(folder / "log")
    assert manifest is not None
    # The store tells who is marked: there are few.
    marked = duckdb.sql(f"SELECT visitor FROM {parquet(folder / 'log' / 'who-1.parquet')} WHERE marked = 1").fetchall()
    told = Waiting((), (), True, {}, tuple(one for (one,) in marked))
    with opened(folder / "log", manifest, told, "demo", 0, EVER) as connection:
        if what == "value":
            found = value(connection, 0)
            assert found.backtest is not None
            return len(found.customers)
        alike = likeness(connection, "top spenders", EVER).alike
        assert alike is not None
        return alike.people


if __name__ == "__main__":
    started = time.process_time()
    with one_core("sklearn.ensemble", "sklearn.linear_model", "scipy.optimize"):
        people = asked(sys.argv[1], Path(sys.argv[2]))
    used = time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    print(json.dumps({"people": people, "cpu_s": used, "memory_mb": memory}))
