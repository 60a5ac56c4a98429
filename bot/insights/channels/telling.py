"""Takes a list of spend into the store: all of it, or nothing and what is wrong with which row."""

import asyncio
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bot.errors import ConfigurationError
from bot.insights.channels.spend_file import SpendFile, read_spend
from bot.insights.imports.faults import SHOWN, Fault, Faults
from bot.interactions import Microseconds
from bot.money import decimal_text
from bot.store.audit import Act, record
from bot.store.sites import Site
from bot.store.spend import Change, known_spend, note_spend
from bot.store.store import Store


@dataclass(frozen=True)
class Told:
    """`change` is None where nothing was taken: rows are wrong (`count` of them, the `first` listed), or a dry run."""

    file: SpendFile
    change: Change | None
    first: tuple[Fault, ...] = ()
    count: int = 0


async def tell_spend(
    store: Store,
    site: Site,
    given: Path | bytes | IO[bytes],
    *,
    now: Microseconds,
    staff: str | None,
    currency: str | None = None,
    dates: str | None = None,
    decimals: str | None = None,
    maps: Mapping[str, str] | None = None,
    dry_run: bool = False,
    errors: Path | None = None,
    maps_are_all: bool = False,
    listed: int = SHOWN,
) -> Told:
    """What becomes of the file. A ConfigurationError is of the whole of it: no columns, too long, no such currency."""
    with Faults(errors, keep=listed) as faults:
        path = given if isinstance(given, Path) else None
        stream = io.BytesIO(given) if isinstance(given, bytes) else None if isinstance(given, Path) else given
        found = await asyncio.to_thread(
            read_spend,
            path,
            faults,
            now=now,
            currency=currency,
            dates=dates,
            decimals=decimals,
            maps=maps,
            maps_are_all=maps_are_all,
            stdin=stream,
        )
    if faults.count:
        return Told(found, None, tuple(faults.first), faults.count)
    if not found.rows:
        raise ConfigurationError("There are no rows but the names of the columns; nothing was imported.")
    if dry_run:
        return Told(found, None)

    def keep(connection: Any) -> Change:
        change = note_spend(connection, site.key, found.rows)
        detail = f"{change.new} new, {change.corrected} corrected"
        record(connection, at=now, staff=staff, act=Act.IMPORTED, subject=f"spend:{site.key}", detail=detail)
        return change

    return Told(found, await store.write(keep))


async def would_change(store: Store, site: Site, found: SpendFile) -> Change:
    """What taking it would do, for a dry run."""
    known = await store.read(known_spend, site.key, {row.day for row in found.rows})
    keys = [((row.day, row.channel, row.campaign, row.currency), row.amount) for row in found.rows]
    new = sum(key not in known for key, _ in keys)
    same = sum(known.get(key) == amount for key, amount in keys)
    return Change(new, len(keys) - new - same, same)


def as_json(told: Told, change: Change | None) -> dict[str, Any]:
    sums: dict[str, int] = {}
    for row in told.file.rows:
        sums[row.currency] = sums.get(row.currency, 0) + row.amount
    return {
        "form": told.file.form,
        "rows": told.file.read,
        "columns": told.file.columns,
        "spend": {currency: decimal_text(amount, currency) for currency, amount in sums.items()},
        **({} if change is None else vars(change)),
        "errors": told.count,
        "first_errors": [vars(one) for one in told.first],
    }


def sentence(change: Change) -> str:
    """What was taken, for people."""
    parts = [
        f"{count:,} {word}"
        for count, word in ((change.new, "new"), (change.corrected, "corrected"), (change.same, "as they were"))
        if count
    ]
    return f"Sums by day, channel and campaign: {', '.join(parts) or 'none'}."
