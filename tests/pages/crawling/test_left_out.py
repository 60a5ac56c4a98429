"""What was left out before is not fetched again to be left out again; and nothing is left out that need not be."""

import asyncio
import os
import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import Connection, update

from bot.pages.crawling.report import CrawlReport
from bot.store.left_out import left_out_of
from bot.store.pages import current_crawl
from bot.store.tables import left_out
from tests.pages.conftest import Crawler, Website
from tests.pages.crawling.test_again import said
from tests.pages.crawling.test_worker import until
from tests.pages.reading.pdfs import a_pdf

NOINDEX = '<meta name="robots" content="noindex">'
LONG = f"<!--{'.' * 20_000}-->"


@dataclass
class Shop:
    """A website whose pages have an ETag each; of each request for one the status is remembered."""

    website: Website
    told: list[tuple[str, int]] = field(default_factory=list)
    header_with_304: bool = True

    def serve(
        self,
        path: str,
        text: str,
        *links: str,
        head: str = "",
        etag: str | None = None,
        robots: str = "",
        pdf: bytes = b"",
    ) -> None:
        leads = "".join(f'<a href="{link}"></a>' for link in links)
        html = f"<!doctype html><html lang=en-IE><title>Hats</title>{head}<nav>{leads}</nav><main><p>{text}</p></main>"
        body = pdf or (html + LONG).encode()
        tag = f'"{abs(hash(body))}"' if etag is None else etag
        told = {"X-Robots-Tag": robots} if robots else {}

        async def give(request: web.Request) -> web.StreamResponse:
            is_same = bool(tag) and request.headers.get("If-None-Match") == tag
            self.told.append((path, 304 if is_same else 200))
            if is_same:
                return web.Response(status=304, headers=told if self.header_with_304 else {})
            kind = "application/pdf" if pdf else "text/html"
            return web.Response(body=body, headers=told | {"ETag": tag, "Content-Type": kind})

        self.website.pages[path] = give

    def statuses(self) -> dict[str, list[int]]:
        """Since it was asked last."""
        found: dict[str, list[int]] = {}
        for path, status in self.told:
            found.setdefault(path, []).append(status)
        self.told.clear()
        return found


@pytest.fixture
def shop_of_hats(website: Website) -> Shop:
    """The home page, a page, its print version with the same text, and one that asks not to be indexed."""
    made = Shop(website)
    made.serve("/", "We sell hats.", "/hats", "/print", "/basket")
    made.serve("/hats", "Hats cost 39 EUR.")
    made.serve("/print", "Hats cost 39 EUR.", "/behind-print", head="<meta name=print>")
    made.serve("/basket", "Your basket is empty.", "/behind-basket", head=NOINDEX)
    made.serve("/behind-print", "Wash hats by hand.")
    made.serve("/behind-basket", "We deliver on Mondays.")
    return made


ALL = {"We sell hats.", "Hats cost 39 EUR.", "Wash hats by hand.", "We deliver on Mondays."}


async def twice(crawler: Crawler, shop: Shop) -> tuple[CrawlReport, CrawlReport]:
    first = await crawler.crawl(shop.website)
    shop.statuses()
    return first, await crawler.crawl(shop.website)


def list_in_sitemap(website: Website, lastmod: str, *paths: str) -> None:
    rows = "".join(f"<url><loc>{website.url}{path}</loc><lastmod>{lastmod}</lastmod></url>" for path in paths)
    website.body("/sitemap.xml", f"<urlset>{rows}</urlset>".encode(), Content_Type="text/xml")


async def test_duplicates_and_pages_that_say_noindex_cost_a_304(crawler: Crawler, shop_of_hats: Shop):
    first, again = await twice(crawler, shop_of_hats)

    assert first.counts == again.counts == {"duplicate": 1, "noindex": 1}
    assert shop_of_hats.statuses() == {
        "/": [200],
        **{path: [304] for path in ("/hats", "/print", "/basket", "/behind-print", "/behind-basket")},
    }
    assert (again.requests, first.requests) == (8, 8)
    # The home page, which is always read; robots.txt and the sitemap are not there.
    assert first.bytes > 6 * 20_000
    assert again.bytes < 21_000
    assert again.against == {"unchanged": 4, "changed": 0, "new": 0, "gone": 0, "confirmed": 3}
    assert await said(crawler) == ALL


