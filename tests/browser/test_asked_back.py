"""A question that leaves open what is meant, on the demonstration shop, with the real engine and a real press."""

from playwright.async_api import expect

from tests.browser.chat import visit
from tests.browser.conftest import NewBrowser
from tests.running import Duologue


async def test_a_press_says_what_was_meant_and_the_answer_is_about_it(
    duologue: Duologue, new_browser: NewBrowser
) -> None:
    chat = await visit(await new_browser(), f"{duologue.shop_url}/")
    await chat.open()
    asked_back = await chat.ask("what is it made of")
    assert "Which do you mean?" in await chat.text_of(asked_back)
    choice = asked_back.locator(".choice").first
    name = await choice.inner_text()

    await choice.click()

    said = chat.messages.filter(has_text=name).and_(chat.widget.locator("li[data-from=visitor]"))
    await expect(said).to_have_count(1)
    answer = await chat.after(said)
    assert f"{name} is made of" in await chat.text_of(answer)
    await expect(asked_back.locator(".choice")).to_have_count(0)
    link = await answer.locator("a.source").last.get_attribute("href")
    assert link is not None and link.startswith(f"{duologue.shop_url}/") and "#:~:text=" in link
    assert chat.seen.complaints == []


async def test_a_pages_yes_is_told_as_the_pages(duologue: Duologue, new_browser: NewBrowser) -> None:
    chat = await visit(await new_browser(), f"{duologue.shop_url}/")
    await chat.open()

    answer = await chat.ask("Do you have parking?")

    lead, _, quoted = (await chat.text_of(answer)).partition("\n")
    assert lead.startswith("This is what I found, on “")
    assert quoted == "The shop has six parking spaces behind the mill, and parking is free."
