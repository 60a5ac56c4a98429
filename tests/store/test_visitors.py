import asyncio

import pytest

from bot.experiment import Arm
from bot.interactions import CONSENT_VERSION, Kind
from bot.store.interactions import span, window
from bot.store.profiles import find_profile
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.visitors import Link, create, customer_of, find, link, mark_staff, set_consent, unlink, visitors_of
from tests.cast import ALICE, CHARLIE, SHOP, at


async def consents(store: Store) -> list[dict[str, object]]:
    whole = await store.read(span, SHOP, at(days=-9), at(days=9))
    if whole is None:
        return []
    rows = await store.read(window, SHOP, at(days=-9), at(days=9), after_id=0, last_id=whole[1], limit=99)
    return [row.interaction.data for row in rows if row.interaction.kind is Kind.CONSENT]


async def test_a_new_visitor_has_an_id_nobody_can_guess(store: Store, shop: Site):
    one = await store.write(create, shop, at=at(), measure=True, memory=False)
    other = await store.write(create, shop, at=at(), measure=True, memory=False)

    assert len({one.id, other.id}) == 2
    assert len(bytes.fromhex(one.id)) == 16
    assert await store.read(find, one.id) == one


async def test_who_saw_the_widget_first_is_not_drawn(store: Store, shop: Site):
    visitor = await store.write(create, shop, at=at(), measure=True, memory=False, seen_first=True)

    assert visitor.arm is Arm.NONE


async def test_agreeing_is_logged_and_learned(store: Store, shop: Site):
    visitor = await store.write(create, shop, at=at(), measure=True, memory=False)

    changed = await store.write(set_consent, visitor.id, measure=True, memory=True, at=at(minutes=1))

    assert changed is not None and changed.memory
    assert await consents(store) == [
        {"measure": True, "memory": False, "version": CONSENT_VERSION},
        {"measure": True, "memory": True, "version": CONSENT_VERSION},
    ]
    profile = await store.read(find_profile, f"visitor:{visitor.id}")
    assert profile is not None and (profile.measure, profile.memory) == (True, True)


async def test_saying_the_same_again_is_not_logged_again(store: Store, shop: Site):
    visitor = await store.write(create, shop, at=at(), measure=True, memory=False)

    await store.write(set_consent, visitor.id, measure=True, memory=False, at=at(minutes=1))

    assert len(await consents(store)) == 1


async def test_the_consent_of_an_unknown_visitor_is_nobodys(store: Store, shop: Site):
    assert await store.write(set_consent, ALICE.visitor, measure=True, memory=True, at=at()) is None
    assert await consents(store) == []


async def test_staff_are_marked(store: Store, shop: Site):
    visitor = await store.write(create, shop, at=at(), measure=True, memory=False)

    await store.write(mark_staff, visitor.id)

    found = await store.read(find, visitor.id)
    assert found is not None and found.staff


async def test_a_customer_may_have_several_browsers(store: Store, shop: Site):
    one, other = [await store.write(create, shop, at=at(), measure=True, memory=False) for _ in range(2)]

    for visitor in (one, other):
        told = await store.write(link, SHOP, visitor.id, ALICE.customer, evidence="identify", at=at())
        assert told is Link.LINKED

    assert await store.read(visitors_of, SHOP, ALICE.customer) == [one.id, other.id]
    assert await store.read(customer_of, SHOP, other.id) == ALICE.customer


async def test_two_customers_are_never_merged(store: Store, shop: Site):
    visitor = await store.write(create, shop, at=at(), measure=True, memory=False)

    told = [
        await store.write(link, SHOP, visitor.id, customer, evidence="identify", at=at())
        for customer in (ALICE.customer, ALICE.customer, CHARLIE.customer)
    ]

    assert told == [Link.LINKED, Link.ALREADY, Link.OTHER_CUSTOMER]
    assert await store.read(customer_of, SHOP, visitor.id) == ALICE.customer


async def test_of_two_customers_at_once_one_wins(store: Store, shop: Site, store_url: str):
    visitor = await store.write(create, shop, at=at(), measure=True, memory=False)
    elsewhere = Store(store_url)

    told = await asyncio.gather(
        store.write(link, SHOP, visitor.id, ALICE.customer, evidence="identify", at=at()),
        elsewhere.write(link, SHOP, visitor.id, CHARLIE.customer, evidence="identify", at=at()),
    )
    await elsewhere.close()

    assert sorted(one.name for one in told) == ["LINKED", "OTHER_CUSTOMER"]


async def test_a_link_can_be_undone_and_made_to_another(store: Store, shop: Site):
    visitor = await store.write(create, shop, at=at(), measure=True, memory=False)
    await store.write(link, SHOP, visitor.id, ALICE.customer, evidence="identify", at=at())

    assert await store.write(unlink, SHOP, visitor.id, at=at(minutes=1))

    assert await store.read(customer_of, SHOP, visitor.id) is None
    assert await store.read(visitors_of, SHOP, ALICE.customer) == []
    assert not await store.write(unlink, SHOP, visitor.id, at=at(minutes=2))
    again = await store.write(link, SHOP, visitor.id, CHARLIE.customer, evidence="identify", at=at(minutes=3))
    assert again is Link.LINKED


async def test_an_unknown_visitor_is_linked_to_nobody(store: Store, shop: Site):
    assert await store.write(link, SHOP, ALICE.visitor, ALICE.customer, evidence="purchase", at=at()) is Link.NO_VISITOR


@pytest.mark.parametrize("other", [True, False])
async def test_a_visitor_is_found_only_by_their_id(store: Store, shop: Site, other: bool):
    visitor = await store.write(create, shop, at=at(), measure=True, memory=False)

    assert (await store.read(find, visitor.id[:-1] if other else visitor.id) is None) == other
