"""What the console costs: `.venv/bin/python bench/console.py [--quick] [--json]`.

- growth_ratio: the list's page at 100,000 conversations of ten messages over the same at 1,000, on SQLite and on
  PostgreSQL as it comes; the worse of both. Medians of pages fetched by turns, each tab as often. At most 2.
- search_p95_ms: 200 searches over 1,000,000 messages, the whole page with its marked words, on both; the worse. One to
  three words out of a message, the last one often not finished, every tenth in quotes: so most words are common. At
  most 200.
- first_page_gzip: the first page with fifty conversations, with its style sheet and its script. At most 15,000.
- push_p95_ms: from a visitor's send to the piece of HTML on a console that looks at the conversation, with 50 consoles
  open (40 at conversations, 10 at the list, to which its rows are pushed) and 200 live conversations, ten
  messages a second and as many answers. Real sockets, the gateway in a process of its own, SQLite. At most 100.
- switching_ms: meanwhile, from asking for another conversation to its whole page, five times a second; the median.
  At most 50.

Beside them, not followed: how long it takes to make the store searchable, and the filters, slowest first.
`--quick`: 10,000 conversations, 100,000 messages, 60 searches. The machine may be busy: only ratios mean something.
"""

import argparse
import asyncio
import gzip
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import asyncpg

# The office of the tests, which is the console without the chat.
sys.path.insert(0, str(Path(__file__).parents[1]))

from consoles.postgres import postgres
from consoles.push import p95, push_ms
from consoles.seed import DATA, answers, questions, seeded

from bot.gateway.house import HOUSE
from bot.gateway.valued import weigh
from bot.store.queue import unweighed
from bot.store.store import Store
from tests.cast import DANA
from tests.gateway.front_office import Browser, Office

SMALL, LARGE, LARGE_QUICK = 1_000, 100_000, 10_000
SEARCHES, SEARCHES_QUICK = 200, 60
PAGES = 10
TABS = ("all", "mine", "unassigned", "bot", "resolved")
FILTERS = ("language=de", "page=gift", "segment=conversing+visitor", "segment=conversing+buyer", "rating=1", "intent=x")
UNITS = {
    "growth_ratio": "ratio",
    "search_p95_ms": "ms",
    "first_page_gzip": "bytes",
    "push_p95_ms": "ms",
    "switching_ms": "ms",
}
BARS = {
    "growth_ratio": 2.0,
    "search_p95_ms": 200.0,
    "first_page_gzip": 15_000.0,
    "push_p95_ms": 100.0,
    "switching_ms": 50.0,
}


@dataclass
class Measured:
    """Of one database. Times in milliseconds; `seeded_s` is for the large store, `weight` of the first page."""

    small: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)
    filters: dict[str, float] = field(default_factory=dict)
    seeded_s: float = 0.0
    weight: int = 0

    @property
    def growth(self) -> float:
        return median(self.large) / median(self.small)

    @property
    def p95(self) -> float:
        return quantiles(self.searches, n=20)[-1]


@asynccontextmanager
async def console(store: Store, home: Path) -> AsyncIterator[Browser]:
    """The console on this store, and a member who is signed in."""
    office = Office(store, home)
    dana = await office.hire(DANA)
    async with office.serve() as server, Browser(server) as browser:
        await browser.is_signed_in(office, dana)
        # A store that was filled at once has all who wait to be put in their places; one that grew has a few.
        while await store.read(unweighed):
            await weigh(office.app[HOUSE])
        yield browser


async def spent_ms(browser: Browser, address: str) -> float:
    began = time.perf_counter()
    page = await browser.get(address)
    assert page.status == 200, (page.status, address)
    return (time.perf_counter() - began) * 1000


def typed(chance: random.Random, said: list[str]) -> str:
    """What somebody looks for who remembers some of it."""
    while len(words := re.findall(r"\w+", chance.choice(said))) < 3:
        continue
    start, number = chance.randrange(len(words) - 2), chance.randint(1, 3)
    some = words[start : start + number]
    if chance.random() < 0.1:
        return f'"{" ".join(some)}"'
    return " ".join([*some[:-1], some[-1][: max(3, len(some[-1]) - 2)]])


