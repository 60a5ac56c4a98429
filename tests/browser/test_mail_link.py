"""The link of a mail, opened in another browser: the same conversation on the site's page, and it goes on."""

import time
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect
from sqlalchemy import Connection

from bot.interactions import ConversationId, Microseconds
from bot.store.conversation_keys import KeyKind, new_key
from bot.store.conversations import existing
from bot.store.mails import MailKind, mails_of, put
from bot.store.store import Store
from tests.browser.chat import Chat, Seen, visit
from tests.browser.conftest import NewBrowser
from tests.cast import BOB
from tests.running import Duologue


@pytest.fixture
async def store(duologue: Duologue) -> AsyncIterator[Store]:
    """The running one's, to be given what a mail would hold."""
    store = Store(f"sqlite:///{duologue.home / 'store.db'}")
    yield store
    await store.close()


def _mailed(connection: Connection, conversation: str) -> str:
    known, at = existing(connection, ConversationId(conversation)), Microseconds(time.time_ns() // 1000)
    put(connection, known, MailKind.ANSWER, BOB.email, reason=f"test:{conversation}", up_to=known.seq, at=at)
    (mail,) = mails_of(connection, known.id)
    return new_key(connection, KeyKind.LINK, known.id, mail.id, at=at)


async def test_the_link_goes_on_with_the_whole_conversation_in_another_browser(
    duologue: Duologue, new_browser: NewBrowser, store: Store
) -> None:
    page = f"{duologue.shop_url}/shipping.html"
    first = await visit(await new_browser(), page)
    await first.open()
    await first.ask("Do you ship to Norway?")
    said = await first.lines()
    link = await store.write(_mailed, first.conversation)

    tab = await (await new_browser()).new_page()
    second = Chat(tab, Seen())
    second.seen.watch(tab)
    await tab.goto(f"{duologue.gateway_url}/resume#{link}")

    await expect(second.panel).to_be_visible()
    await expect(second.messages).to_have_count(len(said))
    assert await second.lines() == said and second.conversation == first.conversation
    assert tab.url == page, "The code is not left in the address."
    assert not [url for url in second.seen.requests if link in url]
    await second.say("Thank you")
    await expect(first.messages.filter(has_text="Thank you")).to_have_count(1)
    await tab.reload()
    await expect(second.messages.filter(has_text="Thank you")).to_have_count(1)
    assert second.conversation == first.conversation and second.seen.complaints == []


async def test_a_link_that_has_ended_says_so(duologue: Duologue, new_browser: NewBrowser) -> None:
    tab = await (await new_browser()).new_page()

    await tab.goto(f"{duologue.gateway_url}/resume#nonsense")

    await expect(tab.get_by_role("status")).to_contain_text("This link has ended")
