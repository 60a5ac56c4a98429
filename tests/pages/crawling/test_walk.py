"""A polite walk over one site, breadth first, that ends."""

import gzip
import time
from pathlib import Path

import pytest

from bot.errors import ConfigurationError, NotReachable
from bot.pages.crawling.addresses import Gate, parse_host_port
from bot.pages.crawling.fetch import Fetcher
from bot.pages.crawling.report import Found, RawPage, Skipped, Unwanted
from bot.pages.crawling.walk import Limits, Walk
from bot.pages.reading.skip_reason import SkipReason
from tests.pages.conftest import Website

USUAL = Limits()


async def walk(website: Website, start: str = "/", limits: Limits = USUAL) -> list[Found]:
    url = website.url.rstrip("/") + start
    fetcher = Fetcher(url, Gate([parse_host_port(website.host_port)]))
    try:
        return [found async for found in Walk(url, fetcher, limits, waiting=lambda count: None).pages()]
    finally:
        await fetcher.close()


def paths(found: list[Found], website: Website) -> list[str]:
    return [one.url.removeprefix(website.url.rstrip("/")) for one in found if isinstance(one, RawPage)]


def skipped(found: list[Found], website: Website) -> dict[str, SkipReason]:
    root = website.url.rstrip("/")
    told = {one.where.removeprefix(root): one.reason for one in found if isinstance(one, Skipped)}
    return told | {one.page.url.removeprefix(root): one.reason for one in found if isinstance(one, Unwanted)}


def links(*targets: str) -> str:
    return "".join(f'<a href="{target}">link</a>' for target in targets)


async def test_links_are_followed_breadth_first_and_once(website: Website):
    website.page("/", links("/a", "/b", "/a#part", "/"))
    website.page("/a", links("/a/deep", "/b"))
    website.page("/b", "")
    website.page("/a/deep", "")

    found = await walk(website)

    assert paths(found, website) == ["/", "/a", "/b", "/a/deep"]
    assert sorted(website.asked) == ["/", "/a", "/a/deep", "/b", "/robots.txt", "/sitemap.xml"]


async def test_robots_txt_is_obeyed_also_behind_a_redirect(website: Website):
    website.text("/robots.txt", "User-agent: *\nDisallow: /private\n\nUser-agent: Duologue\nDisallow: /cart\n")
    website.page("/", links("/cart", "/private", "/to-cart"))
    website.page("/private", "")
    website.redirect("/to-cart", "/cart")

    found = await walk(website)

    assert paths(found, website) == ["/", "/private"]
    assert skipped(found, website) == {"/cart": SkipReason.ROBOTS, "/to-cart": SkipReason.ROBOTS}
    assert "/cart" not in website.asked


async def test_a_site_that_asks_not_to_be_crawled_is_not(website: Website):
    website.text("/robots.txt", "User-agent: *\nDisallow: /\n")
    website.page("/", "")

    with pytest.raises(ConfigurationError, match=r"robots\.txt"):
        await walk(website)


async def test_a_robots_txt_that_cannot_be_read_allows_nothing(website: Website):
    website.body("/robots.txt", b"", status=503)
    website.page("/", "")

    with pytest.raises(NotReachable, match=r"robots\.txt"):
        await walk(website)


@pytest.mark.parametrize("named", ["robots", "root", "usual place"])
async def test_the_pages_of_a_sitemap_are_found(website: Website, named: str):
    where = "/sitemap.xml" if named == "usual place" else "/map.xml.gz"
    urls = f"<url><loc>{website.url}lonely</loc></url><url><loc>https://other.example/</loc></url>"
    inner = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    outer = f"<sitemapindex><sitemap><loc>{website.url}inner.xml</loc></sitemap></sitemapindex>"
    body = outer.encode() if named == "usual place" else gzip.compress(outer.encode())
    website.body(where, body, Content_Type="application/xml")
    website.body("/inner.xml", inner.encode(), Content_Type="text/xml")
    if named == "robots":
        website.text("/robots.txt", f"Sitemap: {website.url.rstrip('/')}{where}")
    head = f'<link rel="sitemap" href="{where}">' if named == "root" else ""
    website.page("/", "", head=head)
    website.page("/lonely", "")

    found = await walk(website)

    assert paths(found, website) == ["/", "/lonely"]
    assert skipped(found, website) == {} or SkipReason.OTHER_SITE in skipped(found, website).values()


