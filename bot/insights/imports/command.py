"""`duologue import`: a file of orders or contacts, all of it or nothing; and out again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import ConfigurationError
from bot.insights.imports.currencies import CODES
from bot.insights.imports.faults import Faults
from bot.insights.imports.orders import Ways
from bot.insights.imports.plan import Plan, Planning
from bot.insights.imports.shelf import Shelf
from bot.insights.imports.source import Opened
from bot.insights.imports.values import Clock
from bot.interactions import Microseconds, SiteKey
from bot.store.imported import Row, whose_of
from bot.store.imports import Import, accept, begin, go_on, left_before, put_aside, throw_away, undo, unfinished
from bot.store.sites import Site, find_site
from bot.store.store import Store

ROWS_AT_ONCE = 200


@dataclass(frozen=True)
class Wanted:
    """What is to be imported and how it is written. `path`: None is standard input."""

    kind: str
    site: str
    path: Path | None
    name: str
    maps: dict[str, str] = field(default_factory=dict)
    maps_are_all: bool = False
    """No other column is guessed."""
    currency: str | None = None
    timezone: str | None = None
    dates: str | None = None
    decimals: str | None = None
    """After a "point" or a "comma"; None: as the file shows."""
    dry_run: bool = False
    skip_errors: bool = False
    staff: str | None = None


@dataclass(frozen=True)
class Done:
    """What was found, and the number of the import; None: nothing was imported."""

    plan: Plan
    import_id: int | None


async def import_file(
    store: Store,
    wanted: Wanted,
    faults: Faults,
    *,
    folder: Path,
    now: Callable[[], Microseconds],
    stdin: IO[bytes] | None = None,
    on: Callable[[str, int], None] = lambda what, count: None,
) -> Done:
    """Looks at all of the file; if nothing is wrong with it, and it is to be done, brings it into the log.

    `folder` is where what is too much for memory waits; `on` is told how far it is.
    """
    site = await _site(store, wanted.site)
    ways = _ways(wanted, site, now())
    await finish(store, now=now)
    with Opened(wanted.path, stdin) as opened, closing(Shelf(folder)) as shelf:
        planning = Planning(store, site, opened.source, shelf, faults)
        plan = await planning.plan(
            wanted.kind, ways, wanted.maps, lambda rows: on("rows read", rows), is_all=wanted.maps_are_all
        )
        refused = faults.are_fatal or (faults.count and not wanted.skip_errors)
        if wanted.dry_run or refused or not plan.count:
            return Done(plan, None)
        id = await _put_aside(store, site, wanted, shelf, now)
    await store.write(accept, id, rows=plan.count, staff=wanted.staff, at=now())
    await _go_on(store, site, id, now, lambda count: on(f"of {plan.count:,} imported", count))
    return Done(plan, id)


async def finish(store: Store, *, now: Callable[[], Microseconds], before: Microseconds | None = None) -> list[Import]:
    """Goes on with what was accepted, or began to be undone, and was left; what that was."""
    limit = left_before(now()) if before is None else before
    left = await store.read(unfinished, before=limit)
    for one in left:
        await finish_one(store, one, now=now)
    return left


async def undo_import(store: Store, id: int, *, staff: str | None, now: Callable[[], Microseconds]) -> Import:
    """Takes all that the import made out of the log again."""
    found = await store.write(undo, id, staff=staff, at=now())
    if found is None:
        raise ConfigurationError(f"There is no import {id} that could be undone; `duologue import list` shows those.")
    await finish_one(store, found, now=now)
    return found


async def finish_one(store: Store, left: Import, *, now: Callable[[], Microseconds]) -> None:
    """Goes on with one that was accepted, or began to be undone, until it is done."""
    await _go_on(store, await _site(store, left.site), left.id, now, lambda count: None)


async def _put_aside(
    store: Store, site: Site, wanted: Wanted, shelf: Shelf, now: Callable[[], Microseconds]
) -> int:  # fmt: skip
    id = await store.write(begin, site.key, wanted.kind, wanted.name, staff=wanted.staff, at=now())
    try:
        numbered = enumerate((body for _, body in shelf.kept()), 1)
        for some in batched(numbered, ROWS_AT_ONCE):
            rows = [Row(number, body, whose_of(body.get("told", body))) for number, body in some]
            await _apart(store.write(put_aside, id, site.key, rows, at=now()))
    except BaseException:
        await store.write(throw_away, id)
        raise
    return id


async def _go_on(
    store: Store, site: Site, id: int, now: Callable[[], Microseconds], on: Callable[[int], None]
) -> None:  # fmt: skip
    done = 0
    while count := await _apart(store.write(go_on, site, id, at=now())):
        done += count
        on(done)


async def _apart[T](writing: Awaitable[T]) -> T:
    """Writes, and then leaves the store to others for as long: SQLite gives its one place to whoever asks first."""
    began = time.monotonic()
    told = await writing
    await asyncio.sleep(time.monotonic() - began)
    return told


async def _site(store: Store, key: str) -> Site:
    site = await store.read(find_site, SiteKey(key))
    if site is None:
        raise ConfigurationError(f'There is no site "{key[:80]}"; `duologue site list` shows all.')
    return site


def _ways(wanted: Wanted, site: Site, now: Microseconds) -> Ways:
    currency = wanted.currency and wanted.currency.upper()
    if currency is not None and currency not in CODES:
        raise ConfigurationError(f"--currency {wanted.currency}: there is no such currency; give e.g. EUR.")
    hours = site.chat.hours
    zone = wanted.timezone or ("UTC" if hours is None else hours.timezone)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigurationError(
            f"--timezone {zone[:80]}: there is no such time zone; give e.g. Europe/Vienna."
        ) from error
    day_first = {None: None, "dmy": True, "mdy": False}[wanted.dates]
    comma = None if wanted.decimals is None else wanted.decimals == "comma"
    return Ways(currency=currency, clock=Clock(zone, day_first), comma=comma, now=now)
