"""A visitor's first conversation with the demonstration shop, in a real browser, with the real engine."""

import json
import re
from uuid import uuid4

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, expect

from tests.browser.chat import Chat, Seen, visit
from tests.browser.conftest import NewBrowser
from tests.running import Duologue, Staff, until

STORED = """async () => ({
  cookie: document.cookie, local: {...localStorage}, session: {...sessionStorage},
  databases: await indexedDB.databases(), caches: await caches.keys(),
})"""
NOTHING_STORED = {"cookie": "", "local": {}, "session": {}, "databases": [], "caches": []}
INJECTIONS = (
    '<img src=x onerror="window.hit=1">',
    "<script>window.hit=1</script>",
    '"><svg onload=window.hit=1>',
    "</li></ol><iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "javascript:window.hit=1",
    "[click](javascript:window.hit=1)",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "&lt;b&gt; stays as it is &amp; so does this",
)


@pytest.fixture
async def chat(duologue: Duologue, new_browser: NewBrowser) -> Chat:
    """A visitor's tab with the shop and the panel open."""
    chat = await visit(await new_browser(), f"{duologue.shop_url}/")
    await chat.open()
    return chat


async def test_a_question_is_answered_in_the_pages_own_words_with_a_link_that_leads_there(
    chat: Chat, duologue: Duologue
) -> None:
    answer = await chat.ask("Do you ship to Norway?")
    quoted = await chat.text_of(answer)
    await answer.locator("a.source").first.click()
    await chat.page.wait_for_url(f"{duologue.shop_url}/*.html#:~:text=*")

    assert "Norway" in quoted
    assert quoted in await chat.page.locator("main").inner_text()
    assert chat.seen.complaints == []


async def test_a_follow_up_question_is_understood_by_what_was_asked_before(chat: Chat, duologue: Duologue) -> None:
    await chat.ask("Do you ship to Norway?")

    answer = await chat.ask("and how long does it take?")

    assert "5 to 8 working days" in await chat.text_of(answer)
    source = await answer.locator("a.source").first.get_attribute("href")
    assert source is not None and source.startswith(f"{duologue.shop_url}/")


async def test_what_no_page_answers_is_said_to_be_unknown_and_a_person_is_offered(chat: Chat) -> None:
    answer = await chat.ask("Do you sell kayaks?")

    assert "could not find that" in await chat.text_of(answer)
    await expect(answer.get_by_role("button", name="Talk to a person")).to_be_visible()


async def test_the_button_of_the_offer_hands_the_conversation_over(chat: Chat, duologue: Duologue) -> None:
    answer = await chat.ask("Do you sell kayaks?")

    await answer.get_by_role("button", name="Talk to a person").click()

    await expect(chat.widget.locator("#banner")).to_contain_text("person")
    standing = await _conversation(duologue, chat)
    assert (standing["owner"], standing["state"]) == ("nobody", "waiting")
    assert [line.text for line in await chat.lines() if line.sender == "visitor"][-1] == "Talk to a person"


@pytest.mark.parametrize(
    ("said", "answered"),
    [("hello", r"\b(hello|hi|hey|welcome)\b"), ("thanks", "pleasure|welcome|glad"), ("are you a robot?", "bot")],
    ids=["hello", "thanks", "are you a robot"],
)
async def test_small_talk_is_answered_as_such_and_looked_up_nowhere(chat: Chat, said: str, answered: str) -> None:
    answer = await chat.ask(said)

    assert re.search(answered, await chat.text_of(answer), re.IGNORECASE)
    assert await answer.locator("a.source").count() == 0


async def test_before_the_visitor_acts_there_is_one_request_and_nothing_is_kept(
    duologue: Duologue, new_browser: NewBrowser
) -> None:
    browser = await new_browser()

    chat = await visit(browser, f"{duologue.shop_url}/")
    await chat.page.wait_for_load_state("networkidle")

    to_gateway = [url for url in chat.seen.requests if url.startswith(duologue.gateway_url)]
    assert to_gateway == [f"{duologue.gateway_url}/widget.js"]
    assert chat.seen.sockets == []
    assert await browser.cookies() == []
    assert await chat.page.evaluate(STORED) == NOTHING_STORED


async def test_the_history_is_back_after_the_page_was_loaded_anew(chat: Chat) -> None:
    await chat.ask("Do you ship to Norway?")
    before = await chat.lines()

    await chat.page.reload()
    await chat.messages.nth(len(before) - 1).wait_for()

    assert await chat.lines() == before


async def test_two_tabs_show_the_same_conversation(chat: Chat, duologue: Duologue) -> None:
    await chat.ask("Do you ship to Norway?")
    other = await visit(chat.page.context, f"{duologue.shop_url}/returns.html")
    await expect(other.messages).to_have_count(2)

    await other.ask("and how long does it take?")
    await expect(chat.messages).to_have_count(4)

    assert await chat.lines() == await other.lines()
    assert [line.seq for line in await chat.lines()] == [1, 2, 3, 4]
    assert other.conversation == chat.conversation


async def test_what_staff_answer_reaches_the_visitor_and_the_bot_is_silent_meanwhile(
    chat: Chat, duologue: Duologue
) -> None:
    await chat.ask("hello")
    path = f"/v1/staff/conversations/{chat.conversation}"
    await _staff(duologue, f"{path}/take", 200)
    await expect(chat.widget.locator("#banner")).to_contain_text("Dana")

    said = await chat.say("Do you ship to Norway?")
    await _until_understood(duologue, chat, "Do you ship to Norway?")
    await _staff(duologue, f"{path}/messages", 201, {"id": str(uuid4()), "text": "We do, from the mill."})
    answer = await chat.after(said, "staff")

    assert await chat.text_of(answer) == "We do, from the mill."
    assert [line.sender for line in await chat.lines()] == ["visitor", "bot", "visitor", "staff"]


