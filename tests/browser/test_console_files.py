"""Files with an answer, from both sides: staff choose, drop or paste them, and the visitor alone saves them."""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, JSHandle, Locator, expect

from tests.browser.agent import Agent, sign_in
from tests.browser.chat import Chat, visit
from tests.browser.conftest import NewBrowser
from tests.browser.modes import NOTE, PROGRAM
from tests.browser.test_console_attacked import TROUBLE, WATCHED
from tests.running import Duologue
from tests.xss_corpus import CORPUS

PICTURE: FilePayload = {"name": "receipt.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(3_000)}
LETTER: FilePayload = {"name": "Größe (1).pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + bytes(2**21)}
LARGE: FilePayload = {"name": "film.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(10 * 2**20)}
REFUSED = "setup.exe: The file is not what its name or its declared type says."
TOO_LARGE = "film.png: A file has at most 10 MB."
BOTH_REFUSED = re.compile(f"^{REFUSED}.*{TOO_LARGE}$")
AT_ONCE, ANSWERS = 5, 4
"""As many as one conversation takes in a row."""
CARRIED = """([name, type, bytes]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(bytes)], name, { type }));
  return carried;
}"""
PASTED = """(field, clipboardData) =>
  field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))"""
FETCHED = """async ([url, token]) =>
  (await fetch(url, { headers: token ? { Authorization: `Bearer ${token}` } : {} })).status"""


@pytest.fixture
async def chat(duologue: Duologue, new_browser: NewBrowser) -> Chat:
    """A visitor who asks for a receipt."""
    chat = await visit(await new_browser(), f"{duologue.shop_url}/")
    await chat.page.evaluate(WATCHED)
    await chat.open()
    await chat.ask("Can you send me my receipt?")
    return chat


async def dana_with(chat: Chat, duologue: Duologue, new_browser: NewBrowser, **more: Any) -> Agent:
    """Dana has taken the conversation over."""
    dana = await sign_in(duologue, new_browser, duologue.dana, **more)
    await dana.page.goto(f"{duologue.gateway_url}/console/conversations/{chat.conversation}")
    if more.get("java_script_enabled", True):
        await dana.page.add_init_script(WATCHED)
        await dana.open(chat.conversation)
    await dana.press("Take over")
    await expect(dana.banner).to_contain_text("You have")
    return dana


@pytest.fixture
async def dana(chat: Chat, duologue: Duologue, new_browser: NewBrowser) -> Agent:
    return await dana_with(chat, duologue, new_browser)


def attached(dana: Agent) -> Locator:
    return dana.page.locator("#attached bdi")


def received(chat: Chat) -> Locator:
    return chat.widget.locator("li[data-from=staff] .file")


async def choose(dana: Agent, *files: FilePayload) -> None:
    if not await dana.page.locator("#attaching[open]").count():
        await dana.page.locator("#attaching summary").click()
    await dana.page.locator("#upload").set_input_files(list(files))


async def carried(dana: Agent, file: FilePayload) -> JSHandle:
    return await dana.page.evaluate_handle(CARRIED, [file["name"], file["mimeType"], list(file["buffer"])])


async def saved(chat: Chat, file: Locator) -> bytes:
    async with chat.page.expect_download() as download:
        await file.click()
    return await asyncio.to_thread(Path(await (await download.value).path()).read_bytes)


async def test_what_is_chosen_dropped_and_pasted_goes_with_the_answer_and_the_visitor_saves_the_same_bytes(
    chat: Chat, dana: Agent
) -> None:
    await dana.field.fill("Here they are.")
    await choose(dana, LETTER)
    await expect(attached(dana)).to_have_text([LETTER["name"]])
    await dana.page.dispatch_event("#text", "drop", {"dataTransfer": await carried(dana, PICTURE)})
    await expect(attached(dana)).to_have_count(2)
    await dana.field.evaluate(PASTED, await carried(dana, NOTE))
    await expect(attached(dana)).to_have_text([LETTER["name"], PICTURE["name"], NOTE["name"]])
    await dana.press("Send")

    await expect(received(chat)).to_have_text(
        ["📎 Größe (1).pdf (2 MB)", "📎 receipt.png (3 kB)", "📎 note.txt (1 kB)"]
    )
    sent = [await saved(chat, received(chat).nth(number)) for number in range(3)]
    assert sent == [one["buffer"] for one in (LETTER, PICTURE, NOTE)]
    await expect(dana.said.last).to_contain_text("Here they are.")
    await expect(attached(dana)).to_have_count(0)
    assert chat.seen.complaints == dana.seen.complaints == []


async def test_nobody_else_gets_a_file_that_staff_have_sent(
    chat: Chat, dana: Agent, duologue: Duologue, new_browser: NewBrowser
) -> None:
    await choose(dana, NOTE)
    await expect(attached(dana)).to_have_count(1)
    await dana.press("Send")
    async with chat.page.expect_request("**/v1/files/*") as asked:
        await received(chat).click()
    url = (await asked.value).url
    other = await visit(await new_browser(), f"{duologue.shop_url}/")
    await other.open()
    await other.ask("hello")
    signed_out = await (await new_browser()).new_page()

    theirs = await other.page.evaluate(FETCHED, [url, other.seen.welcomes[-1]["token"]])
    await signed_out.goto(f"{duologue.gateway_url}/console/files/{url.rpartition('/')[2]}")

    assert theirs == 404
    await expect(signed_out.get_by_label("Password")).to_be_visible()
    tokenless = [await other.page.evaluate(FETCHED, [one, ""]) for one in (url, f"{url}x")]
    assert tokenless[0] == tokenless[1] >= 400


async def test_what_is_refused_gets_its_sentence_and_the_words_and_the_other_files_stay(
    chat: Chat, dana: Agent
) -> None:
    problem = dana.page.locator("#problem")
    await dana.field.fill("Here it is.")

    await choose(dana, NOTE, PROGRAM)
    await expect(problem).to_contain_text(REFUSED)
    await choose(dana, LARGE)
    await expect(problem).to_contain_text(TOO_LARGE)

    await expect(dana.field).to_have_value("Here it is.")
    await expect(attached(dana)).to_have_text([NOTE["name"]])
    await dana.press("Send")
    await expect(received(chat)).to_have_count(1)


async def test_without_javascript_files_are_attached_refused_and_sent_too(
    chat: Chat, duologue: Duologue, new_browser: NewBrowser
) -> None:
    dana = await dana_with(chat, duologue, new_browser, java_script_enabled=False)
    await dana.field.fill("Here they are.")
    for files, told in (((NOTE, PICTURE), re.compile("^$")), ((PROGRAM, LARGE), BOTH_REFUSED)):
        await choose(dana, *files)
        await dana.page.get_by_role("button", name="Attach", exact=True).click()
        await expect(attached(dana)).to_have_text([NOTE["name"], PICTURE["name"]])
        await expect(dana.page.locator("#problem")).to_have_text(told)
        await expect(dana.field).to_have_value("Here they are.")

    await dana.press("Send")

    await expect(received(chat)).to_have_count(2)
    assert await saved(chat, received(chat).nth(1)) == PICTURE["buffer"]


async def test_what_staff_call_a_file_is_text_in_the_chat_and_in_the_console(chat: Chat, dana: Agent) -> None:
    names = _names(AT_ONCE * ANSWERS)
    for first in range(0, len(names), AT_ONCE):
        some = names[first : first + AT_ONCE]
        await choose(dana, *({"name": one, "mimeType": "text/plain", "buffer": b"x"} for one in some))
        await expect(attached(dana)).to_have_count(len(some))
        await dana.press("Send")
        await expect(attached(dana)).to_have_count(0)
        await expect(received(chat)).to_have_count(first + len(some))

    shown = await received(chat).evaluate_all("all => all.flatMap((one) => [...one.querySelectorAll('*')])"
                                              ".map((one) => [one.localName, one.attributes.length])")  # fmt: skip
    assert shown == [["bdi", 0]] * len(names)
    assert await chat.page.evaluate("[...window.hits, ...window.refused]") == []
    assert await dana.page.evaluate(TROUBLE) == []
    assert chat.seen.complaints == dana.seen.complaints == []


def _names(count: int) -> Sequence[str]:
    """As many strings of the corpus as file names hold: no paths, and a hundred characters each."""
    names = [""]
    for one in CORPUS:
        if "/" in one or "\\" in one or not one.isprintable():
            continue
        if len(names[-1]) + len(one) > 100:
            names.append("")
        names[-1] += one
    return [f"{one[:110]}.txt" for one in names[:: max(1, len(names) // count)]][:count]
