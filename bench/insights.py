"""What insights cost: `.venv/bin/python bench/insights.py [--quick] [--json]`.

- segments_ratio: CPU of the five segments of a year of 10,000,000 interactions, as `duologue insights segments` asks
  for them, over that of the same answer in SQL written by hand for DuckDB, from the same files. One core each, the
  second question of the process: the first one also loads the libraries and makes our SQL. At most 1.5. The answers
  have to be the same.
- segments_memory_mb: the whole process of ours at its largest. At most 500.
- dashboard_s: the slowest of the pages /insights, /insights/lift and /insights/pages of the year, by the wall, when
  they are warm, beside a store of those 500,000 people. At most 1.
- chart_cpu_s: CPU of drawing a chart, once what draws is there. At most 0.2.
- engines_equal: of the ten questions, asked of a day, those that have the same answer to a billionth on DuckDB,
  PostgreSQL, Spark and ClickHouse (`make engines`); says which were there. 10.
- week_over_year: CPU of the segments of one week, asked of one file of the year in no order of time, over that of the
  log. At least 10.

Medians of three. The year is invented a day at a time and kept in .bench-cache. `--quick`: 1,000,000 interactions, of
which a week is so little that the last figure is mostly what any question costs. The machine may be busy: only ratios
mean something. Beside them those of lift (bench/lifts), and those of value and likeness on real
customers (bench/values), with what both cost on the year and on one in which 8 of 20 visitors buy (busy_);
`--only NAME` measures one of them.

`--only imports`: import_cpu_s and import_memory_mb of `duologue import orders` with the 320,705 real order lines of
online_retail into a store of its own, at most 60 s and 300 MB; told again, nothing of it is new.

`--only listening`: listening_cpu_s and listening_memory_mb, topics and mood of 100,000 different messages that people
wrote (bench/listenings/messages.py), models loaded: at most 600 CPU seconds and 1,000 MB; --quick of 10,000, at most
60. listening_stated_: statements too, held to the same, a bar of ours. listening_report_cpu_s and
listening_report_memory_mb: the report of the year's second half.

`--only exports`: csv_ratio and parquet_ratio, CPU of the export of all interactions over that of DuckDB's COPY of the
same columns from the same files as they are (at most 1.2), who is who, amounts and what keeps formulas inert included;
xlsx_ratio, of 100,000 rows, over XlsxWriter's (constant_memory) with the same cells (at most 1/6). Medians of seven.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from exports.figures import figures as of_exports
from imports import retail
from lifts import hillstrom, simulated
from listenings import cost as of_listening
from logs.engines import equal
from logs.year import DAYS, FIRST_DAY, year
from values import cost
from values.figures import figures as of_customers

from bot.insights.log.files import DAY_US

CACHE = Path(__file__).parents[1] / ".bench-cache"
ROWS, ROWS_QUICK = 10_000_000, 1_000_000
TIMES = 3
LIFTS, LIFTS_QUICK = 1_000, 200
MESSAGES, MESSAGES_QUICK = 100_000, 10_000
BUSY = 8
"""Twentieths of the visitors who buy in the year of many customers, in place of one."""
SINCE, UNTIL = FIRST_DAY * DAY_US, (FIRST_DAY + DAYS) * DAY_US
WEEK = (SINCE + 150 * DAY_US, SINCE + 157 * DAY_US)


def measure(rows: int) -> list[dict[str, Any]]:
    folder = CACHE / f"insights-{rows // 1_000_000}m"
    year(folder, rows)
    ours, hand = _asked("ours", folder, SINCE, UNTIL), _asked("by_hand", folder, SINCE, UNTIL)
    if ours["rows"] != hand["rows"]:
        raise SystemExit(f"The answers differ:\n{ours['rows']}\n{hand['rows']}")
    week, whole = _asked("ours", folder, *WEEK), _asked("whole", folder, *WEEK)
    if week["rows"] != whole["rows"]:
        raise SystemExit(f"The answers differ:\n{week['rows']}\n{whole['rows']}")
    return [
        _figure("segments_ratio", ours["cpu_s"], "cpu_s", hand["cpu_s"], at_most=1.5),
        _figure("segments_memory_mb", ours["memory_mb"], "MB", 500, at_most=1),
        _figure("week_over_year", whole["cpu_s"], "cpu_s", week["cpu_s"], at_least=10),
    ]


def boards(rows: int) -> list[dict[str, Any]]:
    folder = CACHE / f"insights-{rows // 1_000_000}m"
    year(folder, rows)
    told = _run("logs.boards", folder)
    chart = told.pop("chart_cpu_s")
    slowest = _figure("dashboard_s", max(page["warm_s"] for page in told.values()), "s", 1, at_most=1)
    each = ", ".join(f"{name} {page['warm_s']:.3f} (first {page['first_s']:.1f})" for name, page in told.items())
    slowest["told"] += f"; {each}"
    return [slowest, _figure("chart_cpu_s", chart, "cpu_s", 0.2, at_most=1)]


def engines() -> list[dict[str, Any]]:
    folder = CACHE / f"insights-{ROWS_QUICK // 1_000_000}m"
    year(folder, ROWS_QUICK)
    found, names = equal(folder, WEEK[0], WEEK[0] + DAY_US)
    told = _figure("engines_equal", found, "questions", 10, at_least=1)
    told["told"] += f"; compared {', '.join(names)}"
    return [told]


def lift(*, quick: bool) -> list[dict[str, Any]]:
    return _named((*hillstrom.figures(), *simulated.figures(LIFTS_QUICK if quick else LIFTS)))


def value(rows: int) -> list[dict[str, Any]]:
    folder = CACHE / f"insights-{rows // 1_000_000}m"
    year(folder, rows)
    busy = CACHE / f"customers-{rows // 1_000_000}m"
    year(busy, rows, buying=BUSY)
    return _named((*of_customers(), *cost.figures(folder), *cost.figures(busy, "busy_")))


def _named(found: Iterable[tuple[str, float, str, float]]) -> list[dict[str, Any]]:
    return [
        {"name": f"insights.{name}", "value": value, "unit": unit, "against": against,
         "ratio": value / against if against else None, "told": ""}
        for name, value, unit, against in found
    ]  # fmt: skip


def listening(rows: int, messages: int) -> list[dict[str, Any]]:
    folder = CACHE / f"insights-{rows // 1_000_000}m"
    year(folder, rows)
    return _at_most([*of_listening.of_messages(messages), *of_listening.of_report(folder)])


def exported(rows: int) -> list[dict[str, Any]]:
    folder = CACHE / f"insights-{rows // 1_000_000}m"
    year(folder, rows)
    return [_figure(*told, at_most=most) for *told, most in of_exports(folder, rows)]


def _asked(who: str, folder: Path, since: int, until: int) -> dict[str, Any]:
    told = [_once(who, folder, since, until) for _ in range(TIMES)]
    return told[0] | {name: median(one[name] for one in told) for name in ("cpu_s", "memory_mb")}


def _once(who: str, folder: Path, since: int, until: int) -> dict[str, Any]:
    return _run("logs.one", who, folder, since, until)


def _run(module: str, *given: object) -> dict[str, Any]:
    here = Path(__file__).parent
    environment = os.environ | {"PYTHONPATH": f"{here}:{here.parent}", "OMP_NUM_THREADS": "1"}
    asked = [sys.executable, "-W", "ignore", "-m", module, *map(str, given)]
    told = subprocess.run(asked, env=environment, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer


def _figure(
    name: str, value: float, unit: str, against: float, *, at_most: float | None = None, at_least: float | None = None
) -> dict[str, Any]:
    ratio = value / against
    kept = ratio <= at_most if at_most is not None else at_least is not None and ratio >= at_least
    bar = f"at most {at_most}" if at_most is not None else f"at least {at_least}"
    return {
        "name": f"insights.{name}", "value": round(value, 3), "unit": unit, "against": round(against, 3),
        "ratio": round(ratio, 3), "told": f"{bar}: {'kept' if kept else 'MISSED'}",
    }  # fmt: skip


def _at_most(found: list[tuple[str, float, str, float]]) -> list[dict[str, Any]]:
    return [_figure(name, value, unit, against, at_most=1) for name, value, unit, against in found]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--json", action="store_true")
    options.add_argument(
        "--only", choices=("log", "boards", "engines", "lift", "value", "imports", "exports", "listening")
    )
    given = options.parse_args()
    figures = measure(ROWS_QUICK if given.quick else ROWS) if given.only in (None, "log") else []
    figures += boards(ROWS_QUICK if given.quick else ROWS) if given.only in (None, "boards") else []
    figures += engines() if given.only in (None, "engines") else []
    figures += lift(quick=given.quick) if given.only in (None, "lift") else []
    figures += value(ROWS_QUICK if given.quick else ROWS) if given.only in (None, "value") else []
    figures += _at_most(retail.figures()) if given.only in (None, "imports") else []
    figures += exported(ROWS_QUICK if given.quick else ROWS) if given.only in (None, "exports") else []
    if given.only in (None, "listening"):
        figures += listening(ROWS_QUICK if given.quick else ROWS, MESSAGES_QUICK if given.quick else MESSAGES)
    for one in figures:
        told = one.pop("told")
        if given.json:
            print(json.dumps(one))
        else:
            ratio = "" if one["ratio"] is None else f"{one['ratio']:.3f}"
            print(f"{one['name']:40}{one['value']:10.3f} {one['unit']:14}{one['against']:10.3f}{ratio:>9}  {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
