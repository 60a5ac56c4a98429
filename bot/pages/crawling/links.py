"""What a page tells a robot: where its links lead, its canonical URL, and whether it may be indexed."""

import re
from dataclasses import dataclass, field
from typing import Any

from bot.pages.crawling.fetch import clean_url
from bot.pages.reading.html import parse_html

MAX_LINKS = 5_000
MAX_VARIANTS = 200
MOVES_WITHIN_S = 10
"""A <meta refresh> that waits longer is meant to be read first."""
_REFRESH = re.compile(r"^\s*(\d{1,6})(?:\.\d*)?\s*(?:[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']*)[\"']?\s*)?$", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}|x-default", re.ASCII)


@dataclass(frozen=True)
class Directions:
    """`links` and `sitemaps` are absolute, each once, in the page's order; any host.

    `moved_to` is where the page sends its readers on to, `variants` its URL in each language; `links` has both too.
    """

    links: tuple[str, ...]
    canonical: str | None
    noindex: bool
    sitemaps: tuple[str, ...] = ()
    moved_to: str | None = None
    variants: dict[str, str] = field(default_factory=dict)


def directions(text: str, url: str, *, robots_header: str = "") -> Directions:
    root = parse_html(text)
    if root is None:
        return Directions((), None, noindex=False)
    told = {robots_header.lower(), *_robots(root)}
    noindex = any(forbids_index(one) for one in told)
    nofollow = any(forbids_links(one) for one in told)
    base = clean_url(next(iter(root.xpath("//base/@href")), ""), url) or url
    moved_to, variants = _moved_to(root, url, base), _variants(root, base)
    links: dict[str, None] = {}
    if not nofollow:
        links |= dict.fromkeys([moved_to] if moved_to else []) | dict.fromkeys(variants.values())
    for element in [] if nofollow else root.iter("a", "area"):
        found = clean_url(element.get("href") or "#", base)
        if found and "href" in element.attrib and "nofollow" not in (element.get("rel") or "").lower().split():
            links.setdefault(found)
        if len(links) >= MAX_LINKS:
            break
    canonical, sitemaps = _linked(root, "canonical", base), _all_linked(root, "sitemap", base)
    return Directions(tuple(links), canonical, noindex, sitemaps, moved_to, variants)


def forbids_index(told: str) -> bool:
    """Whether a robots tag, of a page or a header, asks not to index."""
    return re.search(r"\b(?:noindex|none)\b", told.lower()) is not None


def forbids_links(told: str) -> bool:
    """Whether it asks to follow no links."""
    return re.search(r"\b(?:nofollow|none)\b", told.lower()) is not None


def _moved_to(root: Any, url: str, base: str) -> str | None:
    """Where <meta http-equiv="refresh"> sends the reader; not for one who has no scripts, and not to itself."""
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        told = _REFRESH.match((meta.get("content") or "")[:2_100])
        if told is None or int(told[1]) > MOVES_WITHIN_S or any(up.tag == "noscript" for up in meta.iterancestors()):
            continue
        target = clean_url(told[2], base) if told[2] else None
        if target is not None and target != url:
            return target
    return None


def _variants(root: Any, base: str) -> dict[str, str]:
    """The page in other languages, by <link rel="alternate" hreflang="de-at">; the first of each."""
    found: dict[str, str] = {}
    for link in root.iter("link"):
        language = language_code(link.get("hreflang") or "")
        if "alternate" not in (link.get("rel") or "").lower().split() or language is None:
            continue
        target = clean_url(link.get("href") or "", base) if link.get("href") else None
        if target is not None and len(found) < MAX_VARIANTS:
            found.setdefault(language, target)
    return found


def language_code(hreflang: str) -> str | None:
    """Such as de-at, or x-default; None for what names no language."""
    written = hreflang.strip().lower().replace("_", "-")
    return written if _LANGUAGE.fullmatch(written) else None


def _robots(root: Any) -> list[str]:
    names = ("robots", "duologue")
    return [
        (meta.get("content") or "").lower() for meta in root.iter("meta") if (meta.get("name") or "").lower() in names
    ]


def _all_linked(root: Any, relation: str, base: str) -> tuple[str, ...]:
    found = (
        clean_url(link.get("href") or "", base)
        for link in root.iter("link")
        if relation in (link.get("rel") or "").lower().split() and link.get("href")
    )
    return tuple(url for url in found if url)


def _linked(root: Any, relation: str, base: str) -> str | None:
    return next(iter(_all_linked(root, relation, base)), None)
