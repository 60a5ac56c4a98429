"""What `duologue questions` does: tells what no page answers, asks it all again, learns from it."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from bot.commands.opened import opened
from bot.errors import ConfigurationError, DuologueError
from bot.gateway.house import now
from bot.insights.window import span_of
from bot.pages.answering import site_weights
from bot.pages.answering.librarian import Librarian, encoder_of
from bot.pages.learning.drawn import draw_learned
from bot.pages.learning.learn import Learned, learn
from bot.pages.questions import listing
from bot.pages.questions.replay import Change, replay
from bot.pages.questions.unanswered import unanswered
from bot.settings import Settings, load
from bot.store.pages_of_rows import Span
from bot.store.store import Store
from bot.terminal import write_json


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
