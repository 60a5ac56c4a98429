"""Fetches one URL within limits: size, time, redirects, addresses. Nothing else of bot/pages opens a socket."""

import asyncio
import codecs
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import aiohttp
from yarl import URL

from bot.pages.crawling.addresses import AddressDenied, Gate, HostNotFound
from bot.pages.crawling.report import Skipped
from bot.pages.reading.skip_reason import SkipReason

ROBOT = "Duologue"
USER_AGENT = "Duologue/0.1 (+site's own bot)"
MAX_BYTES = 5_000_000
MAX_PDF_BYTES = 20_000_000
MAX_SECONDS = 10.0
MAX_REDIRECTS = 5
MAX_URL = 2_000
CHUNK = 65_536
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,200}"')
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
# A directive with a value looks like the name of a robot.
_ROBOT_NAME = re.compile(r"(?!unavailable_after$|max-)(?:\*|[\w-]+)")
_NOISE = re.compile(r"^(?:utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|_ga|sessionid|phpsessid|jsessionid)$", re.IGNORECASE)
_HTML, _TEXT = frozenset({"text/html", "application/xhtml+xml"}), frozenset({"text/plain"})
_PDF = frozenset({"application/pdf", "application/x-pdf"})
_XML = frozenset({"application/xml", "text/xml", "application/gzip", "application/x-gzip"})


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port: what a crawl stays within."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Origin":
        parts = urlsplit(url)
        return cls(parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme, 0))

    def url(self, path: str) -> str:
        return urljoin(str(URL.build(scheme=self.scheme, host=self.host, port=self.port)), path)


@dataclass(frozen=True)
class Response:
    """What a URL gave: `url` is where the redirects ended, `kind` is html, text, pdf or xml.

    `robots` is what its X-Robots-Tag tells us; `etag` and `modified` are as the server gave them, None when it did not.
    """

    url: str
    kind: str
    body: bytes
    charset: str | None
    robots: str = ""
    etag: str | None = None
    modified: str | None = None

    def text(self) -> str:
        """The body as text: by its byte-order mark, the server's word, the page's own word, UTF-8, Windows-1252."""
        return decode(self.body, self.charset)


@dataclass(frozen=True)
class Unchanged:
    """The server says that the page at `url` is what it was when we had it last."""

    url: str
    robots: str = ""


def clean_url(url: str, base: str = "") -> str | None:
    """The URL in the one form we keep it in, or None when a crawl can't go there."""
    try:
        parts = urlsplit(urljoin(base, url.strip()) if base else url.strip())
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname
    if parts.scheme not in _DEFAULT_PORTS or not host or "@" in parts.netloc or len(url) > MAX_URL:
        return None
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port is None or port == _DEFAULT_PORTS[parts.scheme] else f"{shown}:{port}"
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _NOISE.match(pair.partition("=")[0]))
    try:
        return str(URL(urlunsplit(SplitResult(parts.scheme, netloc, parts.path or "/", query, ""))))
    except ValueError:
        return None


def decode(body: bytes, charset: str | None = None) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(name, "replace")
    told = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", body[:4096], re.IGNORECASE)
    names = [charset or "", told[1].decode("ascii", "replace") if told else "", "utf-8"]
    for name in filter(None, names):
        try:
            # Browsers read both names as Windows-1252, and pages are written for browsers.
            return body.decode("cp1252" if codecs.lookup(name).name in ("iso8859-1", "ascii") else name)
        except (LookupError, UnicodeError):
            continue
    return body.decode("cp1252", "replace")


