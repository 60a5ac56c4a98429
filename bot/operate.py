"""What the commands of `duologue` do for people and programs: data on standard output, progress on standard error."""

import argparse
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.errors import ConfigurationError, DuologueError, NotReachable
from bot.gateway.house import now
from bot.insights import command as asked
from bot.insights.exports.export import wanted as wanted_export
from bot.insights.listening.meaning import Ears
from bot.insights.log.due import bring_up_to_date
from bot.insights.log.reading import FOLDER
from bot.insights.profiles.costs import Costs
from bot.insights.reports import REPORTS, Wish
from bot.insights.window import span_of
from bot.pages import command as pages
from bot.pages.answering import site_weights
from bot.pages.answering.librarian import Librarian, encoder_of
from bot.pages.crawling import progress
from bot.pages.crawling.history import history_of
from bot.pages.critique.critique import critique
from bot.pages.learning.drawn import draw_learned
from bot.pages.learning.learn import Learned, learn
from bot.pages.questions import listing
from bot.pages.questions.meanings import Meanings
from bot.pages.questions.replay import Change, replay
from bot.pages.questions.unanswered import unanswered
from bot.settings import Settings, load
from bot.site_values import duration
from bot.store.mails import outbox
from bot.store.migrate import upgrade
from bot.store.pages_of_rows import Span
from bot.store.store import Store
from bot.terminal import shares


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The store, with its tables up to date."""
    store = Store(settings.store_url)
    try:
        await store.write(upgrade)
        yield store
    finally:
        await store.close()


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


async def insights(given: argparse.Namespace) -> int:
    settings = load()
    async with opened(settings) as store:
        if given.name in REPORTS and REPORTS[given.name].is_of_log:
            await bring_up_to_date(settings)
        if given.name == "report" and (given.format or given.out):
            return await _report(store, settings, given)
        if given.audience or given.agreed:
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


async def questions(given: argparse.Namespace) -> int:
    settings = load()
    if given.limit is not None and given.limit < 1:
        raise ConfigurationError(f"--limit is {given.limit}; give at least 1, e.g. 20.")
    _check_questions(given)
    span = span_of(given.site, given.since, given.until)
    async with opened(settings) as store:
        if given.act == "replay":
            return await _replay(store, settings, span, given)
        if given.act == "learn":
            return await _learn(store, settings, span, given)
        report = await unanswered(
            store,
            lambda: encoder_of(settings.home / "models"),
            span,
            page=given.page,
            on_progress=_counts("wordings understood"),
        )
    if given.output == "json":
        sys.stdout.write(listing.as_json_line(report.as_json(given.limit)))
    else:
        listing.draw_groups(report, sys.stdout, limit=given.limit)
    return 0


def _check_questions(given: argparse.Namespace) -> None:
    if given.strict and given.act != "replay":
        raise ConfigurationError("--strict goes with replay: duologue questions replay --strict.")
    if given.act != "learn" and (given.apply or given.force or given.forget):
        raise ConfigurationError("--apply, --force and --forget go with learn: duologue questions learn --apply.")
    if given.act == "learn" and given.page is not None:
        raise ConfigurationError("--page does not go with learn: weights are of the whole site.")
    if given.forget and (given.apply or given.force):
        raise ConfigurationError("--forget goes alone: duologue questions learn --forget.")
    if given.force and not given.apply:
        raise ConfigurationError("--force goes with --apply: duologue questions learn --apply --force.")


async def _replay(store: Store, settings: Settings, span: Span, given: argparse.Namespace) -> int:
    librarian = Librarian(store, settings, fresh_s=float("inf"))
    try:
        told = await replay(store, librarian, span, page=given.page, on_progress=_counts("questions asked"))
    finally:
        await librarian.close()
    if given.output == "json":
        sys.stdout.write(listing.as_json_line(told.as_json(given.limit)))
    else:
        listing.draw_replay(told, sys.stdout, limit=given.limit)
    return 1 if given.strict and told.counts[Change.NOW_BROKEN] else 0


async def _learn(store: Store, settings: Settings, span: Span, given: argparse.Namespace) -> int:
    path = site_weights.path_of(settings.home, span.site)
    if given.forget:
        was = "are forgotten" if site_weights.forget(path) else "there were none"
        sys.stderr.write(f"The weights of {span.site}: {was}; the shipped ones answer.\n")
        return 0
    librarian = Librarian(store, settings, fresh_s=float("inf"))
    try:
        told = await learn(store, librarian, span, on_progress=_counts("conversations read"))
    finally:
        await librarian.close()
    if given.output == "json":
        write_json(told.as_json())
    else:
        draw_learned(told, sys.stdout)
    if given.apply:
        _apply(told, path, force=given.force)
    return 0


def _apply(told: Learned, path: Path, *, force: bool) -> None:
    if not told.signs:
        raise DuologueError("There is nothing to learn from; nothing was changed.")
    if not told.comparison.better and not force:
        raise DuologueError("That is not better beyond chance; nothing was changed. --force applies it all the same.")
    try:
        site_weights.write(path, told.record(now()))
    except OSError as error:
        raise DuologueError(f"{path} can't be written ({error.strerror}); nothing was changed.") from error
    sys.stderr.write(f"Written to {path}; the gateway takes it up within seconds.\n")


def _counts(done: str) -> Callable[[int], None]:
    """Tells on standard error how far a long work is, from two thousand on."""

    def tell(count: int) -> None:
        if count >= 2_000:
            sys.stderr.write(f"{count:,} {done}\n")

    return tell


async def migrate() -> int:
    async with opened(load()):
        sys.stderr.write("The store is up to date.\n")
    return 0


async def status(given: argparse.Namespace) -> int:
    """Asks the gateway how it is; 3 when it can't be reached."""
    settings = load()
    url = f"{settings.gateway_url}/readyz"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
            session.get(url) as answer,
        ):
            ready = answer.status == 200
            told = await answer.json()
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise NotReachable(f"Duologue does not answer at {url}; start it: make up.") from error
    if told.get("store") == "ok":
        told |= await _mail(settings)
    if given.output == "json":
        write_json(told)
    else:
        for name, state in told.items():
            sys.stdout.write(f"{name:15}{state}\n")
    return 0 if ready else 1


async def _mail(settings: Settings) -> dict[str, str | int]:
    """How mail stands: that it fails makes nothing less ready."""
    store = Store(settings.store_url)
    try:
        now = await store.read(outbox)
    finally:
        await store.close()
    told = "off" if not settings.mails else "failing" if now.trouble else "ok"
    return {"mail": told, "mails_waiting": now.waiting, "mails_refused": now.refused}


def write_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
