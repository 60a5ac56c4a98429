"""One URL, within limits."""

import gzip
import os
import zlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.pages.crawling.addresses import Gate, HostPort, parse_host_port
from bot.pages.crawling.fetch import MAX_REDIRECTS, Fetcher, Response, clean_url, decode, unpacker
from bot.pages.crawling.report import Skipped
from bot.pages.reading.skip_reason import SkipReason
from tests.pages.conftest import Website

LIMIT = 100_000


@pytest.fixture
async def fetcher(website: Website) -> AsyncIterator[Fetcher]:
    made = Fetcher(website.url, Gate([parse_host_port(website.host_port)]), max_bytes=LIMIT, max_seconds=0.5)
    yield made
    await made.close()


async def get(fetcher: Fetcher, website: Website, path: str) -> Response | Skipped:
    return await fetcher.get(website.url.rstrip("/") + path)


async def reason(fetcher: Fetcher, website: Website, path: str) -> SkipReason:
    found = await get(fetcher, website, path)
    assert isinstance(found, Skipped)
    return found.reason


async def test_a_page_is_fetched_as_ourselves_without_cookies(fetcher: Fetcher, website: Website):
    website.page("/a", "<p>Hello</p>", Set_Cookie="seen=1; Path=/")

    await get(fetcher, website, "/a")
    found = await get(fetcher, website, "/a")

    assert isinstance(found, Response)
    assert "Hello" in found.text()
    assert website.requests[1].headers["User-Agent"].startswith("Duologue/0.1")
    assert "Cookie" not in website.requests[1].headers


async def test_a_proxy_of_the_environment_is_not_used(website: Website, canary: Website, monkeypatch):
    monkeypatch.setenv("http_proxy", canary.url)
    website.page("/", "<p>Hello</p>")
    fetcher = Fetcher(website.url, Gate([parse_host_port(website.host_port)]))

    found = await fetcher.get(website.url)

    await fetcher.close()
    assert isinstance(found, Response)
    assert canary.asked == []


async def test_the_host_is_kept_while_the_checked_address_is_contacted(website: Website):
    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    port = int(website.host_port.rpartition(":")[2])
    website.page("/", "<p>Hello</p>")
    fetcher = Fetcher(f"http://shop.example:{port}/", Gate([HostPort("shop.example", port)], lookup=lookup))

    found = await fetcher.get(f"http://shop.example:{port}/")

    await fetcher.close()
    assert isinstance(found, Response)
    assert website.requests[0].host == f"shop.example:{port}"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb_is_left_before_it_is_blown_up(fetcher: Fetcher, website: Website, encoding: str):
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    website.body("/bomb", pack(b"<p>" + b"0" * 50_000_000), Content_Encoding=encoding)

    assert await reason(fetcher, website, "/bomb") is SkipReason.TOO_LARGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate", "identity"])
async def test_a_packed_page_is_read(fetcher: Fetcher, website: Website, encoding: str):
    body = b"<p>Norway</p>" * 1000
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(body),
        "deflate": zlib.compress(body),
        "raw deflate": raw.compress(body) + raw.flush(),
        "identity": body,
    }[encoding]
    website.body("/packed", packed, Content_Encoding=encoding.removeprefix("raw "))

    found = await get(fetcher, website, "/packed")

    assert isinstance(found, Response)
    assert found.body == body


async def test_an_endless_page_is_left_at_the_limit(fetcher: Fetcher, website: Website):
    website.endless("/endless", b"<p>more</p>" * 1000)

    assert await reason(fetcher, website, "/endless") is SkipReason.TOO_LARGE


async def test_a_page_that_drips_is_left_at_the_deadline(fetcher: Fetcher, website: Website):
    website.endless("/slow", b"<p>", pause_s=0.05)

    assert await reason(fetcher, website, "/slow") is SkipReason.TOO_SLOW


async def test_a_page_as_large_as_the_limit_is_taken_and_one_byte_more_is_not(fetcher: Fetcher, website: Website):
    website.body("/full", b"x" * LIMIT)
    website.body("/over", b"x" * (LIMIT + 1))

    assert isinstance(await get(fetcher, website, "/full"), Response)
    assert await reason(fetcher, website, "/over") is SkipReason.TOO_LARGE


async def test_broken_packing_is_told(fetcher: Fetcher, website: Website):
    website.body("/broken", os.urandom(100), Content_Encoding="gzip")
    website.body("/unasked", b"x", Content_Encoding="br")

    assert await reason(fetcher, website, "/broken") is SkipReason.BAD_ENCODING
    assert await reason(fetcher, website, "/unasked") is SkipReason.BAD_ENCODING


async def test_a_redirect_within_the_site_is_followed(fetcher: Fetcher, website: Website):
    website.redirect("/old", "/new#part")
    website.page("/new", "<p>Hello</p>")

    found = await get(fetcher, website, "/old")

    assert isinstance(found, Response)
    assert found.url == website.url + "new"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("http://169.254.169.254/latest/meta-data/", SkipReason.OTHER_SITE),
        ("http://[::1]/", SkipReason.OTHER_SITE),
        ("//127.0.0.1:1/", SkipReason.OTHER_SITE),
        ("file:///etc/passwd", SkipReason.BAD_URL),
        ("ftp://shop.example/", SkipReason.BAD_URL),
        ("http://user:secret@shop.example/", SkipReason.BAD_URL),
        ("http://[", SkipReason.BAD_URL),
    ],
)
async def test_a_redirect_away_is_not_followed(fetcher: Fetcher, website: Website, target: str, expected: SkipReason):
    website.redirect("/away", target)

    assert await reason(fetcher, website, "/away") is expected


