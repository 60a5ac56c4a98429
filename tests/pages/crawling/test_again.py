"""A site that was crawled before: only what has changed is fetched, and nothing is lost that was there."""

from datetime import timedelta

import pytest
from aiohttp import web

from bot.interactions import Microseconds
from bot.pages.crawling.again import Again, says_unchanged
from bot.pages.crawling.fetch import validators_of
from bot.pages.crawling.report import CrawlReport
from bot.pages.crawling.sitemaps import last_change
from bot.store.known_pages import KnownPage, keeping, known_pages, pack, unpack
from bot.store.pages import Stamp, current_crawl, passages_of
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import at
from tests.pages.conftest import Crawler, Website
from tests.pages.crawling.test_stored_pages import a_page, crawled

PAGES = {
    "/": ("We sell hats.", "/hats", "/care"),
    "/hats": ("Hats cost 39 EUR.", "/hats/red"),
    "/hats/red": ("The red hat is out of stock.",),
    "/care": ("Wash hats by hand.",),
}


def a_site(website: Website, *, etag: bool = True) -> list[tuple[str, int, dict[str, str]]]:
    """The site, with validators for each page; tells of each request for a page its path, status and headers."""
    told: list[tuple[str, int, dict[str, str]]] = []

    def serve(path: str, said: str, *links: str) -> None:
        leads = "".join(f'<a href="{link}"></a>' for link in links)
        body = f"<nav>{leads}</nav><main><p>{said}</p></main>"

        async def give(request: web.Request) -> web.StreamResponse:
            tag = f'"{abs(hash(body))}"'
            is_same = etag and request.headers.get("If-None-Match") == tag
            told.append((path, 304 if is_same else 200, dict(request.headers)))
            if is_same:
                return web.Response(status=304, headers={"ETag": tag})
            given = {"ETag": tag, "Last-Modified": "Mon, 02 Mar 2026 12:00:00 GMT"} if etag else {}
            html = f"<!doctype html><html lang=en-IE><title>Hats {path}</title>{body}<!--{'.' * 5_000}-->"
            return web.Response(text=html, content_type="text/html", headers=given)

        website.pages[path] = give

    for path, (text, *links) in PAGES.items():
        serve(path, text, *links)
    website.serve = serve  # type: ignore[attr-defined]
    return told


def statuses(told: list[tuple[str, int, dict[str, str]]]) -> dict[str, int]:
    return {path: status for path, status, _ in told}


async def said(crawler: Crawler) -> set[str]:
    crawl = await crawler.store.read(current_crawl, crawler.site.key)
    assert crawl is not None
    return {one.text for one in await crawler.store.read(passages_of, crawl)}


async def known(crawler: Crawler) -> dict[str, KnownPage]:
    crawl = await crawler.store.read(current_crawl, crawler.site.key)
    assert crawl is not None
    return {page.url: page for page in await crawler.store.read(known_pages, crawl)}


async def test_what_has_not_changed_is_not_fetched_and_answers_all_the_same(crawler: Crawler, website: Website):
    told = a_site(website)
    first = await crawler.crawl(website)
    before = await said(crawler)
    told.clear()

    again = await crawler.crawl(website)

    assert first.against == {"unchanged": 0, "changed": 0, "new": 4, "gone": 0}
    # The start itself is always fetched: its redirects and its sitemaps have to be seen.
    assert statuses(told) == {"/": 200, "/hats": 304, "/hats/red": 304, "/care": 304}
    assert again.against == {"unchanged": 4, "changed": 0, "new": 0, "gone": 0, "confirmed": 3}
    assert again.bytes < first.bytes / 2
    assert await said(crawler) == before
    assert (await crawler.ask("How much are hats?")).said.text == "Hats cost 39 EUR."


