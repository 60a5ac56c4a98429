"""Everybody can use the chat: by ear, by keyboard, enlarged, in the system's colours, on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import FloatRect, Locator, Page, expect

from tests.browser.chat import Chat
from tests.browser.conftest import NewBrowser
from tests.browser.host_pages import HostSite
from tests.browser.modes import MODES, Mode, everything, more, star, talk
from tests.browser.pictures import shares

SMALLEST = 24
"""CSS pixels: WCAG 2.2, 2.5.8. A link in a sentence is exempt."""
TARGETS = """([root, least]) => [...root.shadowRoot.querySelectorAll('a,button,textarea,input,[tabindex]')]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.bubble'))
  .map((one) => [one.id || one.ariaLabel || one.textContent, one.getBoundingClientRect()])
  .filter(([, box]) => box.width < least || box.height < least)
  .map(([name, { width, height }]) => `${name}: ${width} x ${height}`)"""
SPACED = """(root) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}
    p{margin-block-end:2em!important}`);
  root.shadowRoot.adoptedStyleSheets = [...root.shadowRoot.adoptedStyleSheets, sheet];
}"""
CUT = """(root) => [...root.shadowRoot.querySelectorAll('*')]
  .filter((one) => one.checkVisibility() && one.textContent.trim() && getComputedStyle(one).clipPath === 'none')
  .filter((one) => {
    const { overflowX, overflowY } = getComputedStyle(one);
    const scrolls = (overflow) => overflow === 'auto' || overflow === 'scroll';
    const hides = one.matches('button') || overflowX !== 'visible';
    return hides && ((one.scrollHeight > one.clientHeight + 1 && !scrolls(overflowY)) ||
      (one.scrollWidth > one.clientWidth + 1 && !scrolls(overflowX)));
  })
  .map((one) => `${one.localName}#${one.id}.${one.className}: ${one.textContent}`)"""
MOTION = """(root) => [...document.getAnimations(), ...root.shadowRoot.getAnimations()].length"""
HEARD = """
addEventListener('duologue:ready', () => {
  window.heard = [];
  const root = document.querySelector('duologue-widget').shadowRoot;
  new MutationObserver((changes) => {
    for (const { addedNodes, target } of changes)
      for (const node of addedNodes)
        if (target.id === 'list') heard.push([node.textContent, root.getElementById('log').ariaLive]);
  }).observe(root, { childList: true, subtree: true });
});
"""
SHIFTED = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const { value } of list.getEntries()) shifted += value; })
  .observe({ type: 'layout-shift', buffered: true });
