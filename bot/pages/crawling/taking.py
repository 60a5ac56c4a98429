"""What a crawl has taken so far: pages made of what was found, what was left out, and how it compares to before."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from bot.interactions import Microseconds
from bot.pages.crawling.again import Again, as_left_out, says_unchanged
from bot.pages.crawling.report import (
    LISTED,
    CrawlReport,
    Found,
    RawPage,
    Same,
    SamePage,
    Skipped,
    Skips,
    StillLeftOut,
    Unwanted,
)
from bot.pages.reading.blocks import Extracted
from bot.pages.reading.extract import extract_html, extract_text
from bot.pages.reading.passages import split
from bot.pages.reading.pdf import Unread, read_pdf
from bot.pages.reading.skip_reason import SkipReason
from bot.pages.reading.ways import ways_on
from bot.store.known_pages import KeptPage, KnownPage, pack
from bot.store.left_out import LeftOut
from bot.store.pages import NewPage, NewPassage, Stamp

_TOLD_BY_BYTES = frozenset({SkipReason.NO_TEXT, SkipReason.ENCRYPTED, SkipReason.TOO_LARGE})
"""Why a page could not be read, and never will be while it is the same. Other reasons may be the machine's."""


@dataclass(frozen=True)
class Progress:
    """How far a crawl is: pages taken, URLs waiting (None where nobody knows), and the page at hand."""

    pages: int
    waiting: int | None
    url: str


type OnProgress = Callable[[Progress], None]


