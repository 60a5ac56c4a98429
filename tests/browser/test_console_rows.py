"""The list in a real browser: rows come, change and move without a reload, and stay while something is ticked."""

import pytest
from playwright.async_api import expect

from tests.browser.agent import Agent, sign_in
from tests.browser.chat import Chat, visit
from tests.browser.conftest import NewBrowser
from tests.running import Duologue


@pytest.fixture
async def chat(duologue: Duologue, new_browser: NewBrowser) -> Chat:
    chat = await visit(await new_browser(), f"{duologue.shop_url}/")
    await chat.open()
    await chat.ask("hello")
    return chat


@pytest.fixture
async def dana(duologue: Duologue, new_browser: NewBrowser) -> Agent:
    """Dana with the list open."""
    agent = await sign_in(duologue, new_browser, duologue.dana)
    await agent.goto("/console")
    await agent.page.evaluate("window.same = true")
    return agent


@pytest.fixture
async def later(duologue: Duologue, new_browser: NewBrowser, chat: Chat, dana: Agent) -> Chat:
    """A visitor who spoke after the first one, and is above them in Dana's list."""
    later = await visit(await new_browser(), f"{duologue.shop_url}/")
    await later.open()
    await later.ask("thanks")
    await _are_in_order(dana, later, chat)
    return later


async def _are_in_order(dana: Agent, above: Chat, below: Chat) -> None:
    await expect(dana.page.locator(f"#c{above.conversation} ~ #c{below.conversation}")).to_have_count(1)


async def test_a_row_changes_and_goes_to_its_place_without_a_reload(chat: Chat, dana: Agent, later: Chat) -> None:
    await chat.widget.locator("#human").click()

    await expect(dana.page.locator(f"#c{chat.conversation}")).to_contain_text("Waits for a person")
    await _are_in_order(dana, chat, later)
    assert await dana.page.evaluate("window.same") is True
    assert dana.seen.complaints == []


async def test_while_something_is_ticked_rows_change_where_they_are(chat: Chat, dana: Agent, later: Chat) -> None:
    tick = dana.page.locator(f"#c{later.conversation} [type=checkbox]")
    await tick.check()

    await chat.widget.locator("#human").click()

    await expect(dana.page.locator(f"#c{chat.conversation}")).to_contain_text("Waits for a person")
    await _are_in_order(dana, later, chat)
    await expect(tick).to_be_checked()
