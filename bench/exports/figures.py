"""What exports cost beside DuckDB's own COPY and beside XlsxWriter: medians of seven processes each, that take turns.

Three are too few beside others on a machine, whose speed changes by a fifth within a run.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

SHEET_ROWS = 100_000
TIMES = 7
EXTRA_MB = 50


def figures(folder: Path, rows: int) -> Iterator[tuple[str, float, str, float, float]]:
    """Name, value, unit, what it is beside, and what the ratio may be at most."""
    for format in ("csv", "parquet"):
        ours, copy = _taking_turns(("ours", "copy"), format, folder, rows)
        yield f"{format}_ratio", ours["cpu_s"], "cpu_s", copy["cpu_s"], 1.2
        yield f"{format}_memory_mb", ours["memory_mb"], "MB", 500, 1.0
    ours, other = _taking_turns(("ours", "xlsxwriter"), "xlsx", folder, SHEET_ROWS)
    yield "xlsx_ratio", ours["cpu_s"], "cpu_s", other["cpu_s"], 1 / 6
    yield "xlsx_memory_ratio", ours["memory_mb"], "MB", other["memory_mb"] + EXTRA_MB, 1.0


def _taking_turns(who: tuple[str, str], format: str, folder: Path, rows: int) -> list[dict[str, float]]:
    told = [[_once(one, format, folder, rows) for one in who] for _ in range(TIMES)]
    return [{name: median(turn[place][name] for turn in told) for name in told[0][0]} for place in range(len(who))]


def _once(who: str, format: str, folder: Path, rows: int) -> dict[str, Any]:
    here = Path(__file__).parents[1]
    environment = os.environ | {"PYTHONPATH": f"{here}:{here.parent}:{os.environ.get('PYTHONPATH', '')}"}
    asked = [sys.executable, "-m", "exports.one", who, format, str(folder), str(rows)]
    told = subprocess.run(asked, env=environment, check=True, stdout=subprocess.PIPE)
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer
