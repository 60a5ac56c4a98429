"""The questions that no page answered, grouped by what they mean: who asked, how often, where, and what came near."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.interactions import CustomerId, Microseconds, VisitorId, rfc3339
from bot.pages.indexing.encoder import Encoder
from bot.pages.indexing.index import page_key
from bot.pages.questions.alike import alike
from bot.pages.questions.asked_on import Addresses, addresses_of
from bot.store.pages_of_rows import Span
from bot.store.questions import Place, Unanswered, normal, unanswered_before
from bot.store.store import Store
from bot.store.visitors import ledger

MOST_QUESTIONS, MOST_WORDINGS = 100_000, 40_000
"""The latest questions that are looked at, and the most asked wordings among them that are understood: at 2 ms each."""
ROWS_AT_ONCE = 1_000
OTHER_WORDINGS = 3
NEVER = Microseconds(0)


@dataclass
class Wording:
    """One question in one form of words, however often and by whomever. `people` are numbers, only to be counted."""

    text: str
    times: int = 0
    people: set[int] = field(default_factory=set)
    first: Microseconds = NEVER
    last: Microseconds = NEVER
    pages: Counter[str] = field(default_factory=Counter)
    nearest: Counter[str] = field(default_factory=Counter)
    places: list[Place] = field(default_factory=list)
    """Where it was asked, of one form of words the latest first."""

    def add(self, other: "Wording") -> None:
        """Takes in what is known of another wording, or of one more time that this one was asked."""
        self.first = min(self.first, other.first) if self.times else other.first
        self.last = max(self.last, other.last)
        self.times += other.times
        self.people |= other.people
        self.pages.update(other.pages)
        self.nearest.update(other.nearest)
        self.places += other.places


@dataclass(frozen=True)
class Group:
    """Questions that ask the same. `wordings` are others than the one nearest the centre, which `whole` has.

    `forms` are all of them, each as `normal` has it.
    """

    whole: Wording
    wordings: tuple[str, ...]
    forms: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        whole = self.whole
        return {
            "question": whole.text,
            "people": len(whole.people),
            "times": whole.times,
            "first": rfc3339(whole.first),
            "last": rfc3339(whole.last),
            "pages": [{"url": url, "times": times} for url, times in _most(whole.pages)],
            "nearest": _most(whole.nearest)[0][0] if whole.nearest else None,
            "wordings": list(self.wordings),
        }


@dataclass(frozen=True)
class Report:
    """All groups, those that most people asked first. `rare` are like no group, `left_out` too many to be understood.

    `capped`: there are older questions in the window that were not looked at. `askers` tells who the numbers in
    `people` are: ("c", customer), ("v", visitor) or ("-", conversation).
    """

    span: Span
    page: str | None
    groups: tuple[Group, ...]
    rare: Wording
    left_out: Wording
    capped: bool
    askers: tuple[tuple[str, str], ...] = ()

    @property
    def questions(self) -> int:
        return sum(one.times for one in self._all)

    @property
    def people(self) -> int:
        return len(set().union(*(one.people for one in self._all)))

    @property
    def _all(self) -> list[Wording]:
        return [*(group.whole for group in self.groups), self.rare, self.left_out]

    def as_json(self, limit: int | None) -> dict[str, Any]:
        return {
            "site": self.span.site,
            "since": rfc3339(self.span.since) if self.span.since else None,
            "page": self.page,
            "questions": self.questions,
            "people": self.people,
            "groups": [group.as_json() for group in self.groups[:limit]],
            "groups_in_all": len(self.groups),
            "rare": self.rare.times,
            "left_out": self.left_out.times,
            "capped": self.capped,
        }


async def unanswered(
    store: Store,
    encoder: Callable[[], Encoder],
    span: Span,
    *,
    page: str | None = None,
    most: int = MOST_QUESTIONS,
    most_wordings: int = MOST_WORDINGS,
    settled: Callable[[Unanswered], bool] = lambda row: False,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """The unanswered questions of the window in groups; `page` leaves only those that were asked on it.

    `encoder` is asked for only when there is something to understand. What is `settled` is left out. Nothing that
    takes time is done on the event loop.
    """
    addresses = await addresses_of(store, span.site)
    collected = _Collected(addresses, await store.read(ledger, span.site), page and page_key(addresses.of(page)))
    while collected.seen < most:
        rows = await store.read(unanswered_before, span, collected.oldest, min(most - collected.seen, ROWS_AT_ONCE))
        if not rows:
            break
        await asyncio.to_thread(collected.take, rows, settled)
    capped = bool(await store.read(unanswered_before, span, collected.oldest, 1))
    chosen = addresses.chosen(page, collected.pages) if page is not None else None
    wordings = await asyncio.to_thread(sorted, collected.wordings.values(), key=_importance)
    kept = wordings[:most_wordings]
    groups, rare = await asyncio.to_thread(_grouped, kept, encoder, on_progress) if kept else ([], Wording(""))
    left_out = _joined(wordings[most_wordings:])
    return Report(span, chosen, tuple(groups), rare, left_out, capped, tuple(collected.askers))


class _Collected:
    """The questions so far, each form of words once."""

    def __init__(self, addresses: Addresses, known: dict[VisitorId, CustomerId], page: str | None) -> None:
        self._addresses, self._known, self._page = addresses, known, page
        self._numbers: dict[tuple[str, str], int] = {}
        self.wordings: dict[str, Wording] = {}
        self.pages: set[str] = set()
        self.seen = 0
        self.oldest: int | None = None

    @property
    def askers(self) -> Iterable[tuple[str, str]]:
        """In the order of their numbers."""
        return self._numbers

    def take(self, rows: Sequence[Unanswered], settled: Callable[[Unanswered], bool]) -> None:
        self.seen, self.oldest = self.seen + len(rows), rows[-1].id
        for row in rows:
            if settled(row):
                continue
            page = None if row.page is None else self._addresses.of(row.page)
            self.pages |= {page} if page else set()
            if self._page is None or (page is not None and page_key(page) == self._page):
                self._add(row, page)

    def _add(self, row: Unanswered, page: str | None) -> None:
        pages = Counter([page] if page else [])
        nearest = Counter([self._addresses.of(row.nearest)] if row.nearest else [])
        place = [(row.conversation, row.seq)]
        once = Wording(row.text, 1, {self._person(row)}, row.at, row.at, pages, nearest, place)
        if (plain := normal(row.text)) in self.wordings:
            self.wordings[plain].add(once)
        else:
            self.wordings[plain] = once

    def _person(self, row: Unanswered) -> int:
        """A number for who asked: a customer, else a browser that agreed, else whoever led the conversation."""
        customer = row.customer or self._known.get(VisitorId(row.visitor or ""))
        who: tuple[str, str] = ("-", row.conversation)
        if customer or row.visitor:
            who = ("c", customer) if customer else ("v", row.visitor or "")
        return self._numbers.setdefault(who, len(self._numbers))


def _importance(wording: Wording) -> tuple[int, int, bytes]:
    # The digest last: of many that were asked once, those that make groups are a fair sample, not an alphabet's start.
    digest = hashlib.blake2b(normal(wording.text).encode("utf-8", "replace"), digest_size=8).digest()
    return -len(wording.people), -wording.times, digest


def _grouped(
    wordings: Sequence[Wording], encoder: Callable[[], Encoder], on_progress: Callable[[int], None]
) -> tuple[list[Group], Wording]:
    placed = alike([normal(one.text) for one in wordings], encoder(), on_progress=on_progress)
    members: list[list[int]] = [[] for _ in range(int(placed.groups.max()) + 1)]
    for number, group in enumerate(placed.groups.tolist()):
        if group >= 0:
            members[group].append(number)
    groups = [_group([(wordings[one], float(placed.nearness[one])) for one in numbers]) for numbers in members]
    rare = _joined(one for one, group in zip(wordings, placed.groups.tolist(), strict=True) if group < 0)
    return sorted(groups, key=lambda group: _importance(group.whole)), rare


def _group(members: list[tuple[Wording, float]]) -> Group:
    centre = max(members, key=lambda pair: pair[1])[0]
    # Those that most people used, which is their order.
    others = tuple(one.text for one, _ in members if one is not centre)[:OTHER_WORDINGS]
    whole = _joined(one for one, _ in members)
    whole.text = centre.text
    return Group(whole, others, tuple(normal(one.text) for one, _ in members))


def _joined(wordings: Iterable[Wording]) -> Wording:
    whole = Wording("")
    for one in wordings:
        whole.add(one)
    return whole


def _most(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))
