"""What a visitor does in the chat all day: types, sends files, leaves, comes back, saves, rates, asks what is kept."""

import json
import re
from functools import partial
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.chat import Chat, Seen, visit
from tests.browser.conftest import NewBrowser
from tests.browser.host_pages import KEY, HostSite
from tests.browser.modes import PROGRAM, attach, more
from tests.browser.scripted import ScriptedServer, message
from tests.running import Duologue, until

GIVEN = """(root, [type, kind, name]) => {
  const data = new DataTransfer();
  data.items.add(new File(['What the label says.'], name, { type: 'text/plain' }));
  const how = { bubbles: true, cancelable: true, composed: true, dataTransfer: data, clipboardData: data };
  const event = new window[kind](type, how);
  root.shadowRoot.getElementById('field').dispatchEvent(event);
  return event.defaultPrevented;
}"""
AWAY = """(hidden) => {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
MANY = 250
BEEN_HERE = f"localStorage.setItem('duologue:{KEY}', JSON.stringify({{ token: 't', seq: {MANY}, open: true }}));"


@pytest.fixture
async def chat(host_site: HostSite, new_browser: NewBrowser) -> Chat:
    """A visitor's tab with the panel open."""
    chat = await visit(await new_browser(), host_site.page("plain"))
    await chat.open()
    return chat


async def test_enter_that_ends_a_composition_does_not_send(chat: Chat) -> None:
    devtools = await chat.page.context.new_cdp_session(chat.page)
    await chat.field.focus()

    await devtools.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    await chat.page.keyboard.press("Enter")
    composing = await chat.messages.count()
    await chat.field.fill("日本")
    await chat.page.keyboard.press("Enter")

    assert composing == 0
    await expect(chat.messages.first.locator(".bubble")).to_have_text("日本")


async def test_shift_and_enter_make_a_new_line_and_the_field_grows(chat: Chat) -> None:
    await chat.field.press_sequentially("one")
    low = await chat.field.evaluate("(field) => field.offsetHeight")
    await chat.page.keyboard.press("Shift+Enter")
    await chat.field.press_sequentially("two")
    high = await chat.field.evaluate("(field) => field.offsetHeight")
    await chat.page.keyboard.press("Enter")

    assert await chat.messages.first.locator(".bubble").inner_text() == "one\ntwo"
    assert high > low
    assert await chat.field.evaluate("(field) => field.offsetHeight") == low


