"""The page of the one-page report: its sentences, its files, and what it says when there is nothing to say."""

import io

import pytest
from aiohttp.test_utils import TestServer
from pypdf import PdfReader

from bot.experiment import Arm
from tests.cast import DANA, SHOP
from tests.gateway.boards.conftest import taken_away
from tests.gateway.front_office import Browser, Office
from tests.insights.happened import viewed
from tests.insights.lift.happenings import buy, drawn, happen, talk

PAGE = "/insights/report"
DAY = "since=2026-03-02&until=2026-03-02"


@pytest.fixture
async def trade(office: Office) -> None:
    """450 offered of whom 135 bought and 20 talked, 50 held out of whom 4 bought."""
    offered, held_out = await drawn(office.store, Arm.OFFERED, 450), await drawn(office.store, Arm.HELD_OUT, 50)
    await happen(office.store, *(one for who in (*offered, *held_out) for one in viewed(who, 2, 3)))
    await talk(office.store, offered[:20])
    await buy(office.store, [*offered[:135], *held_out[:4]])


async def test_the_page_says_it_in_sentences_each_with_its_figures(mayas: Browser, trade: None) -> None:
    page = await mayas.get(f"{PAGE}?{DAY}&guess=none")

    assert page.status == 200
    assert "500 people came" in page.words and "139 people bought, 27.8" in page.words
    assert "Because of the chat more people buy: 30.0" in page.words
    assert "Randomized, of 500" in page.words and "Descriptive, of 500" in page.words
    assert f'href="/insights/lift?site={SHOP}&amp;since=2026-03-02' in page.text
    assert "Nobody came in the days before" in page.words


async def test_the_effect_waits_for_a_guess_on_the_page_and_in_its_files(mayas: Browser, trade: None) -> None:
    page, file = await mayas.get(f"{PAGE}?{DAY}"), await mayas.get(f"{PAGE}.html?{DAY}")

    for told in (page.words, file.words):
        assert "Guess first what the chat changes" in told and "Because of the chat" not in told
    assert (await mayas.get(f"{PAGE}/effect.svg?{DAY}")).status == 404


async def test_the_pdf_is_one_page_and_that_it_was_taken_is_audited(
    mayas: Browser, office: Office, trade: None
) -> None:
    file = await mayas.get(f"{PAGE}.pdf?{DAY}&guess=none")

    assert file.headers["Content-Type"] == "application/pdf"
    assert 'filename="demo-report-2026-03-02-2026-03-02.pdf"' in file.headers["Content-Disposition"]
    pages = PdfReader(io.BytesIO(file.content)).pages
    assert len(pages) == 1 and "Because of the chat" in pages[0].extract_text()
    assert await taken_away(office) == [f"export:report {SHOP} pdf"]


async def test_its_charts_are_pictures(mayas: Browser, trade: None) -> None:
    for chart, said in (("shares", "conversed"), ("effect", "buyers")):
        picture = await mayas.get(f"{PAGE}/{chart}.svg?{DAY}&guess=none&theme=dark&size=narrow")

        assert picture.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert said in picture.text and "<script" not in picture.text


async def test_an_empty_shop_has_a_page_that_says_so_and_no_charts(mayas: Browser) -> None:
    page = await mayas.get(PAGE)

    assert "Nobody came in these days." in page.words and "Nobody was drawn in these days" in page.words
    assert ".svg" not in page.text
    assert (await mayas.get(f"{PAGE}/shares.svg")).status == 404


async def test_days_to_come_and_days_that_are_none_have_a_sentence(mayas: Browser) -> None:
    assert "Nobody came in these days." in (await mayas.get(f"{PAGE}?since=2030-01-01&until=2030-01-31")).words
    for path in (PAGE, f"{PAGE}.pdf"):
        assert (await mayas.get(f"{path}?since=never")).status == 400


async def test_an_unknown_site_is_not_found_and_an_agent_is_not_let_in(
    mayas: Browser, server: TestServer, office: Office
) -> None:
    for path in (PAGE, f"{PAGE}.pdf", f"{PAGE}.html", f"{PAGE}/shares.svg"):
        assert (await mayas.get(f"{path}?site=nobodys")).status == 404
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(DANA))
        assert {(await browser.get(path)).status for path in (PAGE, f"{PAGE}.pdf")} == {403}
