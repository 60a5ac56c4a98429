"""The jobs that no visitor waits for: keeps the log up to date, crawls the sites whose time has come, and ends.

`duologue up` starts it when there is something to do. A process that waited would hold some hundred megabytes.
"""

import asyncio
import logging
import os
import signal

from bot.errors import DuologueError
from bot.insights.log.due import bring_up_to_date, is_due
from bot.insights.log.reading import FOLDER
from bot.logs import configure
from bot.pages.crawling.crawl import Wanted, crawl_as, now
from bot.pages.crawling.schedule import sites_due
from bot.settings import Settings
from bot.store.alerts_due import alerts_due
from bot.store.imports import is_untidy, left_before, tidy, unfinished
from bot.store.objective_mails import objectives_due
from bot.store.pages import Crawl
from bot.store.report_mails import reports_due
from bot.store.sites import Site
from bot.store.store import Store

NICENESS = 15
log = logging.getLogger(__name__)


async def work(settings: Settings) -> int:
    """0 when all that was due was done or tried; 1 when the log could not be written, so that the next try is later."""
    configure(settings.log_level)
    # Whoever asks a page comes first.
    os.nice(NICENESS)
    working = asyncio.current_task()
    assert working is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    store = Store(settings.store_url)
    try:
        await finish_imports(store)
        kept = await keep_the_log(store, settings)
        await send_reports(store, settings)
        await look_at_objectives(store, settings)
        await send_alerts(store, settings)
        await crawl_what_is_due(store, settings)
    except asyncio.CancelledError:
        log.info("stopped")
        kept = True
    finally:
        await store.close()
    return 0 if kept else 1


async def finish_imports(store: Store) -> None:
    """Files that were accepted, and whose import something ended: they are certain to come. What was not is tidied."""
    try:
        if await store.read(is_untidy, now()):
            # They may name people, and nobody will ever accept them.
            log.info("took away what %d ended imports had put aside", await store.write(tidy, at=now()))
        if await store.read(unfinished, before=left_before(now())):
            from bot.insights.imports.command import finish

            for one in await finish(store, now=now):
                log.info("went on with import %d", one.id)
    except DuologueError as error:
        log.warning("no import was gone on with: %s", error)


async def keep_the_log(store: Store, settings: Settings) -> bool:
    """False when it could not be brought up to date; nothing is lost, and the next run tries again."""
    try:
        if await is_due(store, settings.home / FOLDER, now()):
            await bring_up_to_date(settings)
    except DuologueError as error:
        log.warning("%s", error)
        return False
    return True


async def send_reports(store: Store, settings: Settings) -> None:
    """What can't be sent now waits in its outbox; a fault of one report keeps nothing else from being done."""
    try:
        if await store.read(reports_due, now()):
            from bot.mail.reports import ReportSender

            await ReportSender(store, settings, now=now).work()
    except DuologueError as error:
        log.warning("no report was sent: %s", error)


async def send_alerts(store: Store, settings: Settings) -> None:
    """What can't be sent now waits in its outbox; what was not looked at is looked at the next time."""
    try:
        if await store.read(alerts_due, now()):
            from bot.alerts.run import run

            await run(store, settings, now=now)
    except DuologueError as error:
        log.warning("no alert was sent: %s", error)


async def look_at_objectives(store: Store, settings: Settings) -> None:
    """Whoever owns one is told when it is reached, or over; what can't be sent now waits in its outbox."""
    try:
        if await store.read(objectives_due, now()):
            from bot.mail.objectives import ObjectiveSender

            await ObjectiveSender(store, settings, now=now).work()
    except DuologueError as error:
        log.warning("no objective was looked at: %s", error)


async def crawl_what_is_due(store: Store, settings: Settings) -> None:
    for site, last in await sites_due(store, now()):
        await _crawl(store, settings, site, last)


async def _crawl(store: Store, settings: Settings, site: Site, last: Crawl) -> None:
    try:
        report = await crawl_as(store, settings, site.key, last.origin, Wanted.of(last.options))
    except DuologueError as error:
        log.warning("crawling %s again failed: %s", site.key, error)
    else:
        log.info("crawled %s again: %d pages, %s", site.key, report.pages, report.against)
