"""What a page may ask of the chat and is told by it: every call and event, in pages that were not made for it."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from aiohttp import web
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page, Request, expect

from bot.gateway.house import now
from bot.project import SITE_PAGES
from tests.browser.chat import Chat, Seen, visit
from tests.browser.conftest import NewBrowser
from tests.cast import ALICE, CHARLIE
from tests.running import Duologue, until

KEY = "calls"
CALLS = (
    *("open", "close", "toggle", "send", "prefill", "requestHuman"),
    *("identify", "visitor", "consent", "memory", "reset"),
    *("page", "track", "purchase", "trigger", "on", "off"),
)
EVENTS = ("ready", "opened", "closed", "message", "unread", "handover", "identified", "consent", "error")
LISTENING = f"""
window.duologue ??= (...call) => (window.duologue.q ??= []).push(call);
window.heard = [];
for (const type of {json.dumps(EVENTS)})
  addEventListener('duologue:' + type, ({{ detail }}) => heard.push({{ type, ...detail }}));
"""
AGREE = "duologue('consent', {measure: true})"
KEPT = "() => ({...localStorage, ...sessionStorage, cookie: document.cookie})"
NOTHING_KEPT = {"cookie": ""}


@dataclass
class Website:
    """Somebody's website with the widget in it: a page for each test, as it wants it."""

    origin: str
    gateway: str
    pages: dict[str, str] = field(default_factory=dict)

    def tag(self, query: str = "", **data: str) -> str:
        """The line that goes on the page; `storage="none"` is data-storage="none"."""
        more = "".join(f' data-{name}="{value}"' for name, value in data.items())
        return f'<script type="module" src="{self.gateway}/widget.js{query}" data-site="{KEY}"{more}></script>'

    def page(self, *tags: str, script: str = "") -> str:
        """The address of a new page. It notes every event in `heard`, and runs `script` before the tags."""
        name = f"/page-{len(self.pages) + 1}"
        self.pages[name] = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>A page</title>'
            f"<h1>A page</h1><script>{LISTENING}{script}</script>{''.join(tags or (self.tag(),))}"
        )
        return self.origin + name

    async def give(self, request: web.Request) -> web.Response:
        return web.Response(text=self.pages[request.path], content_type="text/html")


@dataclass
class Reported:
    """What a tab told the gateway of its page."""

    gateway: str
    batches: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    """All that it asked of the gateway, by its path."""

    def watch(self, page: Page) -> None:
        page.on("request", self._take)

    def _take(self, request: Request) -> None:
        if not request.url.startswith(self.gateway + "/"):
            return
        self.calls.append(request.url.removeprefix(self.gateway))
        if request.url.endswith("/v1/events") and request.method == "POST":
            self.batches.append(json.loads(request.post_data or "{}"))

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for batch in self.batches for event in batch["events"]]

    @property
    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events]

    @property
    def views(self) -> list[str]:
        """The address of each page view, after the origin."""
        return ["/" + one["url"].split("/", 3)[3] for one in self.events if one["type"] == "page_view"]


@pytest.fixture(scope="session")
async def website(duologue: Duologue) -> AsyncIterator[Website]:
    site = Website("", duologue.gateway_url)
    app = web.Application()
    app.router.add_get("/{name}", site.give)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    site.origin = f"http://{host}:{port}"
    # Nobody is held out, so that no test depends on a lot.
    added = await duologue.cli("site", "add", KEY, "--origin", site.origin, "--holdout", "0")
    assert added.code == 0, added.stderr
    yield site
    await runner.cleanup()


@pytest.fixture(scope="session")
async def secret(duologue: Duologue, website: Website) -> str:
    told = await duologue.cli("site", "show", KEY, "--output", "json")
    return str(json.loads(told.stdout)["secret"])


@pytest.fixture
async def chat(website: Website, new_browser: NewBrowser) -> Chat:
    """A visitor's tab with a plain page of the website."""
    return await visit(await new_browser(), website.page())


