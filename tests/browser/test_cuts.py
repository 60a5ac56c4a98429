"""Two tabs of one conversation write while their line is torn and they are loaded anew: nothing is lost or doubled."""

import random
from dataclasses import dataclass

import pytest

from tests.browser.chat import Chat
from tests.browser.conftest import NewBrowser
from tests.browser.cutting_proxy import CuttingProxy, Sockets
from tests.browser.torn import (
    Site,
    all_equal,
    conversation_of,
    reload,
    said,
    send,
    tab,
    type_in,
    unsent,
)
from tests.faults.conftest import everything_runs
from tests.running import Duologue, until

UNSENT_AT_MOST = 5
TYPED_EVERY = 10
COMES_BACK_WITHIN_S = 60.0


@dataclass(frozen=True)
class Storm:
    messages: int
    cuts: int
    reloads: int


SMALL = Storm(messages=100, cuts=10, reloads=2)
FULL = Storm(messages=1_000, cuts=100, reloads=10)


class Weather:
    """Which message a cut or a reload follows at once."""

    def __init__(self, storm: Storm, chance: random.Random) -> None:
        moments = chance.sample(range(1, storm.messages), storm.cuts + storm.reloads)
        self.cuts, self.reloads = set(moments[: storm.cuts]), set(moments[storm.cuts :])


async def _storm(duologue: Duologue, tabs: list[Chat], line: CuttingProxy, storm: Storm) -> int:
    """Says everything, alternately from the tabs; how many cuts tore a chat."""
    chance = random.Random(1)
    weather, torn = Weather(storm, chance), 0
    for number in range(storm.messages):
        chat, name = tabs[number % 2], "AB"[number % 2]
        if number in weather.cuts:
            # Who is on the way back has nothing that could be cut.
            await until(lambda: _connected(line), within_s=COMES_BACK_WITHIN_S, what="a tab is back")
        await (type_in if number % TYPED_EVERY < 2 else send)(chat, f"{name} says number {number}")
        if number in weather.cuts:
            await chat.page.wait_for_timeout(chance.choice([0, 0, 5, 20, 50]))
            torn += line.cut() > 0
        if number in weather.reloads:
            await reload(chat)
        await until(lambda chat=chat: _few_unsent(chat), within_s=120, what="most was sent")  # type: ignore[misc]
    return torn


async def _connected(line: CuttingProxy) -> bool:
    return line.chats > 0


async def _few_unsent(chat: Chat) -> bool:
    return await unsent(chat) <= UNSENT_AT_MOST


async def _weathered(duologue: Duologue, new_browser: NewBrowser, line: CuttingProxy, page: str, storm: Storm) -> int:
    """Holds the promises against a storm; how many cuts tore a chat."""
    await everything_runs(duologue)
    browser = await new_browser()
    tabs = [await tab(browser, page), await tab(browser, page)]

    torn = await _storm(duologue, tabs, line, storm)
    kept = await all_equal(
        duologue, await conversation_of(duologue, tabs[0]), tabs, count=2 * storm.messages, within_s=storm.messages
    )

    expected = [f"{'AB'[number % 2]} says number {number}" for number in range(storm.messages)]
    assert said(kept, "A") == [text for text in expected if text.startswith("A")]
    assert said(kept, "B") == [text for text in expected if text.startswith("B")]
    assert len(said(kept)) == storm.messages
    assert [one.seq for one in kept] == list(range(1, len(kept) + 1))
    return torn


async def test_what_two_tabs_say_through_ten_cuts_and_two_reloads_is_there_once_and_in_order(
    duologue: Duologue,
    new_browser: NewBrowser,
    site: Site,
    line: CuttingProxy,
) -> None:
    torn = await _weathered(duologue, new_browser, line, site.page(line), SMALL)

    assert torn == SMALL.cuts


async def test_what_two_tabs_say_through_ten_cuts_without_websockets_is_there_once_and_in_order(
    duologue: Duologue,
    new_browser: NewBrowser,
    site: Site,
    line: CuttingProxy,
) -> None:
    line.sockets = Sockets.REFUSE

    torn = await _weathered(duologue, new_browser, line, site.page(line), SMALL)

    assert torn == SMALL.cuts


@pytest.mark.slow
@pytest.mark.timeout(3600)
async def test_what_two_tabs_say_through_a_hundred_cuts_and_ten_reloads_is_there_once_and_in_order(
    duologue: Duologue,
    new_browser: NewBrowser,
    site: Site,
    line: CuttingProxy,
) -> None:
    torn = await _weathered(duologue, new_browser, line, site.page(line), FULL)

    assert torn == FULL.cuts