async def test_it_stays_so_however_often_it_is_crawled(crawler: Crawler, shop_of_hats: Shop):
    await twice(crawler, shop_of_hats)
    shop_of_hats.statuses()

    for _ in range(2):
        report = await crawler.crawl(shop_of_hats.website)

        assert Counter(status for one in shop_of_hats.statuses().values() for status in one) == {200: 1, 304: 5}
        assert report.counts == {"duplicate": 1, "noindex": 1}


async def test_what_the_sitemap_calls_unchanged_costs_nothing(crawler: Crawler, shop_of_hats: Shop):
    list_in_sitemap(shop_of_hats.website, "2026-03-01", "hats", "print", "basket")

    _, again = await twice(crawler, shop_of_hats)

    assert set(shop_of_hats.statuses()) == {"/", "/behind-print", "/behind-basket"}
    assert again.counts == {"duplicate": 1, "noindex": 1}
    assert await said(crawler) == ALL


async def test_without_an_etag_it_is_believed_once_it_was_the_same(crawler: Crawler, website: Website):
    shop = Shop(website)
    shop.serve("/", "We sell hats.", "/print", "/basket", etag="")
    shop.serve("/print", "We sell hats.", etag="")
    shop.serve("/basket", "Your basket is empty.", head=NOINDEX, etag="")
    list_in_sitemap(website, "2026-03-01", "print", "basket")
    asked = []

    for _ in range(3):
        await crawler.crawl(website)
        asked.append(set(shop.statuses()))

    assert asked == [{"/", "/print", "/basket"}, {"/", "/print", "/basket"}, {"/"}]


async def test_a_duplicate_that_has_changed_is_a_page(crawler: Crawler, shop_of_hats: Shop):
    await twice(crawler, shop_of_hats)
    shop_of_hats.statuses()
    shop_of_hats.serve("/print", "Print our catalogue.")

    again = await crawler.crawl(shop_of_hats.website)

    assert shop_of_hats.statuses()["/print"] == [200]
    assert (again.counts, again.against["new"]) == ({"noindex": 1}, 1)
    assert {"Print our catalogue.", "Hats cost 39 EUR."} < await said(crawler)


async def test_a_page_that_may_be_indexed_now_is_a_page(crawler: Crawler, shop_of_hats: Shop):
    await twice(crawler, shop_of_hats)
    shop_of_hats.serve("/basket", "Your basket is empty.")

    again = await crawler.crawl(shop_of_hats.website)

    assert again.counts == {"duplicate": 1}
    assert "Your basket is empty." in await said(crawler)


@pytest.mark.parametrize("listed", [False, True], ids=["asked", "listed"])
@pytest.mark.parametrize("became", ["changed", "not found", "noindex"])
async def test_a_duplicate_is_read_when_what_it_was_the_same_as_says_so_no_more(
    crawler: Crawler, shop_of_hats: Shop, became: str, listed: bool
):
    if listed:
        list_in_sitemap(shop_of_hats.website, "2026-03-01", "print")
    await twice(crawler, shop_of_hats)
    shop_of_hats.statuses()
    if became == "changed":
        shop_of_hats.serve("/hats", "Hats are sold out.")
    elif became == "noindex":
        shop_of_hats.serve("/hats", "Hats cost 39 EUR.", head=NOINDEX)
    else:
        del shop_of_hats.website.pages["/hats"]

    again = await crawler.crawl(shop_of_hats.website)

    assert shop_of_hats.statuses()["/print"] == ([200] if listed else [304, 200])
    assert "duplicate" not in again.counts
    assert await said(crawler) - {"Hats are sold out."} == ALL