async def heard(page: Page, type: str, count: int = 1) -> list[dict[str, Any]]:
    """The events of one type, once there are that many; none is lost by asking late."""
    are_there = "([type, count]) => heard.filter((one) => one.type === type).length >= count"
    await page.wait_for_function(are_there, arg=[type, count])
    found: list[dict[str, Any]] = await page.evaluate("(type) => heard.filter((one) => one.type === type)", type)
    return [{name: value for name, value in one.items() if name != "type"} for one in found]


async def reference(page: Page) -> str | None:
    """What `visitor` gives: it waits until all that was to be reported has been."""
    told: str | None = await page.evaluate("new Promise((resolve) => duologue('visitor', resolve))")
    return told


async def agree(page: Page) -> None:
    """Says yes as the site's banner does, and returns once the page has been counted."""
    async with page.expect_response(lambda response: response.url.endswith("/v1/events")):
        await page.evaluate(AGREE)
    await reference(page)


async def reporting(website: Website, new_browser: NewBrowser, url: str, **browser: Any) -> tuple[Page, Reported]:
    """A new tab whose every request is noted, once the widget is ready."""
    page, told = await (await new_browser(**browser)).new_page(), Reported(website.gateway)
    told.watch(page)
    await page.goto(url)
    await heard(page, "ready")
    return page, told


def proof(secret: str, customer: str) -> str:
    seconds = now() // 1_000_000
    return jwt.encode({"sub": customer, "iat": seconds, "exp": seconds + 600}, secret, "HS256")


# -- before the widget has loaded


async def test_calls_made_before_the_widget_has_loaded_are_made_in_their_order(
    website: Website, new_browser: NewBrowser
) -> None:
    script = "duologue('on', 'opened', () => window.was = true); duologue('prefill', 'one'); duologue('prefill', 'two')"

    chat = await visit(await new_browser(), website.page(script=script))

    await expect(chat.field).to_have_value("two")
    await expect(chat.panel).to_be_visible()
    assert await chat.page.evaluate("window.was") is True
    assert await heard(chat.page, "opened") == [{}]
    assert chat.seen.complaints == []


async def test_a_page_without_the_line_for_early_calls_has_the_function_once_it_is_ready(
    website: Website, new_browser: NewBrowser
) -> None:
    chat = await visit(await new_browser(), website.page(script="delete window.duologue"))
    await heard(chat.page, "ready")

    await chat.page.evaluate("duologue('open')")

    await expect(chat.panel).to_be_visible()


# -- the chat


async def test_open_close_and_toggle_do_so_and_say_so(chat: Chat) -> None:
    for call, shown in (
        ("open", True),
        ("open", True),
        ("close", False),
        ("close", False),
        ("toggle", True),
        ("toggle", False),
    ):
        await chat.page.evaluate("(call) => duologue(call)", call)
        await expect(chat.panel).to_be_visible(visible=shown)

    assert (len(await heard(chat.page, "opened", 2)), len(await heard(chat.page, "closed", 2))) == (2, 2)


async def test_close_before_anything_was_opened_loads_no_panel(chat: Chat) -> None:
    await chat.page.evaluate("duologue('close')")
    await reference(chat.page)

    assert not [url for url in chat.seen.requests if url.endswith("/panel.js")]


async def test_send_says_it_in_the_visitors_name_and_both_messages_are_told(chat: Chat) -> None:
    await chat.page.evaluate("duologue('send', 'are you a robot?')")

    said, answer = await heard(chat.page, "message", 2)
    assert (said["from"], said["text"]) == ("visitor", "are you a robot?")
    assert answer["from"] == "bot" and answer["seq"] > said["seq"]
    assert [line.text for line in await chat.lines()] == [said["text"], answer["text"]]


async def test_prefill_writes_into_the_field_and_sends_nothing(chat: Chat) -> None:
    await chat.page.evaluate("duologue('prefill', '<b>Where</b> is my order?')")

    await expect(chat.field).to_have_value("<b>Where</b> is my order?")
    await expect(chat.field).to_be_focused()
    await expect(chat.messages).to_have_count(0)
    assert await chat.page.evaluate(KEPT) == NOTHING_KEPT


