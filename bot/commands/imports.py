"""What `duologue import` does: a file of orders or contacts into the log, and out of it again."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from bot.commands.opened import opened
from bot.errors import ConfigurationError
from bot.gateway.house import now
from bot.insights.imports.command import Done, Wanted, finish, import_file, undo_import
from bot.insights.imports.faults import Faults
from bot.insights.imports.told import as_json, sentences
from bot.interactions import SiteKey, rfc3339
from bot.settings import Settings, load
from bot.store.imports import Import, latest
from bot.store.store import Store
from bot.terminal import write_json

EVERY_S = 1.0


async def import_(given: argparse.Namespace) -> int:
    settings = load()
    async with opened(settings) as store:
        match given.act:
            case "undo":
                return await _undo(store, given)
            case "list":
                return await _list(store, given)
            case _:
                return await _take(store, given, settings)


async def _take(store: Store, given: argparse.Namespace, settings: Settings) -> int:
    wanted = _wanted(given)
    settings.home.mkdir(parents=True, exist_ok=True)
    with Faults(given.errors) as faults:
        stdin = sys.stdin.buffer
        done = await import_file(store, wanted, faults, folder=settings.home, now=now, stdin=stdin, on=_Progress())
    if given.output == "json":
        write_json(as_json(done.plan, faults, import_id=done.import_id) | {"dry_run": wanted.dry_run})
    else:
        sys.stdout.write("\n".join((*sentences(done.plan, faults, wanted.name), _came(done, faults, wanted))) + "\n")
    return 1 if faults.are_fatal or (faults.count and not wanted.skip_errors) else 0


def _came(done: Done, faults: Faults, wanted: Wanted) -> str:
    if faults.are_fatal:
        return "Nothing was imported: what follows could not be read."
    if faults.count and not wanted.skip_errors:
        return "Nothing was imported: put these rows right, or leave them out by --skip-errors."
    if not done.plan.count:
        return "There was nothing new to import."
    if wanted.dry_run:
        return "This was a dry run, and nothing was imported. Without --dry-run, all that is new would be."
    return f"All of it is imported. To take it back: duologue import undo {done.import_id}"


def _wanted(given: argparse.Namespace) -> Wanted:
    if given.what is None:
        raise ConfigurationError(f"Which file? E.g. duologue import {given.act} {given.act}.csv; - is standard input.")
    path = None if given.what == "-" else Path(given.what)
    return Wanted(
        kind=given.act,
        site=given.site,
        path=path,
        name="standard input" if path is None else path.name,
        maps=dict(pair(one) for one in given.map),
        currency=given.currency,
        timezone=given.timezone,
        dates=given.dates,
        decimals=given.decimals,
        dry_run=given.dry_run,
        skip_errors=given.skip_errors,
    )


def pair(text: str) -> tuple[str, str]:
    theirs, sign, ours = text.rpartition("=")
    if not sign:
        raise ConfigurationError(f'--map {text}: give the file\'s name and ours, e.g. --map "Bestell-Nr=id".')
    return theirs, ours


async def _undo(store: Store, given: argparse.Namespace) -> int:
    if given.what is None or not given.what.isascii() or not given.what.isdigit() or len(given.what) > 18:
        raise ConfigurationError("Which import? Give its number, e.g. duologue import undo 3; `duologue import list`.")
    await finish(store, now=now)
    undone = await undo_import(store, int(given.what), staff=None, now=now)
    if given.output == "json":
        write_json({"undone": undone.id, "rows": undone.rows})
    else:
        sys.stdout.write(f"Import {undone.id} of {undone.name} is undone: {undone.rows:,} {undone.kind} are gone.\n")
    return 0


async def _list(store: Store, given: argparse.Namespace) -> int:
    found = await store.read(latest, SiteKey(given.site))
    if given.output == "json":
        write_json({"imports": [_told(one) for one in found]})
    else:
        lines = (
            f"{one.id}  {rfc3339(one.created_at)}  {one.kind}  {one.rows:,}  {one.state}  {one.name}" for one in found
        )
        sys.stdout.write("".join(f"{line}\n" for line in lines) or "Nothing was imported into this site.\n")
    return 0


def _told(one: Import) -> dict[str, Any]:
    return vars(one) | {"created_at": rfc3339(one.created_at)}


class _Progress:
    """A line on standard error, again and again; where nobody watches, one every ten seconds."""

    def __init__(self) -> None:
        self._every = EVERY_S if sys.stderr.isatty() else 10 * EVERY_S
        self._last = time.monotonic()

    def __call__(self, what: str, count: int) -> None:
        if time.monotonic() - self._last < self._every:
            return
        self._last = time.monotonic()
        sys.stderr.write(f"\r{count:,} {what}    " if sys.stderr.isatty() else f"{count:,} {what}\n")
        sys.stderr.flush()
