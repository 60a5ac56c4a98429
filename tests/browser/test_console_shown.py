"""Every page of the console, light, dark and on a phone: nothing keeps anybody out, and each has its picture."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Locator, expect

from tests.browser.agent import Agent, sign_in
from tests.browser.chat import Chat, visit
from tests.browser.conftest import NewBrowser, a_browser
from tests.browser.modes import PHONE
from tests.browser.pictures import shares
from tests.running import Duologue

WAYS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 800}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone": PHONE,
}
PAGES = (
    "/console",
    "/console?view=all",
    "/console/search?q=norway",
    "/console/labels",
    "/console/keys",
    "/console/me",
    "/console/people",
    "/console/opening?site=yarn",
    "/console/mail",
    "/console/ready-replies",
    "/console/audit",
    "/console/reviews",
    "/console/unanswered",
    "/console/visitors",
    "/console/robots",
)
REPORTS = (
    "/insights/lift?site=demo",
    "/insights/lift?site=demo&guess=none",
    "/insights/exports?site=demo",
    "/insights/import?site=demo",
    "/insights/value?site=demo",
    "/insights/likeness?site=demo",
    "/insights/report?site=demo",
    "/insights/report/schedule?site=demo",
    "/insights/pages?site=demo",
    "/insights/pages/fix?site=demo",
    "/insights?site=demo&against=previous&by=channel",
    "/insights/people?site=demo",
    "/insights/profiles?site=demo",
    "/insights/channels?site=demo",
    "/insights/listening?site=demo&by=topic",
    "/insights/listening?site=demo&show=feedback",
    "/insights/alerts?site=demo",
    "/insights/objectives?site=demo",
    "/insights/objectives/new?site=demo",
    "/insights/objectives/wizard?site=demo&what=buy",
)
PICTURED = {
    "opening": "/console/opening?site=yarn",
    "mail": "/console/mail",
    "ready-replies": "/console/ready-replies",
    "lift": REPORTS[1],
}
WRITTEN = {
    "week": {"mon": "09:00-12:30, 13:30-17:00", "tue": "09:00-17:00", "timezone": "Europe/Dublin"},
    "holiday": {"day": "2030-12-25", "holiday": "Christmas Day"},
    "closing": {"begins": "2030-12-28T12:00", "ends": "2031-01-04T09:00", "closing": "Stocktaking"},
}
GREETING = {"name": "Greeting", "whose": "me", "text-0": "Hello {{first_name|there}}, {{agent}} here."}
BLANK = 0.97
UNFOLDED = "document.querySelectorAll('main details').forEach((one) => (one.open = true))"
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


OTHERS = (
    "Where is my order 1001?",
    "Two of the four cups came broken.",
    "Wie lange dauert der Versand nach Wien?",
    "Which blanket is the warmest?",
    "thanks, that helped",
)


@pytest.fixture(scope="module")
async def chat(duologue: Duologue, browser: Browser) -> AsyncIterator[Chat]:
    """A visitor who asked two things and then for a person; others were there before."""
    async with aiohttp.ClientSession() as session:
        for text in OTHERS:
            await _ask(session, f"{duologue.gateway_url}/v1/chat", text)
    context = await a_browser(browser)
    chat = await visit(context, f"{duologue.shop_url}/")
    await chat.open()
    await chat.ask("Do you ship to Norway?")
    await chat.ask("Do you sell kayaks?")
    await chat.widget.locator("#human").click()
    yield chat
    await context.close()


async def _ask(session: aiohttp.ClientSession, url: str, text: str) -> None:
    async with session.ws_connect(url) as socket:
        await socket.send_json({"type": "hello", "site": "demo", "token": None, "last_seq": 0})
        await socket.send_json({"type": "message", "id": str(uuid4()), "text": text})
        while (await socket.receive_json(timeout=20)).get("from") != "bot":
            pass


@pytest.fixture
async def admin(duologue: Duologue, new_browser: NewBrowser, chat: Chat, way: str) -> Agent:
    return await sign_in(duologue, new_browser, duologue.admin, **WAYS[way])


@pytest.fixture
async def written(duologue: Duologue, admin: Agent) -> None:
    """A shop of its own with hours, a holiday and a closing; and a ready reply that nobody else has."""
    told = await duologue.cli("site", "add", "yarn", "--origin", "https://yarn.example", "--name", "Yarn & Co")
    assert told.code == 0, told
    for form, fields in WRITTEN.items():
        await admin.goto(PICTURED["opening"])
        await _fill(admin.page.locator(f"form[action$='opening/{form}']"), fields)
    await admin.goto(PICTURED["ready-replies"])
    if not await admin.page.locator("li", has_text="Greeting").count():
        await _fill(admin.page.locator("form[action$=ready-replies]"), GREETING)


async def _fill(form: Locator, fields: dict[str, str]) -> None:
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        await (field.select_option(value) if name == "whose" else field.fill(value))
    await form.get_by_role("button").click()


@pytest.fixture
async def dana(duologue: Duologue, new_browser: NewBrowser, chat: Chat, way: str) -> Agent:
    """Dana has the conversation and has answered."""
    dana = await sign_in(duologue, new_browser, duologue.dana, **WAYS[way])
    await dana.open(chat.conversation)
    if await dana.page.get_by_role("button", name="Take over").count():
        await dana.press("Take over")
        await expect(dana.banner).to_contain_text("You have")
        await _say(dana, "Note for staff", "Asks for kayaks every spring.")
        await _say(dana, "Reply to the visitor", "No kayaks, I am sorry. But which lake are you going to?")
    return dana


async def _say(agent: Agent, to: str, text: str) -> None:
    await agent.page.get_by_label(to).check()
    await agent.field.fill(text)
    await agent.press("Send")
    await expect(agent.field).to_have_value("")


@pytest.mark.parametrize("way", WAYS)
async def test_no_page_keeps_anybody_out(admin: Agent, dana: Agent, chat: Chat, written: None, way: str) -> None:
    barriers: dict[str, str] = {}
    for path in (*PAGES, f"/console/conversations/{chat.conversation}"):
        await admin.goto(path)
        barriers[path] = await _barriers_of(admin, way)

    await admin.page.keyboard.press("?")
    await admin.page.get_by_role("dialog").wait_for()
    barriers["dialog"] = await _barriers_of(admin, "phone")

    assert {path: told for path, told in barriers.items() if told} == {}
    assert admin.seen.complaints == []


@pytest.mark.parametrize("way", WAYS)
async def test_no_report_keeps_anybody_out(admin: Agent, way: str) -> None:
    barriers: dict[str, str] = {}
    for path in REPORTS:
        await admin.page.goto(admin.duologue.gateway_url + path)
        barriers[path] = await _barriers_of(admin, way)

    assert {path: told for path, told in barriers.items() if told} == {}
    assert admin.seen.complaints == []


async def _barriers_of(agent: Agent, way: str) -> str:
    await agent.page.evaluate(UNFOLDED)
    if way != "phone":
        assert await agent.page.evaluate(WIDER) <= 0, agent.page.url
    found = await Axe().run(agent.page)
    return str(found.generate_report()) if found.violations_count else ""


@pytest.mark.parametrize("way", WAYS)
async def test_the_console_has_its_picture(admin: Agent, dana: Agent, chat: Chat, way: str) -> None:
    await dana.goto("/console?view=all")
    await _is_shown(dana, f"console-list-{way}")

    await admin.open(chat.conversation)
    await dana.goto(f"/console/conversations/{chat.conversation}#end")
    await expect(dana.page.locator("#here")).to_contain_text("admin is also here")
    await chat.field.press_sequentially("Lake")
    await expect(dana.page.locator("#here")).to_contain_text("The visitor is typing")
    await _is_shown(dana, f"console-{way}")


@pytest.mark.parametrize("way", WAYS)
async def test_the_pages_beside_have_their_pictures(admin: Agent, written: None, way: str) -> None:
    for name, path in PICTURED.items():
        await admin.page.goto(admin.duologue.gateway_url + path)
        await admin.page.evaluate(UNFOLDED)
        await _is_shown(admin, f"console-{name}-{way}")


async def _is_shown(agent: Agent, name: str) -> None:
    await agent.page.mouse.move(1, 1)
    assert (await shares(agent.page, None, name))[0] < BLANK, name