async def test_of_two_duplicates_of_what_is_gone_one_becomes_a_page(crawler: Crawler, shop_of_hats: Shop):
    shop_of_hats.serve("/behind-print", "Hats cost 39 EUR.", head="<meta name=again>")
    await twice(crawler, shop_of_hats)
    shop_of_hats.statuses()
    del shop_of_hats.website.pages["/hats"]

    again = await crawler.crawl(shop_of_hats.website)

    told = shop_of_hats.statuses()
    assert (told["/print"], told["/behind-print"]) == ([304, 200], [304])
    assert again.counts == {"not_found": 1, "duplicate": 1, "noindex": 1}
    assert "Hats cost 39 EUR." in await said(crawler)


async def test_a_duplicate_is_none_while_what_it_is_the_same_as_can_not_be_had(crawler: Crawler, shop_of_hats: Shop):
    await twice(crawler, shop_of_hats)
    shop_of_hats.website.body("/hats", b"", status=503)

    again = await crawler.crawl(shop_of_hats.website)

    assert (again.counts, again.against["kept"]) == ({"http_error": 1, "duplicate": 1, "noindex": 1}, 1)


async def test_duplicates_that_swap_their_places_stay_as_they_were(crawler: Crawler, shop_of_hats: Shop):
    await twice(crawler, shop_of_hats)
    shop_of_hats.serve("/", "We sell hats.", "/basket", "/print", "/hats")

    again = await crawler.crawl(shop_of_hats.website)

    assert again.against == {"unchanged": 4, "changed": 0, "new": 0, "gone": 0, "confirmed": 3}
    assert again.counts == {"duplicate": 1, "noindex": 1}


async def test_a_page_that_has_become_a_duplicate_is_remembered_as_one(crawler: Crawler, shop_of_hats: Shop):
    await crawler.crawl(shop_of_hats.website)
    shop_of_hats.serve("/", "We sell hats.", "/care", "/hats", "/print", "/basket")
    shop_of_hats.serve("/care", "Wash hats by hand.", head="<meta name=care>")
    await crawler.crawl(shop_of_hats.website)
    shop_of_hats.statuses()

    again = await crawler.crawl(shop_of_hats.website)

    assert shop_of_hats.statuses()["/behind-print"] == [304]
    assert again.counts == {"duplicate": 2, "noindex": 1}
    assert await said(crawler) == ALL


async def test_a_noindex_of_the_server_is_kept_and_seen_to_go(crawler: Crawler, shop_of_hats: Shop):
    shop_of_hats.serve("/basket", "Your basket is empty.", "/behind-basket", robots="noindex", etag='"1"')
    await twice(crawler, shop_of_hats)
    assert shop_of_hats.statuses()["/basket"] == [304]
    shop_of_hats.serve("/basket", "Your basket is empty.", "/behind-basket", etag='"1"')

    again = await crawler.crawl(shop_of_hats.website)

    assert shop_of_hats.statuses()["/basket"] == [304, 200]
    assert again.counts == {"duplicate": 1}