async def test_request_human_hands_the_conversation_over(chat: Chat, duologue: Duologue) -> None:
    await chat.page.evaluate("duologue('requestHuman', 'Forty blankets for an inn')")

    assert (await heard(chat.page, "handover"))[0]["owner"] == "nobody"
    path = f"/v1/staff/conversations/{chat.conversation}"
    status, body = await duologue.get(path, headers=duologue.dana.headers)
    assert (status, json.loads(body)["owner"]) == (200, "nobody")


async def test_an_answer_while_the_chat_is_closed_is_told_as_unread(chat: Chat) -> None:
    await chat.page.evaluate("duologue('send', 'hello'); duologue('close')")

    assert (await heard(chat.page, "unread"))[0] == {"count": 1}
    await chat.page.evaluate("duologue('open')")
    assert (await heard(chat.page, "unread", 2))[1] == {"count": 0}


async def test_reset_forgets_the_conversation_on_this_device(chat: Chat) -> None:
    await chat.open()
    await chat.ask("hello")
    before = chat.conversation

    await chat.page.evaluate("duologue('reset')")

    await expect(chat.messages).to_have_count(0)
    assert await chat.page.evaluate(KEPT) == NOTHING_KEPT
    await chat.ask("hello")
    assert chat.conversation != before


async def test_reset_forgets_that_the_visitor_agreed(website: Website, new_browser: NewBrowser) -> None:
    page, told = await reporting(website, new_browser, website.page())
    await agree(page)

    await page.evaluate("duologue('reset')")
    await page.wait_for_function("localStorage.length === 0")
    await page.evaluate("duologue('track', 'late')")

    assert await reference(page) is None
    assert told.kinds == ["page_view", "exposed"]
    assert await page.evaluate(KEPT) == NOTHING_KEPT


# -- who it is


async def test_identify_takes_a_proof_along_when_the_chat_connects(chat: Chat, secret: str) -> None:
    await chat.page.evaluate("(jwt) => duologue('identify', jwt)", proof(secret, ALICE.customer))
    assert chat.seen.sockets == []

    await chat.page.evaluate("duologue('open')")

    assert await heard(chat.page, "identified") == [{"customer": ALICE.customer}]


async def test_a_proof_that_is_not_good_is_an_error_for_the_page_and_none_for_the_visitor(chat: Chat) -> None:
    await chat.page.evaluate("(jwt) => duologue('identify', jwt)", proof("x" * 40, CHARLIE.customer))
    await chat.page.evaluate("duologue('open')")

    assert (await heard(chat.page, "error"))[0]["code"] == "bad_signature"
    await expect(chat.widget.locator("#status")).to_be_empty()


async def test_visitor_is_nobody_before_they_agree_and_the_reference_of_their_events_after(
    website: Website, new_browser: NewBrowser
) -> None:
    page, told = await reporting(website, new_browser, website.page())
    before = await reference(page)

    await agree(page)

    after = await reference(page)
    await page.evaluate("duologue('track', 'seen')")
    assert await reference(page) == after
    assert before is None and after
    assert told.batches[-1]["visitor"] == after


# -- what happens on the page


async def test_page_and_track_report_nothing_before_the_visitor_agrees(
    website: Website, new_browser: NewBrowser
) -> None:
    page, told = await reporting(website, new_browser, website.page())

    await page.evaluate("duologue('page'); duologue('track', 'size_chart', {size: 'M'}); duologue('trigger', 'help')")
    await page.evaluate("history.pushState({}, '', '?view=2')")
    await reference(page)

    assert told.batches == []
    assert await page.evaluate(KEPT) == NOTHING_KEPT


async def test_page_and_track_are_reported_once_the_visitor_agreed(website: Website, new_browser: NewBrowser) -> None:
    page, told = await reporting(website, new_browser, website.page())
    await agree(page)

    await page.evaluate("duologue('page'); duologue('track', 'size_chart', {size: 'M'})")
    await reference(page)

    assert told.kinds == ["page_view", "exposed", "page_view", "track"]
    assert (told.events[-1]["name"], told.events[-1]["props"]) == ("size_chart", {"size": "M"})
    assert await page.evaluate(KEPT) != NOTHING_KEPT


