import asyncio
import random
from dataclasses import replace

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select

from bot.interactions import Interaction, Kind, VisitorId
from bot.store.interactions import append
from bot.store.profiles import find_profile, find_profiles, rebuild, rebuild_all
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import interactions, profiles
from tests.cast import ALICE, CHARLIE, SHOP, at

KINDS = [Kind.CONSENT, Kind.PAGE_VIEW, Kind.MESSAGE, Kind.UNDERSTANDING, Kind.ANSWER, Kind.PURCHASE, Kind.REFUND]


def some_interactions(number: int, seed: int = 1) -> list[Interaction]:
    """Things that two visitors and a customer did, in no good order."""
    dice = random.Random(seed)
    people = [(ALICE.visitor, None), (CHARLIE.visitor, CHARLIE.customer), (None, CHARLIE.customer), (None, None)]
    happened = []
    for one in range(number):
        visitor, customer = dice.choice(people)
        data = {"measure": True, "memory": dice.random() < 0.7, "facts": [["name", f"Name {one}"]], "sentiment": 0.1}
        happened.append(
            Interaction(
                at=at(minutes=dice.randrange(3_000)), site=SHOP, kind=dice.choice(KINDS), source="test",
                source_id=f"{seed}:{one}", visitor=visitor, customer=customer, url=f"https://shop.example/{one}",
                value=dice.randrange(10_000), currency=dice.choice(["EUR", "JPY"]), data=data,
            )
        )  # fmt: skip
    return happened


def snapshot(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(select(profiles).order_by(profiles.c.id))]


async def test_profiles_thrown_away_are_learned_again_alike(store: Store, shop: Site):
    for start in range(0, 300, 30):
        await store.write(append, some_interactions(300)[start : start + 30])
    before = await store.read(snapshot)
    assert len(before) == 3

    assert await store.write(rebuild_all, SHOP) == 3

    assert await store.read(snapshot) == before


async def test_one_profile_is_learned_again_alike(store: Store, shop: Site):
    await store.write(append, some_interactions(100))
    before = await store.read(snapshot)

    for row in before:
        await store.write(rebuild, row[0], SHOP)

    assert await store.read(snapshot) == before


@hypothesis_settings(max_examples=15)
@given(order=st.lists(st.integers(0, 11), min_size=12, max_size=40), data=st.data())
async def test_repeats_in_any_order_change_nothing(store: Store, shop: Site, order: list[int], data: st.DataObject):
    await store.write(lambda connection: connection.execute(delete(interactions)).rowcount)
    await store.write(lambda connection: connection.execute(delete(profiles)).rowcount)
    happened = some_interactions(12)
    once = [happened[one] for one in dict.fromkeys(order)]
    cut = data.draw(st.integers(0, len(order)))

    await store.write(append, [happened[one] for one in order[:cut]])
    await store.write(append, [happened[one] for one in order[cut:]])

    repeated = await store.read(snapshot)
    await store.write(rebuild_all, SHOP)
    assert await store.read(snapshot) == repeated
    learned = await store.read(find_profile, f"visitor:{ALICE.visitor}")
    views = sum(one.kind is Kind.PAGE_VIEW and one.visitor == ALICE.visitor for one in once)
    assert (0 if learned is None else learned.pages_viewed) == views


async def test_two_processes_learn_one_visitor_without_losing_anything(store: Store, shop: Site, store_url: str):
    view = Interaction(at=at(), site=SHOP, kind=Kind.PAGE_VIEW, source="test", source_id="", visitor=ALICE.visitor)
    elsewhere = Store(store_url)

    await asyncio.gather(
        *(
            one.write(append, [replace(view, source_id=f"{number}:{place}")])
            for number in range(20)
            for place, one in enumerate((store, elsewhere))
        )
    )
    await elsewhere.close()

    profile = await store.read(find_profile, f"visitor:{ALICE.visitor}")
    assert profile is not None and profile.pages_viewed == 40
    before = await store.read(snapshot)
    await store.write(rebuild_all, SHOP)
    assert await store.read(snapshot) == before


async def test_two_processes_that_meet_in_opposite_order_both_get_through(store: Store, shop: Site, store_url: str):
    def view(visitor: VisitorId, id: str) -> Interaction:
        return Interaction(at=at(), site=SHOP, kind=Kind.PAGE_VIEW, source="test", source_id=id, visitor=visitor)

    elsewhere = Store(store_url)
    await asyncio.gather(
        *(
            one.write(append, [view(visitor, f"{place}:{number}:{visitor}")])
            for number in range(15)
            for place, one, order in ((0, store, 1), (1, elsewhere, -1))
            for visitor in (ALICE.visitor, CHARLIE.visitor)[::order]
        )
    )
    await elsewhere.close()

    found = await store.read(find_profiles, [f"visitor:{ALICE.visitor}", f"visitor:{CHARLIE.visitor}"])
    assert [profile.pages_viewed for profile in found] == [30, 30]


async def test_profiles_are_found_in_the_order_asked_for(store: Store, shop: Site):
    await store.write(append, some_interactions(50))

    ids = [f"visitor:{CHARLIE.visitor}", "visitor:unknown", f"visitor:{ALICE.visitor}"]

    assert [profile.id for profile in await store.read(find_profiles, ids)] == [ids[0], ids[2]]
