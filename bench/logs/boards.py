"""The dashboard's pages of the invented year, through the office of the tests: `python -m logs.boards HOME`.

Prints a line of JSON: of each page the seconds (by the wall) and the bytes, the first time and when it is warm, and
the process's memory; of charts the CPU of one, drawn as the gateway draws it, once its process is there.
"""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from bot.gateway.boards import drawing
from bot.insights.log.manifest import load
from logs.beside import beside
from tests.cast import MAYA
from tests.gateway.front_office import Browser, Office

DAYS = "site=demo&since=2026-01-01&until=2026-12-31"
PAGES = {
    "customers": f"/insights?{DAYS}",
    "people": f"/insights/people?{DAYS}&who=bought",
    "lift": f"/insights/lift?{DAYS}&guess=none",
    "pages": f"/insights/pages?{DAYS}",
}
CHART = f"/insights/lift/chart.svg?{DAYS}"
TIMES = 2


async def main(home: Path) -> dict[str, Any]:
    log = load(home / "log")
    assert log is not None
    store = await beside(home, log)
    office = Office(store, home)
    told: dict[str, Any] = {}
    async with office.serve() as server, Browser(server) as maya:
        await maya.is_signed_in(office, await office.hire(MAYA))
        for name, path in PAGES.items():
            first = await _seconds(maya, path)
            told[name] = {"first_s": first, "warm_s": min([await _seconds(maya, path) for _ in range(TIMES)])}
            told[name]["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
        told["chart_cpu_s"] = await _cpu_of_charts(maya)
    drawing.end()
    await store.close()
    return told


async def _seconds(browser: Browser, path: str) -> float:
    begun = time.perf_counter()
    page = await browser.get(path)
    if page.status != 200:
        raise SystemExit(f"{path} answers {page.status}: {page.words[:300]}")
    return time.perf_counter() - begun


async def _cpu_of_charts(browser: Browser) -> float:
    """Of another chart than the first, which starts the process and loads what draws."""
    await _seconds(browser, CHART)
    used = _cpu_of_drawing()
    for more in ("&theme=dark", "&size=narrow", "&theme=dark&size=narrow"):
        await _seconds(browser, CHART + more)
    return (_cpu_of_drawing() - used) / 3


def _cpu_of_drawing() -> float:
    import psutil

    return sum(sum(child.cpu_times()[:2]) for child in psutil.Process().children(recursive=True))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(Path(sys.argv[1])))))