async def test_a_purchase_without_a_signature_is_only_an_event_of_the_page(
    website: Website, new_browser: NewBrowser
) -> None:
    page, told = await reporting(website, new_browser, website.page())
    await agree(page)

    await page.evaluate("duologue('purchase', {value: '1.00', currency: 'EUR'})")
    await reference(page)

    assert (told.events[-1]["name"], told.events[-1]["props"]["value"]) == ("purchase", "1.00")
    assert "/v1/purchases" not in told.calls


async def test_consent_is_told_and_withdrawn_with_the_next_call(website: Website, new_browser: NewBrowser) -> None:
    page, told = await reporting(website, new_browser, website.page())
    await agree(page)
    assert (await heard(page, "consent"))[0]["measure"] is True

    await page.evaluate("duologue('consent', {measure: false}); duologue('track', 'late')")
    none = await reference(page)

    assert (await heard(page, "consent", 2))[-1]["measure"] is False
    assert none is None
    assert told.kinds == ["page_view", "exposed"]


async def test_a_banners_answer_given_again_on_each_page_costs_nothing_and_the_next_page_makes_two_requests(
    website: Website, new_browser: NewBrowser
) -> None:
    page, told = await reporting(website, new_browser, website.page())
    assert told.calls == ["/widget.js"]
    assert await page.evaluate(KEPT) == NOTHING_KEPT
    await agree(page)
    told.calls.clear()

    for _ in range(2):
        await page.goto(website.page(script=AGREE))
        await heard(page, "ready")
        await page.wait_for_load_state("networkidle")

    assert told.calls == ["/widget.js", "/v1/events"] * 2


async def test_a_banners_no_given_again_on_each_page_costs_nothing(website: Website, new_browser: NewBrowser) -> None:
    page, told = await reporting(website, new_browser, website.page())
    refuse = "duologue('consent', {measure: false})"
    await page.evaluate(refuse)
    await reference(page)
    told.calls.clear()

    await page.goto(website.page(script=refuse))
    await heard(page, "ready")
    await reference(page)

    assert not [call for call in told.calls if call.startswith("/v1/")]


# -- listeners


async def test_a_function_that_is_given_twice_is_called_once_and_not_after_off(chat: Chat) -> None:
    await chat.page.evaluate("window.times = 0; window.count = () => times++; null")
    for call in ("on", "on"):
        await chat.page.evaluate("(call) => duologue(call, 'opened', count)", call)
    await chat.page.evaluate("duologue('open')")
    await heard(chat.page, "opened")
    once = await chat.page.evaluate("times")

    await chat.page.evaluate("duologue('off', 'opened', count); duologue('close'); duologue('open')")
    await heard(chat.page, "opened", 2)

    assert (once, await chat.page.evaluate("times")) == (1, 1)


NONSENSE = (
    "duologue()",
    "duologue('nothing of ours')",
    "duologue('constructor')",
    "duologue('__proto__', 1)",
    "duologue(null)",
    "duologue(42, {})",
    "duologue({})",
    "duologue('on')",
    "duologue('on', 'message')",
    "duologue('off', 'message')",
    "duologue('consent')",
    "duologue('consent', null)",
    "duologue('consent', 'yes')",
    "duologue('consent', {measure: 'maybe', memory: []})",
    "duologue('identify')",
    "duologue('identify', {})",
    "duologue('track')",
    "duologue('track', around, around)",
    "duologue('track', 'x', {big: 1n})",
    "duologue('track', Symbol())",
    "duologue('page', around)",
    "duologue('purchase')",
    "duologue('trigger')",
    "duologue('trigger', around)",
    "duologue('prefill', Symbol('x'))",
    "duologue('open', around)",
    "duologue('toggle', 1, 2, 3)",
    "duologue('close', null)",
)


