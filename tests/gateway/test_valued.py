"""Of those who wait for a person, staff are told first of the most valuable customers, and why everybody waits."""

import pytest
from sqlalchemy import insert, update

from bot.gateway.house import HOUSE
from bot.gateway.valued import is_valued, those_who_wait
from bot.interactions import ConversationId, CustomerId, Kind
from bot.site_settings import parse
from bot.store.consents import ask_person
from bot.store.identify import identify
from bot.store.purchases import Notice, record
from bot.store.sites import Site, change_settings, find_site
from bot.store.store import Store
from bot.store.tables import conversations
from bot.store.valued_lot import AS_EVERYBODY, valued_lot
from tests.cast import DANA, at
from tests.gateway.front_office import FRAME, Browser, Office

SMALL = 5_000
"""What each of nine customers has spent, in cents; the tenth spent more."""


async def buys(store: Store, shop: Site, customer: str, value: int, *, of: str | None = None) -> None:
    kind = Kind.PURCHASE if of is None else Kind.REFUND
    id = f"order-{customer}" if of is None else f"refund-{customer}"
    whose = CustomerId(customer) if of is None else None
    notice = Notice(id=id, kind=kind, at=at(), value=value, currency="EUR", customer=whose, of=of)
    await store.write(record, shop, notice, at=at())


async def waits(office: Office, customer: str | None, *, minutes: int, reason: str = "asked") -> ConversationId:
    talk = await office.conversation("hello")
    if customer is not None:
        await office.store.write(
            identify, talk.id, frame=FRAME.format(100), customer=CustomerId(customer), email=None, name=None, at=at()
        )
    await office.store.write(
        ask_person, talk.id, frame=FRAME.format(101), reason=reason, by="visitor", at=at(minutes=minutes)
    )
    return talk.id


async def marked(office: Office) -> list[tuple[str, str]]:
    lines, marks = await those_who_wait(office.app[HOUSE])
    return [(line.id, marks[line.id].spent) for line in lines]


@pytest.fixture
async def best(office: Office, shop: Site) -> tuple[ConversationId, ConversationId, ConversationId]:
    """Somebody unknown waits longest, then one of the customers, then the best one."""
    for number in range(9):
        await buys(office.store, shop, f"small-{number}", SMALL)
    await buys(office.store, shop, "best", 90_000)
    best = await waits(office, "best", minutes=3, reason="complaint")
    small = await waits(office, "small-1", minutes=2)
    return best, small, await waits(office, None, minutes=1)


async def test_the_most_valuable_customers_come_first(
    office: Office, best: tuple[ConversationId, ConversationId, ConversationId]
):
    valued, small, unknown = best

    assert await marked(office) == [(valued, "900.00 EUR"), (unknown, ""), (small, "")]


async def test_what_was_given_back_counts_as_not_spent(
    office: Office, shop: Site, best: tuple[ConversationId, ConversationId, ConversationId]
):
    await buys(office.store, shop, "best", 88_000, of="order-best")

    assert (best[0], "") in await marked(office)


async def test_the_site_says_from_what_on_a_customer_is_valuable(
    office: Office, shop: Site, best: tuple[ConversationId, ConversationId, ConversationId]
):
    await office.store.write(change_settings, shop.key, lambda _: parse({"valued_from": "50 EUR"}))

    assert await marked(office) == [(best[0], "900.00 EUR"), (best[1], "50.00 EUR"), (best[2], "")]


async def test_of_fewer_than_ten_buyers_nobody_is_marked(office: Office, shop: Site):
    await buys(office.store, shop, "best", 90_000)
    await waits(office, "best", minutes=1)

    assert [spent for _, spent in await marked(office)] == [""]


async def test_the_console_shows_the_order_the_mark_and_the_reason(
    office: Office, best: tuple[ConversationId, ConversationId, ConversationId]
):
    dana = await office.hire(DANA)
    async with office.serve() as server, Browser(server) as browser:
        await browser.is_signed_in(office, dana)

        page = await browser.get("/console?view=waiting")

    assert "among the best customers (900.00 EUR) · complains" in page.words
    assert page.text.index(best[0]) < page.text.index(best[2]) < page.text.index(best[1])


async def hold_out(office: Office, shop: Site) -> None:
    """Half of the best customers are served as everybody is, and the best one is of that half."""
    await office.store.write(change_settings, shop.key, lambda _: parse({"valued_lot": 0.5}))
    values = {"site": shop.key, "person": "c:best", "conversation": "before", "at": at(), "share": 0.5}
    await office.store.write(lambda c: c.execute(insert(valued_lot).values(arm=AS_EVERYBODY, **values)))


async def agrees(office: Office, id: ConversationId) -> None:
    agreed = update(conversations).where(conversations.c.id == id).values(measure=True, weighed_at=None)
    await office.store.write(lambda c: c.execute(agreed))


async def test_by_lot_some_of_them_wait_as_everybody_does(
    office: Office, shop: Site, best: tuple[ConversationId, ConversationId, ConversationId]
):
    await hold_out(office, shop)
    await agrees(office, best[0])

    lines = await marked(office)

    # Their complaint is heard as anybody's is: ten minutes ahead of who came two minutes before.
    assert lines == [(best[0], ""), (best[2], ""), (best[1], "")]


async def test_distress_comes_first_whatever_the_lot_says(office: Office, shop: Site):
    for number in range(9):
        await buys(office.store, shop, f"small-{number}", SMALL)
    await buys(office.store, shop, "best", 90_000)
    await buys(office.store, shop, "other", 95_000)
    await office.store.write(change_settings, shop.key, lambda _: parse({"valued_from": "900 EUR", "valued_lot": 0.5}))
    valued = await waits(office, "other", minutes=0)
    distressed = await waits(office, "best", minutes=20, reason="distress")
    await hold_out(office, shop)
    await agrees(office, distressed)

    assert [id for id, _ in await marked(office)] == [distressed, valued]


async def test_who_does_not_agree_to_be_measured_is_served_as_one_of_the_best(
    office: Office, shop: Site, best: tuple[ConversationId, ConversationId, ConversationId]
):
    await hold_out(office, shop)

    assert (await marked(office))[0] == (best[0], "900.00 EUR")


async def test_a_member_sees_the_value_of_who_they_answer(
    office: Office, shop: Site, best: tuple[ConversationId, ConversationId, ConversationId]
):
    house = office.app[HOUSE]
    known = await office.store.read(find_site, shop.key)
    assert known is not None

    assert await is_valued(house, known, "best", None) and not await is_valued(house, known, "small-1", None)
    assert not await is_valued(house, known, None, None)
    await hold_out(office, shop)
    held = await office.store.read(find_site, shop.key)
    assert held is not None and not await is_valued(house, held, "best", None)