async def test_a_noindex_that_is_not_said_with_a_304_is_believed_for_a_week(crawler: Crawler, shop_of_hats: Shop):
    shop_of_hats.header_with_304 = False
    shop_of_hats.serve("/basket", "Your basket is empty.", "/behind-basket", robots="noindex", etag='"1"')
    await crawler.crawl(shop_of_hats.website)
    shop_of_hats.serve("/basket", "Your basket is empty.", "/behind-basket", etag='"1"')
    shop_of_hats.statuses()
    soon = await crawler.crawl(shop_of_hats.website)
    assert (soon.counts["noindex"], shop_of_hats.statuses()["/basket"]) == (1, [304])

    def a_week_passes(connection: Connection) -> None:
        connection.execute(
            update(left_out).values(read_at=left_out.c.read_at - timedelta(days=7) // timedelta(microseconds=1))
        )

    await crawler.store.write(a_week_passes)
    late = await crawler.crawl(shop_of_hats.website)

    assert shop_of_hats.statuses()["/basket"] == [200]
    assert late.counts == {"duplicate": 1}


async def test_a_page_that_only_leads_on_and_a_scan_are_not_fetched_again(crawler: Crawler, shop_of_hats: Shop):
    moved = '<meta http-equiv="refresh" content="0;url=/hats">'
    shop_of_hats.serve("/", "We sell hats.", "/hats", "/old", "/scan")
    shop_of_hats.serve("/old", "", head=moved)
    shop_of_hats.serve("/scan", "", pdf=a_pdf([], []))

    first, again = await twice(crawler, shop_of_hats)

    assert first.counts == again.counts == {"moved": 1, "no_text": 1}
    told = shop_of_hats.statuses()
    assert (told["/old"], told["/scan"]) == ([304], [304])


async def test_a_page_that_another_claims_to_be_is_not_fetched_again(crawler: Crawler, website: Website):
    shop = Shop(website)
    shop.serve("/", "We sell hats.", "/long", "/short")
    shop.serve("/long", "Hats cost 39 EUR.", head='<link rel="canonical" href="/short">')
    shop.serve("/short", "Hats, in short.")

    first, again = await twice(crawler, shop)

    assert first.counts == again.counts == {"duplicate": 1}
    assert shop.statuses()["/short"] == [304]
    shop.serve("/long", "Hats cost 39 EUR.")
    await crawler.crawl(website)
    assert await said(crawler) == {"We sell hats.", "Hats cost 39 EUR.", "Hats, in short."}


async def test_fresh_reads_also_what_was_left_out(crawler: Crawler, shop_of_hats: Shop):
    await twice(crawler, shop_of_hats)
    shop_of_hats.statuses()

    await crawler.crawl(shop_of_hats.website, fresh=True)

    assert set(map(tuple, shop_of_hats.statuses().values())) == {(200,)}


async def test_a_duplicate_that_can_not_be_read_any_more_within_the_limit_is_told(crawler: Crawler, shop_of_hats: Shop):
    await twice(crawler, shop_of_hats)
    shop_of_hats.serve("/hats", "Hats are sold out.")

    again = await crawler.crawl(shop_of_hats.website, limit=4)

    assert again.counts == {"page_limit": 1, "noindex": 1}
    assert again.stopped == "the limit of 4 pages is reached; URLs not asked for: 1"


async def test_a_duplicate_of_a_page_that_a_limit_kept_as_it_was_still_is_one(crawler: Crawler, shop_of_hats: Shop):
    await twice(crawler, shop_of_hats)
    for name in "abc":
        shop_of_hats.serve(f"/{name}", f"Hat {name} is new.")
    shop_of_hats.serve("/", "We sell hats.", "/print", "/a", "/b", "/c", "/hats", "/basket")
    shop_of_hats.statuses()

    again = await crawler.crawl(shop_of_hats.website, byte_limit=60_000)

    assert shop_of_hats.statuses()["/print"] == [304]
    assert (again.counts["duplicate"], again.against["kept"]) == (1, 3)
    assert await said(crawler) > ALL


@pytest.mark.parametrize("failed", ["/print", "/basket"])
async def test_what_can_not_be_had_today_is_remembered_for_tomorrow(crawler: Crawler, shop_of_hats: Shop, failed: str):
    await twice(crawler, shop_of_hats)
    works = shop_of_hats.website.pages[failed]
    shop_of_hats.website.body(failed, b"", status=503)
    today = await crawler.crawl(shop_of_hats.website)
    assert (sum(today.counts.values()), today.counts["http_error"]) == (2, 1)
    assert await said(crawler) == ALL
    shop_of_hats.website.pages[failed] = works
    shop_of_hats.statuses()

    tomorrow = await crawler.crawl(shop_of_hats.website)

    assert shop_of_hats.statuses()[failed] == [304]
    assert tomorrow.counts == {"duplicate": 1, "noindex": 1}


async def test_what_a_limit_left_unseen_is_remembered_for_the_next_crawl(crawler: Crawler, shop_of_hats: Shop):
    await twice(crawler, shop_of_hats)
    for name in "abcd":
        shop_of_hats.serve(f"/{name}", f"Hat {name} is new.")
    shop_of_hats.serve("/", "We sell hats.", "/a", "/b", "/c", "/d", "/hats", "/print", "/basket")
    await crawler.crawl(shop_of_hats.website, byte_limit=60_000)
    shop_of_hats.statuses()

    again = await crawler.crawl(shop_of_hats.website)

    told = shop_of_hats.statuses()
    assert (told["/print"], told["/basket"]) == ([304], [304])
    assert again.counts == {"duplicate": 1, "noindex": 1}


async def test_a_page_that_moved_to_its_duplicate_answers_from_there(crawler: Crawler, shop_of_hats: Shop):
    await twice(crawler, shop_of_hats)
    shop_of_hats.website.redirect("/hats", "/print")
    shop_of_hats.serve("/", "We sell hats.", "/hats", "/basket")

    again = await crawler.crawl(shop_of_hats.website)

    assert "duplicate" not in again.counts
    assert await said(crawler) == ALL


async def test_what_a_crawl_left_out_is_kept_with_it_and_what_an_older_one_did_is_not(
    crawler: Crawler, shop_of_hats: Shop
):
    for _ in range(2):
        await crawler.crawl(shop_of_hats.website)

    crawl = await crawler.store.read(current_crawl, crawler.site.key)

    assert crawl == 2
    assert await crawler.store.read(left_out_of, 1) == []
    kept = {one.asked.removeprefix(shop_of_hats.website.url): one for one in await crawler.store.read(left_out_of, 2)}
    assert {path: one.reason for path, one in kept.items()} == {"print": "duplicate", "basket": "noindex"}
    assert kept["print"].detail == f"the same as {shop_of_hats.website.url}hats"


async def test_a_crawl_that_is_killed_takes_nothing_of_what_is_remembered(crawler: Crawler, shop_of_hats: Shop):
    website = shop_of_hats.website
    await crawler.crawl(website)
    website.endless("/behind-basket", b"<p>", pause_s=0.05)
    told = ["crawl", website.url, "--site", crawler.site.key, "--allow-host", website.host_port]
    environment = os.environ | {
        "DUOLOGUE_HOME": str(crawler.settings.home),
        "DUOLOGUE_DATABASE_URL": crawler.store.url.render_as_string(hide_password=False),
    }
    website.asked.clear()
    killed = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", *told, env=environment)
    await until(lambda: "/behind-basket" in website.asked)
    killed.kill()
    await killed.wait()
    assert [one.reason for one in await crawler.store.read(left_out_of, 2)] == ["noindex"]
    shop_of_hats.serve("/behind-basket", "We deliver on Mondays.")
    shop_of_hats.statuses()

    report = await crawler.crawl(website)

    statuses = shop_of_hats.statuses()
    assert (statuses["/print"], statuses["/basket"]) == ([304], [304])
    assert report.counts == {"duplicate": 1, "noindex": 1}
    assert await crawler.store.read(left_out_of, 2) == []
    assert await said(crawler) == ALL


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_changes_each_text_that_may_be_read_is_there_once(crawler: Crawler, website: Website, seed: int):
    chance = random.Random(seed)
    shop = Shop(website)
    paths = [f"page{number}" for number in range(10)]
    texts: dict[str, str] = {}
    days: dict[str, int] = {}

    def change(path: str) -> None:
        texts.pop(path, None)
        website.pages.pop(f"/{path}", None)
        days[path] = days.get(path, 0) + 1
        text, hidden = f"We sell hat number {chance.randrange(5)}.", chance.random() < 0.25
        etag = None if chance.random() < 0.7 else ""
        if chance.random() < 0.8:
            shop.serve(f"/{path}", text, head=(NOINDEX if hidden else "") + f"<meta name={path}>", etag=etag)
            texts.update({} if hidden else {path: text})

    for path in paths:
        change(path)
    for _ in range(8):
        shop.serve("/", "Welcome.", *(f"/{path}" for path in chance.sample(paths, len(paths))))
        rows = "".join(
            f"<url><loc>{website.url}{path}</loc><lastmod>2026-02-{days[path]:02}</lastmod></url>" for path in paths[:5]
        )
        website.body("/sitemap.xml", f"<urlset>{rows}</urlset>".encode(), Content_Type="text/xml")

        report = await crawler.crawl(website)

        assert await said(crawler) == {"Welcome.", *texts.values()}
        assert report.pages == report.passages == len({"Welcome.", *texts.values()})
        assert report.lastmod_lies == 0
        for path in chance.sample(paths, chance.randrange(4)):
            change(path)
