"""A visit in Chromium: what a widget takes from a page before and after somebody opens it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Page, Request, async_playwright

from sides.peers import ANSWER, QUESTION, Widget

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
# What a widget wants from elsewhere is counted, not fetched: the net's mood is no property of a widget.
LOOPBACK_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
"""Without a screen Chromium says so in its name, and a browser without a screen is a robot to the gateway."""
OBSERVER = Path(__file__).with_name("observe.js")
FILES = ("script", "stylesheet", "font", "image")
PATIENCE_MS = 60_000
LOADS_MS, REACTS_MS = 500, 250
"""How long a page is watched after its launcher came, and after its chat was opened or answered."""
AXE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LIVE = "[role=log], [role=status], [role=alert], output, [aria-live]:not([aria-live=off])"


@dataclass(frozen=True)
class Cost:
    """Of one moment of a visit, from its beginning on. Script and task are CPU time of the page's main thread."""

    requests: int
    bytes: int
    script_ms: float
    task_ms: float
    blocking_ms: float
    """What long tasks took over 50 ms each, by the wall clock: as a visitor waits for it."""
    shift: float

    def beyond(self, blank: "Cost") -> "Cost":
        return Cost(*(getattr(self, one.name) - getattr(blank, one.name) for one in fields(self)))


@dataclass(frozen=True)
class Opened:
    """What a visit with a press of the launcher has cost; the same twice and no time where the chat always is open."""

    closed: Cost
    opened: Cost
    cold_ms: float | None
    warm_ms: float | None
    """The first time, and a second time on the same page."""
    calls: int
    """To back ends and sockets, before the visitor did anything."""
    hosts: int
    """Other than the page's and the widget's own, that the browser was told to ask."""


@dataclass(frozen=True)
class Used:
    """What was found in a chat that was opened and asked something."""

    shift: float
    axe: int
    axe_rules: str
    logs: int
    live: int


def chromium() -> str | None:
    return shutil.which("chromium")


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        one = await playwright.chromium.launch(
            executable_path=chromium(), args=[*FLAGS.split(), LOOPBACK_ONLY], handle_sigint=False, handle_sigterm=False
        )
        try:
            yield one
        finally:
            # Ctrl-C in a terminal has ended it already.
            with suppress(Error):
                await one.close()


@asynccontextmanager
async def someone(browser: Browser, storage: object = None) -> AsyncIterator[BrowserContext]:
    """A browser of somebody's own: nothing cached, and no more stored than `storage` says."""
    context = await browser.new_context(user_agent=PERSON, locale="en-IE", storage_state=storage)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    await context.add_init_script(path=OBSERVER)
    try:
        yield context
    finally:
        with suppress(Error):
            await context.close()


class Watched:
    """A page and all that it asks for."""

    def __init__(self, page: Page, cdp: CDPSession) -> None:
        self.page, self._cdp = page, cdp
        self._requests: list[Request] = []
        self._sockets = 0
        page.on("request", self._request)
        page.on("websocket", self._socket)

    def _request(self, one: Request) -> None:
        self._requests.append(one)

    def _socket(self, _: object) -> None:
        self._sockets += 1

    @property
    def calls(self) -> int:
        return self._sockets + sum(one.resource_type in ("xhr", "fetch") for one in self._requests)

    def hosts(self) -> int:
        asked = {urlsplit(one.url).hostname for one in self._requests}
        return len(asked - {"127.0.0.1", None})

    async def cost(self) -> Cost:
        files = [one for one in self._requests if one.resource_type in FILES and one.url.startswith("http")]
        told = await self._cdp.send("Performance.getMetrics")
        metrics = {one["name"]: 1000 * one["value"] for one in told["metrics"]}
        seen = await self.page.evaluate("bench.seen()")
        took = sum([await _bytes(one) for one in files])
        return Cost(
            len(files), took, metrics["ScriptDuration"], metrics["TaskDuration"], seen["blocking"], seen["shift"]
        )


async def _bytes(request: Request) -> int:
    if request.failure is not None or await request.response() is None:
        return 0
    return (await request.sizes())["responseBodySize"]


@asynccontextmanager
async def visit(browser: Browser, url: str, widget: Widget, *, slowed: int = 1) -> AsyncIterator[Watched]:
    """A page that has loaded, with its widget, and was watched for a while."""
    async with someone(browser) as context:
        page = await context.new_page()
        cdp = await context.new_cdp_session(page)
        # By the thread's own clock: on a busy machine the wall's counts the others, too.
        await cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        await cdp.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        watched = Watched(page, cdp)
        await page.goto(url)
        if there := widget.launcher or widget.field:
            await page.locator(there).wait_for()
        await page.wait_for_timeout(LOADS_MS)
        yield watched


async def opened(browser: Browser, url: str, widget: Widget, *, slowed: int = 1) -> Opened:
    async with visit(browser, url, widget, slowed=slowed) as watched:
        page, names = watched.page, [widget.launcher, widget.field]
        calls, hosts = watched.calls, watched.hosts()
        closed = await watched.cost()
        if not widget.launcher:
            return Opened(closed, closed, None, None, calls, hosts)
        cold_ms = await page.evaluate("names => bench.open(...names)", names)
        await page.wait_for_timeout(REACTS_MS)
        cost = await watched.cost()
        await page.evaluate("names => bench.close(...names)", names)
        warm_ms = await page.evaluate("names => bench.open(...names)", names)
        return Opened(closed, cost, cold_ms, warm_ms, calls, hosts)


async def used(browser: Browser, url: str, widget: Widget) -> Used:
    async with visit(browser, url, widget) as watched:
        page = watched.page
        if widget.launcher:
            await page.evaluate("names => bench.open(...names)", [widget.launcher, widget.field])
        if widget.field:
            await page.locator(widget.field).click()
            await page.keyboard.type(QUESTION)
            await page.keyboard.press("Enter")
            await page.get_by_text(ANSWER).first.wait_for()
            await page.wait_for_timeout(REACTS_MS)
        shift = (await watched.cost()).shift
        found = await Axe().run(page, options={"runOnly": AXE, "resultTypes": ["violations"]})
        rules = " ".join(one["id"] for one in found.response["violations"])
        logs, live = [await page.evaluate("bench.count", one) for one in ("[role=log]", LIVE)]
        return Used(shift, found.violations_count, rules, logs, live)