async def test_a_redirect_to_an_inner_server_reaches_nobody(fetcher: Fetcher, website: Website, canary: Website):
    website.redirect("/away", canary.url)

    assert await reason(fetcher, website, "/away") is SkipReason.OTHER_SITE
    assert canary.asked == []


async def test_the_start_itself_may_not_be_an_inner_server(canary: Website):
    fetcher = Fetcher(canary.url, Gate())

    found = await fetcher.get(canary.url, first=True)

    await fetcher.close()
    assert isinstance(found, Skipped)
    assert found.reason is SkipReason.PRIVATE_ADDRESS
    assert canary.asked == []


async def test_a_public_name_with_an_inner_address_reaches_nobody(canary: Website):
    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    fetcher = Fetcher("http://shop.example/", Gate(lookup=lookup))

    found = await fetcher.get("http://shop.example/", first=True)

    await fetcher.close()
    assert isinstance(found, Skipped)
    assert found.reason is SkipReason.PRIVATE_ADDRESS


async def test_a_redirect_that_moves_the_start_is_checked_before_it_is_followed(website: Website, canary: Website):
    """To www of the same site may be a move; to an address inside it is none."""
    asked = []

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    async def move(request: web.Request) -> web.StreamResponse:
        return web.Response(status=301, headers={"Location": f"http://www.shop.example:{canary_port}/"})

    port, canary_port = (int(site.host_port.rpartition(":")[2]) for site in (website, canary))
    website.pages["/"] = move
    fetcher = Fetcher(f"http://shop.example:{port}/", Gate([HostPort("shop.example", port)], lookup=lookup))

    found = await fetcher.get(f"http://shop.example:{port}/", first=True)

    await fetcher.close()
    assert isinstance(found, Skipped)
    assert asked == ["shop.example"]
    assert canary.asked == []


async def test_a_name_that_changes_its_address_between_two_requests_stays_where_it_was_checked(
    website: Website, canary: Website
):
    addresses = iter([["127.0.0.1"], ["10.0.0.7"], ["169.254.169.254"]])

    async def lookup(host: str, port: int) -> list[str]:
        return next(addresses)

    port = int(website.host_port.rpartition(":")[2])
    website.page("/a", "<p>Hello</p>")
    website.redirect("/b", "/a")
    fetcher = Fetcher(f"http://shop.example:{port}/", Gate([HostPort("shop.example", port)], lookup=lookup))

    found = [await fetcher.get(f"http://shop.example:{port}{path}") for path in ("/a", "/b", "/a")]

    await fetcher.close()
    assert all(isinstance(one, Response) for one in found)
    assert next(addresses) == ["10.0.0.7"]


async def test_redirects_in_a_circle_end(fetcher: Fetcher, website: Website):
    website.redirect("/round", "/round")

    assert await reason(fetcher, website, "/round") is SkipReason.TOO_MANY_REDIRECTS
    assert len(website.asked) == MAX_REDIRECTS + 1


async def test_what_is_no_text_and_what_is_not_there_is_told(fetcher: Fetcher, website: Website):
    website.body("/picture", b"\x89PNG", Content_Type="image/png")
    website.body("/broken", b"", status=500)

    assert await reason(fetcher, website, "/picture") is SkipReason.NOT_TEXT
    assert await reason(fetcher, website, "/broken") is SkipReason.HTTP_ERROR
    assert await reason(fetcher, website, "/missing") is SkipReason.NOT_FOUND


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("HTTP://Shop.Example:80/a#b", "http://shop.example/a"),
        ("https://shop.example", "https://shop.example/"),
        ("https://shop.example:8443/a?utm_source=x&q=1&gclid=2", "https://shop.example:8443/a?q=1"),
        ("https://münchen.example/ö", "https://xn--mnchen-3ya.example/%C3%B6"),
        ("javascript:alert(1)", None),
        ("mailto:a@b.example", None),
        ("https://a:b@shop.example/", None),
        ("https://shop.example:99999/", None),
        ("https:///a", None),
        ("https://shop.example/" + "a" * 2000, None),
    ],
)
def test_a_url_has_one_form(given: str, kept: str | None):
    assert clean_url(given) == kept


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("Größe".encode(), None, "Größe"),
        ("Größe".encode("latin-1"), "iso-8859-1", "Größe"),
        ('<meta charset="windows-1252">€'.encode("cp1252"), None, '<meta charset="windows-1252">€'),
        ("\ufeffGröße".encode(), "latin-1", "Größe"),
        ("Größe".encode("utf-16"), None, "Größe"),
        ("Größe".encode("cp1252"), "no-such-charset", "Größe"),
        (b"\xff\xff\x81", "utf-8", "ÿÿ\ufffd"),
    ],
)
def test_text_is_read_in_its_charset(body: bytes, charset: str | None, text: str):
    assert decode(body, charset) == text


def test_an_encoding_that_was_not_asked_for_is_refused():
    with pytest.raises(ValueError, match="zstd"):
        unpacker("zstd")
