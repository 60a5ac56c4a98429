"""What `duologue insights` does: reports for people and programs, and the files that come of some."""

import argparse
from pathlib import Path

from bot.commands.opened import opened
from bot.errors import ConfigurationError
from bot.gateway.house import now
from bot.insights import command as asked
from bot.insights.listening.meaning import Ears
from bot.insights.log.due import bring_up_to_date
from bot.insights.log.reading import FOLDER
from bot.insights.profiles.costs import Costs
from bot.insights.reports import REPORTS, Wish
from bot.pages.answering.librarian import encoder_of
from bot.pages.critique.critique import critique
from bot.pages.questions.meanings import Meanings
from bot.settings import Settings, load
from bot.store.store import Store


async def insights(given: argparse.Namespace) -> int:
    settings = load()
    async with opened(settings) as store:
        if given.name in REPORTS and REPORTS[given.name].is_of_log:
            await bring_up_to_date(settings)
        if given.name == "report" and (given.format or given.out):
            return await _report(store, settings, given)
        if given.audience or given.agreed:
            await asked.refuse_unknown(store, given.site)
            return await _audience(store, settings, given)
        meanings = Meanings(lambda: encoder_of(settings.home / "models"))
        wish = Wish(
            given.site,
            given.since,
            given.until,
            log=settings.home / FOLDER,
            critic=critique,
            costs=Costs(settings.staff_minute_cost, settings.bot_answer_cost),
            by=given.by,
            rule=given.rule,
            ears=Ears(meanings.alike, meanings.questions),
        )
        if given.name == "listening" and given.out:
            await asked.refuse_unknown(store, given.site)
            return await _listening_files(store, wish, given.out)
        return await asked.insights(store, given.name, wish, output=given.output, again=given.again)


async def _listening_files(store: Store, wish: Wish, folder: Path) -> int:
    from bot.insights.listening.files import write_files

    write_files(await REPORTS["listening"].make(store, wish), folder)
    return 0


async def _report(store: Store, settings: Settings, given: argparse.Namespace) -> int:
    # Imported here: the numbers' library takes half a second that other commands do without.
    from bot.insights.one_page.command import write_report

    span, log = (given.site, given.since, given.until), settings.home / FOLDER
    return await write_report(store, *span, format=given.format, out=given.out, log=log)


async def _audience(store: Store, settings: Settings, given: argparse.Namespace) -> int:
    if given.name != "likeness" or not given.audience:
        raise ConfigurationError("--audience PLATFORM goes with likeness, and --agreed FILE with --audience.")
    from bot.insights.likeness.audience import write_audience

    how = {"until": given.until, "seed": given.by, "log": settings.home / FOLDER, "now": now()}
    return await write_audience(store, given.site, given.audience, given.agreed, **how)
