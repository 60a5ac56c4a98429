"""Ready replies by "/", in a real browser: found while typing, chosen by keys, and never in the way."""

import re
from uuid import uuid4

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Locator, expect

from tests.browser.agent import Agent, sign_in
from tests.browser.chat import Chat, visit
from tests.browser.conftest import NewBrowser
from tests.running import Duologue

IN_SIGHT = """() => {
  const { left, right, top } = document.getElementById('pick').getBoundingClientRect();
  return document.elementFromPoint((left + right) / 2, top + 2).closest('#pick') !== null;
}"""
GREETING = re.compile("^Hello there, Dana .* here.$")
REPLIES = (
    ("Greeting", "Hello {{first_name|there}}, {{agent}} here."),
    ("Parcel", "Your order {{order}} is on its way."),
    ("Grüße", "Viele Grüße, {{agent}}"),
)


@pytest.fixture
async def dana(duologue: Duologue, new_browser: NewBrowser) -> Agent:
    """Dana has a conversation, and three ready replies of her own."""
    chat: Chat = await visit(await new_browser(), f"{duologue.shop_url}/")
    await chat.open()
    await chat.ask("hello")
    # Of a name of their own: what is written here stays with who wrote it.
    dana = await sign_in(duologue, new_browser, await duologue.add_staff(f"Dana {uuid4()}"))
    await dana.goto("/console/ready-replies")
    for name, text in REPLIES:
        new = dana.page.locator("form[action$=ready-replies]")
        await new.get_by_label("Name").fill(name)
        await new.get_by_label("Text").first.fill(text)
        await new.get_by_role("button", name="Create").click()
        await dana.is_live()
    await dana.open(chat.conversation)
    await dana.press("Take over")
    await expect(dana.banner).to_contain_text("You have")
    return dana


def seek(dana: Agent) -> Locator:
    return dana.page.get_by_role("combobox", name="Search ready replies")


def found(dana: Agent) -> Locator:
    return dana.page.get_by_role("listbox", name="Ready replies").get_by_role("option")


async def test_a_slash_opens_the_list_which_is_searched_and_chosen_from_by_keys(dana: Agent) -> None:
    await dana.field.press("/")
    await expect(seek(dana)).to_be_focused()
    await expect(found(dana)).to_have_count(3)
    await _keeps_nobody_out(dana)
    await dana.page.keyboard.type("grusse")
    await expect(found(dana)).to_have_count(1)
    for _ in range(6):
        await dana.page.keyboard.press("Backspace")
    await dana.page.keyboard.type("e")
    await dana.page.keyboard.press("ArrowUp")
    await dana.page.keyboard.press("ArrowDown")
    chosen = await dana.page.locator("#picks [aria-selected=true]").get_attribute("id")
    assert await seek(dana).get_attribute("aria-activedescendant") == chosen
    await seek(dana).fill("greet")
    await dana.page.keyboard.press("Enter")

    await expect(dana.field).to_have_value(GREETING)
    await expect(dana.field).to_be_focused()
    await dana.page.reload()
    await expect(dana.field).to_have_value(GREETING)
    assert dana.seen.complaints == []


async def _keeps_nobody_out(dana: Agent) -> None:
    """Light, dark and on a phone; and the banner hides nothing of the list."""
    for width, dark in ((1280, False), (1280, True), (390, False)):
        await dana.page.set_viewport_size({"width": width, "height": 800})
        await dana.page.emulate_media(color_scheme="dark" if dark else "light")
        barriers = await Axe().run(dana.page)
        assert barriers.violations_count == 0, barriers.generate_report()
        assert await dana.page.evaluate(IN_SIGHT), (width, dark)


async def test_escape_leaves_and_a_slash_elsewhere_or_a_pasted_path_opens_nothing(dana: Agent) -> None:
    await dana.field.press("/")
    await expect(seek(dana)).to_be_visible()
    await dana.page.keyboard.press("Escape")
    await expect(dana.field).to_be_focused()
    await expect(dana.field).to_have_value("/")
    await dana.field.fill("")

    await dana.field.press_sequentially("and/or /")
    await dana.field.fill("")
    await dana.page.keyboard.insert_text("/products/grey-jumper.html")

    await expect(dana.field).to_have_value("/products/grey-jumper.html")
    await expect(seek(dana)).to_have_count(0)


async def test_what_is_missing_is_marked_and_the_answer_waits_for_it(dana: Agent) -> None:
    await dana.page.locator("#replies summary").click()
    await dana.page.get_by_label("Insert a ready reply").select_option("Parcel")
    await dana.press("Insert")
    await expect(dana.field).to_have_value("Your order {{order}} is on its way.")
    await expect(dana.page.get_by_role("alert")).to_contain_text("Not known of this visitor: order")
    assert await dana.page.evaluate("getSelection().toString()") == "{{order}}"

    await dana.press("Send")
    await expect(dana.page.get_by_role("alert")).to_contain_text("Nothing was sent: fill in {{order}} first.")
    await dana.field.fill("Your order 1001 is on its way.")
    await dana.press("Send")

    await expect(dana.said.last).to_contain_text("Your order 1001 is on its way.")
    await expect(dana.field).to_have_value("")