async def test_only_the_page_that_changed_is_fetched(crawler: Crawler, website: Website):
    told = a_site(website)
    await crawler.crawl(website)
    website.serve("/hats/red", "The red hat is back.", "/new")  # type: ignore[attr-defined]
    website.serve("/new", "Gloves are new.")  # type: ignore[attr-defined]
    website.serve("/hats", "Hats cost 39 EUR.", "/hats/red", "/")  # type: ignore[attr-defined]
    website.serve("/", "We sell hats.", "/hats")  # type: ignore[attr-defined]
    told.clear()

    again = await crawler.crawl(website)

    assert statuses(told) == {"/": 200, "/hats": 200, "/hats/red": 200, "/new": 200}
    assert again.against == {"unchanged": 2, "changed": 1, "new": 1, "gone": 1}
    assert again.gone == (f"{website.url}care",)
    assert await said(crawler) == {"We sell hats.", "Hats cost 39 EUR.", "The red hat is back.", "Gloves are new."}


async def test_a_server_without_validators_is_read_again_but_the_same_bytes_are_not(crawler: Crawler, website: Website):
    told = a_site(website, etag=False)
    await crawler.crawl(website)
    fetched = {url: page.id for url, page in (await known(crawler)).items()}
    told.clear()

    again = await crawler.crawl(website)

    assert set(statuses(told).values()) == {200}
    assert not any("If-" in name for _, _, headers in told for name in headers)
    assert again.against["unchanged"] == 4
    assert all(page.steady for page in (await known(crawler)).values())
    assert set(fetched) == set(await known(crawler))


async def test_a_page_that_answers_by_another_name_is_asked_for_by_its_own(crawler: Crawler, website: Website):
    told = a_site(website)
    html = (
        "<!doctype html><title>c</title><link rel=canonical href=/care-of-hats><main><p>Wash hats by hand.</p></main>"
    )

    async def give(request: web.Request) -> web.StreamResponse:
        told.append(("/care", 304 if "If-None-Match" in request.headers else 200, dict(request.headers)))
        if "If-None-Match" in request.headers:
            return web.Response(status=304)
        return web.Response(text=html, content_type="text/html", headers={"ETag": '"c"'})

    website.pages["/care"] = give
    await crawler.crawl(website)
    told.clear()

    for _ in range(2):
        await crawler.crawl(website)

    assert f"{website.url}care-of-hats" in await known(crawler)
    assert [status for path, status, _ in told if path == "/care"] == [304, 304]


async def test_a_page_that_now_asks_not_to_be_indexed_is_gone(crawler: Crawler, website: Website):
    a_site(website)
    await crawler.crawl(website)

    async def hide(_: web.Request) -> web.StreamResponse:
        return web.Response(status=304, headers={"X-Robots-Tag": "noindex"})

    website.pages["/care"] = hide

    again = await crawler.crawl(website)

    assert (again.against["gone"], again.counts) == (1, {"noindex": 1})
    assert "Wash hats by hand." not in await said(crawler)


async def test_a_page_whose_server_fails_today_goes_on_answering_and_so_do_those_behind_it(
    crawler: Crawler, website: Website
):
    a_site(website)
    await crawler.crawl(website)
    website.body("/hats", b"", status=503)

    again = await crawler.crawl(website)

    assert again.against == {"unchanged": 4, "changed": 0, "new": 0, "gone": 0, "confirmed": 2, "kept": 1}
    assert again.counts == {"http_error": 1}
    assert "The red hat is out of stock." in await said(crawler)


async def test_a_page_that_is_not_found_any_more_is_gone(crawler: Crawler, website: Website):
    a_site(website)
    await crawler.crawl(website)
    del website.pages["/care"]

    again = await crawler.crawl(website)

    assert (again.against["gone"], again.counts) == (1, {"not_found": 1})


async def test_fresh_asks_for_everything_and_believes_nothing(crawler: Crawler, website: Website):
    told = a_site(website)
    await crawler.crawl(website)
    told.clear()

    again = await crawler.crawl(website, fresh=True)

    assert set(statuses(told).values()) == {200}
    assert not any("If-" in name for _, _, headers in told for name in headers)
    assert again.against["unchanged"] == 4


