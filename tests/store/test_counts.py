from bot.store.counts import count_drop, count_drops, count_views, drops_of, views_of
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP, at


async def test_drops_add_up_by_day_door_and_reason(store: Store, shop: Site):
    await store.write(count_drops, SHOP, {"robot": 2, "staff": 1}, door="events", at=at())
    await store.write(count_drop, SHOP, door="events", reason="robot", at=at(hours=11))
    await store.write(count_drop, SHOP, door="chat", reason="robot", at=at(hours=12))

    drops = await store.read(drops_of, SHOP, at(), at(days=1))

    assert [(drop.day[-2:], drop.door, drop.reason, drop.count) for drop in drops] == [
        ("02", "events", "robot", 3),
        ("02", "events", "staff", 1),
        ("03", "chat", "robot", 1),
    ]


async def test_nothing_dropped_is_nothing_counted(store: Store, shop: Site):
    await store.write(count_drops, SHOP, {}, door="events", at=at())
    await store.write(count_views, SHOP, {}, at=at())

    assert await store.read(drops_of, SHOP, at(), at(days=1)) == []


async def test_views_add_up_by_page(store: Store, shop: Site):
    await store.write(count_views, SHOP, {"https://shop.example/": 2, "https://shop.example/a": 1}, at=at())
    await store.write(count_views, SHOP, {"https://shop.example/": 1}, at=at(hours=1))

    assert await store.read(views_of, SHOP, "2026-03-02") == {"https://shop.example/": 3, "https://shop.example/a": 1}


async def test_the_longest_address_can_be_counted(store: Store, shop: Site):
    long = "https://shop.example/" + "🛒" * 2_000

    await store.write(count_views, SHOP, {long: 1, long + "x": 1}, at=at())

    assert list((await store.read(views_of, SHOP, "2026-03-02")).values()) == [2]
