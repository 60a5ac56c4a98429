"""Two members of the staff and a visitor at once: the console in real browsers, the widget on the shop's own page."""

import asyncio
import re

import pytest
from playwright.async_api import Route, WebSocketRoute, expect

from tests.browser.agent import Agent, sign_in
from tests.browser.chat import Chat, visit
from tests.browser.conftest import NewBrowser
from tests.running import Duologue, Staff

ENDED_WITHIN_MS = 10_000
LIVE = re.compile(r"/console/live$")
HIDDEN = """() => Math.round(document.querySelector('#said').getBoundingClientRect().bottom
  - document.querySelector('#end').getBoundingClientRect().top)"""


@pytest.fixture(scope="module")
async def lena_of_staff(duologue: Duologue) -> Staff:
    return await duologue.add_staff("Lena")


@pytest.fixture
async def chat(duologue: Duologue, new_browser: NewBrowser) -> Chat:
    """A visitor's tab with the shop and the panel open, after a first question."""
    chat = await visit(await new_browser(), f"{duologue.shop_url}/")
    await chat.open()
    await chat.ask("hello")
    return chat


@pytest.fixture
async def dana(duologue: Duologue, new_browser: NewBrowser, chat: Chat) -> Agent:
    """Dana with the visitor's conversation open."""
    agent = await sign_in(duologue, new_browser, duologue.dana)
    await agent.open(chat.conversation)
    return agent


@pytest.fixture
async def lena(duologue: Duologue, new_browser: NewBrowser, chat: Chat, lena_of_staff: Staff) -> Agent:
    agent = await sign_in(duologue, new_browser, lena_of_staff)
    await agent.open(chat.conversation)
    return agent


async def test_what_the_visitor_says_is_on_the_screen_without_a_reload_and_only_once(chat: Chat, dana: Agent) -> None:
    await dana.page.evaluate("window.same = true")

    await chat.ask("Do you ship to Norway?")
    await expect(dana.said).to_have_count(4)
    await dana.page.reload()
    await dana.is_live()

    assert await dana.said.count() == 4
    assert dana.seen.complaints == []


async def test_taking_over_answering_and_giving_back_need_no_reload_and_show_on_every_screen(
    chat: Chat, dana: Agent, lena: Agent
) -> None:
    await dana.page.evaluate("window.same = true")

    await dana.press("Take over")
    await expect(dana.banner).to_contain_text("You have this conversation")
    await expect(lena.banner).to_contain_text("Dana has this conversation")
    await expect(chat.widget.locator("#banner")).to_contain_text("Dana")
    await dana.field.fill("I am looking into it.")
    await dana.press("Send")
    await expect(lena.said.last).to_contain_text("I am looking into it.")
    await expect(chat.messages.last).to_contain_text("I am looking into it.")
    await expect(dana.field).to_have_value("")
    await expect(dana.field).to_be_focused()
    await dana.press("Give back")

    await expect(dana.banner).to_contain_text("The bot answers")
    await expect(lena.banner).to_contain_text("The bot answers")
    assert await dana.page.evaluate("window.same") is True
    assert dana.seen.complaints == lena.seen.complaints == []


async def test_what_is_sent_while_another_press_is_on_its_way_is_sent_after_it(chat: Chat, dana: Agent) -> None:
    arrived = asyncio.Event()

    async def hold(route: Route) -> None:
        told = await route.fetch(max_redirects=0)
        await arrived.wait()
        await route.fulfill(response=told)

    await dana.page.route("**/take", hold)
    await dana.press("Take over")
    await expect(dana.banner).to_contain_text("You have this conversation")
    await dana.field.fill("I am looking into it.")
    await dana.press("Send")
    arrived.set()

    await expect(chat.messages.last).to_contain_text("I am looking into it.")
    await expect(dana.field).to_have_value("")


