"""A page whose chat goes through a line that can be torn, and what its tabs show held against what is stored."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest
from aiohttp import web
from playwright.async_api import BrowserContext, expect

from tests.browser.chat import Chat, Line, visit
from tests.browser.cutting_proxy import CuttingProxy
from tests.faults.promises import transcript
from tests.running import Duologue, until

KEY = "torn"
PAGE = """<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>A page</title><h1>A page</h1>
<script type="module" src="{line}/widget.js" data-site="torn" data-storage="{storage}"></script></html>"""
SETTLES_WITHIN_S = 60.0


@dataclass(frozen=True)
class Site:
    """A website of one page, whose address says by which line its chat goes."""

    origin: str

    def page(self, line: CuttingProxy, *, storage: str = "local") -> str:
        return f"{self.origin}/?line={line.url}&storage={storage}"


@pytest.fixture(scope="session")
async def site(duologue: Duologue) -> AsyncIterator[Site]:
    async def give(request: web.Request) -> web.Response:
        return web.Response(text=PAGE.format(**request.query), content_type="text/html")

    app = web.Application()
    app.router.add_get("/", give)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    added = await duologue.cli("site", "add", KEY, "--origin", f"http://{host}:{port}")
    assert added.code == 0, added.stderr
    yield Site(f"http://{host}:{port}")
    await runner.cleanup()


@pytest.fixture
async def line(duologue: Duologue) -> AsyncIterator[CuttingProxy]:
    line = CuttingProxy(duologue.port)
    await line.start()
    yield line
    await line.stop()


async def tab(browser: BrowserContext, url: str) -> Chat:
    """A new tab with its panel open."""
    chat = await visit(browser, url)
    if not await chat.panel.is_visible():
        await chat.page.evaluate("duologue('open')")
        await expect(chat.panel).to_be_visible()
    return chat


async def send(chat: Chat, text: str) -> None:
    """As a page says it in the visitor's name: at once, whether there is a line or not."""
    await chat.page.evaluate("text => duologue('send', text)", text)


async def type_in(chat: Chat, text: str) -> None:
    await chat.field.fill(text)
    await chat.field.press("Enter")


async def reload(chat: Chat) -> None:
    await chat.page.reload()
    await chat.launcher.wait_for()


async def unsent(chat: Chat) -> int:
    return await chat.widget.locator("#list > li:not([data-seq])").count()


async def token(chat: Chat) -> str | None:
    """The conversation's key, as this browser keeps it."""
    kept: str | None = await chat.page.evaluate("JSON.parse(localStorage.getItem('duologue:torn'))?.token ?? null")
    return kept


async def conversation_of(duologue: Duologue, chat: Chat) -> str:
    """Which conversation the kept key opens; over whichever wire the tab has it."""
    hello = {"type": "hello", "site": KEY, "token": await token(chat), "last_seq": 0}
    status, body = await duologue.post("/v1/chat", hello)
    assert status == 200, body
    return str(json.loads(body)["frames"][0]["conversation"])


async def unfold(chat: Chat) -> None:
    """Has all earlier messages shown, as a visitor does who presses for them."""
    earlier = chat.widget.locator("#earlier")
    while await earlier.is_visible():
        before = await chat.messages.count()
        await earlier.click()
        await expect(chat.messages.nth(before)).to_be_attached()


async def stored(duologue: Duologue, conversation: str) -> list[Line]:
    return [Line(one["seq"], one["from"], one["text"]) for one in await transcript(duologue, conversation)]


async def differing(duologue: Duologue, conversation: str, chats: Sequence[Chat]) -> list[str]:
    """What each tab shows otherwise than it is stored; empty when all show the same."""
    kept = await stored(duologue, conversation)
    wrong: list[str] = []
    for number, chat in enumerate(chats):
        await unfold(chat)
        shown = await chat.lines()
        if shown != kept:
            odd = [one for one in shown if one not in kept][:3]
            missing = [one for one in kept if one not in shown][:3]
            wrong.append(f"tab {number}: {len(shown)} of {len(kept)}, not stored {odd}, not shown {missing}")
    return wrong


async def all_equal(
    duologue: Duologue, conversation: str, chats: Sequence[Chat], *, count: int, within_s: float = SETTLES_WITHIN_S
) -> list[Line]:
    """What is stored, once it is `count` messages and every tab shows the same; fails the test when it never is."""

    async def complete() -> bool:
        return len(await stored(duologue, conversation)) >= count

    await until(complete, within_s=within_s, what=f"{count} messages are stored")
    wrong: list[str] = []

    async def equal() -> bool:
        wrong[:] = await differing(duologue, conversation, chats)
        return not wrong

    try:
        await until(equal, within_s=within_s, what="all tabs show what is stored")
    except pytest.fail.Exception:
        pytest.fail("; ".join(wrong))
    kept = await stored(duologue, conversation)
    assert len(kept) == count, f"{len(kept)} messages are stored, not {count}: {kept[-3:]}"
    return kept


def said(lines: Sequence[Line], by: str = "") -> list[str]:
    """What the visitor said, in its order; `by` one tab, whose messages begin so."""
    return [one.text for one in lines if one.sender == "visitor" and one.text.startswith(by)]
