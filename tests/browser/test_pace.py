"""Who writes faster than a conversation may go on is slowed down, and nobody has to press anything for it."""

import json
from uuid import uuid4

import aiohttp
from playwright.async_api import WebSocket, expect

from bot.gateway.rooms import BURST
from tests.browser.conftest import NewBrowser
from tests.browser.cutting_proxy import CuttingProxy
from tests.browser.torn import KEY, Site, all_equal, conversation_of, said, send, tab, token, type_in
from tests.faults.conftest import everything_runs
from tests.running import Duologue

MESSAGES = 12


async def test_what_is_refused_for_being_too_fast_is_sent_again_by_itself_before_what_came_later(
    duologue: Duologue, new_browser: NewBrowser, site: Site, line: CuttingProxy
) -> None:
    await everything_runs(duologue)
    chat = await tab(await new_browser(), site.page(line))
    await type_in(chat, "number 0")
    await expect(chat.messages).to_have_count(2)
    key, refused = await token(chat), []

    def note(socket: WebSocket) -> None:
        socket.on("framereceived", lambda text: refused.append(text) if "rate_limited" in text else None)

    chat.page.on("websocket", note)
    line.cut()
    await _use_up_the_pace(duologue, key)
    for number in range(1, MESSAGES):
        await send(chat, f"number {number}")
    failed = await chat.widget.locator("#list > li[data-state=failed]").count()
    kept = await all_equal(duologue, await conversation_of(duologue, chat), [chat], count=2 * MESSAGES)

    assert said(kept) == [f"number {number}" for number in range(MESSAGES)]
    assert len(refused) > 0
    assert failed == 0


async def _use_up_the_pace(duologue: Duologue, key: str | None) -> None:
    """By presses of a button that is not there: they count, and cause no turn."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{duologue.gateway_url}/v1/chat") as socket:
        await socket.send_json({"type": "hello", "site": KEY, "token": key, "last_seq": 0})
        told = {"code": "not_allowed"}
        for _ in range(2 * BURST):
            await socket.send_json({"type": "press", "id": str(uuid4()), "button": "none"})
        while told.get("code") != "rate_limited":
            told = json.loads((await socket.receive(timeout=30)).data)
