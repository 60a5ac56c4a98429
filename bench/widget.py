"""What the widget costs a page and a visitor: `.venv/bin/python bench/widget.py [--quick] [--json]`.

A blank page, the same page with our widget (from a running `duologue up`, another origin), and with three peers from
npm as their READMEs embed them (pinned, their bundles packed as ours and served beside the page; one answers as the
other). Chromium without a screen, 1280 x 720, nothing cached, nothing from outside this machine; what a widget
wants from there is counted. Pages take turns.

  closed     what a page fetched and did until 0.5 s after its launcher was there: files (scripts, styles, fonts,
             images), their packed bytes, calls and sockets to back ends, hosts elsewhere
  open       the same until 0.25 s after the launcher was pressed and the field can be typed in
  script     CPU time of the page's main thread in scripts, over that of the blank page of the same round; task: in all
  blocking   what tasks of more than 50 ms took above that, at full speed and (1/4) with the CPU slowed down four times
  click      from a press that no pointer announced until the first frame in which the field can be typed in: with
             nothing fetched before (cold), and the second time on the same page (warm)
  shift      of everything that moved, also just after a press, until an answer was there
  axe        rules of WCAG 2.0 to 2.2 A and AA and best practice that are broken, panel open, after an answer

Then two tabs write in one conversation while their line is cut and the gateway killed: messages lost, doubled, out of
order or not answered once, in the store or on either screen. And a visitor comes back to 10 and to 1,000
messages. Against is the best of the peers, ratio is ours / theirs.

`--quick` takes 2 rounds instead of 7 (1 instead of 3 slowed down), 100 messages and 10 cuts instead of 1,000 and 100.
"""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

import aiohttp
from playwright.async_api import Browser
from sides.chromium import Cost, Opened, Used, browser, chromium, opened, used
from sides.cuts import Cable, Kept, Storm, weather
from sides.duologue import Duologue
from sides.history import history_ms
from sides.peers import ANSWER, BLANK, PEERS, QUESTION, NotInstalled, Widget, ours
from sides.prepared import CACHE, SHOP, home_with_pages, trained_model
from sides.site import Website
from sides.visit import PATIENCE_S

from bot.interactions import SiteKey
from bot.pages.command import crawl
from bot.project import SITE_PAGES
from bot.store.sites import add_site
from bot.store.store import Store

SITE = "bench"
SLOWED = 4
HISTORY = 10, 1_000


@dataclass(frozen=True)
class Plan:
    rounds: int
    slow_rounds: int
    returns: int
    storm: Storm


FULL = Plan(rounds=7, slow_rounds=3, returns=5, storm=Storm(messages=1_000, cuts=100, kills=10, pause_s=(0.1, 0.35)))
QUICK = Plan(rounds=2, slow_rounds=1, returns=2, storm=Storm(messages=100, cuts=10, kills=1, pause_s=(0, 0.1)))


@dataclass
class Seen:
    """All that was seen of one page. Each visit stands beside that of the blank page of its round."""

    visits: list[tuple[Opened, Opened]] = field(default_factory=list)
    slow: list[tuple[Opened, Opened]] = field(default_factory=list)
    used: Used | None = None

    def closed(self, of: Callable[[Cost], float], *, slow: bool = False) -> float:
        return median(of(one.closed.beyond(blank.closed)) for one, blank in (self.slow if slow else self.visits))

    def open(self, of: Callable[[Cost], float], *, slow: bool = False) -> float:
        return median(of(one.opened.beyond(blank.closed)) for one, blank in (self.slow if slow else self.visits))

    def click_ms(self, of: Callable[[Opened], float | None]) -> float | None:
        """None where there is nothing to press."""
        took = [ms for one, _ in self.visits if (ms := of(one)) is not None]
        return median(took) if took else None

    def found(self, of: Callable[[Used], float]) -> float:
        assert self.used is not None
        return of(self.used)