async def test_a_stale_press_gets_its_sentence_in_place_and_changes_nothing(
    chat: Chat, dana: Agent, lena: Agent
) -> None:
    # Her line is open and brings nothing: she sees what was there when she opened the page.
    await lena.page.route_web_socket(LIVE, lambda _: None)
    await lena.page.reload()
    await lena.page.evaluate("window.same = true")
    await dana.press("Take over")
    await expect(dana.banner).to_contain_text("You have this conversation")

    await lena.press("Take over")

    await expect(lena.page.locator("#problem")).to_contain_text("Dana has this conversation now, so nothing was done.")
    await expect(dana.banner).to_contain_text("You have this conversation")
    assert await lena.page.evaluate("window.same") is True


async def test_what_is_being_written_survives_updates_a_reload_and_signing_in_again(
    chat: Chat, dana: Agent, duologue: Duologue
) -> None:
    await dana.field.fill("A regular, be nice. ")
    await dana.field.press("End")

    await chat.ask("Do you ship to Norway?")
    await expect(dana.said).to_have_count(4)
    await dana.field.press_sequentially("Really.")
    written = "A regular, be nice. Really."
    await expect(dana.field).to_have_value(written)
    await expect(dana.field).to_be_focused()
    await dana.page.reload()
    await expect(dana.field).to_have_value(written)
    await dana.page.context.clear_cookies()
    await dana.page.reload()
    await dana.page.get_by_label("Name").fill(duologue.dana.name)
    await dana.page.get_by_label("Password").fill(duologue.dana.password)
    await dana.press("Sign in")

    await expect(dana.field).to_have_value(written)


async def test_a_note_that_is_being_written_stays_a_note_when_a_reply_becomes_possible(chat: Chat, dana: Agent) -> None:
    await dana.field.fill("Difficult customer.")

    await dana.press("Take over")
    await expect(dana.page.get_by_label("Note for staff")).to_be_checked()
    await dana.press("Send")

    await expect(dana.said.last).to_contain_text("Difficult customer.")
    assert "Difficult customer." not in str(await chat.lines())


async def test_what_is_written_in_one_conversation_is_not_sent_in_another(
    chat: Chat, dana: Agent, duologue: Duologue, new_browser: NewBrowser
) -> None:
    other = await visit(await new_browser(), f"{duologue.shop_url}/")
    await other.open()
    await other.ask("thanks")
    await dana.field.fill("Only for the first one.")

    await dana.page.get_by_role("link", name="Conversations").first.click()
    await dana.page.locator(f"a[href*='{other.conversation}']").click()
    await expect(dana.said.first).to_contain_text("thanks")
    await expect(dana.field).to_have_value("")
    await dana.page.go_back()
    await dana.page.go_back()

    await expect(dana.said.first).to_contain_text("hello")
    await expect(dana.field).to_have_value("Only for the first one.")


async def test_switching_needs_no_reload_and_the_back_button_is_right(chat: Chat, dana: Agent) -> None:
    await dana.goto("/console")
    await dana.page.evaluate("window.same = true")

    await dana.page.locator(f"a[href*='{chat.conversation}']").click()
    await expect(dana.said.first).to_contain_text("hello")
    assert chat.conversation in dana.page.url
    assert await dana.page.evaluate("document.activeElement.id") == "content"
    await chat.say("Are you there?")
    await expect(dana.said.nth(2)).to_contain_text("Are you there?")
    await dana.page.go_back()
    await expect(dana.page.get_by_role("heading", name="Conversations")).to_be_visible()
    await dana.page.go_forward()
    await expect(dana.said.nth(2)).to_contain_text("Are you there?")

    assert await dana.page.evaluate("window.same") is True
    assert dana.seen.complaints == []