@pytest.mark.parametrize("agreed", [False, True], ids=["not agreed", "agreed"])
async def test_a_call_that_makes_no_sense_is_no_exception_on_the_page(
    website: Website, new_browser: NewBrowser, agreed: bool
) -> None:
    chat = await visit(await new_browser(), website.page(script="const around = {}; around.around = around;"))
    if agreed:
        await agree(chat.page)

    thrown = [
        await chat.page.evaluate(f"() => {{ try {{ {call} }} catch (e) {{ return e.message }} }}") for call in NONSENSE
    ]
    await reference(chat.page)
    await chat.page.evaluate("new Promise((soon) => setTimeout(soon))")

    assert dict(zip(NONSENSE, thrown, strict=True)) == dict.fromkeys(NONSENSE)
    # The gateway may refuse what makes no sense, or the chat be closed while it connects, and the browser notes it.
    noted = ("Failed to load resource", "closed before the connection is established")
    assert [one for one in chat.seen.complaints if not any(words in one for words in noted)] == []
    await chat.page.evaluate("duologue('open')")
    await expect(chat.panel).to_be_visible()


# -- the tag


async def test_two_tags_on_a_page_are_one_chat(website: Website, new_browser: NewBrowser) -> None:
    page, told = await reporting(website, new_browser, website.page(website.tag(), website.tag()))
    await agree(page)

    assert await page.locator("duologue-widget").count() == 1
    assert told.kinds == ["page_view", "exposed"]
    assert await heard(page, "ready") == [{}]


@pytest.mark.parametrize("where", ["local", "session", "none"])
async def test_the_chat_is_kept_where_data_storage_says(website: Website, new_browser: NewBrowser, where: str) -> None:
    chat = await visit(await new_browser(), website.page(website.tag(storage=where)))
    await agree(chat.page)
    await chat.open()
    await chat.ask("hello")

    kept = await chat.page.evaluate("() => ({local: localStorage.length, session: sessionStorage.length})")

    assert {place for place, entries in kept.items() if entries} == {where} - {"none"}
    assert await chat.page.evaluate("document.cookie") == ""
    assert chat.seen.complaints == []


async def test_with_data_track_off_no_page_is_counted(website: Website, new_browser: NewBrowser) -> None:
    page, told = await reporting(website, new_browser, website.page(website.tag(track="off")))

    await page.evaluate(AGREE)
    await page.evaluate("history.pushState({}, '', '?view=2')")
    await reference(page)
    await page.reload()
    await heard(page, "ready")
    await page.evaluate("history.pushState({}, '', '?view=3')")
    await reference(page)

    assert told.batches == []


SIGNALS = {
    "GPC": ("globalPrivacyControl", "true", {"Sec-GPC": "1"}),
    "DNT": ("doNotTrack", "'1'", {"DNT": "1"}),
}


@pytest.mark.parametrize("signal", SIGNALS)
async def test_who_asks_not_to_be_tracked_is_not_whatever_the_page_says(
    website: Website, new_browser: NewBrowser, signal: str
) -> None:
    name, value, headers = SIGNALS[signal]
    browser = await new_browser(extra_http_headers=headers)
    await browser.add_init_script(f"Object.defineProperty(Navigator.prototype, '{name}', {{get: () => {value}}})")
    page, told = await browser.new_page(), Reported(website.gateway)
    told.watch(page)
    everything = f"{AGREE}; duologue('page'); duologue('track', 'x')"

    for _ in range(2):
        await page.goto(website.page(website.tag(consent="not_needed"), script=everything))
        await heard(page, "ready")
        await page.evaluate("history.pushState({}, '', '?view=2')")
        await page.evaluate("duologue('open')")
        await heard(page, "opened")
        assert await reference(page) is None

    assert told.batches == []


async def test_the_tag_says_how_the_chat_looks(website: Website, new_browser: NewBrowser) -> None:
    tag = website.tag(colour="#0a7d32", side="start", greeting="Good day.")
    chat = await visit(await new_browser(), website.page(tag))
    await chat.open()

    box = await chat.launcher.bounding_box()
    assert box is not None and box["x"] < 100
    assert await chat.launcher.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(10, 125, 50)"
    await expect(chat.widget.locator("#hello")).to_have_text("Good day.")


async def test_a_color_is_a_colour(website: Website, new_browser: NewBrowser) -> None:
    chat = await visit(await new_browser(), website.page(website.tag(color="#0a7d32")))

    assert await chat.launcher.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(10, 125, 50)"


