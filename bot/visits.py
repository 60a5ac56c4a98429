"""Accepts what a browser says happened, or says why not; and splits page views into visits."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit

from bot.interactions import Kind, Microseconds

IDLE_LIMIT = timedelta(minutes=30)
"""A pause of this long, or longer, begins a new visit."""
OLDEST = timedelta(hours=24, minutes=5)
"""A browser that was offline sends what it kept for a day; the minutes are for its clock."""
AHEAD = timedelta(minutes=5)
"""How far ahead of ours a browser's clock may be."""
URL_LENGTH = 2_048
TITLE_LENGTH = 512
"""Longer titles are cut, not refused: the page view counts all the same."""
NAME_LENGTH = 128
PROPS_BYTES = 8_192
PROPS_DEPTH = 6

EVENT_KINDS = frozenset({Kind.PAGE_VIEW, Kind.PRESENT, Kind.EXPOSED, Kind.OPENED, Kind.TRACK})
"""What a browser may report; everything else is written down by the house itself."""


class DropReason(StrEnum):
    """Why something a browser sent was not kept. Closed: pages in the wild decide with it."""

    NO_CONSENT = "no_consent"
    """The visitor has not agreed to be measured, or agreed no longer."""
    DO_NOT_TRACK = "do_not_track"
    """The browser says so for its owner: `Sec-GPC: 1` or `DNT: 1`."""
    ROBOT = "robot"
    """A declared robot, a browser without a screen, or a page fetched before anybody asked for it."""
    STAFF = "staff"
    """The shop's own people."""
    INVALID_URL = "invalid_url"
    """The page has no usable http(s) address, or the event can't be told at all: no id, an unknown type."""
    TOO_OLD = "too_old"
    """It happened more than a day ago, or its time can't be read."""
    IN_FUTURE = "in_future"
    """The browser's clock is more than five minutes ahead."""
    TOO_LARGE = "too_large"
    """An address, a name or properties longer, or nested deeper, than we keep."""
    RATE_LIMITED = "rate_limited"
    """More events in a short time than a person causes."""
    ERASED = "erased"
    """The visitor is unknown here: forgotten at their own wish, or never given by us."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """An event as the browser told it, already of the right types. `at` None: now."""

    id: str
    kind: Kind
    url: str | None = None
    title: str = ""
    referrer: str | None = None
    name: str = ""
    props: dict[str, Any] = field(default_factory=dict)
    at: Microseconds | None = None


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What we know of the sender besides the event."""

    now: Microseconds
    measured: bool
    do_not_track: bool = False
    robot: bool = False
    staff: bool = False
    erased: bool = False


@dataclass(frozen=True, kw_only=True)
class PageView:
    id: str
    at: Microseconds
    url: str
    title: str = ""
    referrer: str | None = None


@dataclass(frozen=True, kw_only=True)
class TrackedEvent:
    """Anything but a page view: the launcher seen or opened, or what the shop's own page reports."""

    id: str
    kind: Kind
    at: Microseconds
    url: str | None
    name: str = ""
    props: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Dropped:
    reason: DropReason


def accept(sent: Sent, given: Circumstances) -> PageView | TrackedEvent | Dropped:
    """The event to keep, or why it is dropped.

    Consent is asked last: a page view dropped for want of it is otherwise sound, and counts in the daily total.
    """
    if (reason := _unsound(sent, given)) or (reason := _unwanted(given)):
        return Dropped(reason)
    at = given.now if sent.at is None else sent.at
    if sent.kind is Kind.PAGE_VIEW:
        assert sent.url is not None
        return PageView(id=sent.id, at=at, url=sent.url, title=sent.title[:TITLE_LENGTH], referrer=_known(sent))
    return TrackedEvent(id=sent.id, kind=sent.kind, at=at, url=sent.url, name=sent.name, props=sent.props)


def _unsound(sent: Sent, given: Circumstances) -> DropReason | None:
    if given.robot:
        return DropReason.ROBOT
    if given.staff:
        return DropReason.STAFF
    if sent.url is not None and len(sent.url) > URL_LENGTH:
        return DropReason.TOO_LARGE
    if (sent.url is None and sent.kind is Kind.PAGE_VIEW) or (sent.url is not None and not is_web_address(sent.url)):
        return DropReason.INVALID_URL
    if len(sent.name) > NAME_LENGTH or not fits(sent.props):
        return DropReason.TOO_LARGE
    at = given.now if sent.at is None else sent.at
    if given.now - at > OLDEST // timedelta(microseconds=1):
        return DropReason.TOO_OLD
    if at - given.now > AHEAD // timedelta(microseconds=1):
        return DropReason.IN_FUTURE
    return None