async def test_unchanged_pages_are_read_anew_when_the_reading_has_changed(
    crawler: Crawler, website: Website, monkeypatch: pytest.MonkeyPatch
):
    told = a_site(website)
    await crawler.crawl(website)
    told.clear()
    monkeypatch.setattr("bot.pages.crawling.crawl.reader_version", lambda: "a later version")

    await crawler.crawl(website)

    assert set(statuses(told).values()) == {200}


def list_in_sitemap(website: Website, lastmod: str | None) -> None:
    day = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    rows = "".join(f"<url><loc>{website.url.rstrip('/')}{path}</loc>{day}</url>" for path in PAGES)
    website.body("/sitemap.xml", f"<urlset>{rows}</urlset>".encode(), Content_Type="text/xml")


async def test_a_page_that_its_sitemap_calls_unchanged_is_not_even_asked_for(crawler: Crawler, website: Website):
    told = a_site(website)
    list_in_sitemap(website, "2026-03-01")
    await crawler.crawl(website)
    told.clear()

    again = await crawler.crawl(website)

    assert statuses(told) == {"/": 200}
    assert again.against == {"unchanged": 4, "changed": 0, "new": 0, "gone": 0, "listed": 3}


async def test_a_page_that_is_listed_as_changed_is_asked_for(crawler: Crawler, website: Website):
    told = a_site(website)
    list_in_sitemap(website, "2026-03-01")
    await crawler.crawl(website)
    list_in_sitemap(website, "2026-03-02")
    told.clear()

    await crawler.crawl(website)

    assert statuses(told) == {"/": 200, "/hats": 304, "/hats/red": 304, "/care": 304}


async def test_a_lastmod_counts_only_for_a_page_that_was_the_same_once(crawler: Crawler, website: Website):
    told = a_site(website, etag=False)
    list_in_sitemap(website, "2026-03-01")
    asked = []

    for _ in range(3):
        await crawler.crawl(website)
        asked.append(len(told))
        told.clear()

    assert asked == [4, 4, 1]


async def test_a_sitemap_that_has_lied_once_is_never_believed_again(crawler: Crawler, website: Website):
    told = a_site(website)
    list_in_sitemap(website, "2026-03-01")
    website.serve("/", "We sell hats.", "/hats", "/care")  # type: ignore[attr-defined]
    await crawler.crawl(website)
    website.serve("/", "We sell gloves.", "/hats", "/care")  # type: ignore[attr-defined]
    caught = await crawler.crawl(website)
    told.clear()

    later = await crawler.crawl(website)

    assert (caught.lastmod_lies, later.lastmod_lies) == (1, 1)
    assert statuses(told) == {"/": 200, "/hats": 304, "/hats/red": 304, "/care": 304}
    assert (await crawler.crawl(website, fresh=True)).lastmod_lies == 0


