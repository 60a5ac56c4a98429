"""Whose turn it is to crawl a site: one crawl at a time, and one that failed waits before it is tried again."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.interactions import Microseconds, SiteKey
from bot.store.pages import Crawl, CrawlRefused, begin_crawl, find_crawl
from bot.store.sites import Site, all_sites
from bot.store.tables import crawl_turns, crawls

NEVER = Microseconds(0)
HELD_US = 60_000_000
"""How long a turn is held without a word of its holder: a killed crawl is in nobody's way for longer."""
MAX_TOLD = 500


@dataclass(frozen=True)
class CrawlTurn:
    """Of one site. `crawl` has the turn until `held_until`; `failures` in a row, the last at `failed_at`."""

    crawl: int | None = None
    held_until: Microseconds = NEVER
    failures: int = 0
    failed_at: Microseconds | None = None
    told: str | None = None

    def is_held(self, at: Microseconds) -> bool:
        return self.crawl is not None and self.held_until > at


def turn_of(connection: Connection, site: str) -> CrawlTurn:
    row = connection.execute(select(crawl_turns).where(crawl_turns.c.site == site)).one_or_none()
    return CrawlTurn() if row is None else _turn(row)


def sites_to_crawl(connection: Connection) -> list[tuple[Site, CrawlTurn, Crawl]]:
    """The sites that are to be crawled again and again, each with its turn and the crawl that answers now."""
    turns = {row.site: _turn(row) for row in connection.execute(select(crawl_turns).order_by(crawl_turns.c.site))}
    found = []
    for site in all_sites(connection):
        last = find_crawl(connection, site.crawl) if site.chat.crawl_every and site.crawl is not None else None
        if last is not None:
            found.append((site, turns.get(site.key, CrawlTurn()), last))
    return found


def begin_in_turn(
    connection: Connection,
    site: SiteKey,
    *,
    origin: str,
    reader: str,
    options: dict[str, Any],
    at: Microseconds,
    by_force: bool,
) -> int:
    """Begins a crawl that has the turn, as `begin_crawl` and `take_turn` tell."""
    crawl = begin_crawl(connection, site, origin=origin, at=at, reader=reader, options=options)
    take_turn(connection, site, crawl, at=at, by_force=by_force)
    return crawl


def take_turn(connection: Connection, site: SiteKey, crawl: int, *, at: Microseconds, by_force: bool) -> None:
    """Gives the turn to the crawl, or raises CrawlRefused while another has it. Who asks by hand gets it `by_force`:
    the crawl that had it notices, and ends."""
    row = connection.execute(select(crawl_turns).where(crawl_turns.c.site == site).with_for_update()).one_or_none()
    if row is None:
        values = {"crawl": crawl, "held_until": at + HELD_US, "failures": 0}
        try:
            with connection.begin_nested():
                connection.execute(insert(crawl_turns).values(site=site, **values))
        except IntegrityError as error:
            # The site's very first turn, taken by two at once: there was no row to wait for.
            raise CrawlRefused(f"Another crawl of {site} is under way.") from error
        return
    if not by_force and _turn(row).is_held(at):
        raise CrawlRefused(f"Another crawl of {site} is under way.")
    given = update(crawl_turns).where(crawl_turns.c.site == site).values(crawl=crawl, held_until=at + HELD_US)
    connection.execute(given)


def hold_turn(connection: Connection, site: SiteKey, crawl: int, *, at: Microseconds) -> None:
    """Holds it for another minute; CrawlRefused when another crawl has it."""
    asked = update(crawl_turns).where(crawl_turns.c.site == site, crawl_turns.c.crawl == crawl)
    if connection.execute(asked.values(held_until=at + HELD_US)).rowcount != 1:
        raise CrawlRefused(f"Another crawl of {site} was started meanwhile; this one ends.")


def end_turn(connection: Connection, site: SiteKey, crawl: int, *, at: Microseconds, failed: str | None = None) -> None:
    """Gives the turn back, when the crawl still has it; `failed` tells why it was in vain."""
    told: dict[str, Any] = {"failures": 0, "failed_at": None, "told": None}
    if failed is not None:
        told = {"failures": crawl_turns.c.failures + 1, "failed_at": at, "told": failed[:MAX_TOLD]}
    asked = update(crawl_turns).where(crawl_turns.c.site == site, crawl_turns.c.crawl == crawl)
    connection.execute(asked.values(crawl=None, held_until=at, **told))


def give_turn_back(connection: Connection, site: SiteKey, crawl: int, *, at: Microseconds) -> None:
    """Ends the turn of a crawl that was stopped: it neither failed nor succeeded."""
    asked = update(crawl_turns).where(crawl_turns.c.site == site, crawl_turns.c.crawl == crawl)
    connection.execute(asked.values(crawl=None, held_until=at))


def bury(connection: Connection, site: SiteKey, *, at: Microseconds) -> bool:
    """Whether the site's crawl was killed: it has the turn and has not held it. It then counts as failed."""
    turn = turn_of(connection, site)
    if turn.crawl is None or turn.is_held(at):
        return False
    killed = update(crawls).where(crawls.c.id == turn.crawl, crawls.c.state == "running")
    if connection.execute(killed.values(state="failed", finished_at=at)).rowcount == 0:
        # It had finished and did not come to say so.
        end_turn(connection, site, turn.crawl, at=at)
        return False
    end_turn(connection, site, turn.crawl, at=at, failed="the process that crawled was killed")
    return True


def _turn(row: Row[Any]) -> CrawlTurn:
    return CrawlTurn(row.crawl, row.held_until, row.failures, row.failed_at, row.told)
