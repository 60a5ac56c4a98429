"""The dashboard's page about pages: sorted by the address alone, each figure with its meaning."""

from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.gateway.boards.pages import COLUMNS, SHOWN, beside_of, parts_of
from bot.interactions import Interaction, Kind, Microseconds
from bot.pages.critique.one_way import one_way
from bot.store.counts import count_views
from bot.store.interactions import append
from bot.store.pages import NewPage, NewPassage, add_pages, begin_crawl, finish_crawl
from bot.store.reviews import Should, review, turn_of
from bot.store.store import Store
from tests.cast import ALICE, DANA, MAYA, SHOP, at
from tests.gateway.front_office import Browser, Office

SOCKS, HATS = "https://shop.example/socks", "https://shop.example/hats"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
async def two_pages(office: Office) -> None:
    """Socks, which Alice and seven unmeasured visitors saw; and hats, of which the page says more."""
    store = office.store
    crawl = await store.write(begin_crawl, SHOP, origin="test", at=at())
    found = [
        NewPage(SOCKS, SCRIPT, "", at(), (NewPassage(0, (), "You can wash them. Write to us: a@shop.example.", ""),)),
        NewPage(HATS, "Hats", "", at(), (NewPassage(0, (), f"We make the hats. The {SCRIPT} is ours.", ""),)),
    ]
    await store.write(add_pages, crawl, found)
    await store.write(finish_crawl, SHOP, crawl, at=at(), report={})
    seen = Interaction(
        at=Microseconds(at() - 1), site=SHOP, kind=Kind.PAGE_VIEW, source="browser", source_id="1",
        visitor=ALICE.visitor, url=SOCKS,
    )  # fmt: skip
    await store.write(append, [seen])
    await store.write(count_views, SHOP, {SOCKS: 7}, at=at())


async def test_each_page_has_its_figures(mayas: Browser, two_pages: None) -> None:
    page = await mayas.get("/insights/pages")

    assert page.status == 200
    assert "/socks" in page.words and "8 7 not measured 0 0 0 0 0 0 –" in page.words
    assert 'href="/insights?site=demo' in page.text


async def test_what_a_page_says_is_text_and_runs_nowhere(mayas: Browser, two_pages: None) -> None:
    page = await mayas.get("/insights/pages")

    assert "<script" not in page.text
    assert "The &lt;script&gt;alert(1)&lt;/script&gt; is ours." in page.text


async def test_the_address_says_what_it_is_sorted_by(mayas: Browser, two_pages: None) -> None:
    by_views = await mayas.get("/insights/pages")
    by_one_way = await mayas.get("/insights/pages?sort=one_way")
    by_nonsense = await mayas.get("/insights/pages?sort=%3Cscript%3E")

    assert by_views.text.index("/socks") < by_views.text.index("/hats")
    assert by_one_way.text.index("/hats") < by_one_way.text.index("/socks")
    assert by_one_way.text.count('aria-sort="descending"') == 1
    assert by_nonsense.text.index("/socks") < by_nonsense.text.index("/hats")


@pytest.mark.parametrize("column", [column.name for column in COLUMNS])
async def test_every_column_can_be_sorted_by(mayas: Browser, two_pages: None, column: str) -> None:
    page = await mayas.get(f"/insights/pages?sort={column}&since=2026-03-01&until=2026-03-02")

    assert page.status == 200
    assert f"since=2026-03-01&amp;until=2026-03-02&amp;sort={column}" in page.text


async def test_no_more_than_a_screen_of_pages_is_shown(mayas: Browser, office: Office) -> None:
    views = {f"{SOCKS}/{number}": 1 for number in range(SHOWN + 2)}
    await office.store.write(count_views, SHOP, views, at=at())

    page = await mayas.get("/insights/pages")

    assert page.text.count('<th scope="row">') == SHOWN
    assert "2 more pages: duologue insights pages --output json has them all." in page.words
    assert "(not crawled)" in page.words


async def test_a_site_without_pages_says_how_to_read_them(mayas: Browser) -> None:
    assert "duologue crawl URL --site demo" in (await mayas.get("/insights/pages")).words


async def test_a_wrong_window_and_an_unknown_site_are_refused(mayas: Browser) -> None:
    assert (await mayas.get("/insights/pages?since=yesterday")).status == 400
    assert (await mayas.get("/insights/pages?site=nobodys")).status == 404


async def test_without_any_site_it_says_how_to_add_one(store: Store, tmp_path: Path) -> None:
    office = Office(store, tmp_path)
    maya = await office.hire(MAYA)
    async with office.serve() as server, Browser(server) as browser:
        await browser.is_signed_in(office, maya)

        assert "duologue site add" in (await browser.get("/insights/pages")).words


async def test_an_agent_may_not_see_it(server: TestServer, office: Office) -> None:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(DANA))

        assert (await browser.get("/insights/pages")).status == 403


async def test_pages_whose_links_nobody_looked_at_are_told_with_what_to_do(mayas: Browser, two_pages: None) -> None:
    page = await mayas.get("/insights/pages")

    assert "Of 2 pages only the text is known, not the links and forms: crawl again to see links." in page.words


def test_each_part_of_the_score_is_shown() -> None:
    row = {"one_way": one_way(["We weave. Call us on 020 915 0142.", "Do you like it?"], used=1, ways=()).as_json()}

    assert parts_of(row) == [
        "Voice: 26.7 of 40 (we 2 times, you once)",
        "Questions: 0 of 30 (asks or invites its reader once in 9 words)",
        "A way to answer: 0 of 15 (phone and contact)",
        "Chat: 0 of 15 (used once)",
    ]


@pytest.mark.parametrize(
    ("ways", "told"),
    [
        (("mail", "phone", "contact"), "0 of 15 (mail, phone and contact)"),
        (("form",), "0 of 15 (form)"),
        ((), "15 of 15 (no mail, phone, form or contact)"),
        (None, "15 of 15 (no mail, phone, form or contact in its text; its links are not known)"),
    ],
)
def test_how_a_person_is_reached_is_told(ways: tuple[str, ...] | None, told: str) -> None:
    assert parts_of({"one_way": one_way(["We weave."], ways=ways).as_json()})[2] == f"A way to answer: {told}"


def test_nothing_is_left_out_in_silence() -> None:
    told = {
        "unlinked": {"purchases": 2},
        "questions_without_page": 1,
        "other_pages": {"views": 1_234},
        "links_unseen": 1,
    }

    assert beside_of(told, 0) == [
        "2 orders under no page: we don't know what the buyer saw before.",
        "1 question under no page: the browser did not say where.",
        "1,234 views of too many other addresses to list.",
        "Of one page only the text is known, not the links and forms: crawl again to see links.",
    ]


async def test_what_staff_say_a_page_should_answer_is_with_the_page_and_not_who_asked(
    mayas: Browser, office: Office, two_pages: None
) -> None:
    known = await office.conversation("I am Anna, anna@mail.example: how warm are they?")
    turn = await office.store.read(turn_of, known, 1)
    dana = await office.hire(DANA)
    assert turn is not None
    await office.store.write(review, turn, Should.PAGE, f"{SOCKS}/", dana, at=at())

    page = await mayas.get("/insights/pages?since=2026-03-01&until=2026-03-03")

    assert "1 question to answer here" in page.words
    assert "Staff say that it should answer: I am Anna, …: how warm are they?" in page.words
    assert "anna@mail.example" not in page.text
