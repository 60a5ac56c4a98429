"""The console's unanswered questions: grouped, ranked by how often times who asked, asked again, taken off the list."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.gateway.house import HOUSE
from bot.gateway.library import LIBRARY
from bot.gateway.question_board import count_again
from bot.interactions import ConversationId, Kind
from bot.pages.answering.librarian import Librarian
from bot.pages.command import crawl
from bot.settings import Settings
from bot.store.conversations import find
from bot.store.forget import forget_conversation
from bot.store.purchases import Notice, record
from bot.store.sites import Site, add_site, find_site
from bot.store.store import Store
from tests.asking import HATS, HOME, ask, of_staff, somebody
from tests.cast import DANA, SHOP, at
from tests.gateway.front_office import Browser, Office, Page
from tests.homes import home_in

KAYAK, SAME = "Do you sell kayaks?", "Can I buy a kayak here?"
WARRANTY, WEATHER = "How long is the warranty?", "What will the weather be tomorrow?"
EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"
CARE = "https://shop.example/care"
PAGES: tuple[dict[str, str], ...] = (
    {"url": HATS, "title": "Hats", "text": "Hats cost 39 EUR."},
    {"url": CARE, "title": "Warranty", "text": "How long is the warranty? The warranty is five years on everything."},
)


@pytest.fixture
async def office(store: Store, shop: Site, tmp_path: Path) -> AsyncIterator[Office]:
    home = home_in(tmp_path)
    office = Office(store, home)
    library = Librarian(store, Settings.model_validate({"home": home}))
    office.app[LIBRARY] = library
    yield office
    await library.close()


@pytest.fixture
async def danas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(DANA))
        yield browser


async def read(office: Office, tmp_path: Path, *pages: dict[str, str]) -> None:
    file = tmp_path / "pages.jsonl"
    file.write_text("\n".join(json.dumps(page) for page in pages))
    settings = Settings.model_validate({"home": office.app[LIBRARY]._home})
    await crawl(office.store, settings, SHOP, str(file))


async def board(browser: Browser, query: str = "") -> Page:
    page = await browser.get(f"/console/unanswered{query}")
    assert page.status == 200
    return page


def key_of(page: Page, question: str) -> str:
    """The key of the group whose question this is."""
    before = page.text[: page.text.index(f'<h2 dir="auto">{question}')]
    return before.rpartition('id="q')[2].partition('"')[0]


async def press(browser: Browser, act: str, key: str, **more: str) -> Page:
    return await browser.post(f"/console/unanswered/{act}", {"site": SHOP, "key": key} | more)


async def buyer(store: Store, shop: Site, value: int = 4990) -> ConversationId:
    conversation = await somebody(store, agrees=True)
    known = await store.read(find, conversation)
    assert known is not None
    notice = Notice(
        id=f"o-{conversation}", kind=Kind.PURCHASE, at=at(), value=value, currency="EUR", visitor=known.visitor
    )
    await store.write(record, shop, notice, at=at())
    return conversation


async def test_a_group_tells_its_words_pages_conversations_and_the_nearest_page(danas: Browser, store: Store):
    first, second = await somebody(store, agrees=True), await somebody(store)
    await ask(store, first, KAYAK, page=HOME, near=HATS)
    await ask(store, second, SAME, page=HATS, near=HATS)

    page = await board(danas)

    assert "Asked 2 times by 2 people" in page.words
    assert "Also asked as" in page.words and KAYAK in page.text and SAME in page.text
    assert "Nearest page /hats" in page.words
    for conversation in (first, second):
        assert f'href="/console/conversations/{conversation}?before=51#m1"' in page.text


async def test_a_buyers_question_comes_before_anybodys(danas: Browser, store: Store, shop: Site):
    for _ in range(2):
        await ask(store, await somebody(store), WARRANTY)
    await ask(store, await buyer(store, shop), KAYAK)

    page = await board(danas)

    # 1 time of 3 is more than 2 times of 1.
    assert page.text.index(KAYAK) < page.text.index(WARRANTY)
    assert "by 1 person, a buyer" in page.words


async def test_three_times_asked_outweighs_no_buyer_once(danas: Browser, store: Store, shop: Site):
    for _ in range(4):
        await ask(store, await somebody(store), WARRANTY)
    await ask(store, await buyer(store, shop), KAYAK)

    page = await board(danas)

    assert page.text.index(WARRANTY) < page.text.index(KAYAK)


async def test_only_what_was_asked_on_a_page_is_listed_by_that_page(danas: Browser, store: Store):
    await ask(store, await somebody(store), KAYAK, page=HATS)
    await ask(store, await somebody(store), WARRANTY, page=HOME)

    page = await board(danas, f"?site={SHOP}&page={HATS}")

    assert KAYAK in page.text and WARRANTY not in page.text


async def test_what_staff_asked_and_what_was_erased_is_not_there(danas: Browser, store: Store):
    gone = await somebody(store)
    await ask(store, gone, KAYAK)
    await store.write(forget_conversation, gone)
    await ask(store, await of_staff(store), WARRANTY)

    assert "Every question was answered" in (await board(danas)).words


async def test_not_ours_is_off_the_list_for_good(danas: Browser, store: Store, office: Office):
    await ask(store, await somebody(store), WEATHER)
    key = key_of(await board(danas), WEATHER)

    pressed = [await press(danas, "not-ours", key) for _ in range(2)]
    await ask(store, await somebody(store), WEATHER.upper(), when=at(minutes=1))
    office.clock.at = at(minutes=10)
    await board(danas)

    assert [page.status for page in pressed] == [303, 303]
    assert "weather" not in (await board(danas)).text.lower()


async def test_all_of_a_group_is_asked_again_and_shown_before_and_after(
    danas: Browser, store: Store, office: Office, tmp_path: Path
):
    await ask(store, await somebody(store), WARRANTY, near=HATS)
    await read(office, tmp_path, *PAGES)
    key = key_of(await board(danas), WARRANTY)

    page = await press(danas, "again", key, page=CARE)

    assert page.status == 200
    assert "1 answered by /care" in page.words and "All of it is off the list" in page.words
    assert "No answer ; the nearest page was /hats" in page.words.replace("No answer;", "No answer ;")
    assert "five years" in page.text
    assert WARRANTY not in (await board(danas)).text


async def test_what_is_still_not_answered_stays(danas: Browser, store: Store, office: Office, tmp_path: Path):
    await ask(store, await somebody(store), KAYAK)
    await read(office, tmp_path, *PAGES)
    key = key_of(await board(danas), KAYAK)

    page = await press(danas, "again", key, page="/care")

    assert "0 answered by /care , 1 still without an answer" in page.words.replace("/care,", "/care ,")
    assert KAYAK in (await board(danas)).text


async def test_what_was_settled_and_is_asked_in_vain_again_is_back(
    danas: Browser, store: Store, office: Office, tmp_path: Path
):
    await ask(store, await somebody(store), WARRANTY)
    await read(office, tmp_path, *PAGES)
    await press(danas, "again", key_of(await board(danas), WARRANTY), page=CARE)

    await ask(store, await somebody(store), WARRANTY, when=at(minutes=5))
    office.clock.at = at(minutes=10)
    await board(danas)
    await _until_counted(office)

    assert "Asked 1 time by 1 person" in (await board(danas)).words


async def _until_counted(office: Office) -> None:

    site = await office.store.read(find_site, SHOP)
    assert site is not None
    await count_again(office.app[HOUSE], site)


async def test_a_page_that_does_not_answer_here_is_told_with_one_like_it(
    danas: Browser, store: Store, office: Office, tmp_path: Path
):
    await ask(store, await somebody(store), WARRANTY)
    key = key_of(await board(danas), WARRANTY)

    before = await press(danas, "again", key, page=CARE)
    await read(office, tmp_path, *PAGES)
    wrong = await press(danas, "again", key, page="https://shop.example/warranty")

    assert (before.status, wrong.status) == (400, 400)
    assert "No pages of this site answer now" in before.words
    assert "has no page" in wrong.words and "read again first" in wrong.words


async def test_an_old_press_changes_nothing(danas: Browser, store: Store):
    await ask(store, await somebody(store), KAYAK)
    await board(danas)

    page = await press(danas, "again", "gone", page=CARE)

    assert page.status == 409 and "not on the list any more" in page.words


@pytest.mark.parametrize("query", ["?site=nobody", "?at=0", "?at=x", "?site=%00"])
async def test_what_is_not_there_is_not_found(danas: Browser, query: str):
    assert (await danas.get(f"/console/unanswered{query}")).status == 404


async def test_a_site_that_is_not_there_cannot_be_marked(danas: Browser):
    assert (await danas.post("/console/unanswered/not-ours", {"site": "nobody", "key": "x"})).status == 404


async def test_each_site_has_its_own(danas: Browser, store: Store):
    await store.write(add_site, "other", name="Other shop", origins=(), at=at())
    await ask(store, await somebody(store), KAYAK)

    page = await board(danas, "?site=other")

    assert KAYAK not in page.text and "Other shop" in page.text


async def test_whatever_is_asked_is_text(danas: Browser, store: Store):
    await ask(store, await somebody(store), EVIL, page=f"https://shop.example/{EVIL}", near=f"javascript:{EVIL}")

    page = await board(danas)

    assert "<script>alert" not in page.text and "<img" not in page.text and 'href="javascript' not in page.text
