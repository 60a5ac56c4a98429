"""What listening costs: hearing many messages, and the report on the log of a year, each in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CPU_S_PER_MESSAGE, MEMORY_MB = 600 / 100_000, 1_000.0
"""Of topics and mood; with statements it is a bar of ours."""
REPORT_CPU_S = 120.0
"""A bar of ours: as of value and likeness."""
type Figure = tuple[str, float, str, float]


def of_messages(number: int) -> Iterator[Figure]:
    for what, more in (("listening", ()), ("listening_stated", ("stated",))):
        told = _run("listenings.heard", str(number), *more)
        if told["messages"] != number:
            raise SystemExit(f"There are only {told['messages']} messages, not {number}.")
        yield f"{what}_cpu_s", told["cpu_s"], "cpu_s", number * CPU_S_PER_MESSAGE
        yield f"{what}_memory_mb", told["memory_mb"], "MB", MEMORY_MB


def of_report(folder: Path) -> Iterator[Figure]:
    told = _run("listenings.on_a_log", str(folder))
    yield "listening_report_cpu_s", told["cpu_s"], "cpu_s", REPORT_CPU_S
    yield "listening_report_memory_mb", told["memory_mb"], "MB", MEMORY_MB


def _run(*asked: str) -> dict[str, float]:
    here = Path(__file__).parents[1]
    environment = os.environ | {"PYTHONPATH": f"{here}:{here.parent}", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "ignore", "-m", *asked]
    answer = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    told: dict[str, float] = json.loads(answer.stdout)
    return told
