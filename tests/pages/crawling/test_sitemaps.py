"""What a sitemap tells of its pages in other languages is found as what the pages tell of it is, and within limits."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.pages.crawling.links import MAX_VARIANTS
from bot.pages.crawling.progress import summary
from bot.pages.crawling.sitemap import MAX_BYTES, read_sitemap
from bot.pages.crawling.sitemaps import MAX_ALTERNATES
from bot.store.tables import pages
from tests.pages.conftest import Crawler, Website
from tests.pages.crawling.test_again import said

XHTML = "http://www.w3.org/1999/xhtml"
DECLARED = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="{XHTML}">'


def alternate(language: str, href: str, tag: str = "xhtml:link") -> str:
    return f'<{tag} rel="alternate" hreflang="{language}" href="{href}"/>'


def entry(loc: str, *alternates: str) -> str:
    return f"<url><loc>{loc}</loc>{''.join(alternates)}</url>"


def serve(website: Website, *entries: str, root: str = DECLARED) -> None:
    website.body("/sitemap.xml", f"{root}{''.join(entries)}</urlset>".encode(), Content_Type="text/xml")


def variants(connection: Connection) -> dict[str, dict[str, str] | None]:
    return {row.url: row.variants for row in connection.execute(select(pages).order_by(pages.c.id))}


@pytest.mark.parametrize(
    ("root", "tag"),
    [(DECLARED, "xhtml:link"), ("<urlset>", "xhtml:link"), ("<urlset>", "link"), (f'<urlset xmlns="{XHTML}">', "link")],
    ids=["declared", "undeclared prefix", "no namespace", "another namespace"],
)
async def test_pages_in_other_languages_are_found_and_known(crawler: Crawler, website: Website, root: str, tag: str):
    home = website.url
    website.page("/", "<p>Hats cost 39 EUR.</p>")
    website.page("/de", "<p>Hüte kosten 39 EUR.</p>", head='<link rel="alternate" hreflang="nl" href="/nl">')
    website.page("/nl", "<p>Hoeden kosten 39 EUR.</p>")
    both = (alternate("de-AT", f"{home}de", tag), alternate("x-default", "/", tag))
    serve(website, entry(home, *both), entry(f"{home}de", *both), root=root)

    report = await crawler.crawl(website)

    assert (report.pages, report.counts) == (3, {})
    known = {"de-at": f"{home}de", "x-default": home}
    told = await crawler.store.read(variants)
    assert told == {home: known, f"{home}de": known | {"nl": f"{home}nl"}, f"{home}nl": None}


async def test_a_page_that_only_another_names_in_its_language_is_found(crawler: Crawler, website: Website):
    website.page("/", "<p>We sell hats.</p>")
    website.page("/de", "<p>Hüte kosten 39 EUR.</p>")
    serve(website, entry(website.url, alternate("de", "/de")))

    await crawler.crawl(website)

    assert "Hüte kosten 39 EUR." in await said(crawler)


async def test_what_the_page_says_of_itself_goes_before(crawler: Crawler, website: Website):
    website.page("/", "<p>We sell hats.</p>", head='<link rel="alternate" hreflang="de" href="/deutsch">')
    serve(website, entry(website.url, alternate("de", "/de"), alternate("fr", "/fr")))

    await crawler.crawl(website)

    told = await crawler.store.read(variants)
    assert told[website.url] == {"de": f"{website.url}deutsch", "fr": f"{website.url}fr"}


async def test_other_hosts_are_neither_asked_nor_kept(crawler: Crawler, website: Website, canary: Website):
    website.page("/", "<p>We sell hats.</p>")
    foreign = [canary.url, "https://shop.example/de", "//169.254.169.254/", "http://user@127.0.0.1/"]
    serve(
        website,
        entry(website.url, *(alternate(f"d{letter}", url) for letter, url in zip("abcd", foreign, strict=True))),
    )

    report = await crawler.crawl(website)

    assert canary.asked == []
    assert report.counts == {"other_site": 3, "bad_sitemap": 1}
    assert await crawler.store.read(variants) == {website.url: None}
    assert "alternates on other hosts in this sitemap: 3" in summary(report)


async def test_bad_alternates_are_counted_and_explained(crawler: Crawler, website: Website):
    website.page("/", "<p>We sell hats.</p>")
    website.page("/de", "<p>Hüte.</p>")
    bad = [
        alternate("a language", "/de"),
        alternate("", "/de"),
        alternate("fr", ""),
        alternate("es", "mailto:a@shop.example"),
        alternate("de", "/other"),
        '<xhtml:link rel="alternate" media="handheld" href="/m"/>',
        '<xhtml:link rel="canonical" hreflang="it" href="/it"/>',
        "<xhtml:link/>",
    ]
    serve(website, entry(website.url, alternate("de", "/de"), *bad))

    report = await crawler.crawl(website)

    assert (report.pages, report.counts) == (2, {"bad_sitemap": 5})
    told = summary(report)
    assert "alternates without a language or a URL in this sitemap: 3" in told
    assert "alternates in a language that the page has already in this sitemap: 1" in told
    assert "alternates that are no URL in this sitemap: 1" in told


async def test_of_10_000_alternates_of_one_entry_200_are_read(crawler: Crawler, website: Website):
    website.page("/", "<p>We sell hats.</p>")
    many = (alternate(f"de-x{number:05}", f"/{number}") for number in range(10_000))
    serve(website, entry(website.url, *many), entry(f"{website.url}last"))
    website.page("/last", "<p>The last one.</p>")

    report = await crawler.crawl(website)

    assert report.counts == {"page_limit": 9_800, "not_found": 200}
    assert "The last one." in await said(crawler)
    assert "alternates past the first 200 of a page in this sitemap: 9,800" in summary(report)


async def test_more_pages_than_are_wanted_are_not_followed(crawler: Crawler, website: Website):
    website.page("/", "<p>We sell hats.</p>")
    serve(website, entry(website.url, *(alternate(f"de-x{number:05}", f"/{number}") for number in range(100))))

    report = await crawler.crawl(website, limit=5)

    # Four URLs for each page that may come.
    assert report.counts == {"page_limit": 80, "not_found": 20}


async def test_all_sitemaps_together_name_no_more_than_can_be_held(crawler: Crawler, website: Website):
    website.page("/", "<p>We sell hats.</p>")
    most = [alternate(f"de-x{number:05}", f"/{number}") for number in range(MAX_VARIANTS)]
    serve(website, *[entry(website.url, *most)] * (MAX_ALTERNATES // MAX_VARIANTS + 1))

    report = await crawler.crawl(website)

    assert report.counts == {"page_limit": MAX_VARIANTS, "not_found": MAX_VARIANTS}


def peak_begins_anew() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def peak_kb() -> int:
    """The most memory that this process has had at once, since it began anew."""
    return next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))


@pytest.mark.parametrize("part", [b"<link/>", b'<x:link rel="alternate" hreflang="de" href="/de"/>', b"<a><b/></a>"])
def test_an_endless_entry_takes_no_more_room_than_its_bytes(part: bytes):
    body = b"<urlset><url><loc>/</loc>" + part * ((MAX_BYTES // 4) // len(part)) + b"</url></urlset>"
    peak_begins_anew()
    before = peak_kb()

    read = read_sitemap(body, 100)

    assert [one.url for one in read.pages] == ["/"]
    assert peak_kb() - before < 50_000
