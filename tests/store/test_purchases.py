from dataclasses import replace

import pytest

from bot.interactions import Kind
from bot.profiles import Profile
from bot.store.counts import drops_of
from bot.store.profiles import find_profile, rebuild_all
from bot.store.purchases import Notice, Recorded, record
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.visitors import create, customer_of, link, set_consent
from tests.cast import ALICE, CHARLIE, SHOP, at

ORDER = Notice(id="order-1", kind=Kind.PURCHASE, at=at(), value=4990, currency="EUR", customer=ALICE.customer)
REFUND = Notice(id="refund-1", kind=Kind.REFUND, at=at(hours=1), of="order-1", value=1000, currency="EUR")
CUSTOMER = f"customer:{SHOP}:{ALICE.customer}"


async def told(store: Store, shop: Site, *notices: Notice) -> list[Recorded]:
    return [await store.write(record, shop, notice, at=at()) for notice in notices]


async def profile(store: Store, id: str) -> Profile:
    found = await store.read(find_profile, id)
    assert found is not None
    return found


async def test_an_order_told_twice_is_one_order(store: Store, shop: Site):
    assert await told(store, shop, ORDER, ORDER) == [Recorded.RECORDED, Recorded.DUPLICATE]

    assert (await profile(store, CUSTOMER)).spent == {"EUR": 4990}


@pytest.mark.parametrize("change", [{"value": 4991}, {"currency": "USD"}, {"kind": Kind.REFUND, "of": "order-0"}])
async def test_the_same_id_with_other_content_is_refused(store: Store, shop: Site, change: dict[str, object]):
    assert await told(store, shop, ORDER, replace(ORDER, **change)) == [Recorded.RECORDED, Recorded.CONFLICT]  # type: ignore[arg-type]

    assert (await profile(store, CUSTOMER)).spent == {"EUR": 4990}


@pytest.mark.parametrize("notices", [(ORDER, REFUND), (REFUND, ORDER)])
async def test_a_refund_counts_against_its_order_whichever_comes_first(
    store: Store, shop: Site, notices: tuple[Notice, ...]
):
    await told(store, shop, *notices)

    learned = await profile(store, CUSTOMER)
    assert (learned.spent, learned.orders) == ({"EUR": 3990}, 1)
    await store.write(rebuild_all, SHOP)
    assert await profile(store, CUSTOMER) == learned


async def test_an_order_says_who_the_visitor_is(store: Store, shop: Site):
    visitor = await store.write(create, shop, at=at(), measure=True, memory=False)

    await told(store, shop, replace(ORDER, visitor=visitor.id, name="Alice", email=ALICE.email))

    assert await store.read(customer_of, SHOP, visitor.id) == ALICE.customer
    learned = await profile(store, f"visitor:{visitor.id}")
    assert learned.spent == {"EUR": 4990}
    assert [fact.value for fact in learned.facts] == ["Alice", ALICE.email]


async def test_an_order_in_the_browser_of_another_customer_is_the_customers_own(store: Store, shop: Site):
    visitor = await store.write(create, shop, at=at(), measure=True, memory=False)
    await store.write(link, SHOP, visitor.id, CHARLIE.customer, evidence="identify", at=at())

    await told(store, shop, replace(ORDER, visitor=visitor.id))

    assert await store.read(customer_of, SHOP, visitor.id) == CHARLIE.customer
    assert (await profile(store, f"visitor:{visitor.id}")).spent == {}
    assert (await profile(store, CUSTOMER)).spent == {"EUR": 4990}


async def test_an_order_of_a_forgotten_visitor_is_kept_without_them(store: Store, shop: Site):
    assert await told(store, shop, replace(ORDER, visitor="f" * 32, customer=None)) == [Recorded.RECORDED]

    assert await store.read(find_profile, "visitor:" + "f" * 32) is None
    assert [drop.reason for drop in await store.read(drops_of, SHOP, at(), at(hours=1))] == ["erased"]


async def test_an_order_of_a_visitor_who_agrees_no_longer_is_kept_without_them(store: Store, shop: Site):
    visitor = await store.write(create, shop, at=at(), measure=True, memory=False)
    await store.write(set_consent, visitor.id, measure=False, memory=False, at=at())

    assert await told(store, shop, replace(ORDER, visitor=visitor.id, customer=None)) == [Recorded.RECORDED]

    assert (await profile(store, f"visitor:{visitor.id}")).spent == {}
    assert [drop.reason for drop in await store.read(drops_of, SHOP, at(), at(hours=1))] == ["no_consent"]


async def test_a_status_is_logged_for_the_person_of_its_order(store: Store, shop: Site):
    status = Notice(id="status-1", kind=Kind.STATUS, at=at(hours=2), of="order-1", status="sent")

    assert await told(store, shop, ORDER, status, status) == [
        Recorded.RECORDED,
        Recorded.RECORDED,
        Recorded.DUPLICATE,
    ]

    assert (await profile(store, CUSTOMER)).last_seen == at(hours=2)
