"""What tells the log's copy in files that a row is not what it was."""

from sqlalchemy import Connection, select

from bot.interactions import Kind
from bot.store.forget import forget_visitor
from bot.store.interactions import append
from bot.store.log_changes import Copied, has_changed, is_behind, waiting
from bot.store.log_marks import Mark
from bot.store.purchases import Notice, record
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import interactions, log_changes
from bot.store.visitors import create, link, mark_staff, unlink
from tests.cast import ALICE, SHOP, at
from tests.insights.happened import did, viewed

MANY = 100


def ids(connection: Connection) -> list[int]:
    return list(connection.execute(select(interactions.c.id).order_by(interactions.c.id)).scalars())


def changed(connection: Connection) -> list[int]:
    return list(connection.execute(select(log_changes.c.interaction).order_by(log_changes.c.number)).scalars())


async def all_copied(store: Store) -> Copied:
    numbers = len(await store.read(changed))
    return Copied(Mark(max(await store.read(ids), default=0)), Mark(numbers), at=at())


async def test_what_is_only_appended_is_no_change(store: Store, shop: Site):
    await store.write(append, viewed("v", 0, 1))

    assert await store.read(changed) == []


async def test_every_row_that_is_erased_is_told_by_its_number_alone(store: Store, shop: Site):
    alice = (await store.write(create, shop, at=at(), measure=True, memory=False)).id
    await store.write(append, viewed(alice, 0, 1))
    before = await store.read(ids)

    await store.write(forget_visitor, SHOP, alice)

    assert sorted(await store.read(changed)) == before
    assert await store.read(has_changed, Copied(Mark(max(before))))
    assert not await store.read(has_changed, Copied(Mark(max(before)), Mark(len(before))))


async def test_a_refund_that_finds_its_buyer_later_is_a_change(store: Store, shop: Site):
    refund = Notice(id="refund", kind=Kind.REFUND, of="order", at=at(), value=100, currency="EUR")
    order = Notice(id="order", kind=Kind.PURCHASE, at=at(), value=100, currency="EUR", customer=ALICE.customer)
    await store.write(record, shop, refund, at=at())
    copied = await all_copied(store)

    await store.write(record, shop, order, at=at())

    told = await store.read(waiting, SHOP, copied, limit=MANY)
    assert told.changed == (1,)
    assert [(row["type"], row["customer"]) for row in told.rows] == [
        ("refund", ALICE.customer),
        ("purchase", ALICE.customer),
    ]


async def test_what_is_new_waits_until_it_was_copied(store: Store, shop: Site):
    await store.write(append, viewed("v", 0))
    copied = await all_copied(store)
    assert not await store.read(is_behind, copied)

    await store.write(append, [did("v", Kind.PRESENT), did("w", Kind.PRESENT)])

    told = await store.read(waiting, SHOP, copied, limit=2)
    assert ([row["visitor"] for row in told.rows], told.whole) == (["v", "w"], True)
    assert await store.read(is_behind, copied)


async def test_of_too_much_that_is_new_nothing_is_told(store: Store, shop: Site):
    await store.write(append, viewed("v", 0, 1, 2))

    told = await store.read(waiting, SHOP, Copied(), limit=2)

    assert (told.rows, told.whole) == ((), False)


async def test_links_and_marks_are_told_as_they_are_now(store: Store, shop: Site):
    linked, unlinked, dana = [
        (await store.write(create, shop, at=at(), measure=True, memory=False)).id for _ in range(3)
    ]
    for visitor in (linked, unlinked):
        await store.write(link, SHOP, visitor, ALICE.customer, evidence="identify", at=at())
    await store.write(unlink, SHOP, unlinked, at=at(minutes=1))
    await store.write(mark_staff, dana)

    told = await store.read(waiting, SHOP, Copied(), limit=MANY)

    assert told.links == {linked: ALICE.customer, unlinked: None}
    assert told.marked == (dana,)