async def test_who_reads_above_stays_there_and_who_is_at_the_end_stays_at_the_end(chat: Chat, dana: Agent) -> None:
    await dana.press("Take over")
    await expect(dana.banner).to_contain_text("You have")
    for number in range(12):
        await chat.say(f"Line {number}\n" * 4)
    await expect(dana.said).to_have_count(14)
    assert await dana.page.evaluate(HIDDEN) <= 0
    await dana.page.evaluate("scrollTo(0, 200)")

    await chat.say("One more")
    await expect(dana.said).to_have_count(15)

    assert await dana.page.evaluate("scrollY") == 200


async def test_who_answers_from_further_up_sees_what_they_said(chat: Chat, dana: Agent) -> None:
    await dana.press("Take over")
    await expect(dana.banner).to_contain_text("You have")
    for number in range(12):
        await chat.say(f"Line {number}\n" * 4)
    await expect(dana.said).to_have_count(14)
    await dana.page.evaluate("scrollTo(0, 0)")

    await dana.field.fill("I am looking into it.")
    await dana.press("Send")
    await expect(dana.said).to_have_count(15)

    await expect(dana.said.last).to_be_in_viewport()
    assert await dana.page.evaluate(HIDDEN) <= 0


async def test_a_conversation_opens_at_its_end(chat: Chat, dana: Agent) -> None:
    await dana.press("Take over")
    await expect(dana.banner).to_contain_text("You have")
    for number in range(12):
        await chat.say(f"Line {number}\n" * 4)
    await dana.goto("/console?view=all")

    await dana.page.locator(f"a[href*='{chat.conversation}']").click()
    await expect(dana.said).to_have_count(14)
    switched = await dana.page.evaluate(HIDDEN)
    await dana.page.reload()
    await dana.is_live()

    assert switched <= 0
    assert await dana.page.evaluate(HIDDEN) <= 0


async def test_a_lost_line_is_shown_and_what_was_missed_is_there_afterwards(chat: Chat, dana: Agent) -> None:
    sockets: list[WebSocketRoute] = []

    def lead(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    await dana.page.route_web_socket(LIVE, lead)
    await dana.open(chat.conversation)
    await dana.page.context.set_offline(True)
    await sockets[-1].close(code=1011)
    await expect(dana.page.locator("#line")).to_contain_text("Reconnecting")
    await chat.ask("Do you ship to Norway?")
    assert await dana.said.count() == 2

    await dana.page.context.set_offline(False)

    await expect(dana.said).to_have_count(4)
    await expect(dana.page.locator("#line")).to_be_empty()


async def test_what_is_unfolded_stays_so(chat: Chat, dana: Agent) -> None:
    await chat.ask("Do you ship to Norway?")
    await expect(dana.said).to_have_count(4)
    fold = dana.page.locator("#said details").first
    await fold.locator("summary").click()

    await chat.ask("and how long does it take?")
    await expect(dana.said).to_have_count(6)

    await expect(fold).to_have_attribute("open", "")


async def test_a_page_of_who_is_signed_out_shows_nothing_within_seconds(
    chat: Chat, dana: Agent, duologue: Duologue
) -> None:
    told = await duologue.cli("staff", "password", "Dana")
    assert told.code == 0, told
    duologue.dana = Staff("Dana", told.stdout.strip().splitlines()[-1].split()[-1], duologue.dana.token)

    await expect(dana.page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=ENDED_WITHIN_MS)
    assert "hello" not in await dana.page.content()


async def test_without_javascript_the_same_forms_do_the_same(
    chat: Chat, duologue: Duologue, new_browser: NewBrowser
) -> None:
    dana = await sign_in(duologue, new_browser, duologue.dana, java_script_enabled=False)
    await dana.page.goto(f"{duologue.gateway_url}/console/conversations/{chat.conversation}")

    await dana.press("Take over")
    await dana.field.fill("Good morning")
    await dana.press("Send")
    await expect(dana.said.last).to_contain_text("Good morning")
    await dana.press("Resolve")

    await expect(dana.banner).to_contain_text("Resolved")
    await expect(chat.messages.last).to_contain_text("Good morning")