def _unwanted(given: Circumstances) -> DropReason | None:
    if given.do_not_track:
        return DropReason.DO_NOT_TRACK
    if given.erased:
        return DropReason.ERASED
    return None if given.measured else DropReason.NO_CONSENT


def _known(sent: Sent) -> str | None:
    referrer = sent.referrer
    return referrer if referrer and len(referrer) <= URL_LENGTH and is_web_address(referrer) else None


def is_web_address(url: str) -> bool:
    """Whether a browser could show this page: http or https, with a host, and nothing unprintable in it."""
    if any(letter.isspace() or not letter.isprintable() for letter in url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def page_of(url: str) -> str:
    """The address without query and fragment, where shops and mailings put what identifies a person."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}{parts.path or '/'}"


def fits(props: dict[str, Any]) -> bool:
    """Whether the properties are small and shallow enough to keep."""
    return _depth_within(props, PROPS_DEPTH) and _bytes(props) <= PROPS_BYTES


def _bytes(props: dict[str, Any]) -> int:
    return len(json.dumps(props, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _depth_within(value: object, left: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    inner: Iterable[object] = value.values() if isinstance(value, dict) else value
    return left > 0 and all(_depth_within(one, left - 1) for one in inner)


# Robots that say so, and browsers that run without a screen. Programs that fetch for a person or a shop's own
# back end (curl, requests) are not here: whoever wants to pretend sends a browser's name anyway.
_ROBOT = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|headless|phantomjs|lighthouse|pagespeed|archiver|facebookexternalhit"
    r"|bingpreview|mediapartners-google|feedfetcher|google-inspectiontool|chatgpt-user|perplexity|pingdom|gtmetrix",
    re.IGNORECASE,
)
# A telephone by Cubot names its maker in every request.
_NOT_A_ROBOT = re.compile(r"\bcubot\b", re.IGNORECASE)


def is_robot(user_agent: str, purpose: str = "") -> bool:
    """Whether nobody is looking. `purpose` is the header `Sec-Purpose`, or `Purpose` of older browsers."""
    if not user_agent.strip() or "prefetch" in purpose.lower():
        return True
    return _ROBOT.search(_NOT_A_ROBOT.sub("", user_agent)) is not None


class Viewed(Protocol):
    @property
    def at(self) -> Microseconds: ...


def split_into_visits[V: Viewed](page_views: Sequence[V], idle_limit: timedelta = IDLE_LIMIT) -> list[list[V]]:
    """The page views of one visitor as visits, each in order of time; in whatever order they came."""
    visits: list[list[V]] = []
    for view in sorted(page_views, key=lambda view: view.at):
        if not visits or view.at - visits[-1][-1].at >= idle_limit // timedelta(microseconds=1):
            visits.append([])
        visits[-1].append(view)
    return visits


@dataclass(frozen=True)
class VisitCount:
    """Counts visits one page view at a time, in any order, as `split_into_visits` would; in bounded memory.

    `latest` are the visits, first and last view of each, that a late arrival could still touch; `over` is the
    number of those before.
    """

    over: int = 0
    latest: tuple[tuple[int, int], ...] = ()

    @property
    def visits(self) -> int:
        return self.over + len(self.latest)

    def with_view(self, at: Microseconds, idle_limit: timedelta = IDLE_LIMIT) -> "VisitCount":
        pause = idle_limit // timedelta(microseconds=1)
        near = [visit for visit in self.latest if visit[0] - at < pause and at - visit[1] < pause]
        apart = [visit for visit in self.latest if visit not in near]
        joined = (min([at, *(first for first, _ in near)]), max([at, *(last for _, last in near)]))
        latest = sorted([*apart, joined])
        # Nothing older than this is accepted, so a visit this long over can't change any more.
        horizon = latest[-1][1] - (OLDEST + AHEAD + idle_limit) // timedelta(microseconds=1)
        settled = [visit for visit in latest if visit[1] < horizon]
        return VisitCount(self.over + len(settled), tuple(latest[len(settled) :]))
