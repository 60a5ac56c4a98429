"""What `duologue demo` does: an invented year to look at the reports with, and away with it again."""

import argparse
import sys
from datetime import UTC, datetime

from bot.commands.opened import opened
from bot.errors import ConfigurationError
from bot.insights.demonstration.command import make_history, remove_history
from bot.insights.log.due import bring_up_to_date
from bot.settings import load
from bot.terminal import write_json


async def demo(given: argparse.Namespace) -> int:
    if given.history == given.remove:
        raise ConfigurationError("Say what: duologue demo --history makes an invented year, --remove takes it away.")
    settings = load()
    async with opened(settings) as store:
        if given.remove:
            told = {"removed": await remove_history(store)}
            sentence = f"The demonstration is gone: {told['removed']:,} rows of the log, and all that hung on them."
        else:
            told = await make_history(store, today=datetime.now(UTC).date())
            sentence = (
                f"{told['people']:,} invented people, {told['conversations']:,} conversations and {told['orders']:,} "
                f"orders of a year are in the site invented: {settings.own_url}/insights/lift?site=invented"
            )
    # Else the reports would have to say for some minutes that it is being counted.
    await bring_up_to_date(settings)
    if given.output == "json":
        write_json(told)
    else:
        sys.stdout.write(sentence + "\n")
    return 0
