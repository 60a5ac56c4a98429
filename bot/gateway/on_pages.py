"""Who is on which page at this moment. In memory alone: it is true for a minute, and then nobody's business."""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from weakref import WeakKeyDictionary

from bot.gateway.house import House
from bot.interactions import Kind, Microseconds, SiteKey, VisitorId
from bot.store.intake import Batch, Taken
from bot.store.store import Store
from bot.visits import IDLE_LIMIT, Dropped, DropReason, Sent, page_of

HERE_FOR_US = 60 * 1_000_000
"""A browser says every half minute that its page is still looked at."""
MOST = 10_000
"""Of each kind; beyond it the longest silent are left out first."""


@dataclass(frozen=True)
class Here:
    """A visitor on a page, since when, and when that was last heard of; by our clock, whatever theirs says."""

    visitor: VisitorId
    site: SiteKey
    url: str
    title: str
    since: Microseconds
    seen: Microseconds


class OnPages:
    def __init__(self) -> None:
        self._here: OrderedDict[VisitorId, Here] = OrderedDict()
        self._others: deque[tuple[Microseconds, SiteKey, str]] = deque(maxlen=MOST)
        self.heard: Callable[[VisitorId], None] | None = None
        """Told of each visitor who comes to a page or is still there; set when staff begin to look."""

    def seen(self, site: SiteKey, visitor: VisitorId, url: str, title: str, at: Microseconds) -> None:
        before = self._here.pop(visitor, None)
        stays = before is not None and before.url == url and at - before.seen <= HERE_FOR_US
        since = before.since if before is not None and stays else at
        self._here[visitor] = Here(visitor, site, url, title, since, at)
        if len(self._here) > MOST:
            self._here.popitem(last=False)
        if self.heard is not None:
            self.heard(visitor)

    def passed(self, site: SiteKey, page: str, at: Microseconds) -> None:
        """Somebody who did not agree to be measured: a number on a page, and nothing to know them again by."""
        self._others.append((at, site, page))

    def now(self, at: Microseconds) -> list[Here]:
        """All who agreed and are there, the latest to come to their page first."""
        while self._here and at - next(iter(self._here.values())).seen > HERE_FOR_US:
            self._here.popitem(last=False)
        return sorted(self._here.values(), key=lambda one: (-one.since, one.visitor))

    def others(self, at: Microseconds) -> Counter[tuple[SiteKey, str]]:
        """How many page views of the last minute are of nobody, by site and page."""
        while self._others and at - self._others[0][0] > HERE_FOR_US:
            self._others.popleft()
        return Counter((site, page) for _, site, page in self._others)


_of: WeakKeyDictionary[Store, OnPages] = WeakKeyDictionary()


def on_pages(house: House) -> OnPages:
    return _of.setdefault(house.store, OnPages())


def last_place(batch: Batch, taken: Taken) -> Sent | None:
    """What tells on which page the visitor is: their latest page view or sign of life, unless it is told too late."""
    now = batch.circumstances.now
    signs = [
        sent
        for sent, result in zip(batch.events, taken.results, strict=True)
        if isinstance(sent, Sent) and not isinstance(result, Dropped) and sent.kind in (Kind.PAGE_VIEW, Kind.PRESENT)
    ]
    # Of two at the same moment, the one that was told last.
    last = max(reversed(signs), key=lambda sent: now if sent.at is None else sent.at, default=None)
    late = last is not None and last.at is not None and now - last.at >= IDLE_LIMIT // timedelta(microseconds=1)
    return None if late else last


def note(house: House, batch: Batch, taken: Taken) -> None:
    """Remembers for a minute where the sender of this batch is; of who did not agree only that somebody is there."""
    board, at = on_pages(house), batch.circumstances.now
    place = last_place(batch, taken)
    if taken.visitor is not None and place is not None and place.url:
        board.seen(batch.site.key, taken.visitor, place.url, place.title, at)
    for sent, result in zip(batch.events, taken.results, strict=True):
        if isinstance(sent, Sent) and isinstance(result, Dropped) and _is_somebody(sent, result, batch):
            assert sent.url is not None
            board.passed(batch.site.key, page_of(sent.url), at)


def _is_somebody(sent: Sent, dropped: Dropped, batch: Batch) -> bool:
    without_consent = dropped.reason in (DropReason.NO_CONSENT, DropReason.DO_NOT_TRACK)
    return without_consent and sent.kind is Kind.PAGE_VIEW and sent.id not in batch.told_before
