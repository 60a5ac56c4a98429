"""What a crawl has taken so far: pages made of what was found, what was left out, and how it compares to before."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from bot.interactions import Microseconds
from bot.pages.crawling.again import Again, says_unchanged
from bot.pages.crawling.report import LISTED, CrawlReport, Found, RawPage, Same, SamePage, Skipped, Skips
from bot.pages.reading.extract import Extracted, extract_html, extract_text
from bot.pages.reading.passages import split
from bot.pages.reading.pdf import Unread, read_pdf
from bot.pages.reading.skip_reason import SkipReason
from bot.store.known_pages import KeptPage, KnownPage, pack
from bot.store.pages import NewPage, NewPassage


@dataclass(frozen=True)
class Progress:
    """How far a crawl is: pages taken, URLs waiting (None where nobody knows), and the page at hand."""

    pages: int
    waiting: int | None
    url: str


type OnProgress = Callable[[Progress], None]


@dataclass
class Taking:
    """Takes each page once, by its URL and by what it says. `lies` are pages that changed under the same lastmod."""

    origin: str
    on_progress: OnProgress
    clock: Callable[[], Microseconds]
    again: Again
    lies: int = 0
    skips: Skips = field(default_factory=Skips)
    urls: set[str] = field(default_factory=set)
    digests: dict[str, str] = field(default_factory=dict)
    against: Counter[str] = field(default_factory=Counter)
    met: set[int] = field(default_factory=set)
    passages: int = 0
    waiting: int | None = None

    def set_waiting(self, waiting: int) -> None:
        self.waiting = waiting

    def take_all(self, group: Iterable[Found]) -> tuple[list[NewPage], list[KeptPage]]:
        """The new pages to store, and those to take over as they are."""
        new: list[NewPage] = []
        kept: list[KeptPage] = []
        for found in group:
            taken = self._take(found)
            if isinstance(taken, NewPage):
                new.append(taken)
            elif taken is not None:
                kept.append(taken)
        return new, kept

    def _take(self, found: Found) -> NewPage | KeptPage | None:
        if isinstance(found, Skipped):
            self.skips.add(found)
            return None
        if isinstance(found, SamePage):
            return self._keep(found)
        body = _digest(found.title, found.html, found.text, found.pdf)
        known = self.again.find(found.url)
        if known is not None and known.body == body and (known.links is None) == (found.links is None):
            return self._keep_read(known, found)
        page = self._read(found)
        return None if page is None else self._new(found, page, body, known)

    def _read(self, found: RawPage) -> Extracted | None:
        if found.pdf:
            told = read_pdf(found.pdf, title=found.title, url=found.url)
            if isinstance(told, Unread):
                self.skips.add(Skipped(found.url, told.reason, told.detail))
                return None
            if told.unread_pages:
                detail = f"the last {told.unread_pages:,} pages of a long PDF"
                self.skips.add(Skipped(found.url, SkipReason.PAGE_LIMIT, detail, told.unread_pages))
            return told.page
        read = extract_html if found.html else extract_text
        return read(found.html or found.text, title=found.title, url=found.url)

    def _new(self, found: RawPage, page: Extracted, body: str, known: KnownPage | None) -> NewPage | None:
        passages = split(page)
        digest = _digest(page.title, *(one.digest for one in passages))
        if not passages:
            self.skips.add(Skipped(found.url, SkipReason.NO_TEXT))
            return None
        url = self._once(found.url, found.canonical, digest, len(passages))
        if url is None:
            return None
        is_same = known is not None and known.digest == digest
        self._compare(known, "unchanged" if is_same else "changed")
        if known is not None and not is_same and says_unchanged(known, found.stamp.listed):
            self.lies += 1
        kept = tuple(NewPassage(one.position, one.heading, one.text, one.digest) for one in passages)
        return NewPage(
            url,
            page.title,
            digest,
            self.clock(),
            kept,
            page.product,
            language=page.language,
            variants=found.variants or None,
            source=None if url == found.url else found.url,
            body=body,
            steady=is_same,
            stamp=found.stamp,
            links=None if found.links is None else pack(found.links),
        )

    def _keep_read(self, known: KnownPage, found: RawPage) -> KeptPage | None:
        """The same bytes as before say the same: they need not be read again."""
        url = self._once(found.url, found.canonical, known.digest, known.passages)
        if url is None:
            return None
        self._compare(known, "unchanged")
        source = None if url == found.url else found.url
        return KeptPage(known.id, url, source, self.clock(), True, found.stamp, known.passages)

    def _keep(self, same: SamePage) -> KeptPage | None:
        known = same.known
        canonical = known.url if known.url != known.asked else ""
        url = self._once(known.asked, canonical, known.digest, known.passages)
        if url is None:
            return None
        self._compare(known, "unchanged", same.why.value)
        was_asked = same.why is Same.CONFIRMED
        stamp = replace(known.stamp, listed=same.listed) if same.listed and was_asked else known.stamp
        asked_at = self.clock() if was_asked else known.asked_at
        source = None if url == known.asked else known.asked
        return KeptPage(known.id, url, source, asked_at, known.steady or was_asked, stamp, known.passages)

    def _once(self, url: str, canonical: str, digest: str, passages: int) -> str | None:
        """The URL to know the page by, or None for one that is there already, which is then among the skips."""
        own = canonical if canonical and canonical not in self.urls else url
        if own in self.urls or digest in self.digests:
            there = f"the same as {self.digests.get(digest, own)}"
            self.skips.add(Skipped(url, SkipReason.DUPLICATE, there))
            return None
        self.urls.add(own)
        self.digests[digest] = own
        self.passages += passages
        self.on_progress(Progress(len(self.urls), self.waiting, own))
        return own

    def _compare(self, known: KnownPage | None, *became: str) -> None:
        self.against.update(became if known is not None else ("new",))
        if known is not None:
            self.met.add(known.id)

    def report(self, crawl: int, seconds: float, *, requests: int, size: int, stopped: str) -> CrawlReport:
        gone = [page.url for page in self.again if page.id not in self.met]
        against = {name: self.against[name] for name in ("unchanged", "changed", "new")} | {"gone": len(gone)}
        against |= {why.value: self.against[why.value] for why in Same if self.against[why.value]}
        return CrawlReport(
            self.origin,
            crawl,
            len(self.urls),
            self.passages,
            dict(self.skips.counts),
            tuple(self.skips.listed),
            seconds,
            against,
            tuple(gone[:LISTED]),
            requests,
            size,
            stopped,
            self.lies,
        )


def _digest(*parts: str | bytes) -> str:
    made = (part if isinstance(part, bytes) else part.encode(errors="surrogatepass") for part in parts)
    return hashlib.sha256(b"\0".join(made)).hexdigest()[:32]
