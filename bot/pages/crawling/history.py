"""What became of a site's last crawls, and when the next one is."""

from dataclasses import dataclass
from typing import Any

from bot.errors import ConfigurationError
from bot.interactions import Microseconds, as_datetime, rfc3339
from bot.pages.crawling.schedule import due_at
from bot.site_values import UNSEEN
from bot.store.crawl_turns import CrawlTurn, turn_of
from bot.store.pages import Crawl, find_crawl, last_crawls
from bot.store.sites import Site, find_site
from bot.store.store import Store


@dataclass(frozen=True)
class History:
    """`crawls` are the last ones, the latest first; `next_at` is None for a site that is not crawled by itself."""

    site: Site
    crawls: tuple[Crawl, ...]
    turn: CrawlTurn
    next_at: Microseconds | None

    def as_json(self) -> dict[str, Any]:
        return {
            "site": self.site.key,
            "every": self.site.chat.crawl_every,
            "next_at": None if self.next_at is None else rfc3339(self.next_at),
            "failures": self.turn.failures,
            "last_failure": self.turn.told,
            "crawls": [self._crawl(one) for one in self.crawls],
        }

    def lines(self) -> list[str]:
        """For people."""
        if not self.crawls:
            return [f"{self.site.key} was never crawled: duologue crawl URL --site {self.site.key}"]
        lines = [_line(one, self._state(one)) for one in self.crawls]
        if self.turn.failures:
            lines.append(f"Failed {self.turn.failures} times in a row: {UNSEEN.sub('�', self.turn.told or '')}")
        if self.next_at is not None:
            lines.append(f"Every {self.site.chat.crawl_every}; the next one is due {_moment(self.next_at)}.")
        else:
            lines.append(f"Not crawled by itself: duologue site set {self.site.key} crawl_every=1d")
        return lines

    def _crawl(self, one: Crawl) -> dict[str, Any]:
        ended = None if one.finished_at is None else rfc3339(one.finished_at)
        told = {"crawl": one.id, "state": self._state(one), "origin": one.origin, "options": one.options}
        return told | {"started_at": rfc3339(one.started_at), "finished_at": ended, "report": one.report}

    def _state(self, one: Crawl) -> str:
        """As stored; a crawl that was killed could not say so."""
        return "killed" if one.state == "running" and self.turn.crawl != one.id else one.state


async def history_of(store: Store, key: str) -> History:
    site = await store.read(find_site, key)
    if site is None:
        raise ConfigurationError(f'There is no site "{key}"; `duologue site list` shows them.')
    turn = await store.read(turn_of, key)
    last = None if site.crawl is None else await store.read(find_crawl, site.crawl)
    every = site.chat.crawl_every
    next_at = None if every is None or last is None else due_at(every, turn, last)
    return History(site, tuple(await store.read(last_crawls, key)), turn, next_at)


def _line(one: Crawl, state: str) -> str:
    told = one.report
    what = f"{told['pages']:,} pages" if "pages" in told else ""
    if against := told.get("against"):
        what += f" ({', '.join(f'{against.get(name, 0):,} {name}' for name in ('changed', 'new', 'gone'))})"
    why = told.get("error") or told.get("stopped") or ""
    parts = [_moment(one.started_at), f"{state:7}", one.origin, what, why]
    return UNSEEN.sub("�", "  ".join(part for part in parts if part))


def _moment(at: Microseconds) -> str:
    return as_datetime(at).strftime("%Y-%m-%d %H:%M UTC")
