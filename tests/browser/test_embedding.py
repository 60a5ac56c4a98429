"""On somebody else's page, whatever that page does: the chat is whole, and the page is as it was without it."""

from typing import Any

import psutil
import pytest
from playwright.async_api import BrowserType, FilePayload, Page, expect

from tests.browser.chat import Chat, Seen, visit
from tests.browser.conftest import FLAGS, NewBrowser, a_browser
from tests.browser.host_pages import HostSite
from tests.browser.modes import NOTE, attach, everything, more, talk
from tests.browser.scripted import Line, ScriptedServer, message
from tests.running import Duologue, chromium, until

REFUSED_FILE = "status of 415"
"""The browser's own line about the answer to a file of the wrong kind."""
HARD_STYLES = ("unset", "hidden", "shrunk", "huge", "mirrored", "fixed")
BREACHES = """
window.breaches = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
  breaches.push(`${violatedDirective} ${blockedURI} ${sample}`));
"""
FORBIDDEN = """for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, { get() { throw new DOMException('Access is denied.', 'SecurityError'); } });"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('No room.', 'QuotaExceededError'); };"
STATE = """() => {
  const styles = [...document.querySelectorAll('html,head,body,body *')].map((one) => {
    const all = getComputedStyle(one);
    return one.localName + [...all].map((name) => name + ':' + all.getPropertyValue(name)).join(';');
  });
  const own = (type) => type + Reflect.ownKeys(window[type].prototype).map(String);
  const attributes = ({ attributes }) => [...attributes].map(({ name, value }) => name + '=' + value).join();
  return {
    styles, globals: Reflect.ownKeys(window).map(String),
    prototypes: ['Object', 'Array', 'String', 'Promise', 'Element', 'Node', 'EventTarget'].map(own),
    root: attributes(document.documentElement), body: attributes(document.body), title: document.title,
    children: [...document.documentElement.children].map((one) => one.localName), text: document.body.innerText,
  };
}"""
LOOK = """(root) => {
  const box = (id) => root.shadowRoot.getElementById(id).getBoundingClientRect();
  const { fontSize, lineHeight, letterSpacing } = getComputedStyle(root.shadowRoot.getElementById('field'));
  const [launcher, panel, field] = ['launcher', 'panel', 'field'].map(box);
  return [launcher.width, launcher.height, panel.width, field.height, fontSize, lineHeight, letterSpacing];
}"""
WHOLE = [56, 56, 384, 36, "16px", "22px", "normal"]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.mark.parametrize("page", HARD_STYLES)
async def test_the_pages_styles_do_not_reach_the_chat(
    host_site: HostSite,
    new_browser: NewBrowser,
    page: str,
) -> None:
    chat = await visit(await new_browser(), host_site.page(page))

    await chat.open()
    await chat.ask("Do you ship to Norway?")

    assert await chat.widget.evaluate(LOOK) == WHOLE
    assert chat.seen.complaints == []


async def test_the_page_is_as_it_was_without_the_chat(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    browser = await new_browser()
    without = await browser.new_page()
    await without.route("**/widget.js", lambda route: route.abort())
    await without.goto(host_site.page("plain"))
    before = await without.evaluate(STATE)
    chat = await visit(browser, host_site.page("plain"))

    await chat.open()
    await talk(chat)
    after = await chat.page.evaluate(STATE)

    assert set(after.pop("globals")) - set(before.pop("globals")) == {"duologue"}
    assert after.pop("children") == [*before.pop("children"), "duologue-widget"]
    assert after == before


async def test_under_the_strictest_policy_the_chat_does_everything_without_one_breach(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    browser = await new_browser()
    await browser.add_init_script(BREACHES)
    chat = await visit(browser, host_site.page("strict"))
    await chat.open()

    await _use_all(chat)

    assert await chat.page.evaluate("breaches") == []
    assert [one for one in chat.seen.complaints if REFUSED_FILE not in one] == []


async def test_changed_prototypes_of_the_page_break_neither_the_chat_nor_the_page(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await visit(await new_browser(), host_site.page("polluted"))
    await chat.open()

    await _use_all(chat)

    assert await chat.page.evaluate("[{}.ours(), [1, 2].last(), 'a'.shout(), {}.extra]") == ["ours", 2, "A", "polluted"]
    assert [one for one in chat.seen.complaints if REFUSED_FILE not in one] == []


async def test_the_chat_outlives_the_page_taking_its_body_away_and_comes_back_when_it_was_taken_out_itself(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await visit(await new_browser(), host_site.page("plain"))
    await chat.open()
    await chat.ask("Do you ship to Norway?")

    await chat.page.evaluate("document.body = document.createElement('body')")
    await chat.ask("and how long does it take?")
    await chat.page.evaluate("document.querySelector('duologue-widget').remove()")
    await chat.page.evaluate("duologue('close'), duologue('open')")
    await chat.ask("are you a robot?")

    assert len(await chat.lines()) == 6
    assert chat.seen.complaints == []


async def test_a_page_that_loads_the_script_twice_has_one_chat(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await visit(await new_browser(), host_site.page("twice"))
    await chat.page.evaluate("document.body.append(document.querySelector('script[data-site]').cloneNode())")

    await chat.open()
    await chat.ask("Do you ship to Norway?")

    assert await chat.page.locator("duologue-widget").count() == 1
    assert chat.seen.complaints == []


async def test_a_page_with_a_wrong_key_is_told_once_that_there_is_no_chat(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await visit(await new_browser(), host_site.page("wrong-key"))

    await chat.open()

    await expect(chat.widget.locator("#status")).to_have_text("Chat is not available on this page.")
    await expect(chat.field).to_be_disabled()
    assert len(chat.seen.sockets) == 1


@pytest.mark.parametrize("storage", [FORBIDDEN, FULL], ids=["forbidden", "full"])
async def test_without_storage_the_chat_works_for_as_long_as_the_page_is_open(
    host_site: HostSite,
    new_browser: NewBrowser,
    storage: str,
) -> None:
    browser = await new_browser()
    await browser.add_init_script(storage)
    chat = await visit(browser, host_site.page("plain"))

    await chat.open()
    await chat.ask("Do you ship to Norway?")
    await chat.ask("and how long does it take?")

    assert [line.sender for line in await chat.lines()] == ["visitor", "bot", "visitor", "bot"]
    assert chat.seen.complaints == []


@pytest.mark.parametrize("year", [2024, 2029])
async def test_a_clock_that_is_years_wrong_changes_neither_order_nor_delivery(
    host_site: HostSite,
    new_browser: NewBrowser,
    year: int,
) -> None:
    browser = await new_browser()
    await browser.clock.set_system_time(f"{year}-03-01T10:00:00Z")
    chat = await visit(browser, host_site.page("plain"))

    await chat.open()
    await chat.ask("Do you ship to Norway?")
    await chat.ask("and how long does it take?")

    assert [line.sender for line in await chat.lines()] == ["visitor", "bot", "visitor", "bot"]
    assert [line.seq for line in await chat.lines()] == [1, 2, 3, 4]


async def test_a_message_that_is_one_character_too_long_stays_where_it_is_and_can_be_shortened(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat = await visit(await new_browser(), host_site.page("plain"))
    await chat.open()
    await chat.field.fill("é" * 4001)

    await chat.page.keyboard.press("Enter")
    await expect(chat.widget.locator("#counter.bad")).to_have_text("4001 of 4000")
    await expect(chat.widget.locator("#send")).to_be_disabled()
    before = await chat.messages.count()
    await chat.page.keyboard.press("Backspace")
    await chat.page.keyboard.press("Enter")

    assert before == 0
    await expect(chat.messages.first).to_have_attribute("data-seq", "1")
    assert len(await chat.messages.first.locator(".bubble").inner_text()) == 4000


async def test_marks_of_direction_and_markup_stay_text(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    texts = ["\u202egnp.exe", "\u2067<b>שלום</b>\u2069 & <i>hello</i>", "</li><style>*{display:none}</style>"]
    chat = await visit(await new_browser(), host_site.page("plain"))
    await chat.open()

    for text in texts:
        await chat.ask(text)

    assert [line.text for line in await chat.lines() if line.sender == "visitor"] == texts
    assert await chat.messages.locator(".bubble *").count() == 0


async def test_an_address_that_would_run_a_script_is_no_link(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    bad = [
        "javascript:hit=1",
        "JaVaScRiPt:hit=1",
        "data:text/html,<script>hit=1</script>",
        "vbscript:hit",
        " javascript:1",
    ]
    sources = [{"url": url, "title": f"Page {url}", "quote": "quoted"} for url in bad]
    cards = [{"title": url, "text": "", "url": url, "image": url, "price": None} for url in bad]
    good = {"url": f"{host_site.origin}/plain", "title": "A good page", "quote": "good"}
    chat, _ = await _scripted(host_site, new_browser, message(1, " ".join(bad), sources=[*sources, good], cards=cards))

    await chat.open()
    await chat.messages.first.wait_for()

    links = await chat.messages.locator("a").evaluate_all("all => all.map((a) => a.href)")
    assert links == [good["url"]]
    assert await chat.messages.locator("img").count() == 0
    await expect(chat.messages.first).to_contain_text("Page javascript:hit=1")


async def test_while_the_server_fails_one_plain_sentence_says_so_and_nothing_is_lost(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    browser, line, seen = await new_browser(), Line(), Seen()
    page = await browser.new_page()
    seen.watch(page)
    await line.lead(page)
    await page.goto(host_site.page("plain"))
    chat = Chat(page, seen)
    await chat.open()
    await chat.field.fill("Do you ship to Norway?")
    await chat.widget.locator("#send").click()

    await expect(chat.widget.locator("#status")).to_have_text("No connection. We keep trying. Your messages are safe.")
    await expect(chat.messages.locator(".state")).to_have_text("Sending…")
    line.broken = False
    await chat.messages.nth(1).wait_for()

    lines = await chat.lines()
    assert [line.sender for line in lines] == ["visitor", "bot"]
    assert lines[0].text == "Do you ship to Norway?"
    await expect(chat.widget.locator("#status")).to_be_empty()
    assert line.failed > 1 and [one for one in seen.complaints if one.startswith("error: ") and "500" not in one] == []


async def test_a_gateway_that_is_killed_and_started_again_loses_and_doubles_nothing(
    host_site: HostSite,
    duologue: Duologue,
    new_browser: NewBrowser,
) -> None:
    chat = await visit(await new_browser(), host_site.page("plain"))
    await chat.open()
    await chat.ask("Do you ship to Norway?")
    killed = duologue.pids.gateway
    assert killed is not None

    psutil.Process(killed).kill()
    await chat.field.fill("and how long does it take?")
    await chat.widget.locator("#send").click()
    await until(lambda: _runs_anew(duologue, killed), within_s=60, what="the gateway is back")
    await chat.messages.nth(3).wait_for(timeout=60_000)

    assert [line.sender for line in await chat.lines()] == ["visitor", "bot", "visitor", "bot"]
    assert [line.seq for line in await chat.lines()] == [1, 2, 3, 4]
    await expect(chat.widget.locator("#status")).to_be_empty()


async def test_a_page_that_the_browser_kept_goes_on_where_it_was(
    host_site: HostSite,
    browser_type: BrowserType,
) -> None:
    # The tests' other browser keeps no pages: a debugger is in the way.
    keeps = ["--disable-back-forward-cache"]
    browser = await browser_type.launch(executable_path=chromium(), args=FLAGS.split(), ignore_default_args=keeps)
    try:
        chat = await visit(await a_browser(browser), host_site.page("plain"))
        await chat.page.evaluate("addEventListener('pageshow', ({ persisted }) => { window.kept = persisted; })")
        await chat.open()
        await chat.ask("Do you ship to Norway?")

        await chat.page.goto(host_site.page("wrong-key"))
        await chat.page.go_back(wait_until="commit")
        await chat.ask("and how long does it take?")

        assert await chat.page.evaluate("window.kept") is True
        assert [line.seq for line in await chat.lines()] == [1, 2, 3, 4]
    finally:
        await browser.close()


async def _use_all(chat: Chat) -> None:
    """Whatever the chat can do, once."""
    await talk(chat)
    await chat.widget.locator("#agree").click()
    picture: FilePayload = {"name": "dot.png", "mimeType": "image/png", "buffer": PIXEL}
    await attach(chat, NOTE, picture)
    await expect(chat.widget.locator("#files li")).to_have_count(2)
    await chat.say("Here they are")
    async with chat.page.expect_download() as saved:
        await more(chat, "transcript")
    assert "Do you ship to Norway?" in (await (await saved.value).path()).read_text(encoding="utf-8")
    await more(chat, "rate")
    await chat.widget.get_by_role("button", name="Good", exact=True).click()
    await chat.widget.locator("#rating").get_by_role("button", name="Send").click()
    await more(chat, "remembered")
    await expect(chat.widget.locator("#memory")).to_be_visible()
    await everything(chat)


async def _runs_anew(duologue: Duologue, killed: int) -> bool:
    return duologue.pids.gateway not in (None, killed) and (await duologue.ready()).get("store") == "ok"


async def _scripted(site: HostSite, new_browser: NewBrowser, *said: dict[str, Any]) -> tuple[Chat, ScriptedServer]:
    """A visitor's tab on a page whose server is ours to speak for."""
    server, seen = ScriptedServer(list(said)), Seen()
    page: Page = await (await new_browser()).new_page()
    seen.watch(page)
    await server.stand_in(page)
    await page.goto(site.page("plain"))
    return Chat(page, seen), server
