"""What a walk has yet to visit: each URL once, in the order it was met, and a reason for each that is left out."""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from bot.pages.crawling.fetch import ROBOT, Origin
from bot.pages.crawling.report import Skipped
from bot.pages.reading.skip_reason import SkipReason

# Asking for these only to refuse the answer would cost both sides.
_NOT_TEXT = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|mp[34]|m4[av]|webm|ogg|wav|mov|avi|zip|gz|tgz|rar|7z|exe|dmg|"
    r"apk|iso|css|m?js|json|xml|rss|atom|woff2?|ttf|eot|docx?|xlsx?|pptx?|csv|ics)$",
    re.IGNORECASE,
)
MAX_WAITING = 100_000
"""A site that names more URLs than this is walked by the first ones."""


@dataclass(frozen=True)
class Step:
    url: str
    depth: int


class Frontier:
    """The URLs of one origin, as its robots.txt allows them, no deeper than `depth` links from the start."""

    def __init__(self, origin: Origin, robots: Protego, depth: int) -> None:
        self.origin = origin
        self.robots = robots
        self.seen: set[str] = set()
        self.queue: deque[Step] = deque()
        self.left_out: list[Skipped] = []
        self._depth = depth

    def may(self, url: str) -> bool:
        return bool(self.robots.can_fetch(url, ROBOT))

    def follow(self, links: Iterable[str], depth: int) -> None:
        for url in links:
            self.consider(url, depth)

    def consider(self, url: str, depth: int) -> None:
        if url in self.seen:
            return
        self.seen.add(url)
        if (reason := self._reason_against(url, depth)) is not None:
            self.left_out.append(Skipped(url, reason))
        elif len(self.queue) >= MAX_WAITING:
            self.left_out.append(Skipped(url, SkipReason.PAGE_LIMIT, f"more than {MAX_WAITING:,} URLs wait"))
        else:
            self.queue.append(Step(url, depth))

    def next_steps(self, most: int) -> list[Step]:
        return [self.queue.popleft() for _ in range(min(most, len(self.queue)))]

    def take_left_out(self) -> list[Skipped]:
        taken, self.left_out = self.left_out, []
        return taken

    def _reason_against(self, url: str, depth: int) -> SkipReason | None:
        if Origin.of(url) != self.origin:
            return SkipReason.OTHER_SITE
        path = urlsplit(url).path
        if _NOT_TEXT.search(path):
            return SkipReason.NOT_TEXT
        parts = path.strip("/").split("/")
        # A link relative to itself grows for ever: /a/b/a/b/a/b.
        if depth > self._depth or any(parts.count(part) > 3 for part in set(parts)):
            return SkipReason.DEPTH_LIMIT
        return None if self.may(url) else SkipReason.ROBOTS
