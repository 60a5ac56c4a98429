"""Puts all questions that were ever asked to the pages as they are now: what is answered since, and what broke."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.errors import DuologueError
from bot.interactions import Microseconds, SiteKey, rfc3339
from bot.pages.answering.librarian import Librarian, State
from bot.pages.answering.question import Turn
from bot.pages.indexing.index import page_key
from bot.pages.questions.asked_on import Addresses, addresses_of
from bot.pages.questions.unanswered import NEVER
from bot.store.pages_of_rows import Span
from bot.store.questions import Asked, Place, Said, asked_after, asked_at, normal
from bot.store.store import Store

ROWS_AT_ONCE = 500
ANSWERS_KEPT = 20_000
"""The same question on the same page, with the same before it, is answered once."""
MOST_LISTED = 10_000
"""Different questions of one change that are kept to be listed, at some kilobytes each; further ones are counted."""


class Change(StrEnum):
    """What became of a question, the worst first."""

    NOW_BROKEN = "now_broken"
    """It was answered, and is not any more."""
    MOVED = "moved"
    """Another page answers it than before."""
    NOW_ANSWERED = "now_answered"
    STILL_UNANSWERED = "still_unanswered"
    STILL_ANSWERED = "still_answered"


LISTED = (Change.NOW_BROKEN, Change.MOVED, Change.NOW_ANSWERED)


@dataclass
class Changed:
    """A question whose answer changed, however often it was asked so."""

    change: Change
    question: str
    page: str | None
    before: Said
    now: Said
    times: int = 0
    last: Microseconds = NEVER

    def as_json(self) -> dict[str, Any]:
        told = {"change": self.change.value, "question": self.question, "page": self.page}
        answers = {"before": vars(self.before).copy(), "now": vars(self.now).copy()}
        return told | {"times": self.times, "last": rfc3339(self.last)} | answers


@dataclass
class Replay:
    """All questions of the window, counted by what became of them; those that changed, once each.

    `unlisted`: how often a changed question was asked that is not among them, since there are too many.
    """

    span: Span
    page: str | None = None
    counts: Counter[Change] = field(default_factory=Counter)
    changed: dict[tuple[object, ...], Changed] = field(default_factory=dict)
    kept: Counter[Change] = field(default_factory=Counter)
    unlisted: Counter[Change] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        return self.counts.total()

    def list_of(self, change: Change) -> list[Changed]:
        """The most asked first."""
        found = [one for one in self.changed.values() if one.change is change]
        return sorted(found, key=lambda one: (-one.times, -one.last, one.question, one.page or ""))

    def as_json(self, limit: int | None) -> dict[str, Any]:
        """`limit` is of each list."""
        told = {"site": self.span.site, "since": rfc3339(self.span.since) if self.span.since else None}
        counts = {change.value: self.counts[change] for change in Change}
        changes = [one.as_json() for change in LISTED for one in self.list_of(change)[:limit]]
        unlisted = self.unlisted.total()
        return told | {"page": self.page, "asked": self.asked} | counts | {"changes": changes, "unlisted": unlisted}


async def replay(
    store: Store,
    librarian: Librarian,
    span: Span,
    *,
    page: str | None = None,
    most_listed: int = MOST_LISTED,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Replay:
    """Asks all questions of the window again, each with what was said before it and on the page where it was asked.

    Nothing is written, nobody is told. `page` leaves only what was asked on that page.
    """
    addresses = await addresses_of(store, span.site)
    await librarian.refresh(span.site)
    if librarian.state(span.site) is not State.OK:
        raise DuologueError(f"No pages of {span.site} answer now; crawl them: duologue crawl URL --site {span.site}.")
    asking = _Asking(librarian, span, addresses, page, most_listed)
    after: int | None = 0
    while after is not None:
        rows, after = await store.read(asked_after, span, after, ROWS_AT_ONCE)
        for row in rows:
            await asking.take(row)
        on_progress(asking.told.asked)
    if page is not None:
        asking.told.page = addresses.chosen(page, asking.pages)
    return asking.told


async def ask_again(store: Store, librarian: Librarian, site: SiteKey, places: Sequence[Place]) -> list[Changed]:
    """What becomes of the questions at these places on the pages of now, each as it was asked; the worst first."""
    addresses = await addresses_of(store, site)
    await librarian.refresh(site)
    asking = _Asking(librarian, Span(site, NEVER, NEVER), addresses, None, 0)
    found: dict[tuple[object, ...], Changed] = {}
    for start in range(0, len(places), ROWS_AT_ONCE):
        for row in await store.read(asked_at, site, places[start : start + ROWS_AT_ONCE]):
            one = await asking.judged(row)
            kept = found.setdefault((one.change, normal(one.question), one.page, one.now.page), one)
            kept.times, kept.last = kept.times + 1, max(kept.last, row.at)
    order = list(Change)
    return sorted(found.values(), key=lambda one: (order.index(one.change), -one.times, one.question, one.page or ""))


class _Asking:
    def __init__(
        self, librarian: Librarian, span: Span, addresses: Addresses, page: str | None, most_listed: int
    ) -> None:
        self._librarian, self._addresses, self._most_listed = librarian, addresses, most_listed
        self._page = None if page is None else page_key(addresses.of(page))
        self._answers: dict[bytes, Said] = {}
        self.told = Replay(span)
        self.pages: set[str] = set()

    async def take(self, row: Asked) -> None:
        page = None if row.page is None else self._addresses.of(row.page)
        if self._page is not None:
            self.pages |= {page} if page else set()
            if page is None or page_key(page) != self._page:
                return
        one = await self.judged(row)
        self.told.counts[one.change] += 1
        if one.change in LISTED:
            self._list(row, one)

    async def judged(self, row: Asked) -> Changed:
        now = await self._now(row)
        before = Said(row.said.answered, row.said.page and self._addresses.of(row.said.page), row.said.text)
        page = None if row.page is None else self._addresses.of(row.page)
        return Changed(_change(before, now), row.text, page, before, now)

    def _list(self, row: Asked, one: Changed) -> None:
        same = (one.change, normal(one.question), one.page, one.before.page, one.now.page)
        if same not in self.told.changed:
            if self.told.kept[one.change] >= self._most_listed:
                self.told.unlisted[one.change] += 1
                return
            self.told.kept[one.change] += 1
        kept = self.told.changed.setdefault(same, one)
        kept.times += 1
        kept.last = max(kept.last, row.at)

    async def _now(self, row: Asked) -> Said:
        asked = repr((row.text, row.history, row.page)).encode("utf-8", "replace")
        same = hashlib.blake2b(asked, digest_size=16).digest()
        if (known := self._answers.get(same)) is not None:
            return known
        history = [Turn(by_visitor, text) for by_visitor, text in row.history]
        found = (await self._librarian.answer(self.told.span.site, row.text, history, row.page)).said
        source = self._addresses.of(found.sources[0].url) if found.sources else None
        said = Said(found.answered, source, found.text)
        if len(self._answers) < ANSWERS_KEPT:
            self._answers[same] = said
        return said


def _change(before: Said, now: Said) -> Change:
    if before.answered != now.answered:
        return Change.NOW_ANSWERED if now.answered else Change.NOW_BROKEN
    if not now.answered:
        return Change.STILL_UNANSWERED
    # Of an answer that nobody heard, since staff took over, the page may not be known.
    return Change.STILL_ANSWERED if before.page in (None, now.page) else Change.MOVED