@dataclass
class Taken:
    """Of some of what was found: the new pages, those to take over as they are, and what to leave out and remember."""

    new: list[NewPage] = field(default_factory=list)
    kept: list[KeptPage] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


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

    def take_all(self, group: Iterable[Found]) -> Taken:
        taken = Taken()
        for found in group:
            one = self._take(found)
            if isinstance(one, NewPage):
                taken.new.append(one)
            elif isinstance(one, KeptPage):
                taken.kept.append(one)
            elif one is not None:
                taken.left_out.append(one)
        return taken

    def is_there(self, known: LeftOut) -> bool:
        """Whether what the page said is among the pages taken so far, so that it still is a duplicate."""
        return self._own(known.asked, known.url) in self.urls or known.digest in self.digests

    def _take(self, found: Found) -> NewPage | KeptPage | LeftOut | None:
        if isinstance(found, Skipped):
            self.skips.add(found)
            return None
        if isinstance(found, SamePage):
            return self._keep(found)
        if isinstance(found, StillLeftOut):
            # One that could not be had is among the skips for that.
            return found.known if found.why is Same.KEPT else self._leave_again(found)
        if isinstance(found, Unwanted):
            return self._leave(found.page, found.reason, found.detail, _body(found.page))
        return self._take_page(found, _body(found))

    def _take_page(self, found: RawPage, body: str) -> NewPage | KeptPage | LeftOut | None:
        known, left = self.again.find(found.url), self.again.find_left_out(found.url)
        if known is not None and known.body == body and (known.links is None) == (found.links is None):
            return self._keep_read(known, found)
        if left is not None and left.body == body and self._says_nothing_new(left):
            return self._leave(found, SkipReason(left.reason), left.detail, body, digest=left.digest)
        page = self._read(found)
        if isinstance(page, Unread):
            left = self._leave(found, page.reason, page.detail, body)
            return left if page.reason in _TOLD_BY_BYTES else None
        return self._new(found, page, body, known or left)

    def _says_nothing_new(self, left: LeftOut) -> bool:
        """Whether the same bytes are left out as they were; not where a header forbade them that has gone."""
        return self.is_there(left) if left.reason == SkipReason.DUPLICATE else left.reason in _TOLD_BY_BYTES

    def _read(self, found: RawPage) -> Extracted | Unread:
        if found.pdf:
            told = read_pdf(found.pdf, title=found.title, url=found.url)
            if isinstance(told, Unread):
                return told
            if told.unread_pages:
                detail = f"the last {told.unread_pages:,} pages of a long PDF"
                self.skips.add(Skipped(found.url, SkipReason.PAGE_LIMIT, detail, told.unread_pages))
            return told.page
        read = extract_html if found.html else extract_text
        return read(found.html or found.text, title=found.title, url=found.url)

    def _new(
        self, found: RawPage, page: Extracted, body: str, before: KnownPage | LeftOut | None
    ) -> NewPage | LeftOut | None:
        passages = split(page)
        digest = _digest(page.title, *(one.digest for one in passages))
        if not passages:
            return self._leave(found, SkipReason.NO_TEXT, "", body)
        is_same = before is not None and before.digest == digest
        if before is not None and before.digest and not is_same and says_unchanged(before, found.stamp.listed):
            self.lies += 1
        url = self._once(found.url, found.canonical, digest, len(passages))
        if url is None:
            return self._leave(found, SkipReason.DUPLICATE, self._same_as(found.url, digest), body, digest=digest)
        self._compare(before, "unchanged" if is_same else "changed")
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
            ways=ways_on(found.html, url=url) if found.html else (),
        )

    def _keep_read(self, known: KnownPage, found: RawPage) -> KeptPage | LeftOut | None:
        """The same bytes as before say the same: they need not be read again."""
        url = self._once(found.url, found.canonical, known.digest, known.passages)
        if url is None:
            told = self._same_as(found.url, known.digest)
            return self._leave(found, SkipReason.DUPLICATE, told, known.body or "", digest=known.digest)
        self._compare(known, "unchanged")
        source = None if url == found.url else found.url
        return KeptPage(known.id, url, source, self.clock(), True, found.stamp, known.passages)

    def _keep(self, same: SamePage) -> KeptPage | LeftOut | None:
        known = same.known
        canonical = known.url if known.url != known.asked else ""
        url = self._once(known.asked, canonical, known.digest, known.passages)
        if url is None:
            left = as_left_out(known, SkipReason.DUPLICATE, "")
            return self._leave_again(StillLeftOut(left, same.why, same.listed))
        self._compare(known, "unchanged", same.why.value)
        asked_at, steady, stamp = self._asked_again(known, same)
        source = None if url == known.asked else known.asked
        return KeptPage(known.id, url, source, asked_at, steady, stamp, known.passages)

    def _asked_again(
        self, known: KnownPage | LeftOut, same: SamePage | StillLeftOut
    ) -> tuple[Microseconds, bool, Stamp]:
        if same.why is not Same.CONFIRMED:
            return known.asked_at, known.steady, known.stamp
        stamp = replace(known.stamp, listed=same.listed) if same.listed else known.stamp
        return self.clock(), True, stamp

    def _leave(self, found: RawPage, reason: SkipReason, detail: str, body: str, *, digest: str = "") -> LeftOut | None:
        """Counts the page among the skips, and remembers it where it can be asked for again by its URL."""
        self.skips.add(Skipped(found.url, reason, detail))
        if found.links is None:
            return None
        before = self.again.find_left_out(found.url) or self.again.find(found.url)
        is_same = before is not None and (before.body == body or before.digest == digest != "")
        moment, links = self.clock(), pack(found.links)
        told = (found.url, found.canonical or found.url, reason.value, detail, digest, body)
        return LeftOut(*told, moment, moment, is_same, found.stamp, links)

    def _leave_again(self, same: StillLeftOut) -> LeftOut:
        known = same.known
        if known.reason == SkipReason.DUPLICATE:
            known = replace(known, detail=self._same_as(known.asked, known.digest))
        self.skips.add(Skipped(known.asked, SkipReason(known.reason), known.detail))
        asked_at, steady, stamp = self._asked_again(known, same)
        return replace(known, asked_at=asked_at, steady=steady, stamp=stamp)

    def _own(self, url: str, canonical: str) -> str:
        return canonical if canonical and canonical not in self.urls else url

    def _same_as(self, url: str, digest: str) -> str:
        return f"the same as {self.digests.get(digest, url)}"

    def _once(self, url: str, canonical: str, digest: str, passages: int) -> str | None:
        """The URL to know the page by, or None for one that is there already."""
        own = self._own(url, canonical)
        if own in self.urls or digest in self.digests:
            return None
        self.urls.add(own)
        self.digests[digest] = own
        self.passages += passages
        self.on_progress(Progress(len(self.urls), self.waiting, own))
        return own

    def _compare(self, before: KnownPage | LeftOut | None, became: str, *how: str) -> None:
        if isinstance(before, KnownPage):
            self.against.update((became, *how))
            self.met.add(before.id)
        else:
            self.against["new"] += 1

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


def _body(found: RawPage) -> str:
    return _digest(found.title, found.html, found.text, found.pdf)


def _digest(*parts: str | bytes) -> str:
    made = (part if isinstance(part, bytes) else part.encode(errors="surrogatepass") for part in parts)
    return hashlib.sha256(b"\0".join(made)).hexdigest()[:32]
