"""What to fix first: ranked by how many people an answer would help, and sure only where enough asked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.interactions import Interaction, Kind
from bot.store.conversations import find
from bot.store.interactions import append
from bot.store.purchases import Notice, record
from bot.store.sites import Site
from bot.store.store import Store
from tests.asking import HATS, HOME, ask, of_staff, somebody
from tests.cast import SHOP, Person, at
from tests.gateway.front_office import Browser, Office
from tests.homes import home_in

ADA = Person("Ada", "ada@shop.example", role="admin")
AT = "/insights/pages/fix"
KAYAK, WARRANTY = "Do you sell kayaks?", "How long is the warranty?"
EVIL = "=<script>alert(1)</script>?"


@pytest.fixture
def office(store: Store, shop: Site, tmp_path: Path) -> Office:
    """With what questions are understood by."""
    return Office(store, home_in(tmp_path))


@pytest.fixture
async def admins(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(ADA))
        yield browser


async def asked_by(store: Store, people: int, question: str, page: str = HATS) -> None:
    for _ in range(people):
        await ask(store, await somebody(store), question, page=page)


async def test_what_most_people_ask_comes_first_with_its_reason(mayas: Browser, office: Office) -> None:
    await asked_by(office.store, 3, WARRANTY)
    await asked_by(office.store, 4, KAYAK)
    await asked_by(office.store, 1, KAYAK, HOME)

    page = await mayas.get(AT)

    assert page.status == 200
    assert page.text.index("kayaks") < page.text.index("warranty")
    assert "5 people asked this on shop.example/hats and on 1 other page, and no page answers it" in page.words
    assert "5 conversations ended with it." in page.words


async def test_a_buyer_weighs_more_and_who_went_on_did_not_end_there(
    mayas: Browser, office: Office, shop: Site
) -> None:
    store = office.store
    await asked_by(store, 2, KAYAK)
    buyer = await somebody(store, agrees=True)
    await ask(store, buyer, KAYAK, page=HATS)
    known = await store.read(find, buyer)
    assert known is not None and known.visitor is not None
    bought = Notice(id="1001", kind=Kind.PURCHASE, at=at(), value=4_900, currency="EUR", visitor=known.visitor)
    await store.write(record, shop, bought, at=at())
    seen = Interaction(
        at=at(minutes=2), site=SHOP, kind=Kind.PAGE_VIEW, source="events", source_id="1",
        visitor=known.visitor, url=HOME,
    )  # fmt: skip
    await store.write(append, [seen])

    found = await mayas.get(f"{AT}.csv")

    # Two people, a buyer who counts three, and the two conversations that ended.
    assert found.text.splitlines()[1].startswith(f"1,7,{KAYAK},{HATS},3,3,1,2,")
    assert "1 of them has bought from you." in found.text


async def test_what_one_or_two_people_asked_is_too_few_to_judge(mayas: Browser, office: Office) -> None:
    await asked_by(office.store, 2, KAYAK)
    await ask(office.store, await of_staff(office.store), KAYAK)

    page = await mayas.get(AT)

    assert "too few to judge" in page.words and "asked this on" not in page.words


async def test_words_of_visitors_are_text_and_no_formula(mayas: Browser, office: Office) -> None:
    await asked_by(office.store, 3, EVIL)

    page, file = await mayas.get(AT), await mayas.get(f"{AT}.csv")

    assert "<script" not in page.text
    assert "'=<script>" in file.text


async def test_only_who_may_read_conversations_is_led_to_one(mayas: Browser, admins: Browser, office: Office) -> None:
    await asked_by(office.store, 3, KAYAK)

    marketer, admin = await mayas.get(AT), await admins.get(AT)

    assert "/console/" not in marketer.text.partition("<h1>")[2]
    assert "/console/conversations/" in admin.text


async def test_pages_are_ranked_beside_and_their_file_is_safe(mayas: Browser, office: Office) -> None:
    await asked_by(office.store, 3, EVIL)
    await asked_by(office.store, 4, KAYAK, HOME)
    days = "since=2026-03-01&until=2026-03-03"

    page, file = await mayas.get(f"{AT}?{days}"), await mayas.get(f"{AT}/pages.csv?{days}")

    assert "Answer what 4 people asked here in vain." in page.words
    assert page.text.index("in vain") < page.text.index("no page answers it") and "<script" not in page.text
    first, second = file.text.splitlines()[1:]
    assert first.startswith(f"1,4.0,{HOME},4,0,4,0,,,,,Answer what 4 people asked here in vain.,{KAYAK},4,")
    assert second.startswith(f"2,3.0,{HATS},3,") and "'=<script>" in second


async def test_without_questions_there_is_nothing_to_fix_and_an_unknown_site_is_not_there(mayas: Browser) -> None:
    empty, unknown = await mayas.get(AT), await mayas.get(f"{AT}?site=unknown")
    no_file = await mayas.get(f"{AT}.csv?site=unknown")

    assert "Nothing was asked by 3 people or more" in empty.words
    assert (unknown.status, no_file.status) == (404, 404)