async def test_the_data_layer_gets_every_event_and_never_what_was_said(
    website: Website, new_browser: NewBrowser
) -> None:
    chat = await visit(await new_browser(), website.page(website.tag(datalayer="on")))
    await chat.page.evaluate("duologue('send', 'my secret question')")
    await heard(chat.page, "message", 2)
    await agree(chat.page)

    layer = await chat.page.evaluate("window.dataLayer")
    assert {"duologue_opened", "duologue_message", "duologue_consent"} <= {one["event"] for one in layer}
    assert "secret" not in json.dumps(layer)
    assert not any(one.get("text") for one in layer)


async def test_the_data_layer_is_left_alone_unless_the_tag_says_so(chat: Chat) -> None:
    await chat.page.evaluate("duologue('open')")
    await heard(chat.page, "opened")

    assert await chat.page.evaluate("window.dataLayer") is None


# -- pages that change without loading


async def test_a_new_address_is_a_new_view_and_a_jump_within_the_page_is_none(
    website: Website, new_browser: NewBrowser
) -> None:
    url = website.page()
    path = url.removeprefix(website.origin)
    page, told = await reporting(website, new_browser, url)
    await agree(page)

    steps = (
        ("history.pushState({}, '', '?view=2')", "?view=2"),
        ("location.hash = 'details'", None),
        ("history.replaceState({}, '', '?view=3')", "?view=3"),
        ("history.replaceState({open: true}, '')", None),
        ("history.pushState({}, '', '?view=3#part')", None),
        ("location.hash = '#/orders'", "?view=3#/orders"),
        ("location.hash = '#!/orders/7'", "?view=3#!/orders/7"),
        ("history.go(-1)", "?view=3#/orders"),
    )
    for step, seen in steps:
        if seen is None:
            await page.evaluate(step)
            continue
        async with page.expect_response(lambda response: response.url.endswith("/v1/events")):
            await page.evaluate(step)

    assert told.views == [path, *(path + seen for _, seen in steps if seen)]
    assert told.kinds.count("exposed") == 1


async def test_a_view_has_the_title_that_the_page_sets_after_its_address(
    website: Website, new_browser: NewBrowser
) -> None:
    url = website.page()
    page, told = await reporting(website, new_browser, url)
    await agree(page)

    async with page.expect_response(lambda response: response.url.endswith("/v1/events")):
        await page.evaluate("history.pushState({}, '', '?view=2'); document.title = 'The second view'")

    assert (told.events[-1]["title"], told.events[-1]["referrer"]) == ("The second view", url)


async def test_a_page_that_was_agreed_to_before_counts_its_views_from_the_start(
    website: Website, new_browser: NewBrowser
) -> None:
    page, told = await reporting(website, new_browser, website.page())
    await agree(page)
    told.batches.clear()
    url = website.page(script=AGREE)
    await page.goto(url)
    await heard(page, "ready")

    async with page.expect_response(lambda response: response.url.endswith("/v1/events")):
        await page.evaluate("history.pushState({}, '', '?view=2')")

    assert told.kinds == ["page_view", "exposed", "page_view"]


# -- the developers' page of the demonstration shop


@dataclass
class Workbench:
    """The page on which every call has a button."""

    chat: Chat
    told: Reported

    async def try_(self, call: str) -> None:
        await self.chat.page.locator(f"[data-call={call}] .try").click()
        await expect(self.chat.page.locator("#tried")).to_have_text(f"Called: {call}.")

    async def heard(self, text: str) -> None:
        await expect(self.chat.page.locator("#events li").filter(has_text=text).first).to_be_visible()


@pytest.fixture
async def workbench(duologue: Duologue, new_browser: NewBrowser) -> Workbench:
    """For somebody who agreed, and is not held out."""
    added = await duologue.cli("site", "add", "demo", "--origin", duologue.shop_url, "--holdout", "0")
    assert added.code == 0, added.stderr

    async def known() -> bool:
        return (await duologue.get("/readyz"))[0] == 200

    await until(known, within_s=10, what="the gateway is there")
    page, seen, told = await (await new_browser()).new_page(), Seen(), Reported(duologue.gateway_url)
    seen.watch(page)
    told.watch(page)
    await page.goto(f"{duologue.shop_url}/widget.html")
    async with page.expect_response(lambda response: response.url.endswith("/v1/events")):
        await page.get_by_role("button", name="Agree", exact=True).click()
    return Workbench(Chat(page, seen), told)


