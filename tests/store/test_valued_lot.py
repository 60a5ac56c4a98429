"""Of the best customers a share is served as everybody is: drawn once, by lot, and never who can't be measured."""

from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot.interactions import Interaction, Kind
from bot.store.conversations import begin
from bot.store.forget import forget_customer, forget_visitor
from bot.store.interactions import append
from bot.store.purchases import Notice, record
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import conversations
from bot.store.valued_lot import AS_EVERYBODY, VALUED, draw, outcomes, side_of, valued_lot
from tests.cast import ALICE, SHOP, at


def waiting(connection: Connection, *, minutes: float = 0, **whose: Any) -> str:
    """A conversation in which somebody has asked for a person."""
    talk, _ = begin(connection, SHOP, at=at(), language="en", page=None)
    values = {"measure": True, "asked_person_at": at(minutes=minutes), "state": "waiting", "owner": "nobody"} | whose
    connection.execute(update(conversations).where(conversations.c.id == talk.id).values(**values))
    return talk.id


async def drawn(store: Store, shop: Site, share: float = 0.5, **whose: Any) -> tuple[str, str]:
    id = await store.write(waiting, **whose)
    return id, await store.write(draw, SHOP, shop.salt, share, id, at=at())


def rows(connection: Connection) -> list[tuple[str, str]]:
    return [tuple(row) for row in connection.execute(select(valued_lot.c.person, valued_lot.c.arm))]


async def test_the_share_that_is_asked_for_is_served_as_everybody(store: Store, shop: Site):
    arms = [(await drawn(store, shop, 0.3, customer=f"customer-{number}"))[1] for number in range(200)]

    assert 0.2 < arms.count(AS_EVERYBODY) / 200 < 0.4


async def test_who_was_drawn_keeps_their_side_whatever_the_share_is_later(store: Store, shop: Site):
    _, first = await drawn(store, shop, 0.0001, customer="one")

    again = [(await drawn(store, shop, share, customer="one"))[1] for share in (0.5, 0.5, 0.3)]

    assert [first, *again] == [VALUED] * 4
    assert await store.read(rows) == [("c:one", VALUED)]


async def test_a_browser_that_turns_out_to_be_a_customers_keeps_its_side(store: Store, shop: Site):
    _, first = await drawn(store, shop, visitor=None, customer=ALICE.customer)
    sides = {(await drawn(store, shop, visitor=None, customer=ALICE.customer))[1]}

    assert sides == {first}
    assert await store.read(side_of, SHOP, 0.5, ALICE.customer, None) == first


@pytest.mark.parametrize("whose", [
    {"customer": "one", "measure": False},
    {"customer": "one", "ours": True},
    {"customer": None, "visitor": None},
], ids=["does not agree to be measured", "is one of the staff", "nobody known"])  # fmt: skip
async def test_who_can_not_be_measured_is_never_drawn(store: Store, shop: Site, whose: dict[str, Any]):
    assert (await drawn(store, shop, 0.5, **whose))[1] == VALUED
    assert await store.read(rows) == []


async def test_without_a_share_there_is_no_lot_and_who_was_drawn_is_served_again(store: Store, shop: Site):
    sides = {name: (await drawn(store, shop, 0.5, customer=name))[1] for name in map(str, range(20))}
    held = next(name for name, side in sides.items() if side == AS_EVERYBODY)

    assert await store.read(side_of, SHOP, 0.5, held, None) == AS_EVERYBODY
    assert await store.read(side_of, SHOP, 0, held, None) == VALUED
    assert (await drawn(store, shop, 0, customer=held))[1] == VALUED


async def test_what_came_of_it_is_told_of_each(store: Store, shop: Site):
    id, arm = await drawn(store, shop, customer=ALICE.customer)
    about = {"site": SHOP, "source": "test", "conversation": id, "customer": ALICE.customer}
    happened = [
        Interaction(at=at(minutes=7), kind=Kind.ANSWER, source_id="1", data={"from": "staff"}, **about),  # type: ignore[arg-type]
        Interaction(at=at(minutes=9), kind=Kind.UNDERSTANDING, source_id="2", data={"sentiment": 0.5}, **about),  # type: ignore[arg-type]
        Interaction(at=at(days=9), kind=Kind.UNDERSTANDING, source_id="3", data={"sentiment": -1}, **about),  # type: ignore[arg-type]
    ]
    await store.write(append, happened)
    for id_, day in (("before", -1), ("after", 30)):
        order = Notice(id=id_, kind=Kind.PURCHASE, at=at(days=day), value=1, currency="EUR", customer=ALICE.customer)
        await store.write(record, shop, order, at=at(days=day))

    (one,) = await store.read(outcomes, SHOP, now=at(days=31))

    assert (one.arm, one.waited_us, one.mood, one.again, one.resolved) == (arm, 7 * 60_000_000, 0.5, True, False)


@pytest.mark.parametrize(("hours", "waited"), [(3.9, None), (4.1, 4 * 3_600_000_000)])
async def test_who_nobody_came_to_has_waited_four_hours_and_not_before(
    store: Store, shop: Site, hours: float, waited: int | None
):
    await drawn(store, shop, customer="one")

    (one,) = await store.read(outcomes, SHOP, now=at(hours=hours))

    assert (one.waited_us, one.mood, one.again) == (waited, None, False)


async def test_an_order_after_ninety_days_is_of_another_time(store: Store, shop: Site):
    await drawn(store, shop, customer="one")
    late = Notice(id="1", kind=Kind.PURCHASE, at=at(days=91), value=1, currency="EUR", customer="one")
    await store.write(record, shop, late, at=at(days=91))

    (one,) = await store.read(outcomes, SHOP, now=at(days=92))

    assert not one.again


async def test_who_agrees_no_longer_or_is_forgotten_is_not_told_of(store: Store, shop: Site):
    id, _ = await drawn(store, shop, customer="one")
    await drawn(store, shop, customer=ALICE.customer, visitor=None)
    _, _ = await drawn(store, shop, visitor=ALICE.visitor)

    await store.write(lambda c: c.execute(update(conversations).where(conversations.c.id == id).values(measure=False)))
    assert len(await store.read(outcomes, SHOP, now=at())) == 2
    await store.write(forget_customer, SHOP, ALICE.customer)
    await store.write(forget_visitor, SHOP, ALICE.visitor)

    assert [person for person, _ in await store.read(rows)] == ["c:one"]
    assert await store.read(outcomes, SHOP, now=at()) == []
