"""Where a network lets no WebSocket through, the chat goes on over plain requests by itself."""

from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.browser.chat import Chat
from tests.browser.conftest import NewBrowser
from tests.browser.cutting_proxy import CuttingProxy, Sockets
from tests.browser.torn import Site, all_equal, conversation_of, said, tab, type_in
from tests.faults.conftest import everything_runs
from tests.running import Duologue, until

FALLS_BACK_WITHIN_MS = 15_000
FIRST_LOOK_MS = 61_000
NOTES_TYPING = """() => {
  const typed = document.querySelector('duologue-widget').shadowRoot.getElementById('typing');
  window.typed = [];
  new MutationObserver(() => window.typed.push(typed.textContent)).observe(typed, { childList: true });
}"""


@pytest.mark.parametrize("way", [Sockets.REFUSE, Sockets.SWALLOW])
async def test_what_is_said_where_websockets_are_blocked_is_sent_and_answered_all_the_same(
    duologue: Duologue,
    new_browser: NewBrowser,
    site: Site,
    line: CuttingProxy,
    way: Sockets,
) -> None:
    await everything_runs(duologue)
    line.sockets = way
    chat = await tab(await new_browser(), site.page(line))

    await type_in(chat, "Do you sell kayaks?")
    await expect(chat.messages.first).to_have_attribute("data-seq", "1", timeout=FALLS_BACK_WITHIN_MS)
    await expect(chat.messages).to_have_count(2)

    assert said(await all_equal(duologue, await conversation_of(duologue, chat), [chat], count=2)) == [
        "Do you sell kayaks?"
    ]
    assert chat.seen.welcomes == []


async def test_once_websockets_get_through_again_the_chat_returns_to_its_socket(
    duologue: Duologue,
    new_browser: NewBrowser,
    site: Site,
    line: CuttingProxy,
) -> None:
    await everything_runs(duologue)
    line.sockets = Sockets.REFUSE
    chat = await tab(await new_browser(), site.page(line))
    await chat.page.clock.install()
    await type_in(chat, "Do you sell kayaks?")
    await expect(chat.messages).to_have_count(2, timeout=2 * FALLS_BACK_WITHIN_MS)
    conversation = await conversation_of(duologue, chat)

    async with chat.page.expect_websocket() as looks:
        await chat.page.clock.fast_forward(FIRST_LOOK_MS)
    await (await looks.value).wait_for_event("socketerror")
    line.sockets = Sockets.PASS
    await chat.page.clock.fast_forward(2 * FIRST_LOOK_MS)
    await until(lambda: _was_welcomed_twice(chat), within_s=15, what="a socket that looked and the one that stays")
    await type_in(chat, "And canoes?")

    await expect(chat.messages).to_have_count(4)
    assert said(await all_equal(duologue, conversation, [chat], count=4)) == ["Do you sell kayaks?", "And canoes?"]
    assert {one["conversation"] for one in chat.seen.welcomes} == {conversation}


async def _was_welcomed_twice(chat: Chat) -> bool:
    return len(chat.seen.welcomes) == 2


async def test_without_websockets_visitors_see_who_reads_types_and_answers_and_buttons_can_be_pressed(
    duologue: Duologue,
    new_browser: NewBrowser,
    site: Site,
    line: CuttingProxy,
) -> None:
    await everything_runs(duologue)
    line.sockets = Sockets.REFUSE
    chat = await tab(await new_browser(), site.page(line))
    await chat.page.evaluate(NOTES_TYPING)

    await type_in(chat, "Do you sell kayaks?")
    await chat.widget.get_by_role("button", name="Talk to a person").click()
    await expect(chat.widget.locator("#banner")).to_contain_text("person")
    conversation = await conversation_of(duologue, chat)
    path = f"/v1/staff/conversations/{conversation}"
    await _staff(duologue, f"{path}/take")
    await expect(chat.widget.locator("#banner")).to_contain_text("Dana")
    await type_in(chat, "Is anybody there?")
    await expect(chat.messages.last).to_have_attribute("data-state", "sent")
    await duologue.get(path, headers=duologue.dana.headers)
    await expect(chat.messages.last).to_have_attribute("data-state", "seen")
    await _staff(duologue, f"{path}/typing")
    await expect(chat.widget.locator("#typing")).to_have_text("Dana is typing…")
    await _staff(duologue, f"{path}/messages", {"id": str(uuid4()), "text": "I am."})
    await expect(chat.messages.last.locator(".bubble")).to_have_text("I am.")

    typed = await chat.page.evaluate("window.typed")
    assert "Assistant is typing…" in typed
    assert [one.sender for one in await chat.lines()][-2:] == ["visitor", "staff"]


async def test_a_tab_without_and_a_tab_with_a_websocket_show_the_same_conversation(
    duologue: Duologue,
    new_browser: NewBrowser,
    site: Site,
    line: CuttingProxy,
) -> None:
    await everything_runs(duologue)
    browser = await new_browser()
    line.sockets = Sockets.REFUSE
    polling = await tab(browser, site.page(line))
    await type_in(polling, "A begins")
    await expect(polling.messages).to_have_count(2)
    line.sockets = Sockets.PASS
    connected = await tab(browser, site.page(line))

    for number in range(5):
        await type_in(connected, f"B says number {number}")
        await type_in(polling, f"A says number {number}")
    conversation = await conversation_of(duologue, connected)
    kept = await all_equal(duologue, conversation, [polling, connected], count=22)

    assert said(kept, "B") == [f"B says number {number}" for number in range(5)]
    assert said(kept, "A") == ["A begins", *(f"A says number {number}" for number in range(5))]
    assert (polling.seen.welcomes, connected.seen.welcomes[0]["conversation"]) == ([], conversation)


async def _staff(duologue: Duologue, path: str, body: dict[str, object] | None = None) -> None:
    status, told = await duologue.post(path, body, headers=duologue.dana.headers)
    assert status in (200, 201, 204), told