async def test_every_call_has_a_button_that_makes_it_without_a_complaint_of_the_browser(workbench: Workbench) -> None:
    calls = await workbench.chat.page.locator("[data-call]").evaluate_all("all => all.map(row => row.dataset.call)")
    last = ("reset", "close")
    for call in (*(one for one in calls if one not in last), *last):
        await workbench.try_(call)

    assert sorted(calls) == sorted(CALLS)
    assert workbench.chat.seen.complaints == []


async def test_the_shop_signs_in_a_made_up_customer_and_the_chat_believes_it(workbench: Workbench) -> None:
    await workbench.try_("identify")
    await workbench.try_("open")

    await workbench.heard('duologue:identified {"customer":"shop-')


async def test_the_shop_signs_an_order_and_the_gateway_keeps_it(workbench: Workbench) -> None:
    page = workbench.chat.page
    async with page.expect_response(
        lambda response: response.url.endswith("/v1/purchases") and response.request.method == "POST"
    ) as kept:
        await workbench.try_("purchase")

    assert (await kept.value).status == 201
    await workbench.heard('order {"id":"order-')


async def test_the_trigger_shows_the_invitation_that_waits_for_it(workbench: Workbench) -> None:
    await workbench.try_("trigger")

    invite = workbench.chat.widget.locator("#invite .say")
    await expect(invite).to_have_text("You called, here I am. May I help with something?")
    await invite.click()
    await expect(workbench.chat.panel).to_be_visible()


async def test_a_listener_is_called_until_it_is_taken_off(workbench: Workbench) -> None:
    await workbench.try_("on")
    await workbench.try_("send")
    await workbench.heard('your function {"from":"bot"}')
    await workbench.try_("off")

    mine = workbench.chat.page.locator("#events li").filter(has_text="your function")
    before = await mine.count()
    await workbench.try_("send")
    await expect(workbench.chat.widget.locator("li[data-from=bot]")).to_have_count(2)

    assert await mine.count() == before


async def test_what_visitors_write_is_text_in_the_list_of_events(workbench: Workbench) -> None:
    await workbench.chat.page.evaluate("duologue('send', '<img src=x onerror=\"window.hit=1\">')")

    await workbench.heard("<img src=x onerror=")
    assert await workbench.chat.page.locator("#events img").count() == 0
    assert workbench.chat.seen.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
async def test_everybody_can_use_the_developers_page(
    duologue: Duologue, new_browser: NewBrowser, scheme: str, width: int
) -> None:
    browser = await new_browser(color_scheme=scheme, reduced_motion="reduce", viewport={"width": width, "height": 800})
    chat = await visit(browser, f"{duologue.shop_url}/widget.html")
    await expect(chat.page.locator("#events li")).not_to_have_count(0)

    found = await Axe().run(chat.page)

    assert found.violations_count == 0, found.generate_report()
    assert await chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_every_button_is_reached_and_pressed_with_the_keyboard(workbench: Workbench) -> None:
    page = workbench.chat.page
    await page.locator("#told").focus()

    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(page.locator("#tried")).to_have_text("Called: open.")
    await expect(workbench.chat.field).to_be_focused()


async def test_the_bot_answers_nothing_from_the_developers_page(duologue: Duologue) -> None:
    told = await duologue.cli("ask", "Which call hands over an order that my server has signed?", "--output", "json")

    assert "widget.html" not in told.stdout


def test_the_footer_of_every_page_links_the_developers_page_and_the_main_navigation_does_not() -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in SITE_PAGES.glob("*.html")}

    feet = {name: text.partition('<footer class="foot">') for name, text in pages.items()}

    assert {name for name, (_, _, foot) in feet.items() if 'href="widget.html"' not in foot} == set()
    assert {name for name, (above, _, _) in feet.items() if 'href="widget.html"' in above} == set()
