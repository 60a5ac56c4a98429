"""What a page tells a robot: where its links lead, its canonical URL, and whether it may be indexed."""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree, html  # type: ignore[import-untyped]

from bot.pages.fetch import clean_url

MAX_LINKS = 5_000
_OF_HEAD = frozenset({"title", "meta", "link", "base", "script", "style", "template", "noscript", "bgsound"})
MAX_SITEMAP_URLS = 50_000


@dataclass(frozen=True)
class Directions:
    """`links` and `sitemaps` are absolute, each once, in the page's order; any host."""

    links: tuple[str, ...]
    canonical: str | None
    noindex: bool
    sitemaps: tuple[str, ...] = ()


def parse_html(text: str) -> Any | None:
    """The root element, or None for what holds no HTML. Nothing outside the text is ever loaded."""
    # lxml refuses text that declares an encoding of its own, and NUL characters.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\0", ""), count=1)
    if not text.strip():
        return None
    try:
        root = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    _move_text_out_of_head(root)
    return root


def _move_text_out_of_head(root: Any) -> None:
    """HTML allows a page without <body>; the parser, which knows no <main>, then takes it for a part of the head."""
    head, body = root.find("head"), root.find("body")
    stray = [] if head is None else [part for part in head if isinstance(part.tag, str) and part.tag not in _OF_HEAD]
    if stray:
        if body is None:
            body = etree.SubElement(root, "body")
        body[0:0] = stray


def directions(text: str, url: str, *, robots_header: str = "") -> Directions:
    root = parse_html(text)
    if root is None:
        return Directions((), None, noindex=False)
    told = {robots_header.lower(), *_robots(root)}
    noindex = any(re.search(r"\b(?:noindex|none)\b", one) for one in told)
    nofollow = any(re.search(r"\b(?:nofollow|none)\b", one) for one in told)
    base = clean_url(next(iter(root.xpath("//base/@href")), ""), url) or url
    links: dict[str, None] = {}
    for element in [] if nofollow else root.iter("a", "area"):
        found = clean_url(element.get("href") or "#", base)
        if found and "href" in element.attrib and "nofollow" not in (element.get("rel") or "").lower().split():
            links.setdefault(found)
        if len(links) >= MAX_LINKS:
            break
    return Directions(tuple(links), _linked(root, "canonical", base), noindex, _all_linked(root, "sitemap", base))


def sitemap_urls(body: bytes) -> tuple[list[str], list[str]]:
    """The pages and the further sitemaps that a sitemap names; both empty for what is no sitemap."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return [], []
    if root is None:
        return [], []
    named = [one.text.strip() for one in root.iterfind("{*}*/{*}loc") if one.text][:MAX_SITEMAP_URLS]
    return ([], named) if etree.QName(root).localname == "sitemapindex" else (named, [])


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
