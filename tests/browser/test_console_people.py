"""Who the visitors are, in the console: a person invites one of them, and says which customer another is."""

import hashlib
import hmac
import json
import re
import time
import uuid

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, Response, expect

from tests.browser.agent import sign_in
from tests.browser.chat import Chat, visit
from tests.browser.conftest import PATIENCE_MS, NewBrowser
from tests.running import Duologue, until

MODES: dict[str, dict[str, object]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}},
}
WORDS = "I am looking at the same blanket. May I help?"


@pytest.fixture(scope="module", autouse=True)
async def everybody_is_offered_the_chat(duologue: Duologue) -> None:
    """No holdout, so that nobody's place in the test depends on a lot."""
    origins = ("--origin", duologue.shop_url, "--origin", duologue.shop_url.replace("127.0.0.1", "localhost"))
    told = await duologue.cli("site", "add", "demo", *origins, "--name", "Everybody's", "--holdout", "0")
    assert told.code == 0, told.stderr

    async def seen() -> bool:
        return bool((await duologue.hello())["settings"]["name"] == "Everybody's")

    await until(seen, within_s=10, what="the gateway has seen that the site changed")


@pytest.fixture
async def shopper(duologue: Duologue, new_browser: NewBrowser) -> Chat:
    """A visitor's tab in the shop, after they agreed to be measured in its banner."""
    chat = await visit(await new_browser(), f"{duologue.shop_url}/index.html")
    async with chat.page.expect_response(_is_events) as told:
        await chat.page.get_by_role("button", name="Agree", exact=True).click()
    await told.value
    return chat


def _is_events(response: Response) -> bool:
    return response.url.endswith("/v1/events") and response.status == 200


async def _visitor(chat: Chat) -> str:
    return str(await chat.page.evaluate("new Promise((tell) => duologue('visitor', tell))"))


async def _invite(page: Page, duologue: Duologue, visitor: str) -> None:
    await page.goto(f"{duologue.gateway_url}/console/visitors")
    row = page.locator(f"#v{visitor}")
    await row.locator("summary").click()
    await row.get_by_label("Your words, once").fill(WORDS)
    await row.get_by_role("button", name="Send the invitation").click()
    await expect(row).to_contain_text("Not on their screen yet")


async def test_a_persons_invitation_reaches_the_next_page_without_a_socket_and_opens_the_chat(
    duologue: Duologue, new_browser: NewBrowser, shopper: Chat
) -> None:
    # Without a script, as every page of the console works.
    dana = (await sign_in(duologue, new_browser, duologue.dana, java_script_enabled=False)).page
    visitor = await _visitor(shopper)

    await _invite(dana, duologue, visitor)
    await shopper.page.goto(f"{duologue.shop_url}/products.html")
    invite = shopper.widget.locator("#invite .say")
    await expect(invite).to_have_text(f"Dana{WORDS}")
    assert shopper.seen.sockets == []
    await invite.click()

    await expect(shopper.panel).to_contain_text(WORDS)
    await until(lambda: _says(dana, visitor, "Accepted."), within_s=15, what="it is told that it was accepted")
    assert shopper.seen.complaints == []


async def test_who_reads_on_is_invited_by_their_next_sign_of_life_and_can_close_it(
    duologue: Duologue, new_browser: NewBrowser, shopper: Chat
) -> None:
    dana = (await sign_in(duologue, new_browser, duologue.dana, java_script_enabled=False)).page
    visitor = await _visitor(shopper)
    await shopper.page.clock.install()
    await shopper.page.goto(f"{duologue.shop_url}/sizes.html")
    await expect(shopper.launcher).to_be_visible()
    await _invite(dana, duologue, visitor)

    async with shopper.page.expect_response(_is_events):
        await shopper.page.clock.run_for(31_000)
    invite = shopper.widget.locator("#invite")
    await expect(invite).to_be_visible(timeout=PATIENCE_MS)
    await invite.locator(".icon").click()

    await expect(invite).to_have_count(0)
    await until(lambda: _says(dana, visitor, "Closed."), within_s=15, what="it is told that it was closed")


async def _says(console: Page, visitor: str, words: str) -> bool:
    await console.reload()
    return words in await console.locator(f"#v{visitor}").inner_text()


async def test_staff_say_which_customer_a_visitor_is_and_take_it_back(
    duologue: Duologue, new_browser: NewBrowser, shopper: Chat
) -> None:
    order, customer = f"order-{uuid.uuid4().hex[:8]}", f"customer-{uuid.uuid4().hex[:8]}"
    await _buys(duologue, order, customer)
    await shopper.open()
    await shopper.ask("Where is my order?")
    dana = (await sign_in(duologue, new_browser, duologue.dana, java_script_enabled=False)).page
    await dana.goto(f"{duologue.gateway_url}/console/conversations/{shopper.conversation}")
    panel = dana.locator("#about")

    await panel.locator("summary", has_text="Which customer").click()
    await panel.get_by_role("link", name="Say which customer it is").click()
    await dana.get_by_label("Order number, mail address or customer's id").fill(order)
    await dana.get_by_role("button", name="Look").click()
    await dana.get_by_role("button", name="It is Alice Archer").click()
    await expect(panel).to_contain_text(re.compile(r"Alice Archer\s+verified by the shop"))
    await expect(panel).to_contain_text("49.90 EUR")

    await panel.locator("summary", has_text="Which customer").click()
    await panel.get_by_role("button", name="It is somebody else").click()
    await expect(panel).not_to_contain_text("Alice Archer")
    await expect(panel).to_contain_text("not known")


@pytest.mark.parametrize("mode", MODES)
async def test_no_page_about_people_keeps_anybody_out(
    duologue: Duologue, new_browser: NewBrowser, shopper: Chat, mode: str
) -> None:
    await shopper.open()
    await shopper.ask("Do you sell kayaks?")
    console = (await sign_in(duologue, new_browser, duologue.dana, **MODES[mode])).page
    talk = f"/console/conversations/{shopper.conversation}"
    found: dict[str, str] = {}
    for path in (talk, f"{talk}/person", f"{talk}/erase", "/console/visitors", "/console/unanswered"):
        await console.goto(duologue.gateway_url + path)
        await console.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        barriers = await Axe().run(console)
        wide = await console.evaluate("document.documentElement.scrollWidth > innerWidth")
        found |= {path: str(barriers.generate_report())} if barriers.violations_count else {}
        found |= {f"{path} is wide": ""} if wide else {}

    assert found == {}


async def _buys(duologue: Duologue, order: str, customer: str) -> None:
    """The shop tells of an order by somebody whom no browser is known for."""
    told = await duologue.cli("site", "show", "demo", "--output", "json")
    body = json.dumps(
        {
            "site": "demo", "id": order, "type": "purchase", "visitor": None, "value": "49.90", "currency": "EUR",
            "customer": {"id": customer, "email": f"{customer}@customers.example", "name": "Alice Archer"},
            "items": [], "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
    ).encode()  # fmt: skip
    at = int(time.time())
    signed = hmac.new(json.loads(told.stdout)["secret"].encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Duologue-Signature": f"t={at},v1={signed}", "Content-Type": "application/json"}
    status, answer = await duologue.post("/v1/purchases", json=None, data=body, headers=headers)
    assert status == 201, answer
