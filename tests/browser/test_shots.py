"""The widget's pictures, in every way that people see a page: `DUOLOGUE_SHOTS=1` keeps them in docs/shots."""

import pytest
from playwright.async_api import FloatRect, expect

from tests.browser.chat import Chat, visit
from tests.browser.conftest import NewBrowser
from tests.browser.host_pages import INVITE, HostSite
from tests.browser.modes import MODES, PHONE, everything, more, star, talk
from tests.browser.pictures import shares
from tests.running import Duologue

SIDE: FloatRect = {"x": 760, "y": 30, "width": 520, "height": 770}
CORNER: FloatRect = {"x": 880, "y": 560, "width": 400, "height": 240}
INVITES: FloatRect = {"x": 820, "y": 520, "width": 460, "height": 200}
DESK = {"viewport": {"width": 1280, "height": 800}}
BLANK = 0.97
"""A picture that has one colour nearly everywhere shows nothing."""
ON_THE_SHOP = {"light": DESK, "dark": DESK | {"color_scheme": "dark"}, "phone": PHONE}


async def _on_the_shop(duologue: Duologue, new_browser: NewBrowser, mode: str) -> Chat:
    return await visit(await new_browser(reduced_motion="reduce", **ON_THE_SHOP[mode]), f"{duologue.shop_url}/")


async def _is_shown(chat: Chat, name: str, clip: FloatRect | None = None) -> None:
    await chat.page.mouse.move(1, 1)
    assert (await shares(chat.page, clip, name))[0] < BLANK, name


@pytest.mark.parametrize("mode", ON_THE_SHOP)
async def test_the_chat_has_its_picture_beside_the_shop(duologue: Duologue, new_browser: NewBrowser, mode: str) -> None:
    chat = await _on_the_shop(duologue, new_browser, mode)

    await _is_shown(chat, f"{mode}-closed", None if mode == "phone" else CORNER)
    await chat.open()
    await _is_shown(chat, f"{mode}-opened", None if mode == "phone" else SIDE)
    await talk(chat)
    await _is_shown(chat, mode, None if mode == "phone" else SIDE)


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode not in ON_THE_SHOP])
async def test_the_chat_has_its_picture_for_who_sees_pages_in_another_way(
    host_site: HostSite,
    new_browser: NewBrowser,
    mode: str,
) -> None:
    chat = await MODES[mode].visit(host_site, new_browser)

    await chat.open()
    await talk(chat)

    await _is_shown(chat, mode)


async def test_what_opens_on_use_has_its_picture(duologue: Duologue, new_browser: NewBrowser) -> None:
    chat = await _on_the_shop(duologue, new_browser, "light")
    await chat.open()
    await chat.ask("Do you ship to Norway?")
    await chat.widget.locator("#agree").click()

    await chat.widget.locator("#more").click()
    await _is_shown(chat, "menu", SIDE)
    await chat.widget.locator("#rate").click()
    await star(chat, 4).click()
    await _is_shown(chat, "rating", SIDE)
    await more(chat, "remembered")
    await expect(chat.widget.locator("#memory")).to_be_visible()
    await _is_shown(chat, "memory", SIDE)
    await everything(chat)
    await _is_shown(chat, "person", SIDE)


async def test_an_invite_has_its_picture_and_opens_the_chat_with_its_words(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await visit(await new_browser(reduced_motion="reduce"), host_site.page("inviting"))
    invite = chat.widget.locator("#invite .say")
    await expect(invite).to_have_text(INVITE)

    await _is_shown(chat, "invite", INVITES)
    await invite.click()

    await expect(chat.widget.locator("#hello")).to_have_text(INVITE)
