"""Visitors who are held out by lot: not offered the chat, and never kept from it once they need it."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewBrowser
from tests.browser.test_calls import AGREE, Website, heard, reference, reporting, website  # noqa: F401
from tests.running import Duologue

KEY = "lots"


@pytest.fixture(scope="session")
async def tag(duologue: Duologue, website: Website) -> str:
    """Of a site that offers its chat to nobody who agreed to be measured."""
    added = await duologue.cli("site", "add", KEY, "--origin", website.origin, "--holdout", "0.9999999")
    assert added.code == 0, added.stderr
    return f'<script type="module" src="{website.gateway}/widget.js" data-site="{KEY}"></script>'


@pytest.fixture
async def page(website: Website, tag: str, new_browser: NewBrowser) -> Page:
    """Of somebody who agreed in the site's banner before the widget was there, and was held out."""
    page, told = await reporting(website, new_browser, website.page(tag, script=f"{AGREE};"))
    assert await reference(page)
    assert told.kinds == ["page_view", "exposed"]
    return page


async def test_who_is_held_out_is_counted_and_sees_no_launcher_on_any_page(
    page: Page, website: Website, tag: str
) -> None:
    await expect(page.locator("duologue-widget")).to_have_count(0)

    await page.goto(website.page(tag, script=f"{AGREE};"))
    await heard(page, "ready")

    await expect(page.locator("duologue-widget")).to_have_count(0)


async def test_who_agrees_to_be_remembered_as_well_is_drawn_all_the_same(
    website: Website, tag: str, new_browser: NewBrowser
) -> None:
    script = "duologue('consent', {measure: true, memory: true});"

    page, _ = await reporting(website, new_browser, website.page(tag, script=script))

    await expect(page.locator("duologue-widget")).to_have_count(0)


async def test_who_did_not_agree_is_not_drawn(website: Website, tag: str, new_browser: NewBrowser) -> None:
    page, _ = await reporting(website, new_browser, website.page(tag))

    await expect(page.locator("duologue-widget #launcher")).to_be_visible()


async def test_who_asks_for_a_person_gets_the_chat_and_keeps_it_on_the_next_page(
    page: Page, website: Website, tag: str
) -> None:
    await page.evaluate("duologue('requestHuman', 'my parcel is lost')")

    await expect(page.locator("duologue-widget #panel")).to_be_visible()
    await expect(page.locator("duologue-widget #banner")).to_contain_text("person")
    await page.goto(website.page(tag, script=f"{AGREE};"))
    await expect(page.locator("duologue-widget #launcher")).to_be_visible()
