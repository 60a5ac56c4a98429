"""What the chat shows of a card number is what is stored of it."""

from playwright.async_api import expect

from tests.browser.chat import visit
from tests.browser.conftest import NewBrowser
from tests.running import Duologue

CARD, SHOWN = "4111 1111 1111 1111", "•••• •••• •••• 1111"


async def test_a_card_number_is_unreadable_as_soon_as_it_is_sent(duologue: Duologue, new_browser: NewBrowser) -> None:
    chat = await visit(await new_browser(), f"{duologue.shop_url}/")
    await chat.open()

    await chat.ask(f"can i pay with {CARD}?")

    own = chat.widget.locator("li[data-from=visitor]")
    await expect(own).to_have_count(1)
    await expect(own.locator(".bubble")).to_have_text(f"can i pay with {SHOWN}?")
    await chat.page.reload()
    await expect(own.locator(".bubble")).to_have_text(f"can i pay with {SHOWN}?")
    assert chat.seen.complaints == []
