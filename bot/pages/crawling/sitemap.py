"""Reads one sitemap: the pages that it lists, each perhaps with its last change and its other languages."""

import io
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from bot.pages.crawling.fetch import unpacker
from bot.pages.crawling.links import MAX_VARIANTS, language_code

MAX_BYTES = 50_000_000
"""By the protocol of sitemaps, unpacked."""
MAX_LASTMOD = 40
MAX_LOC = 10_000
_ENTRIES = frozenset({"url", "sitemap"})
NO_LANGUAGE, SAME_LANGUAGE = "without a language or a URL", "in a language that the page has already"
TOO_MANY = f"past the first {MAX_VARIANTS} of a page"
"""Which alternates are left out."""


@dataclass(frozen=True)
class Listed:
    """`variants` are the addresses of the page in other languages, as they are written there."""

    url: str
    lastmod: str | None = None
    variants: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sitemap:
    """`more` counts the pages past those that were wanted, `left_out` the alternates of those that were, by the reason.

    `fault` says why it could not be read to its end.
    """

    pages: tuple[Listed, ...] = ()
    further: tuple[str, ...] = ()
    more: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    fault: str = ""


def read_sitemap(body: bytes, most: int) -> Sitemap:
    """The first `most` pages, or sitemaps, that it names. Nothing outside of it is loaded."""
    unpacked = _unpacked(body)
    if unpacked is None:
        return Sitemap(fault=f"its gzip is broken, or holds more than {MAX_BYTES:,} bytes")
    safe: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    read = _Reading(most)
    try:
        parts = etree.iterparse(io.BytesIO(unpacked), events=("end",), recover=True, **safe)
        for _, element in parts:
            read.take(element)
            _forget(element)
        is_sitemap = parts.root is not None and _name(parts.root) in ("urlset", "sitemapindex")
    except (etree.XMLSyntaxError, ValueError):
        is_sitemap = bool(read.listed)
    if not is_sitemap:
        return Sitemap(fault="it is neither a urlset nor a sitemapindex")
    if read.is_index:
        return Sitemap(further=tuple(one.url for one in read.listed), more=read.more)
    return Sitemap(tuple(read.listed), more=read.more, left_out=read.left_out)


class _Reading:
    """Takes element after element, so that none has to be kept: 50 MB of XML would be a gigabyte of tree."""

    def __init__(self, most: int) -> None:
        self.listed: list[Listed] = []
        self.more = 0
        self.is_index = False
        self.left_out: Counter[str] = Counter()
        self._most = most
        self._told: dict[str, str] = {}
        self._variants: dict[str, str] = {}
        self._not_taken: Counter[str] = Counter()

    def take(self, element: Any) -> None:
        name = _name(element)
        if name in _ENTRIES:
            self._take_entry(name)
        elif _name(element.getparent()) not in _ENTRIES:
            return
        elif name == "link":
            self._take_alternate(element)
        elif name in ("loc", "lastmod") and element.text:
            self._told.setdefault(name, element.text.strip())

    def _take_entry(self, name: str) -> None:
        self.is_index = self.is_index or name == "sitemap"
        url = self._told.get("loc", "")
        if url and len(self.listed) < self._most:
            lastmod = self._told.get("lastmod", "")[:MAX_LASTMOD] or None
            self.listed.append(Listed(url[:MAX_LOC], lastmod, self._variants))
            self.left_out += self._not_taken
        elif url:
            self.more += 1
        self._told, self._variants, self._not_taken = {}, {}, Counter()

    def _take_alternate(self, link: Any) -> None:
        """<xhtml:link rel="alternate" hreflang="de-at" href="..."/>. Another kind, such as for telephones, is none."""
        if "alternate" not in (link.get("rel") or "").lower().split() or link.get("hreflang") is None:
            return
        language, href = language_code(link.get("hreflang")), (link.get("href") or "").strip()
        if language is None or not href:
            self._not_taken[NO_LANGUAGE] += 1
        elif language in self._variants:
            self._not_taken[SAME_LANGUAGE] += 1
        elif len(self._variants) >= MAX_VARIANTS:
            self._not_taken[TOO_MANY] += 1
        else:
            self._variants[language] = href[:MAX_LOC]


def _name(element: Any) -> str:
    """Without its namespace, or the prefix of one that was never declared."""
    tag = None if element is None else element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _forget(element: Any) -> None:
    """Lets go of what was read: the element's content, and what stood before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _unpacked(body: bytes) -> bytes | None:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        unpacked = unpacker("gzip")(body, MAX_BYTES + 1)
    except zlib.error:
        return None
    return unpacked if len(unpacked) <= MAX_BYTES else None