"""
FOCUSED = """() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at.id || at.localName;
}"""


@pytest.mark.parametrize("mode", MODES)
async def test_nothing_in_the_panel_keeps_anybody_out(
    host_site: HostSite,
    new_browser: NewBrowser,
    mode: str,
) -> None:
    chat = await MODES[mode].visit(host_site, new_browser)
    barriers = {"closed": await _barriers(chat)}

    await chat.open()
    await talk(chat)
    barriers["consent"] = await _barriers(chat)
    await chat.widget.locator("#agree").click()
    await more(chat, "rate")
    await star(chat, 3).click()
    barriers["rating"] = await _barriers(chat)
    await more(chat, "remembered")
    await expect(chat.widget.locator("#memory")).to_be_visible()
    await everything(chat)
    await chat.widget.locator("#more").click()
    barriers["memory, file, person, error and menu"] = await _barriers(chat)

    assert {when: found for when, found in barriers.items() if found} == {}


async def test_who_listens_hears_one_polite_log_in_a_named_dialog_and_who_said_what(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await Mode().visit(host_site, new_browser)
    await chat.open()
    await talk(chat)

    tree = await _Tree.of(chat.page)

    [log] = tree.all("log")
    assert tree.property(log, "live") == "polite"
    [dialog] = tree.all("dialog")
    assert dialog["name"]["value"] and not tree.property(dialog, "modal")
    said = [tree.text(item) for item in tree.below(log) if item["role"]["value"] == "listitem"]
    assert [text.split(":")[0] for text in said] == ["You", "Assistant", "You", "Assistant"]


async def test_the_keyboard_opens_the_chat_walks_through_it_leaves_it_and_closes_it(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await Mode().visit(host_site, new_browser)
    keys = chat.page.keyboard

    await chat.page.locator("#last").focus()
    await keys.press("Tab")
    assert await _focused(chat) == "launcher"
    await expect(chat.launcher).to_have_attribute("aria-expanded", "false")
    await keys.press("Enter")
    await expect(chat.field).to_be_focused()
    await expect(chat.launcher).to_have_attribute("aria-expanded", "true")
    after = await _walk(chat, "Tab")
    await chat.field.focus()
    before = await _walk(chat, "Shift+Tab")
    await chat.field.focus()
    await keys.press("Escape")

    assert after[:2] == ["human", "launcher"] and after[-1] not in ("launcher", "duologue-widget")
    assert before == ["attach", "log", "close", "more", "last"]
    await expect(chat.panel).to_be_hidden()
    assert await _focused(chat) == "launcher"
    await expect(chat.launcher).to_have_attribute("aria-expanded", "false")


async def test_the_menu_is_walked_by_arrows_and_escape_closes_it_alone(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await Mode().visit(host_site, new_browser)
    await chat.open()
    button = chat.widget.locator("#more")

    await button.press("Enter")
    await expect(chat.widget.locator("#remembered")).to_be_focused()
    await expect(button).to_have_attribute("aria-expanded", "true")
    await chat.page.keyboard.press("ArrowDown")
    await expect(chat.widget.locator("#transcript")).to_be_focused()
    await chat.page.keyboard.press("Escape")

    await expect(chat.widget.locator("#menu")).to_be_hidden()
    await expect(button).to_be_focused()
    await expect(button).to_have_attribute("aria-expanded", "false")
    await expect(chat.panel).to_be_visible()


async def test_neither_typing_nor_a_new_message_moves_the_page_or_the_focus(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await Mode().visit(host_site, new_browser)
    await chat.open()
    await chat.page.evaluate("scrollTo(0, 300)")

    await chat.field.press_sequentially("Do you ship to Norway?")
    scrolled_by_typing = await chat.page.evaluate("scrollY")
    await chat.page.keyboard.press("Enter")
    await chat.page.evaluate("document.getElementById('search').focus({ preventScroll: true })")
    await expect(chat.messages).to_have_count(2)

    assert scrolled_by_typing == 300
    assert await chat.page.evaluate("scrollY") == 300
    assert await _focused(chat) == "search"


async def test_nothing_shifts_when_the_chat_comes_opens_and_receives(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    browser = await new_browser()
    await browser.add_init_script(SHIFTED)
    page = await browser.new_page()
    await page.goto(host_site.page("plain"))
    chat = Chat(page, None)  # type: ignore[arg-type]
    await chat.launcher.wait_for()
    closed = await page.evaluate("shifted")

    await chat.open()
    await chat.ask("Do you ship to Norway?")

    assert (closed, await page.evaluate("shifted")) == (0, 0)


async def test_nothing_moves_by_itself_for_who_wants_less_motion(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await Mode().visit(host_site, new_browser)

    await chat.open()
    opened = await chat.widget.evaluate(MOTION)
    await chat.say("Do you ship to Norway?")

    assert (opened, await chat.widget.evaluate(MOTION)) == (0, 0)


@pytest.mark.parametrize("mode", ["light", "phone", "zoom400"])
async def test_wider_spacing_of_text_cuts_nothing(
    host_site: HostSite,
    new_browser: NewBrowser,
    mode: str,
) -> None:
    chat = await MODES[mode].visit(host_site, new_browser)
    await chat.open()
    await talk(chat)

    await chat.widget.evaluate(SPACED)
    cut = await chat.widget.evaluate(CUT)
    await more(chat, "rate")
    await star(chat, 3).click()
    await everything(chat)
    await chat.widget.locator("#more").click()

    assert cut + await chat.widget.evaluate(CUT) == []


async def test_the_chat_works_with_text_twice_as_large(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    twice = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}
    chat = await Mode(browser=twice).visit(host_site, new_browser)

    await chat.open()
    await talk(chat)

    for each in ("field", "send", "close", "more", "human", "agree"):
        await chat.widget.locator(f"#{each}").scroll_into_view_if_needed()
        await expect(chat.widget.locator(f"#{each}")).to_be_in_viewport(ratio=0.99)


async def test_what_was_said_before_is_not_read_aloud_and_what_is_new_is(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await Mode().visit(host_site, new_browser)
    await chat.open()
    await chat.ask("Do you ship to Norway?")
    await chat.page.add_init_script(HEARD)

    await chat.page.reload()
    await expect(chat.messages).to_have_count(2)
    await expect(chat.widget.locator("#log")).not_to_have_attribute("aria-live", "off")
    await chat.ask("and how long does it take?")
    heard = await chat.page.evaluate("heard")

    assert [live for _, live in heard[:2]] == ["off", "off"]
    assert len(heard) > 3 and all(live in (None, "polite") for _, live in heard[2:])


async def test_on_a_phone_the_page_behind_cannot_be_reached_while_the_chat_is_open(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await MODES["phone"].visit(host_site, new_browser)

    await chat.open()
    while_open = await chat.page.evaluate("document.body.inert")
    await chat.widget.locator("#close").click()

    assert while_open is True
    assert await chat.page.evaluate("document.body.inert") is False
    await expect(chat.launcher).to_be_visible()


async def test_beside_the_chat_the_page_stays_usable(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await Mode().visit(host_site, new_browser)

    await chat.open()
    await chat.page.locator("#search").fill("blanket")

    assert await chat.page.evaluate("document.body.inert") is False
    await expect(chat.panel).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_picture_is_seen_in_the_systems_colours(
    host_site: HostSite,
    new_browser: NewBrowser,
    scheme: str,
) -> None:
    chat = await Mode(browser={"forced_colors": "active", "color_scheme": scheme}).visit(host_site, new_browser)
    seen = {"closed": await _ink(chat.launcher)}

    await chat.open()
    await chat.field.fill("Hello")
    for each in ("launcher", "send", "attach", "more", "close"):
        seen[each] = await _ink(chat.widget.locator(f"#{each}"))
    await more(chat, "rate")
    seen["star"] = await _ink(star(chat, 3))

    assert {each: ink for each, ink in seen.items() if not 0.02 < ink < 0.9} == {}


async def _barriers(chat: Chat) -> str:
    """What keeps somebody out, by axe's rules and by the size of what is to be hit; empty when nothing does."""
    found = await Axe().run(chat.page)
    small = await chat.widget.evaluate(f"(root) => ({TARGETS})([root, {SMALLEST}])")
    return (str(found.generate_report()) if found.violations_count else "") + "\n".join(small)