async def measure(small_url: str, large_url: str, home: Path, *, quick: bool) -> Measured:
    small, large, found = Store(small_url), Store(large_url), Measured()
    try:
        await seeded(small, SMALL)
        began = time.monotonic()
        await seeded(large, LARGE_QUICK if quick else LARGE)
        found.seeded_s = time.monotonic() - began
        async with console(small, home) as few, console(large, home) as many:
            for address in [f"/console?view={tab}" for tab in TABS] * PAGES:
                found.small.append(await spent_ms(few, address))
                found.large.append(await spent_ms(many, address))
            found.weight = await first_page(few)
            chance, said = random.Random(11), [*questions(), *answers()[:20_000]]
            for _ in range(SEARCHES_QUICK if quick else SEARCHES):
                found.searches.append(await spent_ms(many, f"/console/search?q={typed(chance, said)}"))
            for one in FILTERS:
                found.filters[one] = await spent_ms(many, f"/console?{one}")
    finally:
        await small.close()
        await large.close()
    return found


async def first_page(browser: Browser) -> int:
    """Bytes of the page and of all that it brings, each packed."""
    page = await browser.get("/console")
    brought = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    texts = [page.text, *[(await browser.get(one.replace("&amp;", "&"))).text for one in brought]]
    return sum(len(gzip.compress(one.encode(), 9)) for one in texts)


async def run(*, quick: bool) -> dict[str, Measured]:
    found: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory(prefix="duologue-bench-") as folder, postgres() as url:
        home = Path(folder)
        stores = {"SQLite": (f"sqlite:///{home}/small.db", f"sqlite:///{home}/large.db")}
        if url is not None:
            await second_database(url)
            stores["PostgreSQL"] = (url.replace("@/postgres?", "@/small?"), url)
        for name, (small, large) in stores.items():
            found[name] = await measure(small, large, home, quick=quick)
            one = found[name]
            print(f"{name}: {one.growth:.2f} times, search {one.p95:.0f} ms", file=sys.stderr)
    return found


async def second_database(url: str) -> None:
    connection = await asyncpg.connect(host=url.partition("host=")[2], user="postgres", database="postgres")
    try:
        await connection.execute("CREATE DATABASE small")
    finally:
        await connection.close()


def told(found: dict[str, Measured]) -> dict[str, float]:
    """The figures that are followed: of both databases the worse."""
    return {
        "growth_ratio": max(one.growth for one in found.values()),
        "search_p95_ms": max(one.p95 for one in found.values()),
        "first_page_gzip": float(max(one.weight for one in found.values())),
    }


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--quick", action="store_true", help="10,000 conversations, 60 searches, 200 messages")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    if not DATA.exists():
        print(f"{DATA} is missing: there is nothing to fill a store with.", file=sys.stderr)
        return 0
    found = asyncio.run(run(quick=given.quick))
    took = asyncio.run(push_ms(quick=given.quick))
    live = {"push_p95_ms": p95(took.pushed), "switching_ms": median(took.switched)}
    for name, value in (told(found) | live).items():
        unit, bar = UNITS[name], BARS[name]
        if given.json:
            line = {"value": round(value, 3), "unit": unit, "against": bar, "ratio": round(value / bar, 3)}
            print(json.dumps({"name": f"console.{name}", **line}))
        else:
            print(f"{name:16} {value:10.2f} {unit:6} at most {bar:,.0f}")
    if not given.json:
        for database, one in found.items():
            print(f"{database}: a page in {median(one.small):.1f} ms of few, {median(one.large):.1f} ms of many; "
                  f"search {median(one.searches):.1f} ms in the middle, {max(one.searches):.0f} ms at most; "
                  f"filled and made searchable in {one.seeded_s:.0f} s")  # fmt: skip
            slowest = sorted(one.filters.items(), key=lambda pair: -pair[1])
            print("  filters: " + ", ".join(f"{name} {spent:.0f} ms" for name, spent in slowest))
    return 0


if __name__ == "__main__":
    sys.exit(main())
