"""The real order lines of online_retail, by the command that a shop uses, into a store of their own."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[3] / "shared" / "data" / "online_retail" / "online_retail_to_2011-08-31.csv.gz"
CPU_S, MEMORY_MB = 60, 300
LINES = 320_705


def figures() -> list[tuple[str, float, str, float]]:
    """CPU and memory of the whole command, from the first line to the last row in the log."""
    with tempfile.TemporaryDirectory() as folder:
        home, file = Path(folder) / "home", Path(folder) / "orders.csv"
        with gzip.open(DATA) as packed, file.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        _duologue(home, "site", "add", "retail", "--origin", "https://retail.example")
        given = ("import", "orders", str(file), "--site", "retail", "--currency", "GBP", "--timezone", "Europe/London")
        before = os.times()
        told = _duologue(home, *given)
        after = os.times()
        if (told["rows"], told["errors"]) != (LINES, 0) or not told["import"]:
            raise SystemExit(f"Not all was imported: {told}")
        again = _duologue(home, *given)
        if again["new"]:
            raise SystemExit(f"Told again, something was new: {again}")
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return [
        ("import_cpu_s", cpu, "cpu_s", CPU_S),
        ("import_memory_mb", told["memory_mb"], "MB", MEMORY_MB),
    ]


def _duologue(home: Path, *arguments: str) -> dict[str, Any]:
    """What it tells as JSON, and the most memory that it took."""
    peak = (
        "import resource, sys; from bot.__main__ import main; code = main(sys.argv[1:]); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr); sys.exit(code)"
    )
    known = {name: value for name, value in os.environ.items() if not name.startswith("DUOLOGUE_")}
    done = subprocess.run(
        [sys.executable, "-c", peak, *arguments, "--output", "json"],
        env=known | {"DUOLOGUE_HOME": str(home)}, cwd=Path(__file__).parents[2],
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout)
    return told | {"memory_mb": int(done.stderr.split()[-1])}
