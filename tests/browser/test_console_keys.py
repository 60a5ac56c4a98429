"""The console by keyboard, who else is there, and notices: in real browsers, two members of the staff and a visitor."""

import pytest
from playwright.async_api import expect

from tests.browser.agent import Agent, sign_in
from tests.browser.chat import Chat, visit
from tests.browser.conftest import NewBrowser
from tests.running import Duologue, Staff


@pytest.fixture(scope="module")
async def kim_of_staff(duologue: Duologue) -> Staff:
    return await duologue.add_staff("Kim")


@pytest.fixture
async def chat(duologue: Duologue, new_browser: NewBrowser) -> Chat:
    chat = await visit(await new_browser(), f"{duologue.shop_url}/")
    await chat.open()
    await chat.ask("hello")
    return chat


@pytest.fixture
async def kim(duologue: Duologue, new_browser: NewBrowser, chat: Chat, kim_of_staff: Staff) -> Agent:
    """Kim with the visitor's conversation open."""
    agent = await sign_in(duologue, new_browser, kim_of_staff)
    await agent.open(chat.conversation)
    return agent


async def test_colleagues_see_each_other_and_who_is_typing(
    chat: Chat, kim: Agent, duologue: Duologue, new_browser: NewBrowser
) -> None:
    here = kim.page.locator("#here")
    dana = await sign_in(duologue, new_browser, duologue.dana)
    await dana.open(chat.conversation)
    await expect(here).to_contain_text("Dana is also here")
    await expect(dana.page.locator("#here")).to_contain_text("Kim is also here")

    await chat.field.press_sequentially("Wh")
    await expect(here).to_contain_text("The visitor is typing")
    await dana.press("Take over")
    await expect(kim.banner).to_contain_text("Dana has")
    await dana.field.press_sequentially("One mom")
    await expect(here).to_contain_text("Dana is typing a reply")
    await expect(chat.widget.locator("#typing")).to_be_visible()
    await dana.page.close()

    await expect(here).not_to_contain_text("Dana is also here")


async def test_every_act_has_its_key_which_is_shown_where_it_presses(chat: Chat, kim: Agent) -> None:
    keyboard = kim.page.keyboard
    await expect(kim.page.get_by_role("button", name="Take over")).to_have_attribute("aria-keyshortcuts", "t")

    await keyboard.press("t")
    await expect(kim.banner).to_contain_text("You have this conversation")
    await keyboard.press("n")
    await expect(kim.page.get_by_label("Note for staff")).to_be_checked()
    await expect(kim.field).to_be_focused()
    await keyboard.type("note to e")
    await keyboard.press("Control+Enter")
    await expect(kim.said.last).to_contain_text("note to e")
    await kim.page.locator("h1").click()
    await keyboard.press("r")
    await expect(kim.page.get_by_label("Reply to the visitor")).to_be_checked()
    await keyboard.type("On its way, t e j")
    await keyboard.press("Control+Enter")
    await expect(chat.messages.last).to_contain_text("On its way, t e j")
    await kim.page.locator("h1").click()
    await keyboard.press("e")

    await expect(kim.banner).to_contain_text("Resolved")
    assert kim.seen.complaints == []


async def test_j_and_k_go_through_the_list_and_from_one_conversation_to_the_next(
    chat: Chat, kim: Agent, duologue: Duologue, new_browser: NewBrowser
) -> None:
    other = await visit(await new_browser(), f"{duologue.shop_url}/")
    await other.open()
    await other.ask("thanks")
    await kim.goto("/console?view=all")
    links = [await link.get_attribute("href") or "" for link in await kim.page.locator(".list .who a").all()]
    assert len(links) >= 2
    keyboard = kim.page.keyboard

    await keyboard.press("j")
    await keyboard.press("Enter")
    await kim.page.wait_for_url(f"**{links[0]}")
    await expect(kim.page.locator("#next")).to_be_visible()
    await keyboard.press("j")
    await kim.page.wait_for_url(f"**{links[1]}")
    await keyboard.press("k")

    await kim.page.wait_for_url(f"**{links[0]}")
    assert kim.seen.complaints == []


async def test_a_slash_searches_and_what_is_typed_there_is_no_key(chat: Chat, kim: Agent) -> None:
    await kim.goto("/console?view=all")

    await kim.page.keyboard.press("/")
    await kim.page.keyboard.type("je?")

    await expect(kim.page.locator("#q")).to_be_focused()
    await expect(kim.page.locator("#q")).to_have_value("je?")
    await expect(kim.page.get_by_role("dialog")).to_have_count(0)


async def test_the_keys_are_listed_in_a_dialog_that_escape_closes(kim: Agent) -> None:
    await kim.page.keyboard.press("?")
    dialog = kim.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Next conversation")
    await kim.page.keyboard.press("t")

    await kim.page.keyboard.press("Escape")

    await expect(dialog).to_have_count(0)
    await expect(kim.banner).to_contain_text("The bot answers")


async def test_keys_can_be_turned_off_and_stay_off_in_every_browser_of_the_member(
    chat: Chat, duologue: Duologue, new_browser: NewBrowser
) -> None:
    robin = await duologue.add_staff("Robin")
    first = await sign_in(duologue, new_browser, robin)
    await first.goto("/console/keys")

    await first.press("Turn keys off")
    await expect(first.page.get_by_role("button", name="Turn keys on")).to_be_visible()
    second = await sign_in(duologue, new_browser, robin)
    await second.open(chat.conversation)
    await second.page.keyboard.press("t")
    await second.field.fill("Sent all the same")
    await second.field.press("Control+Enter")
    await expect(second.said.last).to_contain_text("Sent all the same")

    await expect(second.banner).to_contain_text("The bot answers")
    assert await second.page.locator("[aria-keyshortcuts]").count() == 0


async def test_the_title_counts_who_waits_and_notices_come_only_once_asked_for(chat: Chat, kim: Agent) -> None:
    await kim.page.context.grant_permissions(["notifications"], origin=kim.duologue.gateway_url)
    await kim.page.add_init_script(NOTED)
    await kim.goto("/console/keys")
    assert await kim.page.evaluate("window.noted") == []
    await kim.press("Tell me")
    await expect(kim.page.get_by_role("button", name="Stop telling me")).to_be_visible()
    await kim.goto("/console/keys")
    before = await kim.page.title()
    await kim.page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")

    await chat.widget.locator("#human").click()

    await expect(kim.page).not_to_have_title(before)
    assert (await kim.page.title()).startswith("(")
    assert await kim.page.evaluate("window.noted") == [["Duologue", "Somebody waits for a person."]]


NOTED = """
window.noted = [];
window.Notification = class { static permission = 'granted'; static requestPermission = async () => 'granted';
  constructor(title, { body }) { window.noted.push([title, body]); } };
"""
