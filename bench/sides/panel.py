"""Our widget in a tab, by its public surface: the global `duologue`, `#launcher`, `#list li`, frames as specified."""

import asyncio
import json
from typing import Any

from playwright.async_api import BrowserContext, Page, WebSocket


class Panel:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.conversation = ""
        self.welcomes = 0
        self._news = asyncio.Event()
        page.on("websocket", self._socket)

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._frame)

    def _frame(self, text: str | bytes) -> None:
        frame: dict[str, Any] = json.loads(text)
        if frame["type"] == "welcome":
            self.conversation = frame["conversation"]
            self.welcomes += 1
            self._news.set()

    async def send(self, text: str) -> None:
        await self.page.evaluate("text => duologue('send', text)", text)

    async def until_welcomed_after(self, count: int) -> None:
        while self.welcomes <= count:
            self._news.clear()
            await self._news.wait()

    async def until_listed(self, count: int) -> None:
        await self.page.locator("duologue-widget #list li").nth(count - 1).wait_for()

    async def texts(self) -> list[str]:
        """All that is listed, each with its sender's name and its state."""
        return await self.page.locator("duologue-widget #list li").all_inner_texts()


async def open_panel(context: BrowserContext, url: str) -> Panel:
    panel = Panel(await context.new_page())
    await panel.page.goto(url)
    await panel.page.locator("duologue-widget #launcher").wait_for()
    await panel.page.evaluate("duologue('open')")
    await panel.until_welcomed_after(0)
    return panel
