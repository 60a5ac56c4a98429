"""What `duologue export` does: rows of the store and the log, and the bundle to count an experiment again from."""

import argparse
import sys

from bot.commands.opened import opened
from bot.errors import ConfigurationError, DuologueError
from bot.insights import command as asked
from bot.insights.exports.export import wanted as wanted_export
from bot.insights.log.due import bring_up_to_date
from bot.insights.log.reading import FOLDER
from bot.settings import load
from bot.terminal import shares


async def export(given: argparse.Namespace) -> int:
    if given.kind == "bundle":
        return await _export_bundle(given)
    wanted = wanted_export(given.site, given.kind, given.format, since=given.since, until=given.until, bom=given.bom)
    settings = load()
    async with opened(settings) as store:
        log = settings.home / FOLDER
        # On one screen with the rows it would stand among them.
        with shares(f"export of {given.kind}", is_silent=given.out is None and sys.stdout.isatty()) as tell:
            return await asked.export(
                store, wanted, out=given.out, log=log, bring_up_to_date=lambda: bring_up_to_date(settings), tell=tell
            )


async def _export_bundle(given: argparse.Namespace) -> int:
    """The experiment's rows with what is needed to count again."""
    from bot.insights.exports.bundle import bundle, write_out

    if given.out is None:
        raise ConfigurationError("Say where to: duologue export bundle --out FOLDER, or --out FILE.zip.")
    settings = load()
    async with opened(settings) as store:
        await bring_up_to_date(settings)
        made = await bundle(store, given.site, since=given.since, until=given.until, log=settings.home / FOLDER)
    try:
        write_out(made, given.out)
    except OSError as error:
        raise DuologueError(f"{given.out} can't be written ({error.strerror}); give another --out.") from error
    return 0