async def test_the_bot_answers_again_when_staff_give_the_conversation_back(chat: Chat, duologue: Duologue) -> None:
    await chat.ask("hello")
    path = f"/v1/staff/conversations/{chat.conversation}"
    await _staff(duologue, f"{path}/take", 200)
    await _staff(duologue, f"{path}/give-back", 200)

    answer = await chat.ask("Do you ship to Norway?")

    assert "Norway" in await chat.text_of(answer)


async def test_what_a_visitor_types_stays_text_in_the_widget_and_in_the_console(
    chat: Chat, duologue: Duologue, new_browser: NewBrowser
) -> None:
    for text in INJECTIONS:
        await chat.ask(text)
    shown = [line.text for line in await chat.lines() if line.sender == "visitor"]
    console, seen = await _signed_in(duologue, new_browser, duologue.dana)
    await console.goto(f"{duologue.gateway_url}/console/conversations/{chat.conversation}")
    transcript = await console.locator(".run.visitor .text").all_inner_texts()
    await console.goto(f"{duologue.gateway_url}/console")

    assert shown == list(INJECTIONS)
    assert transcript == list(INJECTIONS)
    assert await chat.page.evaluate("window.hit") is None
    assert await console.evaluate("window.hit") is None
    assert await chat.messages.locator("img, script, iframe, .bubble *").count() == 0
    assert chat.seen.complaints + seen.complaints == []


async def test_a_whole_conversation_leaves_no_complaint_in_the_browser(chat: Chat, duologue: Duologue) -> None:
    await chat.ask("Do you ship to Norway?")
    await chat.ask("Do you sell kayaks?")
    await chat.widget.locator("#agree").click()
    await expect(chat.widget.locator("#consent")).to_have_count(0)
    await chat.widget.locator("#close").click()
    for page in ("products.html", "product-fold-blanket.html", "cart.html", "checkout.html", "thanks.html"):
        await chat.page.goto(f"{duologue.shop_url}/{page}")
        await chat.page.wait_for_load_state("networkidle")

    assert chat.seen.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everybody_can_use_the_shop_with_the_panel_open(
    duologue: Duologue, new_browser: NewBrowser, scheme: str
) -> None:
    chat = await visit(await new_browser(color_scheme=scheme, reduced_motion="reduce"), f"{duologue.shop_url}/")
    await chat.open()
    await chat.ask("Do you ship to Norway?")
    await chat.ask("Do you sell kayaks?")

    assert await _barriers(chat.page) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everybody_can_use_the_console_and_the_dashboard(
    duologue: Duologue, new_browser: NewBrowser, chat: Chat, scheme: str
) -> None:
    await chat.ask("Do you sell kayaks?")
    browser = await new_browser(color_scheme=scheme, reduced_motion="reduce")
    sign_in = await browser.new_page()
    await sign_in.goto(f"{duologue.gateway_url}/console")
    barriers = {"sign-in": await _barriers(sign_in)}
    console, _ = await _signed_in(duologue, new_browser, duologue.admin, color_scheme=scheme, reduced_motion="reduce")
    for path in ("/console", "/console?view=waiting", f"/console/conversations/{chat.conversation}", "/insights"):
        await console.goto(duologue.gateway_url + path)
        barriers[path] = await _barriers(console)

    assert {path: found for path, found in barriers.items() if found} == {}


async def _conversation(duologue: Duologue, chat: Chat) -> dict[str, object]:
    status, body = await duologue.get(f"/v1/staff/conversations/{chat.conversation}", headers=duologue.dana.headers)
    assert status == 200, body
    return dict(json.loads(body))


async def _until_understood(duologue: Duologue, chat: Chat, text: str) -> None:
    async def understood() -> bool:
        messages = (await _conversation(duologue, chat))["messages"]
        assert isinstance(messages, list)
        return any(one["text"] == text and one["understanding"] for one in messages)

    await until(understood, within_s=20, what=f"{text!r} is understood while staff have the conversation")


async def _staff(duologue: Duologue, path: str, expected: int, body: dict[str, object] | None = None) -> None:
    status, told = await duologue.post(path, body, headers=duologue.dana.headers)
    assert status == expected, told


async def _signed_in(duologue: Duologue, new_browser: NewBrowser, who: Staff, **more: object) -> tuple[Page, Seen]:
    """The browser of somebody of the staff, signed in to the console."""
    page, seen = await (await new_browser(**more)).new_page(), Seen()
    seen.watch(page)
    await page.goto(f"{duologue.gateway_url}/console")
    await page.get_by_label("Name").fill(who.name)
    await page.get_by_label("Password").fill(who.password)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"{duologue.gateway_url}/console")
    return page, seen


async def _barriers(page: Page) -> str:
    """What keeps somebody from using this page, for people to read; empty when nothing does."""
    found = await Axe().run(page)
    return str(found.generate_report()) if found.violations_count else ""


async def test_a_visitor_erases_everything_with_the_mouse_alone_as_the_bot_tells_them(
    chat: Chat, duologue: Duologue
) -> None:
    told = await chat.text_of(await chat.ask("forget me"))
    conversation = chat.conversation
    assert "What is kept" in told and "Forget everything" in told

    await chat.widget.get_by_role("button", name="More").click()
    await chat.widget.get_by_role("button", name="What is kept").click()
    await chat.widget.get_by_role("button", name="Forget everything").click()

    await expect(chat.messages.filter(has_text="forget me")).to_have_count(0)

    async def is_gone() -> bool:
        status, _ = await duologue.get(f"/v1/staff/conversations/{conversation}", headers=duologue.dana.headers)
        return status == 404

    await until(is_gone, within_s=20, what="the conversation is erased")