class Fetcher:
    """Asks for URLs of one origin. `origin` follows the first redirects from http to https and to or from www."""

    def __init__(self, start: str, gate: Gate, *, max_bytes: int = MAX_BYTES, max_seconds: float = MAX_SECONDS) -> None:
        self.origin = Origin.of(start)
        self._gate = gate
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds
        self.requests = 0
        self.bytes = 0
        """Of all bodies, unpacked."""
        # No cookies, no proxy from the environment, and no unpacking that we don't count.
        self._session = aiohttp.ClientSession(
            connector=gate.connector(),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            headers={
                "User-Agent": USER_AGENT,
                "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,text/xml;q=0.5",
                "Accept-Encoding": "gzip, deflate",
            },
            timeout=aiohttp.ClientTimeout(total=None),
            max_line_size=16_384,
            max_field_size=16_384,
        )

    async def close(self) -> None:
        await self._session.close()

    async def get(
        self,
        url: str,
        *,
        first: bool = False,
        permitted: Callable[[str], bool] = lambda url: True,
        validators: Callable[[str], Mapping[str, str]] = lambda url: {},
        max_bytes: int | None = None,
    ) -> Response | Unchanged | Skipped:
        """The page at the URL, or why it is left out; Unchanged only where `validators` gives headers that ask for it.

        `permitted` is asked about each redirect (robots.txt), `validators` about each URL.
        """
        try:
            async with asyncio.timeout(self._max_seconds):
                return await self._follow(url, first, permitted, validators, max_bytes or self._max_bytes)
        except TimeoutError:
            return Skipped(url, SkipReason.TOO_SLOW, f"no whole answer in {self._max_seconds:g} s")
        except AddressDenied as error:
            return Skipped(url, SkipReason.PRIVATE_ADDRESS, str(error))
        except (aiohttp.ClientError, OSError, HostNotFound) as error:
            return Skipped(url, SkipReason.UNREACHABLE, str(error) or type(error).__name__)
        except (zlib.error, ValueError) as error:
            return Skipped(url, SkipReason.BAD_ENCODING, str(error))

    async def _follow(
        self,
        url: str,
        first: bool,
        permitted: Callable[[str], bool],
        validators: Callable[[str], Mapping[str, str]],
        max_bytes: int,
    ) -> Response | Unchanged | Skipped:
        asked = url
        for _ in range(MAX_REDIRECTS + 1):
            origin = Origin.of(url)
            if origin != self.origin and not (first and _is_same_site(self.origin, origin)):
                return Skipped(asked, SkipReason.OTHER_SITE, f"leads to {url}")
            if origin.port not in _DEFAULT_PORTS.values() and not self._gate.names(origin.host, origin.port):
                return Skipped(asked, SkipReason.PRIVATE_ADDRESS, f"port {origin.port} is neither 80 nor 443; name it")
            await self._gate.check(origin.host, origin.port)
            if url != asked and not permitted(url):
                return Skipped(asked, SkipReason.ROBOTS, f"leads to {url}")
            headers = validators(url)
            self.requests += 1
            async with self._session.get(URL(url, encoded=True), allow_redirects=False, headers=headers) as answer:
                if answer.status == 304 and headers:
                    return Unchanged(url, _robots(answer))
                if answer.status not in (301, 302, 303, 307, 308):
                    self.origin = origin
                    return await self._read(url, answer, max_bytes)
                target = clean_url(answer.headers.get("Location", ""), url)
            if target is None:
                return Skipped(asked, SkipReason.BAD_URL, "redirects to what is no web address")
            url = target
        return Skipped(asked, SkipReason.TOO_MANY_REDIRECTS, f"more than {MAX_REDIRECTS}")

    async def _read(self, url: str, answer: aiohttp.ClientResponse, max_bytes: int) -> Response | Skipped:
        if answer.status in (404, 410):
            return Skipped(url, SkipReason.NOT_FOUND, f"status {answer.status}")
        if answer.status != 200:
            return Skipped(url, SkipReason.HTTP_ERROR, f"status {answer.status}")
        if (kind := _kind(answer.content_type)) is None:
            return Skipped(url, SkipReason.NOT_TEXT, answer.content_type)
        # A PDF is mostly its pictures; text of that size is no page.
        most = max(max_bytes, MAX_PDF_BYTES) if kind == "pdf" else max_bytes
        body = await self._body(answer, most)
        if body is None:
            return Skipped(url, SkipReason.TOO_LARGE, f"more than {most:,} bytes")
        etag, modified = validators_of(answer.headers)
        return Response(url, kind, body, answer.charset, _robots(answer), etag, modified)

    async def _body(self, answer: aiohttp.ClientResponse, most: int) -> bytes | None:
        """The body unpacked, or None as soon as it is known to be too large: a bomb is never blown up."""
        encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
        unpack = unpacker(encoding)
        body = bytearray()
        try:
            async for chunk in answer.content.iter_chunked(CHUNK):
                body += unpack(chunk, most + 1 - len(body))
                if len(body) > most:
                    answer.close()
                    return None
        finally:
            self.bytes += len(body)
        return bytes(body)


def validators_of(headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The ETag and the Last-Modified, each only when it is one: they are sent back as they are."""
    etag, modified = headers.get("ETag", "").strip(), headers.get("Last-Modified", "").strip()
    return etag if _ETAG.fullmatch(etag) else None, modified if _HTTP_DATE.fullmatch(modified) else None


def _kind(content_type: str) -> str | None:
    kinds = {"html": _HTML, "text": _TEXT, "pdf": _PDF, "xml": _XML}
    return next((kind for kind, types in kinds.items() if content_type in types), None)


def _robots(answer: aiohttp.ClientResponse) -> str:
    """What X-Robots-Tag tells every robot, or us by name; "googlebot: noindex" is for another."""
    told = []
    for value in answer.headers.getall("X-Robots-Tag", ()):
        name, colon, rest = value.lower().partition(":")
        named = bool(colon) and _ROBOT_NAME.fullmatch(name.strip()) is not None
        if not named or name.strip() in ("*", ROBOT.lower()):
            told.append(rest if named else value.lower())
    return ", ".join(told)


def unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    """Unpacks piece by piece, never more than the given number of bytes."""
    if encoding in ("", "identity"):
        return lambda chunk, limit: chunk[:limit]
    if encoding in ("gzip", "x-gzip"):
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress
    if encoding == "deflate":
        return _Deflate()
    raise ValueError(f"the content encoding {encoding} was not asked for")


class _Deflate:
    """`deflate` is zlib by the book and raw deflate from some servers: the first byte tells which."""

    def __init__(self) -> None:
        self._unpack: Callable[[bytes, int], bytes] | None = None

    def __call__(self, chunk: bytes, limit: int) -> bytes:
        if self._unpack is None:
            raw = bool(chunk) and chunk[0] & 0x0F != 8
            self._unpack = zlib.decompressobj(-zlib.MAX_WBITS if raw else zlib.MAX_WBITS).decompress
        return self._unpack(chunk, limit)


def _is_same_site(start: Origin, other: Origin) -> bool:
    """Whether the owner merely moved the start: to https, or to or from www, on the standard ports."""
    standard = {80, 443}
    return (
        start.host.removeprefix("www.") == other.host.removeprefix("www.")
        and start.port in standard
        and other.port in standard
        and not (start.scheme == "https" and other.scheme == "http")
    )
