"""Which order may be told to whom."""

from dataclasses import replace

import pytest

from bot.interactions import CustomerId, Interaction, Kind
from bot.store.conversations import Conversation, begin, interaction
from bot.store.interactions import append
from bot.store.orders import (
    TRIES_IN_A_CONVERSATION,
    TRIES_OF_A_VISITOR,
    News,
    may_try,
    order_of_customer,
    order_of_mail,
)
from bot.store.purchases import Notice, record
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.visitors import create
from tests.cast import ALICE, CHARLIE, SHOP, at

TRACKING = "https://parcel.example/1001"
BOUGHT = Notice(
    id="order-1001",
    kind=Kind.PURCHASE,
    at=at(days=-3),
    value=4990,
    currency="EUR",
    customer=ALICE.customer,
    email="Alice@Customers.example",
)
PACKED = Notice(id="status-1", kind=Kind.STATUS, of="order-1001", status="packed", at=at(days=-2))
SENT = Notice(id="status-2", kind=Kind.STATUS, of="order-1001", status="sent", tracking=TRACKING, at=at(days=-1))


@pytest.fixture
async def told(store: Store, shop: Site) -> Store:
    for notice in (BOUGHT, SENT, PACKED, replace(BOUGHT, id="order-900", at=at(days=-9))):
        await store.write(record, shop, notice, at=at())
    return store


async def test_the_latest_news_is_told_whichever_came_first(told: Store):
    found = await told.read(order_of_mail, SHOP, number="1001", email=ALICE.email)

    assert found == News("order-1001", at(days=-1), "sent", TRACKING)


async def test_of_an_order_without_news_the_day_it_was_bought_is_known(told: Store):
    assert await told.read(order_of_mail, SHOP, number="#900", email=ALICE.email) == News("order-900", at(days=-9))


@pytest.mark.parametrize(
    ("number", "email"), [("1002", ALICE.email), ("1001", CHARLIE.email), ("1001", ""), ("", ALICE.email), ("1", "%")]
)
async def test_number_and_address_have_to_match_both(told: Store, number: str, email: str):
    assert await told.read(order_of_mail, SHOP, number=number, email=email) is None


async def test_another_sites_orders_are_not_found(told: Store):
    assert await told.read(order_of_mail, "other", number="1001", email=ALICE.email) is None


async def test_a_known_customer_is_told_of_their_own_orders_only(told: Store):
    own = {n: await told.read(order_of_customer, SHOP, ALICE.customer, number=n) for n in (None, "900", "7")}

    assert [one and one.number for one in own.values()] == ["order-1001", "order-900", None]
    assert await told.read(order_of_customer, SHOP, CHARLIE.customer, number="1001") is None
    assert await told.read(order_of_customer, SHOP, CustomerId(""), number=None) is None


async def conversation(store: Store) -> Conversation:
    begun, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)
    return begun


def asked(about: Conversation, number: int, *, found: bool, hours: float = 0) -> Interaction:
    source_id = f"{about.id}:{number}:{hours}"
    return interaction(about, Kind.ORDER, at=at(hours=hours), source_id=source_id, data={"found": found})


async def test_five_wrong_orders_end_the_guessing_in_a_conversation(store: Store, shop: Site):
    guessing = await conversation(store)
    wrong = [asked(guessing, n, found=False) for n in range(TRIES_IN_A_CONVERSATION)]
    await store.write(append, [*wrong[1:], asked(guessing, 99, found=True)])
    assert await store.read(may_try, guessing, at=at())

    await store.write(append, wrong[:1])

    assert not await store.read(may_try, guessing, at=at())
    assert await store.read(may_try, await conversation(store), at=at())


async def test_a_new_conversation_gives_a_visitor_no_new_tries_for_a_day(store: Store, shop: Site):
    whose = await store.write(create, shop, at=at(), measure=True, memory=False)
    both = [replace(await conversation(store), visitor=whose.id, measure=True) for _ in range(3)]
    wrong = [asked(both[n % 2], n, found=False) for n in range(TRIES_OF_A_VISITOR)]
    await store.write(append, wrong[:8])
    assert await store.read(may_try, both[2], at=at())

    await store.write(append, wrong)

    assert not await store.read(may_try, both[2], at=at(hours=23))
    assert await store.read(may_try, both[2], at=at(hours=25))
