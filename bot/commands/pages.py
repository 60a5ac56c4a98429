"""What `duologue crawl` and `duologue ask` do: read the pages, and ask them."""

import argparse
import sys

from bot.commands.opened import opened
from bot.errors import ConfigurationError
from bot.pages import command as pages
from bot.pages.crawling import progress
from bot.pages.crawling.history import history_of
from bot.settings import load
from bot.site_values import duration
from bot.terminal import write_json


async def crawl(given: argparse.Namespace) -> int:
    settings = load()
    if given.limit < 1:
        raise ConfigurationError(f"--limit is {given.limit}; give at least 1, e.g. 500.")
    if given.megabytes < 1:
        raise ConfigurationError(f"--megabytes is {given.megabytes}; give at least 1, e.g. 1000.")
    try:
        time_limit = duration(given.time_limit)
    except ValueError as error:
        raise ConfigurationError(f'--time-limit is "{given.time_limit}": {error}; give e.g. 30m.') from error
    async with opened(settings) as store:
        wanted = {
            "allow_hosts": given.allow_host,
            "base": given.base or "",
            "limit": given.limit,
            "depth": given.depth,
            "time_limit": time_limit,
            "byte_limit": given.megabytes * 1_000_000,
            "fresh": given.fresh,
        }
        if given.quiet:
            report = await pages.crawl(store, settings, given.site, given.origin, **wanted)
        else:
            with progress.shown(sys.stderr, limit=given.limit) as seen:
                report = await pages.crawl(store, settings, given.site, given.origin, **wanted, on_progress=seen)
    if given.output == "json":
        write_json(report.as_json())
        return 0
    sys.stdout.write(progress.summary(report) + "\n")
    return 0


async def show_crawls(given: argparse.Namespace) -> int:
    """The site's last crawls, and when the next one is."""
    async with opened(load()) as store:
        told = await history_of(store, given.site)
    if given.output == "json":
        write_json(told.as_json())
    else:
        sys.stdout.write("\n".join(told.lines()) + "\n")
    return 0


async def ask(given: argparse.Namespace) -> int:
    settings = load()
    async with opened(settings) as store:
        if given.batch is not None:
            try:
                with given.batch.open("rb") as lines:
                    return await pages.ask_batch(store, settings, given.site, lines)
            except OSError as error:
                raise ConfigurationError(
                    f"{given.batch} can't be read ({error.strerror}); give a .jsonl file."
                ) from error
        answer = await pages.ask(store, settings, given.site, given.question, page=given.page)
    if given.output == "json":
        write_json(pages.answer_as_json(None, answer))
        return 0
    said = answer.said
    sure = f"{said.confidence:.0%} sure"
    sys.stdout.write(f"{said.text or 'No page answers this.'}  ({sure})\n")
    for source in said.sources:
        sys.stdout.write(f"  {source.title}: {source.url}\n")
    return 0
