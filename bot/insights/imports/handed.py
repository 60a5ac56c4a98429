"""A file of the tray looked at, or imported: what the command does, told for a page."""

import gzip
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.errors import ConfigurationError, DuologueError
from bot.insights.channels.telling import sentence, tell_spend, would_change
from bot.insights.imports.command import Wanted, import_file
from bot.insights.imports.faults import Fault, Faults
from bot.insights.imports.plan import SAMPLE, Plan, names_of
from bot.insights.imports.source import GZIP, Opened
from bot.insights.imports.told import facts
from bot.insights.imports.tray import Handed, Tray
from bot.interactions import Microseconds, SiteKey, as_datetime
from bot.money import decimal_text
from bot.store.sites import find_site
from bot.store.spend import Spent
from bot.store.store import Store

SHOWN = 100
"""Wrong rows that a page lists; all of them are in errors.csv."""
UNPACKED = 4_000_000_000
"""Bytes that a packed file may unpack to: some kilobytes can be made such that no disk holds what is in them."""
BYTES_AT_ONCE = 1 << 20
FAR_EVERY_S = 0.5


async def import_handed(
    store: Store, tray: Tray, handed: Handed, *, is_dry: bool, skip_errors: bool, staff: str,
    now: Callable[[], Microseconds],
) -> dict[str, Any]:  # fmt: skip
    """What was found in the file and, unless it `is_dry`, became of it (`act` is then `take`).

    `staff` is who asked for it. Nothing was imported where `act` is `check`: rows are wrong, or there is nothing new.
    """
    path, asked = tray.path(handed.id, "file"), handed.asked
    refuse_bombs(path)
    if asked.kind == "spend":
        return await _spend(store, tray, handed, is_dry=is_dry, staff=staff, now=now)
    wanted = Wanted(
        kind=asked.kind, site=asked.site, path=path, name=asked.name, maps=asked.maps or {},
        maps_are_all=asked.maps is not None, currency=asked.currency, timezone=asked.timezone, dates=asked.dates,
        decimals=asked.decimals,
        dry_run=is_dry, skip_errors=skip_errors, staff=staff,
    )  # fmt: skip
    with Faults(tray.path(handed.id, "errors.csv"), keep=SHOWN) as faults:
        done = await import_file(store, wanted, faults, folder=tray.path(handed.id), now=now, on=_Far(tray, handed.id))
    plan = done.plan
    told = {
        "facts": list(facts(plan, asked.name)),
        "names": [*plan.columns.values(), *plan.unused],
        "columns": plan.columns,
        "is_fatal": faults.are_fatal,
        "new": plan.count,
        "import": done.import_id,
    }
    is_done = done.import_id is not None
    return _told(is_done, told, faults.first, faults.count, [] if is_done else _sample(plan))


async def _spend(
    store: Store, tray: Tray, handed: Handed, *, is_dry: bool, staff: str, now: Callable[[], Microseconds]
) -> dict[str, Any]:
    asked = handed.asked
    site = await store.read(find_site, SiteKey(asked.site))
    if site is None:
        raise ConfigurationError("There is no such site any more.")
    told = await tell_spend(
        store, site, tray.path(handed.id, "file"), now=now(), staff=staff, currency=asked.currency, dates=asked.dates,
        decimals=asked.decimals, maps=asked.maps, maps_are_all=asked.maps is not None, dry_run=is_dry,
        errors=tray.path(handed.id, "errors.csv"), listed=SHOWN,
    )  # fmt: skip
    change = told.change or await would_change(store, site, told.file)
    found = {
        "facts": [f"{asked.name}: {told.file.form}, {told.file.read:,} rows.", sentence(change), *told.file.remarks],
        "names": names_in(tray.path(handed.id, "file")),
        "columns": told.file.columns,
        "is_fatal": False,
        "new": change.new + change.corrected,
        "import": None,
    }
    sample = [] if told.change else [_sum(row) for row in told.file.rows[:SAMPLE]]
    return _told(told.change is not None, found, list(told.first), told.count, sample)


def refuse_bombs(path: Path) -> None:
    """ConfigurationError when a packed file is too large unpacked, or broken."""
    with path.open("rb") as file:
        if file.read(2) != GZIP:
            return
    size = 0
    try:
        with gzip.open(path) as unpacked:
            while piece := unpacked.read(BYTES_AT_ONCE):
                if (size := size + len(piece)) > UNPACKED:
                    raise ConfigurationError(f"Unpacked it has more than {UNPACKED // 10**9} GB. Give it in parts.")
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigurationError(f"The file is packed by gzip and broken: {error}. Export it again.") from error


def names_in(path: Path) -> list[str]:
    """The columns of a file, also of one that can't be read as it was to be: somebody may say which is which."""
    try:
        with Opened(path) as opened:
            return names_of(opened.source)
    except (DuologueError, OSError):
        return []


def _told(
    is_done: bool, told: dict[str, Any], first: list[Fault], count: int, sample: list[dict[str, str]]
) -> dict[str, Any]:
    wrong = [[one.line, one.problem] for one in sorted(first, key=lambda one: one.line)]
    return {"act": "take" if is_done else "check", "problem": None, "first": wrong, "errors": count,
            "sample": sample} | told  # fmt: skip


def _sample(plan: Plan) -> list[dict[str, str]]:
    return [{name: _shown(name, value) for name, value in row.items()} for row in plan.sample]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(_shown(part, one) for part, one in value.items())
    if name == "at":
        return f"{as_datetime(Microseconds(value)):%Y-%m-%d %H:%M} UTC"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _sum(row: Spent) -> dict[str, str]:
    day = as_datetime(Microseconds(row.day * 86_400_000_000)).date().isoformat()
    return {"day": day, "channel": row.channel, "campaign": row.campaign,
            "amount": decimal_text(row.amount, row.currency), "currency": row.currency}  # fmt: skip


class _Far:
    """Writes down how far it is, twice a second at most."""

    def __init__(self, tray: Tray, id: str) -> None:
        self._tray, self._id, self._last = tray, id, 0.0

    def __call__(self, what: str, count: int) -> None:
        if time.monotonic() - self._last >= FAR_EVERY_S:
            self._last = time.monotonic()
            self._tray.write(self._id, "far.json", {"what": what, "count": count})
