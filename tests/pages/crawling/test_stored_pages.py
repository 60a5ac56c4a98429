"""A crawl answers only when it is whole."""

from dataclasses import replace

import pytest

from bot.store.pages import (
    BATCH_ROWS,
    CrawlRefused,
    NewPage,
    NewPassage,
    add_pages,
    batches,
    begin_crawl,
    clear_pages,
    current_crawl,
    current_crawls,
    fail_crawl,
    find_crawl,
    finish_crawl,
    passages_of,
)
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import at


def a_page(url: str, passages: int = 1) -> NewPage:
    texts = (NewPassage(number, ("Shipping",), f"{url} says {number}", f"d{number}") for number in range(passages))
    return NewPage(url, "Title", "digest", at(), tuple(texts))


async def crawled(store: Store, shop: Site, *pages: NewPage) -> int:
    crawl = await store.write(begin_crawl, shop.key, origin="test", at=at())
    for batch in batches(pages):
        await store.write(add_pages, crawl, batch)
    await store.write(finish_crawl, shop.key, crawl, at=at(minutes=1), report={"pages": len(pages)})
    return crawl


async def test_a_whole_crawl_answers(store: Store, shop: Site):
    assert await store.read(current_crawl, shop.key) is None

    crawl = await crawled(store, shop, a_page("/a", 2), a_page("/b"))

    found = await store.read(passages_of, crawl)
    assert await store.read(current_crawls) == {shop.key: crawl}
    assert [(one.url, one.title, one.heading, one.text) for one in found] == [
        ("/a", "Title", ("Shipping",), "/a says 0"),
        ("/a", "Title", ("Shipping",), "/a says 1"),
        ("/b", "Title", ("Shipping",), "/b says 0"),
    ]
    done = await store.read(find_crawl, crawl)
    assert done is not None
    assert (done.state, done.finished_at, done.report) == ("whole", at(minutes=1), {"pages": 2})


async def test_a_passage_knows_what_its_page_says_its_language_is(store: Store, shop: Site):
    crawl = await crawled(store, shop, replace(a_page("/a"), language="de-at"), a_page("/b"))

    assert [one.language for one in await store.read(passages_of, crawl)] == ["de-at", ""]


async def test_passages_are_given_in_portions(store: Store, shop: Site):
    crawl = await crawled(store, shop, a_page("/a", 5))

    first = await store.read(passages_of, crawl, limit=3)
    rest = await store.read(passages_of, crawl, after=first[-1].id, limit=3)

    assert [one.position for one in (*first, *rest)] == [0, 1, 2, 3, 4]


async def test_a_crawl_without_text_leaves_the_old_pages(store: Store, shop: Site):
    old = await crawled(store, shop, a_page("/a"))

    with pytest.raises(CrawlRefused, match="no page with text"):
        await crawled(store, shop, a_page("/empty", 0))

    assert await store.read(current_crawl, shop.key) == old


async def test_a_failed_crawl_is_cleared_and_the_old_one_stays(store: Store, shop: Site):
    old = await crawled(store, shop, a_page("/a"))
    crawl = await store.write(begin_crawl, shop.key, origin="test", at=at())
    await store.write(add_pages, crawl, [a_page("/half")])
    await store.write(fail_crawl, crawl, at=at(), report={})

    while await store.write(clear_pages, shop.key):
        pass

    assert await store.read(passages_of, crawl) == []
    assert len(await store.read(passages_of, old)) == 1
    assert await store.read(current_crawl, shop.key) == old


async def test_older_pages_are_deleted_in_small_pieces(store: Store, shop: Site):
    old = await crawled(store, shop, a_page("/a", 700))
    new = await crawled(store, shop, a_page("/a"))
    deleted = []

    while count := await store.write(clear_pages, shop.key):
        deleted.append(count)

    assert deleted == [BATCH_ROWS, 200, 1]
    assert await store.read(passages_of, old) == []
    assert len(await store.read(passages_of, new)) == 1


async def test_a_crawl_overtaken_by_a_later_one_does_not_answer(store: Store, shop: Site):
    slow = await store.write(begin_crawl, shop.key, origin="slow", at=at())
    quick = await crawled(store, shop, a_page("/new"))
    await store.write(add_pages, slow, [a_page("/old")])

    with pytest.raises(CrawlRefused, match="started later"):
        await store.write(finish_crawl, shop.key, slow, at=at(), report={})

    assert await store.read(current_crawl, shop.key) == quick


async def test_a_page_of_any_size_is_stored_in_batches_of_500_rows(store: Store, shop: Site):
    pages = [a_page("/small"), a_page("/huge", 1200), a_page("/last", 3)]

    rows = [sum(1 + len(page.passages) for page in batch) for batch in batches(pages)]
    crawl = await crawled(store, shop, *pages)

    assert max(rows) <= BATCH_ROWS
    assert [one.url for one in await store.read(passages_of, crawl)] == ["/small"] + ["/huge"] * 1200 + ["/last"] * 3
