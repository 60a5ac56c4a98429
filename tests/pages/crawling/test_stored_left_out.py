"""What a crawl left out is kept as long as its pages are."""

from dataclasses import replace

from bot.store.left_out import LeftOut, add_left_out, left_out_of
from bot.store.migrate import downgrade, upgrade
from bot.store.pages import Stamp, clear_pages, passages_of
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import at
from tests.pages.crawling.test_stored_pages import a_page, crawled

URL = "https://shop.example/print"
LEFT = LeftOut(URL, URL, "duplicate", "", "d", "b", at(), at(), False, Stamp('"a"', None, "2026-03-01"), b"links")


async def test_what_was_left_out_is_given_in_portions(store: Store, shop: Site):
    crawl = await crawled(store, shop, a_page("/a"))
    left = [replace(LEFT, asked=f"{URL}/{letter}") for letter in "cab"]
    await store.write(add_left_out, crawl, left)

    first = await store.read(left_out_of, crawl, limit=2)
    rest = await store.read(left_out_of, crawl, after=first[-1].asked, limit=2)

    assert [*first, *rest] == sorted(left, key=lambda one: one.asked)


async def test_what_an_older_crawl_left_out_is_deleted_with_its_pages(store: Store, shop: Site):
    old = await crawled(store, shop, a_page("/a"))
    await store.write(add_left_out, old, [LEFT])
    new = await crawled(store, shop, a_page("/a"))
    await store.write(add_left_out, new, [LEFT])

    while await store.write(clear_pages, shop.key):
        pass

    assert await store.read(left_out_of, old) == []
    assert await store.read(left_out_of, new) == [LEFT]


async def test_pages_survive_the_way_down_and_up_again(store: Store, shop: Site):
    crawl = await crawled(store, shop, a_page("/a"))
    await store.write(add_left_out, crawl, [LEFT])

    await store.write(downgrade, "0004")
    await store.write(upgrade)

    assert [one.url for one in await store.read(passages_of, crawl)] == ["/a"]
    assert await store.read(left_out_of, crawl) == []