async def test_a_sitemap_loads_nothing_from_outside(website: Website, canary: Website, tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("/from-a-file")
    entity = f'<!DOCTYPE urlset [<!ENTITY a SYSTEM "file://{secret}"><!ENTITY b SYSTEM "{canary.url}">]>'
    body = f"{entity}<urlset><url><loc>/x&a;&b;</loc></url></urlset>"
    website.body("/sitemap.xml", body.encode(), Content_Type="text/xml")
    website.page("/", "")

    await walk(website)

    assert canary.asked == []
    assert not any("from-a-file" in path for path in website.asked)


async def test_other_hosts_are_not_visited_whatever_base_says(website: Website, canary: Website):
    website.page("/", links(canary.url, "page", "//169.254.169.254/"), head=f'<base href="{canary.url}">')

    found = await walk(website)

    assert paths(found, website) == ["/"]
    assert set(skipped(found, website).values()) == {SkipReason.OTHER_SITE}
    assert canary.asked == []


async def test_noindex_keeps_a_page_out_but_its_links_in_and_nofollow_the_reverse(website: Website):
    website.page("/", links("/hidden", "/end", "/header") + '<a rel="nofollow" href="/not-me">x</a>')
    website.page("/hidden", links("/found"), head='<meta name="robots" content="noindex">')
    website.page("/end", links("/unfound"), head='<meta name="ROBOTS" content="NoFollow">')
    website.page("/header", "", X_Robots_Tag="noindex")
    website.page("/found", "")

    found = await walk(website)

    assert paths(found, website) == ["/", "/end", "/found"]
    assert skipped(found, website) == {"/hidden": SkipReason.NOINDEX, "/header": SkipReason.NOINDEX}


async def test_the_canonical_link_is_told_when_it_is_of_this_site(website: Website):
    website.page("/", links("/b"), head='<link rel="canonical" href="/home">')
    website.page("/b", "", head='<link rel="canonical" href="https://other.example/b">')

    found = await walk(website)

    assert [one.canonical for one in found if isinstance(one, RawPage)] == [website.url + "home", ""]


async def test_a_calendar_without_end_ends(website: Website):
    async def month(request):
        from aiohttp import web

        number = int(request.query.get("month", "0"))
        text = "".join(f'<a href="/calendar?month={number + step}">later</a>' for step in (1, 2, 3))
        return web.Response(text=f"<title>x</title>{text}", content_type="text/html")

    website.pages["/calendar"] = month

    found = await walk(website, "/calendar", Limits(pages=10))

    assert len(paths(found, website)) == 10
    assert len(website.asked) <= 12
    assert SkipReason.PAGE_LIMIT in skipped(found, website).values()


async def test_links_deeper_than_the_limit_are_left(website: Website):
    website.page("/", links("/1"))
    website.page("/1", links("/2"))
    website.page("/2", "")

    found = await walk(website, limits=Limits(depth=1))

    assert paths(found, website) == ["/", "/1"]
    assert skipped(found, website) == {"/2": SkipReason.DEPTH_LIMIT}


async def test_a_path_that_repeats_itself_is_left(website: Website):
    website.page("/", links("/a/b/a/b/a/b/a/b"))

    assert skipped(await walk(website), website) == {"/a/b/a/b/a/b/a/b": SkipReason.DEPTH_LIMIT}


async def test_pictures_and_downloads_are_not_even_asked_for(website: Website):
    website.page("/", links("/a.jpg", "/b.DOCX", "/c.zip?x=1"))

    found = await walk(website)

    assert set(skipped(found, website).values()) == {SkipReason.NOT_TEXT}
    assert not {"/a.jpg", "/b.DOCX"} & set(website.asked)


async def test_plain_text_is_a_page(website: Website):
    website.page("/", links("/notes"))
    website.text("/notes", "We close at noon.")

    found = await walk(website)

    assert [one.text for one in found if isinstance(one, RawPage)][1] == "We close at noon."


async def test_a_start_that_is_not_there_is_told_with_its_reason(website: Website):
    with pytest.raises(NotReachable, match="not found"):
        await walk(website, "/missing")


async def test_dead_links_do_not_go_on_for_ever(website: Website):
    website.page("/", links(*(f"/dead-{number}" for number in range(300))))

    found = await walk(website, limits=Limits(pages=5))

    assert len(website.asked) < 140
    assert SkipReason.PAGE_LIMIT in skipped(found, website).values()


async def test_a_site_that_goes_down_on_the_way_is_not_taken_for_whole(website: Website):
    website.page("/", links(*(f"/{number}" for number in range(20))))
    for number in range(20):
        website.body(f"/{number}", b"", status=502)

    with pytest.raises(NotReachable, match="10 times in a row"):
        await walk(website)


async def test_a_crawl_delay_is_kept_one_page_at_a_time(website: Website):
    website.text("/robots.txt", "User-agent: *\nCrawl-delay: 0.05\n")
    website.page("/", links("/a", "/b"))
    website.page("/a", "")
    website.page("/b", "")
    began = time.monotonic()

    assert paths(await walk(website), website) == ["/", "/a", "/b"]
    assert time.monotonic() - began >= 0.1
