"""Calls of the page that are said wrongly, too early, twice, or after all has changed."""

import pytest
from playwright.async_api import expect

from tests.browser.chat import Chat, visit
from tests.browser.conftest import NewBrowser
from tests.browser.test_calls import (  # noqa: F401
    AGREE,
    KEPT,
    KEY,
    NOTHING_KEPT,
    Website,
    agree,
    chat,
    heard,
    proof,
    reference,
    reporting,
    secret,
    website,
)
from tests.cast import ALICE
from tests.running import Duologue, until


async def changed(duologue: Duologue, **settings: str) -> None:
    """Gives the site settings, and waits until the gateway tells them."""
    mark = f"https://shop.example/{len(str(settings))}"
    told = await duologue.cli(
        "site", "set", KEY, f"privacy={mark}", *(f"{name}={value}" for name, value in settings.items())
    )
    assert told.code == 0, told.stderr

    async def is_told() -> bool:
        return (await duologue.hello(KEY))["settings"].get("privacy") == mark

    await until(is_told, within_s=20, what="the gateway tells the site's new settings")


async def test_memory_opens_with_what_is_kept(chat: Chat) -> None:
    await chat.page.evaluate("duologue('memory')")

    await expect(chat.widget.locator("#memory")).to_be_visible()


async def test_identify_in_an_open_chat_is_told_at_once(chat: Chat, secret: str) -> None:
    await chat.open()
    await chat.ask("hello")

    await chat.page.evaluate("(jwt) => duologue('identify', jwt)", proof(secret, ALICE.customer))

    assert await heard(chat.page, "identified") == [{"customer": ALICE.customer}]


async def test_the_script_loaded_under_two_addresses_is_one_chat(website: Website, new_browser: NewBrowser) -> None:
    page, told = await reporting(website, new_browser, website.page(website.tag(), website.tag("?v=2")))
    await agree(page)
    await page.evaluate("duologue('track', 'last')")
    await reference(page)

    assert await page.locator("duologue-widget").count() == 1
    assert told.kinds == ["page_view", "exposed", "track"]


async def test_with_data_track_off_nothing_is_counted_by_itself(website: Website, new_browser: NewBrowser) -> None:
    page, told = await reporting(website, new_browser, website.page(website.tag(track="off")))

    await page.evaluate(AGREE)
    await page.evaluate("duologue('open')")
    await heard(page, "opened")
    await page.evaluate("history.pushState({}, '', '?view=2')")
    await reference(page)
    await page.reload()
    await heard(page, "ready")
    await reference(page)

    assert told.batches == []


BAD = (
    "duologue(Symbol())",
    "duologue('on', 'message', 42)",
    "duologue('on', Symbol(), () => {})",
    "duologue('off', 'message', 42)",
    "duologue('visitor', 42)",
    "duologue('consent', {measure: 1n})",
    "duologue('visitor')",
    "duologue('consent', around)",
    "duologue('prefill', Object.create(null))",
    "duologue('requestHuman', Object.create(null))",
    "duologue('purchase', around, 'signed')",
    "duologue('purchase', {}, around)",
    "duologue('purchase', Object.create(null), 'signed')",
    "duologue('send', Object.create(null))",
)


@pytest.mark.parametrize("call", BAD)
async def test_nonsense_is_not_thrown_at_the_page(website: Website, new_browser: NewBrowser, call: str) -> None:
    chat = await visit(await new_browser(), website.page(script="const around = {}; around.around = around;"))
    await agree(chat.page)
    thrown = await chat.page.evaluate(f"() => {{ try {{ {call} }} catch (e) {{ return e.message }} }}")
    await reference(chat.page)
    assert (thrown, [one for one in chat.seen.complaints if "status of 4" not in one]) == (None, [])


async def test_send_without_a_text_sends_nothing(chat: Chat) -> None:
    await chat.page.evaluate("duologue('send')")
    await chat.page.evaluate("duologue('send', 'hello')")
    said = await heard(chat.page, "message", 1)
    assert said[0]["text"] == "hello"


async def test_prefill_without_a_text_empties_the_field(chat: Chat) -> None:
    await chat.page.evaluate("duologue('prefill')")
    await expect(chat.panel).to_be_visible()
    await expect(chat.field).to_have_value("")


INVITES = '[{"id": "help", "text": "May I help?", "trigger": "help"}]'


@pytest.fixture(scope="session")
async def inviting(duologue: Duologue, website: Website) -> None:
    await changed(duologue, invites=INVITES)


@pytest.mark.parametrize("before", ["", "duologue('track', 'x');", "duologue('page');"])
async def test_a_trigger_shows_its_invite(
    inviting: None, website: Website, new_browser: NewBrowser, before: str
) -> None:
    chat = await visit(await new_browser(), website.page())
    await agree(chat.page)
    if before:
        await chat.page.evaluate(before)
        await reference(chat.page)
    await chat.page.evaluate("duologue('trigger', 'help')")
    await expect(chat.widget.locator("#invite")).to_be_visible(timeout=8000)


async def test_a_trigger_in_the_queue_shows_its_invite(
    inviting: None, website: Website, new_browser: NewBrowser
) -> None:
    chat = await visit(await new_browser(), website.page())
    await agree(chat.page)
    await chat.page.goto(website.page(script="duologue('trigger', 'help')"))
    await expect(chat.widget.locator("#invite")).to_be_visible(timeout=8000)


async def test_a_trigger_on_the_next_page_shows_its_invite(
    inviting: None, website: Website, new_browser: NewBrowser
) -> None:
    chat = await visit(await new_browser(), website.page())
    await agree(chat.page)
    await chat.page.goto(website.page())
    await heard(chat.page, "ready")
    await chat.page.evaluate("duologue('trigger', 'help')")
    await expect(chat.widget.locator("#invite")).to_be_visible(timeout=8000)


async def test_consent_in_a_conversation_is_told_once(chat: Chat) -> None:
    await chat.open()
    await chat.ask("hello")
    await agree(chat.page)
    await chat.ask("Do you ship to Norway?")  # by then a second one would have come
    assert len(await heard(chat.page, "consent")) == 1


async def test_a_handover_is_told_once_and_not_on_every_page(chat: Chat, website: Website) -> None:
    await chat.page.evaluate("duologue('requestHuman', 'x')")
    await heard(chat.page, "handover")
    await chat.page.goto(website.page())
    await expect(chat.widget.locator("#banner")).to_contain_text("person")
    assert await chat.page.evaluate("heard.filter((one) => one.type === 'handover')") == []


async def test_a_purchase_that_is_refused_is_an_error(chat: Chat) -> None:
    await chat.page.evaluate("duologue('purchase', '{}', 't=1,v1=00')")
    assert (await heard(chat.page, "error"))[0]["detail"]


async def test_identify_nonsense_says_nothing_to_the_visitor(chat: Chat) -> None:
    await chat.page.evaluate("duologue('identify', {})")
    await chat.open()
    await chat.ask("hello")
    await expect(chat.widget.locator("#status")).to_be_empty()


async def test_a_color_of_the_tag_goes_before_the_sites_own(
    duologue: Duologue, website: Website, new_browser: NewBrowser
) -> None:
    await changed(duologue, colour="#7a1f5c")
    chat = await visit(await new_browser(), website.page(website.tag(color="#0a7d32")))
    await chat.open()
    await chat.ask("hello")
    assert await chat.launcher.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(10, 125, 50)"
