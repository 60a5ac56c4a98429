"""The panel beside a conversation: who it is, how that is known, what they did, and nothing without consent."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from bot.interactions import Interaction, Kind, VisitorId
from bot.store import consents
from bot.store.conversations import Conversation, begin, find
from bot.store.identify import identify
from bot.store.interactions import append
from bot.store.purchases import Notice, record
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.turns import Outcome, Reply, close, next_open, receive
from bot.store.visitors import set_consent
from tests.cast import ALICE, DANA, SHOP, at
from tests.gateway.front_office import FRAME, Browser, Office

EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture
async def danas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(DANA))
        yield browser


async def agreeing(store: Store, conversation: Conversation, *, memory: bool = True) -> VisitorId:
    known = await store.write(
        consents.set_consent, conversation.id, frame="c1", measure=True, memory=memory, at=at(minutes=1)
    )
    assert known.visitor is not None
    return known.visitor


async def understood(store: Store, conversation: Conversation, *facts: tuple[str, str], seq: int = 1) -> None:
    known = await store.read(find, conversation.id)
    assert known is not None
    row = Interaction(
        at=at(minutes=2), site=SHOP, kind=Kind.UNDERSTANDING, source="test", source_id=f"{conversation.id}:{seq}",
        visitor=known.visitor, conversation=conversation.id, seq=seq, data={"facts": [list(one) for one in facts]},
    )  # fmt: skip
    await store.write(append, [row])


async def views(store: Store, visitor: VisitorId, *pages: tuple[float, str]) -> None:
    seen = [
        Interaction(
            at=at(minutes=minutes), site=SHOP, kind=Kind.PAGE_VIEW, source="browser", source_id=f"{visitor}:{minutes}",
            visitor=visitor, url=f"https://shop.example{path}", data={"title": f"Page {path}"},
        )
        for minutes, path in pages
    ]  # fmt: skip
    await store.write(append, seen)


async def bought(store: Store, shop: Site, id: str = "order-1001", **more: object) -> None:
    notice = {"id": id, "kind": Kind.PURCHASE, "at": at(minutes=3), "value": 4990, "currency": "EUR"} | more
    await store.write(record, shop, Notice(**notice), at=at(minutes=3))  # type: ignore[arg-type]


async def panel_of(browser: Browser, conversation: Conversation) -> str:
    page = await browser.get(f"/console/conversations/{conversation.id}")
    assert page.status == 200
    return page.words[page.words.index("Who it is") :]


async def test_a_fact_says_in_which_message_it_was_said(danas: Browser, office: Office, store: Store):
    conversation = await office.conversation("I am Alice")
    await agreeing(store, conversation)
    await understood(store, conversation, ("name", "Alice"), ("place", "Bonn"))

    page = await danas.get(f"/console/conversations/{conversation.id}")

    assert "Name Alice said in message 1" in page.words
    assert "Place Bonn said in message 1" in page.words
    assert 'href="#m1"' in page.text


async def test_what_was_said_elsewhere_leads_there(danas: Browser, office: Office, store: Store):
    earlier = await office.conversation("I am Alice")
    visitor = await agreeing(store, earlier)
    await understood(store, earlier, ("name", "Alice"))
    await store.write(consents.note, earlier.id, frame="r", kind=Kind.RATING, data={"stars": 4}, at=at(minutes=3))
    now = await office.conversation("Hello again")
    await store.write(consents.link_visitor, now.id, visitor, at=at(minutes=4))

    page = await danas.get(f"/console/conversations/{now.id}")

    assert "Name Alice said in message 1 of another conversation" in page.words
    assert f'href="/console/conversations/{earlier.id}?before=51#m1"' in page.text
    assert "Other conversations 1" in page.words
    assert "with the bot, rated 4 of 5" in page.words


async def test_without_consent_only_this_conversation_tells_anything(
    danas: Browser, office: Office, store: Store, shop: Site
):
    await bought(store, shop, customer="somebody")
    conversation = await office.conversation("I am Bob")
    await understood(store, conversation, ("name", "Bob"))

    told = await panel_of(danas, conversation)

    assert "Name Bob said in message 1" in told
    assert "Only what is said here is known" in told
    for other in ("Orders", "This visit", "Last visit", "Other conversations", "Segment", "Customer"):
        assert other not in told


async def test_who_withdrew_has_no_pages_any_more(danas: Browser, office: Office, store: Store):
    conversation = await office.conversation("Hello")
    visitor = await agreeing(store, conversation)
    await views(store, visitor, (-5, "/hats"))
    assert "Page /hats" in await panel_of(danas, conversation)

    await store.write(set_consent, visitor, measure=False, memory=True, at=at(minutes=5))

    assert "Page /hats" not in await panel_of(danas, conversation)


async def test_pages_are_told_by_visit(danas: Browser, office: Office, store: Store):
    conversation = await office.conversation("Hello")
    visitor = await agreeing(store, conversation)
    await views(store, visitor, (-90, "/hats"), (-59, "/scarves"), (-29, "/socks"), (0, "/gloves"))

    told = await panel_of(danas, conversation)
    office.clock.at = at(minutes=30)
    later = await panel_of(danas, conversation)

    # From one to the next 31, 30 and 29 minutes.
    assert "This visit 2 pages 12:00 Page /gloves 11:31 Page /socks" in told
    assert "Earlier visits 2" in told
    assert "Last visit 2 pages" in later


async def test_of_a_long_visit_the_last_twenty_pages_are_listed(danas: Browser, office: Office, store: Store):
    conversation = await office.conversation("Hello")
    visitor = await agreeing(store, conversation)
    await views(store, visitor, *((number - 30, f"/{number}") for number in range(23)))

    told = await panel_of(danas, conversation)

    assert "This visit 23 pages" in told and "And 3 before these." in told
    assert "Page /3 " in told and "Page /2 " not in told


async def test_orders_are_told_in_their_own_currency_less_what_was_given_back(
    danas: Browser, office: Office, store: Store, shop: Site
):
    conversation = await office.conversation("Hello")
    visitor = await agreeing(store, conversation)
    await bought(store, shop, visitor=visitor, customer=ALICE.customer, name="Alice Archer")
    await bought(store, shop, "order-2", visitor=visitor, value=1200, currency="JPY")
    await bought(store, shop, "refund-1", kind=Kind.REFUND, of="order-1001", value=990)
    await bought(store, shop, "status-1", kind=Kind.STATUS, of="order-1001", status="sent", value=None, currency=None)

    told = await panel_of(danas, conversation)

    assert "Orders 2 · 40.00 EUR, 1200 JPY" in told
    assert "order-1001 49.90 EUR, 9.90 EUR given back sent , bought" in told
    assert "Name Alice Archer verified by the shop" in told
    assert "Segment Silent buyer Bought without a word." in told
    assert "Customer customer-1 an order from this browser" in told


async def test_who_got_an_answer_and_bought_is_a_conversing_buyer(
    danas: Browser, office: Office, store: Store, shop: Site
):
    conversation, _ = await store.write(begin, SHOP, at=at(), language="de-AT", page=None)
    visitor = await agreeing(store, conversation)
    await store.write(receive, conversation.id, frame=FRAME.format(1), text="Hi", page=None, at=at(minutes=2))
    turn = await store.read(next_open, conversation.id)
    assert turn is not None
    await store.write(close, turn, Outcome((Reply("Hello"),)), at=at(minutes=2))
    await bought(store, shop, visitor=visitor)

    told = await panel_of(danas, conversation)

    assert "Segment Conversing buyer" in told
    assert "Language de-AT as the browser says" in told


async def test_what_the_shop_signed_is_verified(danas: Browser, office: Office, store: Store):
    conversation = await office.conversation("Hello")
    await agreeing(store, conversation)
    await store.write(
        identify,
        conversation.id,
        frame="i1",
        customer=ALICE.customer,
        email=ALICE.email,
        name="Alice",
        at=at(minutes=2),
    )

    told = await panel_of(danas, conversation)

    assert f"Mail {ALICE.email} verified by the shop" in told
    assert "Customer customer-1 signed by the shop" in told


async def test_whatever_a_visitor_is_called_is_text(danas: Browser, office: Office, store: Store, shop: Site):
    conversation = await office.conversation(EVIL)
    visitor = await agreeing(store, conversation)
    await understood(store, conversation, ("name", EVIL), ("company", EVIL))
    await views(store, visitor, (0, f"/{EVIL}"))
    await bought(store, shop, EVIL, visitor=visitor, customer=EVIL)
    other = await office.conversation("Hello")
    await store.write(consents.link_visitor, other.id, visitor, at=at(minutes=4))

    for shown in (conversation, other):
        page = await danas.get(f"/console/conversations/{shown.id}")

        assert "<script>alert" not in page.text and "<img" not in page.text
