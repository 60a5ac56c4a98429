"""A visitor comes back to a long conversation."""

import time
from collections.abc import AsyncIterator
from statistics import median

import pytest
from playwright.async_api import BrowserContext, expect
from sqlalchemy import Connection

from bot.interactions import ConversationId, Microseconds
from bot.store.conversations import existing, say
from bot.store.store import Store
from tests.browser.chat import visit
from tests.browser.conftest import NewBrowser
from tests.browser.cutting_proxy import CuttingProxy
from tests.browser.torn import Site, all_equal, conversation_of, tab, type_in
from tests.faults.conftest import everything_runs
from tests.running import Duologue

FEW, MANY = 10, 1_000
RETURNS = 3
TIMES_AT_MOST = 20
UNTIL_LISTED_MS = """async (count) => {
  const { shadowRoot } = document.querySelector('duologue-widget');
  const listed = () => shadowRoot.querySelectorAll('#list > li').length >= count;
  const began = performance.now();
  duologue('open');
  while (!listed()) await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""


@pytest.fixture
async def store(duologue: Duologue) -> AsyncIterator[Store]:
    """The running one's, to write a long conversation at once."""
    store = Store(f"sqlite:///{duologue.home / 'store.db'}")
    yield store
    await store.close()


async def test_a_hundred_times_the_messages_take_less_than_twenty_times_as_long_to_show(
    duologue: Duologue, new_browser: NewBrowser, site: Site, line: CuttingProxy, store: Store
) -> None:
    await everything_runs(duologue)
    browser = await new_browser()
    chat = await tab(browser, site.page(line))
    await type_in(chat, "hello")
    await expect(chat.messages).to_have_count(2)
    conversation = await conversation_of(duologue, chat)
    await chat.page.evaluate("duologue('close')")
    remembered = await browser.storage_state()
    await chat.page.close()

    took = []
    for count in (FEW, MANY):
        await store.write(_lengthen, conversation, count)
        browsers = [await new_browser(storage_state=remembered) for _ in range(RETURNS)]
        took.append(median([await _until_listed_ms(browser, site.page(line), count) for browser in browsers]))
    again = await tab(await new_browser(storage_state=remembered), site.page(line))

    print(f"{FEW} messages: {took[0]:.0f} ms, {MANY}: {took[1]:.0f} ms, {took[1] / took[0]:.1f} times")
    assert took[1] < TIMES_AT_MOST * took[0]
    await all_equal(duologue, conversation, [again], count=MANY)


async def _until_listed_ms(browser: BrowserContext, page: str, count: int) -> float:
    chat = await visit(browser, page)
    # As a mouse that comes near: the panel's code is fetched, so that only the messages are left to wait for.
    await chat.launcher.hover()
    await chat.page.wait_for_load_state("networkidle")
    took_ms: float = await chat.page.evaluate(UNTIL_LISTED_MS, count)
    return took_ms


def _lengthen(connection: Connection, id: str, messages: int) -> None:
    """Goes on with a conversation until it has so many messages."""
    conversation, now = existing(connection, ConversationId(id)), Microseconds(time.time_ns() // 1000)
    for number in range(conversation.seq, messages):
        sender = "bot" if number % 2 else "visitor"
        say(connection, conversation, sender=sender, text=f"What people write in a chat, number {number}.", at=now)
