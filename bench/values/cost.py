"""What value and likeness cost on the log of a year, each in a process of its own, all that it loads counted."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CPU_S, MEMORY_MB = 120.0, 1_000.0
"""The bars: of both together, and of the larger."""


def figures(folder: Path, year: str = "") -> Iterator[tuple[str, float, str, float]]:
    """`year` begins the names of another one's figures."""
    told = [_of(what, folder) for what in ("value", "likeness")]
    yield f"{year}value_customers", told[0]["people"], "people", 0.0
    yield f"{year}value_and_likeness_cpu", sum(one["cpu_s"] for one in told), "cpu_s", CPU_S
    yield f"{year}value_and_likeness_memory_mb", max(one["memory_mb"] for one in told), "MB", MEMORY_MB


def _of(what: str, folder: Path) -> dict[str, float]:
    here = Path(__file__).parents[1]
    environment = os.environ | {"PYTHONPATH": f"{here}:{here.parent}"}
    asked = [sys.executable, "-W", "ignore", "-m", "values.on_a_log", what, str(folder)]
    answer = subprocess.run(asked, env=environment, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    told: dict[str, float] = json.loads(answer.stdout)
    return told