@dataclass(frozen=True)
class Measure:
    """A column of a table. Of peers the smallest is the best, or else the greatest."""

    name: str
    unit: str
    head: str
    of: Callable[[Seen], float | None]
    best: Callable[..., float] = min


type Table = tuple[Measure, ...]


CLOSED: Table = (
    Measure("requests", "files", "files", lambda one: one.closed(lambda cost: cost.requests)),
    Measure("loader_gzip", "bytes", "bytes", lambda one: one.closed(lambda cost: cost.bytes)),
    Measure("calls", "calls", "calls", lambda one: median(visit.calls for visit, _ in one.visits)),
    Measure("other_hosts", "hosts", "hosts", lambda one: median(visit.hosts for visit, _ in one.visits)),
    Measure("script_ms", "ms", "script", lambda one: one.closed(lambda cost: cost.script_ms)),
    Measure("task_ms", "ms", "task", lambda one: one.closed(lambda cost: cost.task_ms)),
    Measure("blocking_ms", "ms", "blocking", lambda one: one.closed(lambda cost: cost.blocking_ms)),
    Measure("blocking_slow_ms", "ms", "at 1/4", lambda one: one.closed(lambda cost: cost.blocking_ms, slow=True)),
)
OPEN: Table = (
    Measure("total_gzip", "bytes", "bytes", lambda one: one.open(lambda cost: cost.bytes)),
    Measure("script_open_ms", "ms", "script", lambda one: one.open(lambda cost: cost.script_ms)),
    Measure("blocking_open_ms", "ms", "blocking", lambda one: one.open(lambda cost: cost.blocking_ms)),
    Measure("blocking_open_slow_ms", "ms", "at 1/4", lambda one: one.open(lambda cost: cost.blocking_ms, slow=True)),
    Measure("click_cold_ms", "ms", "cold", lambda one: one.click_ms(lambda visit: visit.cold_ms)),
    Measure("click_warm_ms", "ms", "warm", lambda one: one.click_ms(lambda visit: visit.warm_ms)),
    Measure("layout_shift", "share", "shift", lambda one: one.found(lambda found: found.shift)),
    Measure("axe_violations", "rules", "axe", lambda one: one.found(lambda found: found.axe)),
    Measure("logs", "elements", "logs", lambda one: one.found(lambda found: found.logs), max),
    Measure("live_regions", "elements", "live", lambda one: one.found(lambda found: found.live), max),
)


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    against: float | None = None
    ratio: float | None = None


@dataclass(frozen=True)
class Found:
    pages: dict[str, Seen]
    kept: Kept
    history: list[float]
    """Milliseconds for the fewer and for the more messages."""


@asynccontextmanager
async def gateway() -> AsyncIterator[Duologue]:
    """`duologue up`, when it answers from the shop's pages."""
    model, home = await trained_model(), await home_with_pages()
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        async with aiohttp.ClientSession(timeout=timeout) as session:
            side = Duologue(session, Path(folder) / "duologue", model, home)
            try:
                await side.start(QUESTION, ANSWER)
                yield side
            finally:
                await side.processes.stop()


async def measure(plan: Plan) -> Found:
    for peer in PEERS:
        peer.install()
    website = Website()
    await website.start()
    try:
        async with gateway() as side, browser() as one:
            store = Store(side.settings.store_url)
            try:
                await store.write(add_site, SiteKey(SITE), name="The bench", origins=(website.origin,), at=1)
                await crawl(store, side.settings, SITE, str(SITE_PAGES), base=SHOP)
                return await _measure_running(plan, website, side, one, store)
            finally:
                await store.close()
    finally:
        await website.stop()


