"""One crawl of a site at a time, and one that failed waits."""

import asyncio
from datetime import timedelta

import pytest

from bot.interactions import Microseconds
from bot.pages.crawling.schedule import due_at
from bot.store.crawl_turns import (
    CrawlTurn,
    begin_in_turn,
    bury,
    end_turn,
    hold_turn,
    sites_to_crawl,
    take_turn,
    turn_of,
)
from bot.store.pages import (
    Crawl,
    CrawlRefused,
    add_pages,
    begin_crawl,
    current_crawl,
    fail_crawl,
    find_crawl,
    finish_crawl,
)
from bot.store.sites import Site, add_site
from bot.store.store import Store
from tests.cast import SHOP, at
from tests.pages.crawling.test_stored_pages import a_page, crawled


async def begun(store: Store, *, when: Microseconds, by_force: bool = False) -> int:
    crawl = await store.write(begin_crawl, SHOP, origin="test", at=when)
    await store.write(take_turn, SHOP, crawl, at=when, by_force=by_force)
    return crawl


async def test_two_workers_never_crawl_a_site_at_once(store: Store, shop: Site):
    crawl = await begun(store, when=at())

    with pytest.raises(CrawlRefused, match="under way"):
        await begun(store, when=at(seconds=59))

    await store.write(hold_turn, SHOP, crawl, at=at(seconds=59))
    with pytest.raises(CrawlRefused, match="under way"):
        await begun(store, when=at(seconds=100))


async def test_who_crawls_by_hand_takes_the_turn_and_the_other_ends(store: Store, shop: Site):
    slow = await begun(store, when=at())

    by_hand = await begun(store, when=at(seconds=1), by_force=True)

    with pytest.raises(CrawlRefused, match="started meanwhile"):
        await store.write(hold_turn, SHOP, slow, at=at(seconds=2))
    await store.write(end_turn, SHOP, slow, at=at(seconds=3), failed="refused")
    assert (await store.read(turn_of, SHOP)).crawl == by_hand
    assert (await store.read(turn_of, SHOP)).failures == 0


async def test_the_turn_is_free_once_it_is_given_back(store: Store, shop: Site):
    crawl = await begun(store, when=at())

    await store.write(end_turn, SHOP, crawl, at=at(seconds=1))

    assert await begun(store, when=at(seconds=1)) > crawl


async def test_a_killed_crawl_counts_as_failed_once_its_minute_is_over(store: Store, shop: Site):
    crawl = await begun(store, when=at())

    assert not await store.write(bury, SHOP, at=at(seconds=59))
    assert await store.write(bury, SHOP, at=at(seconds=60))
    assert not await store.write(bury, SHOP, at=at(seconds=61))

    turn = await store.read(turn_of, SHOP)
    dead = await store.read(find_crawl, crawl)
    assert (turn.crawl, turn.failures, turn.failed_at) == (None, 1, at(seconds=60))
    assert "killed" in (turn.told or "")
    assert dead is not None
    assert dead.state == "failed"


async def test_a_crawl_that_finished_and_could_not_say_so_has_not_failed(store: Store, shop: Site):
    crawl = await crawled(store, shop, a_page("/a"))
    await store.write(take_turn, SHOP, crawl, at=at(), by_force=False)

    assert not await store.write(bury, SHOP, at=at(minutes=2))

    assert (await store.read(turn_of, SHOP)).failures == 0


async def test_a_crawl_that_lost_its_turn_does_not_take_over(store: Store, shop: Site):
    old = await crawled(store, shop, a_page("/a"))
    slow = await begun(store, when=at(minutes=2))
    await store.write(add_pages, slow, [a_page("/b")])
    await begun(store, when=at(minutes=3), by_force=True)

    with pytest.raises(CrawlRefused, match="started later"):
        await store.write(finish_crawl, SHOP, slow, at=at(minutes=4), report={})

    assert await store.read(current_crawl, SHOP) == old


async def test_only_sites_with_a_setting_and_a_crawl_are_crawled_by_themselves(store: Store, shop: Site):
    await store.write(add_site, SHOP, at=at(), settings={"crawl_every": "1d"})
    assert await store.read(sites_to_crawl) == []

    crawl = await crawled(store, shop, a_page("/a"))
    ((site, turn, last),) = await store.read(sites_to_crawl)

    assert (site.key, turn, last.id) == (SHOP, CrawlTurn(), crawl)
    await store.write(add_site, SHOP, at=at(), settings={})
    assert await store.read(sites_to_crawl) == []


@pytest.mark.parametrize(
    ("failures", "later"),
    [
        (0, timedelta(days=1)),
        (1, timedelta(minutes=5)),
        (2, timedelta(minutes=10)),
        (5, timedelta(minutes=80)),
        (9, timedelta(hours=12)),
        (1_000_000, timedelta(hours=12)),
    ],
)
def test_a_site_that_fails_is_tried_again_later_and_later(failures: int, later: timedelta):
    last = Crawl(1, SHOP, "test", "whole", at(minutes=-5), at(), {})
    turn = CrawlTurn(failures=failures, failed_at=at() if failures else None)

    assert due_at("1d", turn, last) == at(seconds=later.total_seconds())


def test_a_failed_crawl_is_never_tried_again_sooner_than_its_site_is_crawled():
    last = Crawl(1, SHOP, "test", "whole", at(), at(), {})

    assert due_at("15m", CrawlTurn(failures=9, failed_at=at(hours=1)), last) == at(hours=1, minutes=15)


async def test_failing_counts_and_succeeding_forgets(store: Store, shop: Site):
    for count in (1, 2):
        crawl = await begun(store, when=at(minutes=count))
        await store.write(fail_crawl, crawl, at=at(minutes=count), report={})
        await store.write(end_turn, SHOP, crawl, at=at(minutes=count), failed="no answer")
        assert (await store.read(turn_of, SHOP)).failures == count

    crawl = await begun(store, when=at(minutes=3))
    await store.write(end_turn, SHOP, crawl, at=at(minutes=4))

    assert await store.read(turn_of, SHOP) == CrawlTurn(None, at(minutes=4), 0, None, None)


async def test_of_two_first_crawls_at_once_one_has_the_turn(store: Store, shop: Site):
    other = Store(store.url.render_as_string(hide_password=False))
    try:
        both = await asyncio.gather(
            *(
                one.write(
                    begin_in_turn, SHOP, origin="test", reader="1", options={}, at=at(seconds=number), by_force=False
                )
                for number, one in enumerate((store, other))
            ),
            return_exceptions=True,
        )
    finally:
        await other.close()

    held = await store.read(turn_of, SHOP)
    assert [one for one in both if not isinstance(one, CrawlRefused)] == [held.crawl]
