"""What a visitor tells in one session of the browser is used in the next, and gone when they say so."""

import json
import sqlite3
from contextlib import closing

from playwright.async_api import expect

from tests.browser.chat import Chat, visit
from tests.browser.conftest import NewBrowser
from tests.running import Duologue, until

NAME, NEED = "Zebulona", "a blanket for my newborn"
HOUR_US = 3_600_000_000


async def tells(duologue: Duologue, new_browser: NewBrowser) -> Chat:
    """A first session: a name and a need, told with consent to memory."""
    chat = await visit(await new_browser(), f"{duologue.shop_url}/")
    await chat.open()
    await chat.ask(f"Hello, my name is {NAME} and I am looking for {NEED}.")
    await chat.widget.locator("#agree").click()
    await expect(chat.widget.locator("#consent")).to_have_count(0)
    return chat


async def comes_back(duologue: Duologue, new_browser: NewBrowser, chat: Chat) -> Chat:
    """The browser is closed, an hour passes, and it is opened again with what it has kept."""
    kept = await chat.page.context.storage_state()
    await chat.page.context.close()
    an_hour_passes(duologue, chat.conversation)
    again = await visit(await new_browser(storage_state=kept), f"{duologue.shop_url}/")
    # It was open when they left, so it is open again.
    await expect(again.panel).to_be_visible()
    return again


def an_hour_passes(duologue: Duologue, conversation: str) -> None:
    with closing(sqlite3.connect(duologue.home / "store.db", timeout=20)) as store, store:
        earlier = "UPDATE conversations SET token_used_at = token_used_at - ? WHERE id = ?"
        store.execute(earlier, (HOUR_US, conversation))
        store.execute("UPDATE messages SET at = at - ? WHERE conversation = ?", (HOUR_US, conversation))


def files_with(duologue: Duologue, words: str) -> list[str]:
    """Every file of the house that has these words in it, in whatever case: the store, its log, the indexes."""
    looked_for = words.lower().encode()
    files = [path for path in duologue.home.rglob("*") if path.is_file()]
    return [path.name for path in files if looked_for in path.read_bytes().lower()]


async def test_what_is_told_is_used_in_the_next_session_and_erased_by_a_sentence(
    duologue: Duologue, new_browser: NewBrowser
) -> None:
    first = await tells(duologue, new_browser)
    assert files_with(duologue, NAME)

    again = await comes_back(duologue, new_browser, first)
    welcome = again.messages.filter(has_text=f"Welcome back, {NAME}.")
    await expect(welcome).to_contain_text("a blanket for your newborn")
    await again.page.reload()
    await expect(welcome).to_have_count(1)

    recalled = await again.text_of(await again.ask("What do you remember about me?"))
    assert f"Your name is {NAME}." in recalled and "a blanket for your newborn" in recalled

    asked = await again.ask("forget me")
    await asked.get_by_role("button", name="Yes, erase everything").click()
    await expect(again.messages).to_have_count(0)

    async def is_gone() -> bool:
        return not files_with(duologue, NAME) and not files_with(duologue, "for my newborn")

    await until(is_gone, within_s=20, what="no file of the house has a word of it")
    # Nor does the browser know who it was, or that it ever agreed.
    kept = json.dumps(await again.page.evaluate("() => ({...localStorage})"))
    assert '"memory":true' not in kept.replace("\\", "") and "visitor" not in kept


async def test_one_thing_is_put_right_and_forgotten_by_a_sentence(duologue: Duologue, new_browser: NewBrowser) -> None:
    chat = await tells(duologue, new_browser)

    corrected = await chat.text_of(await chat.ask(f"my name is not {NAME}, it's Zebulonia"))
    forgotten = await chat.text_of(await chat.ask("forget my name"))
    recalled = await chat.text_of(await chat.ask("what do you remember about me?"))

    assert "Zebulonia" in corrected
    assert "your name" in forgotten
    assert "newborn" in recalled and "Zebulon" not in recalled

    async def is_gone() -> bool:
        return not files_with(duologue, NAME) and not files_with(duologue, "Zebulonia")

    await until(is_gone, within_s=20, what="no file of the house has the name")
    await chat.page.reload()
    await expect(chat.messages.filter(has_text="my name is …").first).to_be_visible()