async def _measure_running(plan: Plan, website: Website, side: Duologue, one: Browser, store: Store) -> Found:
    cable = Cable(side.settings.port)
    await cable.start()
    widget = ours(side.settings.gateway_url, SITE)
    torn = ours(cable.url, SITE, "torn")
    widgets = [BLANK, widget, *(peer.widget for peer in PEERS)]
    website.show([*widgets, torn])
    try:
        seen = await _visit_all(one, website, widgets, plan)
        await _use(one, website, seen, [BLANK, widget])
        url = website.page_of(widget)
        history = [median(await history_ms(one, url, store, messages, plan.returns)) for messages in HISTORY]
        kill = partial(_kill_gateway, side)
        storm = weather(one, website.page_of(torn), cable, plan.storm, kill=kill, store=store)
        # Nothing of this is a matter of time.
        kept, _ = await asyncio.gather(storm, _use(one, website, seen, [peer.widget for peer in PEERS]))
    finally:
        await cable.stop()
    return Found(seen, kept, history)


def _kill_gateway(side: Duologue) -> None:
    next(process for process in side.processes.alive() if "serve" in process.cmdline()).kill()


async def _visit_all(one: Browser, website: Website, widgets: list[Widget], plan: Plan) -> dict[str, Seen]:
    seen = {widget.name: Seen() for widget in widgets}
    for rounds, slowed in ((plan.rounds, 1), (plan.slow_rounds, SLOWED)):
        for number in range(rounds):
            visits = {it.name: await opened(one, website.page_of(it), it, slowed=slowed) for it in widgets}
            for name, visit in visits.items():
                (seen[name].visits if slowed == 1 else seen[name].slow).append((visit, visits[BLANK.name]))
            _tell(f"round {number + 1} of {rounds}, CPU slowed down {slowed} times")
    return seen


async def _use(one: Browser, website: Website, seen: dict[str, Seen], widgets: list[Widget]) -> None:
    for widget in widgets:
        seen[widget.name].used = found = await used(one, website.page_of(widget), widget)
        _tell(f"{widget.name}: {found.axe} rules broken {found.axe_rules}")


def figures(found: Found) -> Iterator[Figure]:
    mine = found.pages["duologue"]
    peers = [found.pages[peer.widget.name] for peer in PEERS]
    for one in (*CLOSED, *OPEN):
        theirs = [value for peer in peers if (value := one.of(peer)) is not None]
        yield _figure(one.name, one.of(mine) or 0, one.unit, one.best(theirs))
    for name, count in asdict(found.kept).items():
        yield _figure(name, count, "messages")
    few, many = found.history
    yield _figure("history_ratio", many / few, "ratio")
    yield _figure("history_ms", many, "ms")


def _figure(name: str, value: float, unit: str, against: float | None = None) -> Figure:
    ratio = round(value / against, 4) if against else None
    return Figure(f"widget.{name}", round(value, 4), unit, None if against is None else round(against, 4), ratio)


def tables(found: Found) -> Iterator[str]:
    """For people: a row a page."""
    for name, measures in (("closed", CLOSED), ("open", OPEN)):
        yield " ".join([f"{name:12}", *(f"{one.head:>9}" for one in measures)])
        for page, seen in found.pages.items():
            yield " ".join([f"{page:12}", *(_cell(one.of(seen)) for one in measures)])
        yield ""


def _cell(value: float | None) -> str:
    return " " * 9 if value is None else f"{value:>9,.{0 if value == int(value) else 1 if value >= 1 else 4}f}"


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


async def run(plan: Plan) -> Found:
    # Ended from outside, we still end what we started.
    running = asyncio.current_task()
    assert running is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    CACHE.mkdir(exist_ok=True)
    return await measure(plan)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    if chromium() is None:
        print("Chromium is missing: install it (Debian: chromium), so that `chromium` is on the PATH.", file=sys.stderr)
        return 2
    try:
        found = asyncio.run(run(QUICK if given.quick else FULL))
    except NotInstalled as error:
        print(error, file=sys.stderr)
        return 2
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130
    if not given.json:
        print("\n".join(tables(found)))
    for one in figures(found):
        if given.json:
            print(json.dumps(asdict(one)))
        else:
            against = "" if one.against is None else f"{one.against:11.2f}"
            ratio = "" if one.ratio is None else f"{one.ratio:9.4f}"
            print(f"{one.name:30} {one.value:11.2f} {one.unit:8} {against:11} {ratio}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
