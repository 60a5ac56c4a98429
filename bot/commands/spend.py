"""What `duologue import spend` does: a file of what was paid for campaigns, whole or not at all."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.commands.imports import pair
from bot.commands.opened import opened
from bot.errors import ConfigurationError
from bot.gateway.house import now
from bot.insights.channels.telling import Told, as_json, sentence, tell_spend, would_change
from bot.interactions import SiteKey
from bot.settings import load
from bot.store.sites import find_site
from bot.store.spend import Change
from bot.terminal import write_json


async def import_spend(given: argparse.Namespace) -> int:
    """Writes what was taken, or would be; exit code 1 when rows are wrong, and then nothing was."""
    if given.what is None:
        raise ConfigurationError("Which file? E.g. duologue import spend spend.csv; - is standard input.")
    async with opened(load()) as store:
        site = await store.read(find_site, SiteKey(given.site))
        if site is None:
            raise ConfigurationError(f'There is no site "{given.site[:80]}"; `duologue site list` shows all.')
        told = await tell_spend(
            store,
            site,
            sys.stdin.buffer if given.what == "-" else Path(given.what),
            now=now(),
            staff=None,
            currency=given.currency,
            dates=given.dates,
            decimals=given.decimals,
            maps=dict(pair(one) for one in given.map),
            dry_run=given.dry_run,
            errors=given.errors,
        )
        change = told.change or (None if told.count else await would_change(store, site, told.file))
    if given.output == "json":
        write_json(as_json(told, change) | {"dry_run": given.dry_run})
    else:
        sys.stdout.write("\n".join(_lines(told, change, dry_run=given.dry_run)) + "\n")
    return 1 if told.count else 0


def _lines(told: Told, change: Change | None, *, dry_run: bool) -> Iterator[str]:
    found = told.file
    yield f"{found.form}, {found.read:,} rows. " + ", ".join(f"{o} is {t}" for o, t in found.columns.items()) + "."
    if change is None:
        yield "1 row is wrong:" if told.count == 1 else f"{told.count:,} rows are wrong:"
        yield from (f"  line {one.line}: {one.problem}." for one in told.first)
        if told.count > len(told.first):
            yield f"  and {told.count - len(told.first):,} more; --errors FILE.csv writes them all."
        yield "Nothing was imported: put these rows right."
        return
    yield sentence(change)
    if dry_run:
        yield "This was a dry run, and nothing was imported."
