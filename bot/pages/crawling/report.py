"""What a crawl met: the pages it hands on, and everything it left out, each with its reason."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.pages.reading.skip_reason import SkipReason
from bot.store.known_pages import KnownPage
from bot.store.left_out import LeftOut
from bot.store.pages import NO_STAMP, Stamp

LISTED = 200


@dataclass(frozen=True)
class Skipped:
    """Something that was left out. `where` is a URL, or a file with its line; `times` when it stands for many."""

    where: str
    reason: SkipReason
    detail: str = ""
    times: int = 1


@dataclass(frozen=True)
class RawPage:
    """A page as it was found: HTML, or else plain text, or a PDF. `title` is given with it, or is to be found in it.

    `canonical` is the URL under which the page itself wants to be known, empty when it is this one; `links` is None
    where nobody follows any.
    """

    url: str
    html: str = ""
    text: str = ""
    title: str = ""
    canonical: str = ""
    pdf: bytes = b""
    stamp: Stamp = NO_STAMP
    links: tuple[str, ...] | None = None
    variants: dict[str, str] = field(default_factory=dict)


class Same(StrEnum):
    """Why a page is taken over as it is."""

    CONFIRMED = "confirmed"
    """Its server was asked and says that it has not changed."""
    LISTED = "listed"
    """Its sitemap says so, and was believed."""
    KEPT = "kept"
    """It can't be had now: its server fails, or a limit ended the crawl."""


@dataclass(frozen=True)
class SamePage:
    """A page that is taken over from the crawl that answers now; `listed` is the sitemap's lastmod of today."""

    known: KnownPage
    why: Same
    listed: str | None = None


@dataclass(frozen=True)
class Unwanted:
    """A page that asks to be left out, or only leads on."""

    page: RawPage
    reason: SkipReason
    detail: str = ""


@dataclass(frozen=True)
class StillLeftOut:
    """A page that was left out and has not changed; `why` and `listed` as of a SamePage."""

    known: LeftOut
    why: Same
    listed: str | None = None


type Found = RawPage | SamePage | Unwanted | StillLeftOut | Skipped


@dataclass(frozen=True)
class CrawlReport:
    """What a crawl brought. `skipped` lists the first 200 of each reason, `counts` counts all of them.

    `against` counts what became of the pages crawled before: `unchanged` (of these `confirmed` by the server, `listed`
    by the sitemap, `kept` since they could not be had), `changed`, `new`, `gone`; `gone` lists the first of those.
    `stopped` is the limit that ended the crawl, empty when it came to its end; `lastmod_lies` the pages that have ever
    changed under the same lastmod.
    """

    origin: str
    crawl: int
    pages: int
    passages: int
    counts: dict[str, int]
    skipped: tuple[Skipped, ...]
    seconds: float
    against: dict[str, int] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    requests: int = 0
    bytes: int = 0
    stopped: str = ""
    lastmod_lies: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "origin": self.origin,
            "crawl": self.crawl,
            "pages": self.pages,
            "passages": self.passages,
            "against": self.against,
            "gone": list(self.gone),
            "requests": self.requests,
            "bytes": self.bytes,
            "stopped": self.stopped,
            "lastmod_lies": self.lastmod_lies,
            "skipped": self.counts,
            "list": [{"where": one.where, "reason": one.reason.value, "detail": one.detail} for one in self.skipped],
            "seconds": round(self.seconds, 2),
        }


@dataclass
class Skips:
    """Counts everything that is left out, and remembers the first of each reason."""

    counts: Counter[str] = field(default_factory=Counter)
    listed: list[Skipped] = field(default_factory=list)
    _listed_of: Counter[str] = field(default_factory=Counter)

    def add(self, skipped: Skipped) -> None:
        reason = skipped.reason.value
        self.counts[reason] += skipped.times
        self._listed_of[reason] += 1
        if self._listed_of[reason] <= LISTED:
            self.listed.append(skipped)
