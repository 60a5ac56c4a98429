"""How long a visitor who comes back waits for a short and for a long conversation."""

import time

from playwright.async_api import Browser
from sqlalchemy import Connection

from bot.interactions import Microseconds
from bot.store.conversations import existing, say
from bot.store.store import Store
from sides.chromium import REACTS_MS, someone
from sides.panel import open_panel


async def history_ms(browser: Browser, url: str, store: Store, messages: int, times: int) -> list[float]:
    """From the press of the launcher until so many messages are listed, each time in a browser that comes back."""
    async with someone(browser) as context:
        panel = await open_panel(context, url)
        await panel.send("Hello")
        await panel.until_listed(2)
        await panel.page.evaluate("duologue('close')")
        remembered = await context.storage_state()
    await store.write(_lengthen, panel.conversation, messages)
    return [await _one_return(browser, url, remembered, messages) for _ in range(times)]


async def _one_return(browser: Browser, url: str, remembered: object, messages: int) -> float:
    async with someone(browser, remembered) as context:
        page = await context.new_page()
        await page.goto(url)
        # As a mouse that comes near: the panel's code is fetched, so that only the messages are left to wait for.
        await page.locator("#launcher").hover()
        await page.wait_for_timeout(REACTS_MS)
        waited: float = await page.evaluate("bench.listed", messages)
        return waited


def _lengthen(connection: Connection, id: str, messages: int) -> None:
    """Goes on with a conversation of two until it has so many."""
    conversation, now = existing(connection, id), Microseconds(time.time_ns() // 1000)
    for number in range(2, messages):
        sender = "bot" if number % 2 else "visitor"
        say(connection, conversation, sender=sender, text=f"What people write in a chat, number {number}.", at=now)