async def _focused(chat: Chat) -> str:
    return str(await chat.page.evaluate(FOCUSED))


async def _walk(chat: Chat, key: str) -> list[str]:
    """Where the focus goes, until it has left the chat."""
    went: list[str] = []
    while len(went) < 20:
        await chat.page.keyboard.press(key)
        went.append(await _focused(chat))
        if not await chat.page.evaluate("document.activeElement.localName === 'duologue-widget'"):
            break
    return went


async def _ink(button: Locator) -> float:
    """The share of the middle of a button that is not its background."""
    box = await button.bounding_box()
    assert box is not None
    side = 20.0
    middle: FloatRect = {
        "x": box["x"] + (box["width"] - side) / 2,
        "y": box["y"] + (box["height"] - side) / 2,
        "width": side,
        "height": side,
    }
    await button.page.mouse.move(1, 1)
    return 1 - (await shares(button.page, middle))[0]


class _Tree:
    """What the browser tells to a screen reader."""

    def __init__(self, nodes: list[dict[str, Any]]) -> None:
        self.nodes = [one for one in nodes if not one["ignored"]]
        self._by_id = {one["nodeId"]: one for one in nodes}

    @classmethod
    async def of(cls, page: Page) -> "_Tree":
        devtools = await page.context.new_cdp_session(page)
        return cls((await devtools.send("Accessibility.getFullAXTree"))["nodes"])

    def all(self, role: str) -> list[dict[str, Any]]:
        return [one for one in self.nodes if one["role"]["value"] == role]

    def property(self, node: dict[str, Any], name: str) -> Any:
        return next((one["value"]["value"] for one in node["properties"] if one["name"] == name), None)

    def below(self, node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for child in node.get("childIds", ()):
            if found := self._by_id.get(child):
                yield found
                yield from self.below(found)

    def text(self, node: dict[str, Any]) -> str:
        """All of it, as it is read."""
        return "".join(one["name"]["value"] for one in self.below(node) if one["role"]["value"] == "StaticText")