def a_known(**told: object) -> KnownPage:
    usual = {"stamp": Stamp(etag='"a"', listed="2026-01-01"), "asked_at": at(), "steady": False, "links": pack(())}
    given = usual | told
    return KnownPage(1, "https://shop.example/", "https://shop.example/", "d", "b", passages=1, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("page", "listed", "later", "believed"),
    [
        (a_known(), "2026-01-01", timedelta(days=1), True),
        (a_known(), "2026-01-01", timedelta(days=7) - timedelta(microseconds=1), True),
        (a_known(), "2026-01-01", timedelta(days=7), False),
        (a_known(), "2026-01-02", timedelta(days=1), False),
        (a_known(), None, timedelta(days=1), False),
        (a_known(stamp=Stamp(listed="2026-01-01")), "2026-01-01", timedelta(days=1), False),
        (a_known(stamp=Stamp(listed="2026-01-01"), steady=True), "2026-01-01", timedelta(days=1), True),
        (a_known(stamp=Stamp(etag='"a"', listed="2026-03-02")), "2026-03-02", timedelta(days=1), False),
        (a_known(stamp=Stamp(etag='"a"', listed="2026-03-01")), "2026-03-01", timedelta(days=1), False),
        (a_known(stamp=Stamp(etag='"a"', listed="2026-02-28")), "2026-02-28", timedelta(days=1), True),
        (a_known(stamp=Stamp(etag='"a"', listed="yesterday")), "yesterday", timedelta(days=1), False),
        (a_known(links=None), "2026-01-01", timedelta(days=1), False),
    ],
)
def test_a_sitemap_is_believed_within_limits(page: KnownPage, listed: str | None, later: timedelta, believed: bool):
    moment = Microseconds(at() + later // timedelta(microseconds=1))

    again = Again([page], now=moment)

    assert (again.need_not_ask(page.asked, listed) is not None) == believed
    assert Again([page], now=moment, trusts_sitemap=False).need_not_ask(page.asked, listed) is None


def test_a_page_that_can_not_be_had_is_kept_for_a_month():
    page = a_known()

    assert Again([page], now=Microseconds(at(days=30) - 1)).to_keep(page.asked) is page
    assert Again([page], now=at(days=30)).to_keep(page.asked) is None


@pytest.mark.parametrize(
    ("lastmod", "latest"),
    [
        ("2026-03-02T12:00:00Z", at()),
        ("2026-03-02T13:00:00+01:00", at()),
        ("2026-03-02T12:00:00", at(hours=14)),
        ("2026-03-01", at(hours=2)),
        ("2026", None),
        ("", None),
        ("9999-12-31", None),
    ],
)
def test_a_lastmod_is_the_latest_moment_that_it_may_mean(lastmod: str, latest: Microseconds | None):
    assert last_change(lastmod) == latest


@pytest.mark.parametrize(
    ("etag", "modified", "kept"),
    [
        ('"a-1"', "Mon, 02 Mar 2026 12:00:00 GMT", ('"a-1"', "Mon, 02 Mar 2026 12:00:00 GMT")),
        ('W/"a"', "yesterday", ('W/"a"', None)),
        ("unquoted", "", (None, None)),
        ('"' + "a" * 201 + '"', "", (None, None)),
        ('"a\r\nX: y"', "", (None, None)),
    ],
)
def test_only_what_is_a_validator_is_sent_back(etag: str, modified: str, kept: tuple[str | None, str | None]):
    assert validators_of({"ETag": etag, "Last-Modified": modified}) == kept


def test_links_are_kept_small():
    links = tuple(f"https://shop.example/products/hats/number-{number}.html" for number in range(100))

    assert unpack(pack(links)) == links
    assert unpack(pack(())) == ()
    assert len(pack(links)) < 600


async def test_what_is_taken_over_comes_in_batches_of_500_rows(store: Store, shop: Site):
    from bot.store.known_pages import KeptPage, keep_pages
    from bot.store.pages import BATCH_ROWS, begin_crawl

    old = await crawled(store, shop, a_page("/small"), a_page("/huge", 1200), a_page("/last", 3))
    new = await store.write(begin_crawl, shop.key, origin="test", at=at())
    kept = [
        KeptPage(one.id, one.url, None, at(days=1), True, Stamp('"a"'), one.passages)
        for one in await store.read(known_pages, old)
    ]

    sizes = []
    for pieces in keeping(kept):
        sizes.append(sum(1 + piece.last - piece.first for piece in pieces))
        await store.write(keep_pages, new, pieces)

    def told(found):
        return [(one.url, one.title, one.heading, one.position, one.text, one.digest) for one in found]

    assert max(sizes) <= BATCH_ROWS
    assert told(await store.read(passages_of, new)) == told(await store.read(passages_of, old))
    assert [(page.url, page.stamp.etag, page.asked_at) for page in await store.read(known_pages, new)] == [
        (url, '"a"', at(days=1)) for url in ("/small", "/huge", "/last")
    ]


def test_only_the_same_lastmod_says_that_nothing_changed():
    assert says_unchanged(a_known(), "2026-01-01")
    assert not says_unchanged(a_known(), "2026-01-02")


def test_a_first_crawl_compares_to_nothing():
    report = CrawlReport("o", 1, 1, 1, {}, (), 1.0)

    assert report.as_json()["against"] == {}