async def test_what_comes_while_the_panel_is_closed_or_the_tab_away_is_counted_until_it_is_seen(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat, server = await _scripted(host_site, new_browser, message(1, "Welcome"))
    await chat.open()
    await chat.messages.first.wait_for()
    badge = chat.widget.locator("#badge")

    await chat.widget.locator("#close").click()
    server.say(message(2, "Are you there?"))
    await expect(badge).to_have_text("1")
    assert await chat.page.title() == "(1) A page"
    await expect(chat.launcher).to_have_accessible_name(re.compile("New messages: 1"))
    await chat.launcher.click()
    await expect(badge).to_be_hidden()
    assert await chat.page.title() == "A page"

    await chat.page.evaluate(AWAY, True)
    server.say(message(3, "One more thing."))
    await expect(badge).to_have_text("1")
    await chat.page.evaluate(AWAY, False)
    await expect(badge).to_be_hidden()
    assert await chat.page.title() == "A page"


async def test_each_day_begins_with_its_date(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    days = ("2026-05-04T10:00:00Z", "2026-05-04T10:05:00Z", "2026-05-06T09:00:00Z")
    said = [message(seq, f"Message {seq}", at=at) for seq, at in enumerate(days, 1)]
    chat, _ = await _scripted(host_site, new_browser, *said)

    await chat.open()
    await expect(chat.messages).to_have_count(3)

    shown = await chat.messages.evaluate_all("all => all.map((li) => li.dataset.day ?? null)")
    assert [day and day.replace(",", "") for day in shown] == ["Monday 4 May", None, "Wednesday 6 May"]


async def test_a_message_is_sending_then_sent_then_seen(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    chat, server = await _scripted(host_site, new_browser)
    server.acknowledges = False
    await chat.open()
    state = chat.messages.first.locator(".state")

    await chat.field.fill("Hello")
    await chat.page.keyboard.press("Enter")
    await expect(state).to_have_text("Sending…")
    said = await until(partial(server.heard_of, "message"), within_s=10, what="the message has come")
    server.say({"type": "ack", "id": said["id"], "seq": 1})
    await expect(state).to_have_text("Sent")
    server.say({"type": "seen", "seq": 1})

    await expect(state).to_have_text("Seen")


async def test_a_file_of_the_wrong_kind_is_refused_in_one_sentence_and_the_words_stay(chat: Chat) -> None:
    await chat.field.fill("Here it is")

    await attach(chat, PROGRAM)

    status = chat.widget.locator("#status")
    await expect(status).to_have_text("We can take pictures (PNG, JPEG, WebP), PDF and plain text.")
    await expect(chat.widget.locator("#files li")).to_have_count(0)
    await expect(chat.field).to_have_value("Here it is")
    await expect(chat.field).to_be_focused()


@pytest.mark.parametrize(("type", "kind"), [("drop", "DragEvent"), ("paste", "ClipboardEvent")])
async def test_a_file_is_sent_by_dropping_or_pasting_it(chat: Chat, type: str, kind: str) -> None:
    await chat.widget.evaluate(GIVEN, ["dragenter", "DragEvent", "label.txt"])
    await chat.field.fill("Here it is")
    await chat.widget.locator("#badge").wait_for(state="attached")

    prevented = await chat.widget.evaluate(GIVEN, [type, kind, "label.txt"])
    await expect(chat.widget.locator("#files li")).to_contain_text("label.txt")
    await chat.page.keyboard.press("Enter")

    assert prevented
    await expect(chat.messages.first).to_have_attribute("data-seq", "1")
    await expect(chat.messages.first).to_contain_text("Here it is")
    await expect(chat.messages.first).to_contain_text("label.txt")


async def test_a_file_dropped_on_a_fresh_panel_does_not_take_the_page_away(chat: Chat) -> None:
    await chat.widget.evaluate(GIVEN, ["dragenter", "DragEvent", "label.txt"])
    await chat.widget.locator("#badge").wait_for(state="attached")

    assert await chat.widget.evaluate(GIVEN, ["dragover", "DragEvent", "label.txt"])
    assert await chat.widget.evaluate(GIVEN, ["drop", "DragEvent", "label.txt"])


async def test_the_saved_chat_has_all_that_was_said_also_what_was_never_shown(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    said = [message(seq, f"Message {seq}.") for seq in range(1, MANY + 1)]
    chat, _ = await _scripted(host_site, new_browser, *said, first=BEEN_HERE)
    await expect(chat.messages).to_have_count(50)

    async with chat.page.expect_download() as saved:
        await more(chat, "transcript")

    text = (await (await saved.value).path()).read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"Message (\d+)\.", text)] == list(range(1, MANY + 1))


async def test_earlier_messages_come_on_demand_and_nothing_moves_under_the_readers_eyes(
    host_site: HostSite,
    new_browser: NewBrowser,
) -> None:
    said = [message(seq, f"Message {seq}.") for seq in range(1, MANY + 1)]
    chat, _ = await _scripted(host_site, new_browser, *said, first=BEEN_HERE)
    oldest = chat.widget.locator(f'li[data-seq="{MANY - 49}"] .bubble')
    await oldest.wait_for()
    await chat.widget.locator("#earlier").scroll_into_view_if_needed()
    before = await oldest.bounding_box()

    await chat.widget.locator("#earlier").click()
    await expect(chat.messages).to_have_count(150)
    after = await oldest.bounding_box()

    assert before is not None and after is not None
    assert abs(after["y"] - before["y"]) < 2


async def test_a_rating_is_kept_as_an_interaction(chat: Chat, duologue: Duologue) -> None:
    await chat.ask("Do you ship to Norway?")

    await more(chat, "rate")
    await chat.widget.get_by_role("button", name="Good", exact=True).click()
    await chat.widget.locator("#rating textarea").fill("It knew.")
    await chat.widget.locator("#rating").get_by_role("button", name="Send").click()

    await expect(chat.widget.locator("#status")).to_have_text("Thank you for telling us.")
    told = await duologue.cli("export", "interactions", "--site", KEY, "--format", "jsonl")
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    ratings = [row for row in rows if row["type"] == "rating" and row["conversation"] == chat.conversation]
    assert len(ratings) == 1


async def test_what_is_told_is_shown_among_what_is_kept_and_forgotten_on_demand(chat: Chat) -> None:
    await chat.ask("Do you ship to Norway?")
    await chat.widget.locator("#agree").click()
    await expect(chat.widget.locator("#consent")).to_have_count(0)
    await chat.ask("My name is Annelise.")

    await more(chat, "remembered")
    fact = chat.widget.locator("#memory li").filter(has_text="Annelise")
    await fact.get_by_role("button", name="Forget").click()

    await expect(fact).to_have_count(0)
    await expect(chat.widget.locator("#memory")).to_be_visible()


async def _scripted(
    site: HostSite,
    new_browser: NewBrowser,
    *said: dict[str, Any],
    first: str = "",
) -> tuple[Chat, ScriptedServer]:
    """A visitor's tab on a page whose server is ours to speak for; `first` runs before the page."""
    server, seen = ScriptedServer(list(said)), Seen()
    page: Page = await (await new_browser(timezone_id="UTC")).new_page()
    seen.watch(page)
    await server.stand_in(page)
    if first:
        await page.add_init_script(first)
    await page.goto(site.page("plain"))
    return Chat(page, seen), server
