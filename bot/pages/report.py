"""What a crawl met: the pages it hands on, and everything it left out, each with its reason."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

LISTED = 200


class SkipReason(StrEnum):
    ROBOTS = "robots"
    """robots.txt asks not to."""
    NOINDEX = "noindex"
    OTHER_SITE = "other_site"
    """A link or redirect to another host or port than the crawl's own."""
    PRIVATE_ADDRESS = "private_address"
    BAD_URL = "bad_url"
    """Not http or https, with a password in it, or not a URL at all."""
    NOT_FOUND = "not_found"
    HTTP_ERROR = "http_error"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    """An image, a download: neither HTML, PDF nor plain text."""
    ENCRYPTED = "encrypted"
    """A PDF that asks for a password."""
    TOO_MANY_REDIRECTS = "too_many_redirects"
    MOVED = "moved"
    """A page that only sends its readers on to another, by <meta refresh>."""
    BAD_ENCODING = "bad_encoding"
    DUPLICATE = "duplicate"
    """The same text is already there under another URL."""
    PAGE_LIMIT = "page_limit"
    TIME_LIMIT = "time_limit"
    BYTE_LIMIT = "byte_limit"
    DEPTH_LIMIT = "depth_limit"
    BAD_LINE = "bad_line"
    NO_TEXT = "no_text"


@dataclass(frozen=True)
class Skipped:
    """Something that was left out. `where` is a URL, or a file with its line."""

    where: str
    reason: SkipReason
    detail: str = ""


@dataclass(frozen=True)
class RawPage:
    """A page as it was found: HTML, or else plain text. `title` is given with it, or is to be found in the HTML.

    `canonical` is the URL under which the page itself wants to be known, empty when it is this one.
    """

    url: str
    html: str = ""
    text: str = ""
    title: str = ""
    canonical: str = ""


@dataclass(frozen=True)
class CrawlReport:
    """What a crawl brought. `skipped` lists the first 200 of each reason, `counts` counts all of them."""

    origin: str
    crawl: int
    pages: int
    passages: int
    counts: dict[str, int]
    skipped: tuple[Skipped, ...]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        return {
            "origin": self.origin,
            "crawl": self.crawl,
            "pages": self.pages,
            "passages": self.passages,
            "skipped": self.counts,
            "list": [{"where": one.where, "reason": one.reason.value, "detail": one.detail} for one in self.skipped],
            "seconds": round(self.seconds, 2),
        }


@dataclass
class Skips:
    """Counts everything that is left out, and remembers the first of each reason."""

    counts: Counter[str] = field(default_factory=Counter)
    listed: list[Skipped] = field(default_factory=list)

    def add(self, skipped: Skipped) -> None:
        self.counts[skipped.reason.value] += 1
        if self.counts[skipped.reason.value] <= LISTED:
            self.listed.append(skipped)
