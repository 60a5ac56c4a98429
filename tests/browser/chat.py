"""The widget on a page, as a visitor uses it; and what the browser complained of meanwhile."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from playwright.async_api import BrowserContext, Locator, Page, WebSocket, expect

ANSWERS_WITHIN_MS = 20_000
NUMBER = re.compile(r"\d+")


class Line(NamedTuple):
    """A message as the visitor sees it."""

    seq: int
    sender: str
    text: str


@dataclass
class Seen:
    """What the browser did and said of itself, from the first moment of a page on."""

    requests: list[str] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of the console, breaches of the page's security policy among them; and dialogs."""
    welcomes: list[dict[str, Any]] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda told: self._told(told.type, told.text))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        page.on("websocket", self._socket)

    def _told(self, type: str, text: str) -> None:
        if type in ("error", "warning"):
            self.complaints.append(f"{type}: {text}")

    def _socket(self, socket: WebSocket) -> None:
        self.sockets.append(socket.url)
        socket.on("framereceived", self._frame)

    def _frame(self, text: str | bytes) -> None:
        frame = json.loads(text)
        if frame["type"] == "welcome":
            self.welcomes.append(frame)


class Chat:
    """The widget of one tab."""

    def __init__(self, page: Page, seen: Seen) -> None:
        self.page, self.seen = page, seen
        self.widget = page.locator("duologue-widget")
        self.launcher = self.widget.locator("#launcher")
        self.panel = self.widget.locator("#panel")
        self.field = self.widget.locator("#field")
        self.messages = self.widget.locator("#list > li")

    @property
    def conversation(self) -> str:
        return str(self.seen.welcomes[-1]["conversation"])

    async def open(self) -> None:
        await self.launcher.click()
        await expect(self.panel).to_be_visible()

    async def say(self, text: str) -> Locator:
        """Says it, and returns its list item once the gateway has it on disk."""
        before = await self.messages.count()
        await self.field.fill(text)
        await self.widget.locator("#send").click()
        said = self.messages.nth(before)
        await expect(said).to_have_attribute("data-from", "visitor")
        await expect(said).to_have_attribute("data-seq", NUMBER)
        return said

    async def ask(self, text: str) -> Locator:
        """Says it and waits for the bot; the answer's list item."""
        return await self.after(await self.say(text))

    async def after(self, said: Locator, sender: str = "bot") -> Locator:
        """The first message of `sender` after this one."""
        seq = int(await said.get_attribute("data-seq") or 0)
        answer = self.widget.locator(f'li[data-seq="{seq}"] ~ li[data-from={sender}]').first
        await answer.wait_for(timeout=ANSWERS_WITHIN_MS)
        return answer

    async def text_of(self, message: Locator) -> str:
        return await message.locator(".bubble").inner_text()

    async def lines(self) -> list[Line]:
        """All that the panel shows, in its order."""
        told = await self.messages.evaluate_all(
            "all => all.map(li => [Number(li.dataset.seq), li.dataset.from, li.querySelector('.bubble').textContent])"
        )
        return [Line(*one) for one in told]


async def visit(browser: BrowserContext, url: str) -> Chat:
    """A new tab with the page loaded and the widget's launcher on it."""
    page, seen = await browser.new_page(), Seen()
    seen.watch(page)
    await page.goto(url)
    chat = Chat(page, seen)
    await chat.launcher.wait_for()
    return chat
