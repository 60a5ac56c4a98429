"""The line, the gateway or the browser's memory fails in the middle of a sentence: it is said once, and in order."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
from playwright.async_api import expect

from tests.browser.chat import Chat
from tests.browser.conftest import PERSON, NewBrowser
from tests.browser.cutting_proxy import CuttingProxy, Sockets
from tests.browser.torn import (
    Site,
    all_equal,
    conversation_of,
    reload,
    said,
    send,
    tab,
    token,
    type_in,
)
from tests.faults.conftest import everything_runs, gateway_pid, kill
from tests.running import Duologue, until

COMES_BACK_WITHIN_MS = 60_000
FILL_STORAGE = """() => {
  let text = 'x'.repeat(1 << 20);
  for (let number = 0; text; )
    try { localStorage.setItem('page' + number++, text); } catch { text = text.slice(text.length >> 1 || 1); }
}"""
NewTab = Callable[..., Awaitable[Chat]]


@pytest.fixture
async def new_tab(duologue: Duologue, new_browser: NewBrowser, site: Site, line: CuttingProxy) -> NewTab:
    """Opens tabs of one browser."""
    await everything_runs(duologue)
    browser = await new_browser()

    async def new(**options: str) -> Chat:
        return await tab(browser, site.page(line, **options))

    return new


async def test_a_reload_between_sending_and_receipt_loses_and_doubles_nothing(
    duologue: Duologue, new_tab: NewTab
) -> None:
    chat = await new_tab()
    await type_in(chat, "number 0")
    await expect(chat.messages).to_have_count(2)

    for number in range(1, 6):
        await chat.field.fill(f"number {number}")
        await chat.field.evaluate("field => { field.form.requestSubmit(); location.reload(); }")
        await chat.page.wait_for_load_state()
        await chat.launcher.wait_for()
    kept = await all_equal(duologue, await conversation_of(duologue, chat), [chat], count=12)

    assert said(kept) == [f"number {number}" for number in range(6)]


async def test_the_very_first_message_survives_a_reload_before_it_could_be_sent(
    duologue: Duologue,
    new_tab: NewTab,
    line: CuttingProxy,
) -> None:
    chat = await new_tab()
    await _cut_off(line)
    await type_in(chat, "number 0")

    line.is_there = True
    await reload(chat)
    await expect(chat.messages).to_have_count(2, timeout=COMES_BACK_WITHIN_MS)

    assert said(await all_equal(duologue, await conversation_of(duologue, chat), [chat], count=2)) == ["number 0"]


async def test_what_another_tab_overwrites_in_the_storage_is_kept_there_again(
    duologue: Duologue, new_tab: NewTab, line: CuttingProxy
) -> None:
    chat, other = await new_tab(), await new_tab()
    await type_in(chat, "number 0")
    await expect(other.messages).to_have_count(2)
    await _cut_off(line)
    without = await other.page.evaluate("localStorage.getItem('duologue:torn')")

    await type_in(chat, "number 1")
    await other.page.wait_for_function("localStorage.getItem('duologue:torn').includes('number 1')")
    await other.page.evaluate("text => localStorage.setItem('duologue:torn', text)", without)
    await other.page.wait_for_function("localStorage.getItem('duologue:torn').includes('number 1')")
    await chat.page.close()
    line.is_there = True
    await reload(other)
    kept = await all_equal(duologue, await conversation_of(duologue, other), [other], count=4)

    assert said(kept) == ["number 0", "number 1"]


async def test_what_is_said_offline_is_sent_once_and_in_order_when_the_network_is_back(
    duologue: Duologue,
    new_tab: NewTab,
    line: CuttingProxy,
) -> None:
    chat = await new_tab()
    await type_in(chat, "number 0")
    await expect(chat.messages).to_have_count(2)
    await chat.page.context.set_offline(True)
    line.cut()
    await expect(chat.widget.locator("#status")).to_contain_text("offline")

    for number in range(1, 6):
        await type_in(chat, f"number {number}")
    unsent = await chat.widget.locator("#list > li[data-state=sending]").count()
    await chat.page.context.set_offline(False)
    kept = await all_equal(duologue, await conversation_of(duologue, chat), [chat], count=12)

    assert unsent == 5
    assert said(kept) == [f"number {number}" for number in range(6)]


@pytest.mark.parametrize("attempt", range(5))
async def test_two_tabs_that_begin_at_the_same_moment_begin_one_conversation(
    duologue: Duologue, new_tab: NewTab, attempt: int
) -> None:
    tabs = [await new_tab(), await new_tab()]

    await asyncio.gather(send(tabs[0], "A begins"), send(tabs[1], "B begins"))
    conversation = await conversation_of(duologue, tabs[0]) if await _has_token(tabs[0]) else ""
    kept = await all_equal(duologue, conversation, tabs, count=4)

    assert sorted(said(kept)) == ["A begins", "B begins"]


@pytest.mark.parametrize("way", [Sockets.PASS, Sockets.REFUSE], ids=["over a socket", "over polls"])
async def test_a_gateway_killed_while_messages_are_on_their_way_loses_and_doubles_none(
    duologue: Duologue, new_tab: NewTab, line: CuttingProxy, way: Sockets
) -> None:
    line.sockets = way
    chat = await new_tab()
    await type_in(chat, "number 0")
    await expect(chat.messages).to_have_count(2)

    for number in range(1, 10):
        await send(chat, f"number {number}")
        if number == 5:
            kill(await gateway_pid(duologue))
    await everything_runs(duologue)
    kept = await all_equal(duologue, await conversation_of(duologue, chat), [chat], count=20)

    assert said(kept) == [f"number {number}" for number in range(10)]


async def test_a_full_storage_does_not_keep_anything_from_being_sent(duologue: Duologue, new_tab: NewTab) -> None:
    chat = await new_tab()
    await type_in(chat, "number 0")
    await expect(chat.messages).to_have_count(2)
    await chat.page.evaluate(FILL_STORAGE)

    for number in range(1, 30):
        await send(chat, f"number {number}")
    kept = await all_equal(duologue, await conversation_of(duologue, chat), [chat], count=60)

    assert said(kept) == [f"number {number}" for number in range(30)]


async def test_a_storage_that_is_full_from_the_beginning_is_done_without(duologue: Duologue, new_tab: NewTab) -> None:
    chat = await new_tab()
    await chat.page.evaluate(FILL_STORAGE)

    await send(chat, "number 0")
    await send(chat, "number 1")
    kept = await all_equal(duologue, chat.conversation, [chat], count=4)

    assert said(kept) == ["number 0", "number 1"]


async def test_without_storage_a_conversation_lasts_as_long_as_its_page(
    duologue: Duologue,
    new_tab: NewTab,
    line: CuttingProxy,
) -> None:
    chat = await new_tab(storage="none")
    await type_in(chat, "number 0")
    await expect(chat.messages).to_have_count(2)
    line.cut()
    await type_in(chat, "number 1")
    kept = await all_equal(duologue, chat.conversation, [chat], count=4)
    await reload(chat)

    assert said(kept) == ["number 0", "number 1"]
    assert await chat.page.evaluate("localStorage.length") == 0
    assert await chat.messages.count() == 0


async def test_a_visitor_who_clears_the_storage_goes_on_in_the_same_conversation(
    duologue: Duologue, new_tab: NewTab
) -> None:
    tabs = [await new_tab(), await new_tab()]
    await type_in(tabs[0], "A begins")
    await expect(tabs[1].messages).to_have_count(2)

    await tabs[0].page.evaluate("localStorage.clear()")
    await type_in(tabs[1], "B goes on")
    await type_in(tabs[0], "A goes on")
    kept = await all_equal(duologue, await conversation_of(duologue, tabs[0]), tabs, count=6)

    assert sorted(said(kept)) == ["A begins", "A goes on", "B goes on"]


async def test_a_conversation_that_is_forgotten_in_one_tab_begins_anew_in_the_other(
    duologue: Duologue, new_tab: NewTab
) -> None:
    tabs = [await new_tab(), await new_tab()]
    await type_in(tabs[0], "A begins")
    await expect(tabs[1].messages).to_have_count(2)
    before = await conversation_of(duologue, tabs[0])

    await tabs[0].page.evaluate("duologue('memory')")
    await tabs[0].widget.locator("#forget-all").click()
    for one in tabs:
        await expect(one.messages).to_have_count(0)
    await type_in(tabs[1], "B begins anew")
    await expect(tabs[0].messages).to_have_count(2)
    await type_in(tabs[0], "A goes on")
    after = await conversation_of(duologue, tabs[1])
    kept = await all_equal(duologue, after, tabs, count=4)

    assert said(kept) == ["B begins anew", "A goes on"]
    assert (await duologue.get(f"/v1/staff/conversations/{before}", headers=duologue.dana.headers))[0] == 404


async def test_tabs_come_back_at_growing_intervals_and_not_all_at_once(
    duologue: Duologue,
    new_browser: NewBrowser,
    site: Site,
    line: CuttingProxy,
) -> None:
    await everything_runs(duologue)
    names = ["one", "two", "three"]
    for name in names:
        await tab(await new_browser(user_agent=f"{PERSON} {name}"), site.page(line))
    await _cut_off(line)
    line.calls.clear()

    async def called_often() -> bool:
        return all(len(_gaps(line, name)) >= 5 for name in names)

    await until(called_often, within_s=90, what="each called six times")

    gaps = [_gaps(line, name) for name in names]
    first, later = sum(sum(one[:2]) for one in gaps), sum(sum(one[3:5]) for one in gaps)
    assert later > 2 * first, gaps
    assert min(map(min, gaps)) > 0.45, gaps
    fifth = sorted([one.at for one in line.calls if one.agent.endswith(name)][4] for name in names)
    assert all(after - before > 0.01 for before, after in pairwise(fifth)), fifth


async def test_a_visitor_who_comes_back_to_the_tab_or_into_the_network_does_not_wait(
    duologue: Duologue,
    new_tab: NewTab,
    line: CuttingProxy,
) -> None:
    chat = await new_tab()
    await type_in(chat, "number 0")
    await expect(chat.messages).to_have_count(2)
    for event in ("dispatchEvent(new Event('online'))", "document.dispatchEvent(new Event('visibilitychange'))"):
        await _cut_off(line)
        line.calls.clear()
        await _called(line, times=5)
        line.is_there = True
        line.calls.clear()

        # By itself it would come back within a quarter of a minute.
        await chat.page.evaluate(event)
        await _called(line, times=1, within_s=2)
        await expect(chat.widget.locator("#status")).to_be_empty()

    await type_in(chat, "number 1")
    assert said(await all_equal(duologue, await conversation_of(duologue, chat), [chat], count=4))[-1] == "number 1"


async def _cut_off(line: CuttingProxy) -> None:
    line.is_there = False
    line.cut()


async def _called(line: CuttingProxy, *, times: int, within_s: float = 60) -> None:
    async def often() -> bool:
        return len(line.calls) >= times

    await until(often, within_s=within_s, what=f"called {times} times")


def _gaps(line: CuttingProxy, name: str) -> list[float]:
    times = [one.at for one in line.calls if one.agent.endswith(name)]
    return [later - earlier for earlier, later in pairwise(times)]


async def _has_token(chat: Chat) -> bool:
    async def look() -> str | None:
        return await token(chat)

    return bool(await until(look, within_s=30, what="the conversation has begun"))
