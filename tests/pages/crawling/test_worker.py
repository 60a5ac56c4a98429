"""Sites are crawled again by themselves, by a process that is only there when there is something to do."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from bot import up
from bot.children import Child
from bot.interactions import Microseconds
from bot.pages.crawling.crawl import Wanted, crawl_as, now
from bot.pages.crawling.history import history_of
from bot.pages.crawling.schedule import sites_due
from bot.pages.crawling.walk import Limits
from bot.settings import Settings
from bot.store.crawl_turns import end_turn, take_turn, turn_of
from bot.store.pages import begin_crawl, current_crawl, find_crawl, last_crawls
from bot.store.sites import add_site
from bot.store.store import Store
from bot.store.tables import crawl_turns, crawls
from bot.up import _has_work as has_work
from bot.worker import crawl_what_is_due
from tests.cast import SHOP
from tests.pages.conftest import Crawler, Website

HOUR = 3_600_000_000


def ago(hours: float) -> Microseconds:
    return Microseconds(now() - int(hours * HOUR))


def long_ago(connection: Connection, hours: float) -> None:
    """As if all that was crawled had been so many hours earlier."""
    moved = {
        "started_at": crawls.c.started_at - int(hours * HOUR),
        "finished_at": crawls.c.finished_at - int(hours * HOUR),
    }
    connection.execute(update(crawls).values(**moved))


async def crawled_daily(crawler: Crawler, website: Website) -> None:
    website.page("/", "<p>Hats cost 39 EUR.</p>", ETag='"1"')
    await crawler.crawl(website)
    await crawler.store.write(add_site, SHOP, at=now(), settings={"crawl_every": "1d"})


async def until(look: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not look():  # noqa: ASYNC110 - a server tells nobody that it was asked
            await asyncio.sleep(0.02)


async def test_a_site_is_crawled_again_when_its_time_has_come_as_it_was_before(crawler: Crawler, website: Website):
    await crawled_daily(crawler, website)
    await crawl_what_is_due(crawler.store, crawler.settings)
    assert await crawler.store.read(current_crawl, SHOP) == 1

    await crawler.store.write(long_ago, 24)
    website.page("/", "<p>Hats cost 45 EUR.</p>")
    await crawl_what_is_due(crawler.store, crawler.settings)

    assert await crawler.store.read(current_crawl, SHOP) == 2
    assert (await crawler.ask("How much are hats?")).said.text == "Hats cost 45 EUR."
    assert await sites_due(crawler.store, now()) == []


async def test_how_a_crawl_was_asked_for_is_remembered(crawler: Crawler, website: Website):
    website.page("/", "<p>Hats.</p>")
    await crawler.crawl(website, limit=7, depth=2, time_limit=timedelta(minutes=3), byte_limit=5_000_000)

    crawl = await crawler.store.read(find_crawl, 1)

    assert crawl is not None
    assert crawl.origin == website.url
    expected = Wanted((website.host_port,), "", Limits(7, 2, timedelta(minutes=3), 5_000_000))
    assert Wanted.of(crawl.options) == expected
    assert Wanted.of(None) == Wanted()


async def test_a_site_that_is_down_is_tried_again_later_and_goes_on_answering(crawler: Crawler, website: Website):
    await crawled_daily(crawler, website)
    await crawler.store.write(long_ago, 25)
    website.body("/", b"", status=500)

    await crawl_what_is_due(crawler.store, crawler.settings)
    asked = len(website.asked)
    await crawl_what_is_due(crawler.store, crawler.settings)

    turn = await crawler.store.read(turn_of, SHOP)
    assert (turn.crawl, turn.failures) == (None, 1)
    assert "status 500" in (turn.told or "")
    assert len(website.asked) == asked
    assert await sites_due(crawler.store, now()) == []
    assert [site.key for site, _ in await sites_due(crawler.store, ago(-0.1))] == [SHOP]
    assert (await crawler.ask("How much are hats?")).said.text == "Hats cost 39 EUR."


async def test_a_site_that_is_being_crawled_is_not_crawled_by_another_worker(crawler: Crawler, website: Website):
    await crawled_daily(crawler, website)
    await crawler.store.write(long_ago, 25)
    other = await crawler.store.write(begin_crawl, SHOP, origin=website.url, at=now())
    await crawler.store.write(take_turn, SHOP, other, at=now(), by_force=False)
    asked = len(website.asked)

    await crawl_what_is_due(crawler.store, crawler.settings)

    assert len(website.asked) == asked
    await crawler.store.write(end_turn, SHOP, other, at=now(), failed="no answer")


async def test_a_site_without_the_setting_is_left_alone(crawler: Crawler, website: Website):
    await crawled_daily(crawler, website)
    await crawler.store.write(add_site, SHOP, at=now(), settings={})
    await crawler.store.write(long_ago, 1_000)

    assert await sites_due(crawler.store, now()) == []


async def test_a_folder_is_read_again_too(crawler: Crawler, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.html").write_text("<p>Hats cost 39 EUR.</p>")
    await crawler.crawl(tmp_path / "site", base="https://shop.example")
    await crawler.store.write(add_site, SHOP, at=now(), settings={"crawl_every": "1d"})
    await crawler.store.write(long_ago, 25)
    (tmp_path / "site" / "a.html").write_text("<p>Hats cost 45 EUR.</p>")

    await crawl_what_is_due(crawler.store, crawler.settings)

    found = await crawler.ask("How much are hats?")
    assert (found.said.text, found.said.sources[0].url) == ("Hats cost 45 EUR.", "https://shop.example/a.html")


async def test_a_crawl_by_hand_ends_the_one_under_way(crawler: Crawler, website: Website, monkeypatch):
    monkeypatch.setattr("bot.pages.crawling.crawl.HOLD_EVERY_S", 0.05)
    await crawled_daily(crawler, website)
    website.page("/", '<p>Hats.</p><a href="/slow">slow</a>')
    website.endless("/slow", b"<p>", pause_s=0.05)
    slow = asyncio.create_task(
        crawl_as(crawler.store, crawler.settings, SHOP, website.url, Wanted((website.host_port,)))
    )
    await until(lambda: "/slow" in website.asked)
    website.page("/slow", "<p>Gloves cost 20 EUR.</p>")

    report = await crawler.crawl(website)

    (error,) = await asyncio.gather(slow, return_exceptions=True)
    assert "started meanwhile" in str(error)
    assert report.pages == 2
    assert await crawler.store.read(current_crawl, SHOP) == report.crawl
    assert (await crawler.store.read(turn_of, SHOP)).failures == 0


async def test_a_worker_that_is_stopped_or_killed_in_mid_crawl_loses_nothing(crawler: Crawler, website: Website):
    await crawled_daily(crawler, website)
    await crawler.store.write(long_ago, 25)
    website.page("/", '<p>Hats.</p><a href="/slow">slow</a>')
    website.endless("/slow", b"<p>", pause_s=0.05)
    environment = os.environ | {
        "DUOLOGUE_HOME": str(crawler.settings.home),
        "DUOLOGUE_DATABASE_URL": crawler.store.url.render_as_string(hide_password=False),
    }

    async def worker_at_work() -> asyncio.subprocess.Process:
        website.asked.clear()
        worker = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "work", env=environment)
        await until(lambda: "/slow" in website.asked)
        return worker

    stopped = await worker_at_work()
    stopped.send_signal(signal.SIGTERM)
    assert await stopped.wait() == 0
    turn = await crawler.store.read(turn_of, SHOP)
    assert (turn.crawl, turn.failures) == (None, 0)

    killed = await worker_at_work()
    killed.kill()
    await killed.wait()
    assert (await crawler.ask("How much are hats?")).said.text == "Hats cost 39 EUR."
    history = await history_of(crawler.store, SHOP)
    assert [one["state"] for one in history.as_json()["crawls"]] == ["running", "failed", "whole"]
    assert await sites_due(crawler.store, now()) == []

    def a_minute_later(connection: Connection) -> None:
        connection.execute(update(crawl_turns).values(held_until=ago(1)))

    await crawler.store.write(a_minute_later)
    assert await sites_due(crawler.store, now()) == []
    assert (await crawler.store.read(turn_of, SHOP)).failures == 1
    website.page("/slow", "<p>Gloves cost 20 EUR.</p>")
    assert (await crawler.crawl(website)).pages == 2
    assert [one.state for one in await crawler.store.read(last_crawls, SHOP)] == ["whole", "failed", "failed", "whole"]


async def test_the_worker_is_started_only_when_something_is_due(
    crawler: Crawler, website: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.up.LOOKS_FOR_WORK_EVERY_S", 0.02)
    await crawled_daily(crawler, website)
    home = tmp_path / "of the supervisor"
    url = crawler.store.url.render_as_string(hide_password=False)
    settings = Settings(home=home, database_url=url)
    worker = Child([sys.executable, "-c", "print('worked')"], environment={}, log=tmp_path / "log", folder=tmp_path)
    looked = asyncio.Event()
    looks = 0

    async def look(store: Store) -> bool:
        nonlocal looks
        looks += 1
        if looks == 5:
            looked.set()
        return await has_work(store)

    monkeypatch.setattr("bot.up._has_work", look)
    supervising = asyncio.create_task(up._work_when_due(settings, worker))

    await looked.wait()
    assert worker.process is None
    await crawler.store.write(long_ago, 25)
    await until(lambda: worker.last_lines(1) == "worked")

    supervising.cancel()
    await asyncio.gather(supervising, return_exceptions=True)
    await worker.stop(5)


async def test_the_last_crawls_are_told_with_when_the_next_one_is(crawler: Crawler, website: Website):
    assert "never crawled" in (await history_of(crawler.store, SHOP)).lines()[0]
    await crawled_daily(crawler, website)
    await crawler.crawl(website)

    lines = (await history_of(crawler.store, SHOP)).lines()

    assert f"whole    {website.url}  1 pages (0 changed, 0 new, 0 gone)" in lines[0]
    assert "(0 changed, 1 new, 0 gone)" in lines[1]
    assert lines[2].startswith("Every 1d; the next one is due ")
