"""`duologue review`: takes reviews into the files that the bot learns from, and plays them with a new model."""

import argparse
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.commands.opened import opened
from bot.engine.training import train_if_changed
from bot.errors import ConfigurationError
from bot.gateway.house import now
from bot.interactions import rfc3339
from bot.project import ROOT
from bot.rehearsal import Played, rehearse
from bot.review.cases import read_cases
from bot.review.nobody import question_of_nobody
from bot.review.training_files import Plan, plan, write
from bot.settings import Settings, load
from bot.store.reviews import Review, State, page_notes, settle, to_export
from bot.terminal import write_json


def check(given: argparse.Namespace) -> None:
    """ConfigurationError for what does not go together, or is not there."""
    if given.model is not None and given.act != "replay":
        raise ConfigurationError("--model goes with replay: duologue review replay --model PATH.")
    if given.dry_run and given.act != "export":
        raise ConfigurationError("--dry-run goes with export: duologue review export --dry-run.")
    if given.model is not None and not given.model.is_file():
        raise ConfigurationError(f"There is no model at {given.model}; give e.g. .duologue/models/duologue-….tar.gz.")


async def review(given: argparse.Namespace) -> int:
    match given.act:
        case "export":
            return await _export(load(), dry_run=given.dry_run, as_json=given.output == "json")
        case "replay":
            return await _replay(load(), given.model, as_json=given.output == "json")
        case _:
            return await _notes(load(), given.site, as_json=given.output == "json")


async def _export(settings: Settings, *, dry_run: bool, as_json: bool) -> int:
    async with opened(settings) as store:
        made = plan(ROOT, await store.read(to_export))
        if not dry_run:
            # The files first: what is in them already comes to nothing more when this is cut short and done again.
            write(ROOT, made)
            await store.write(settle, made.exported, State.EXPORTED, at=now())
    if as_json:
        write_json(_plan_as_json(made, dry_run=dry_run))
    else:
        _tell(made, dry_run=dry_run)
    return 0


def _plan_as_json(made: Plan, *, dry_run: bool) -> dict[str, Any]:
    left = [{"id": one.id, "said": one.said, "why": why} for one, why in made.left]
    files = [name.as_posix() for name in sorted(made.files)]
    return {"exported": made.exported, "files": files, "left": left, "written": not dry_run}


def _tell(made: Plan, *, dry_run: bool) -> None:
    for name in sorted(made.files):
        sys.stdout.write(f"{'would write' if dry_run else 'wrote'} {name}\n")
    for one, why in made.left:
        sys.stdout.write(f"left “{_short(one.said)}”: {why}\n")
    sys.stderr.write(f"{len(made.exported)} exported, {len(made.left)} left.\n")
    if made.files and not dry_run:
        sys.stderr.write("Look them over, then: duologue train\n")


async def _replay(settings: Settings, model: Path | None, *, as_json: bool) -> int:
    cases = read_cases(ROOT)
    if not cases:
        sys.stderr.write("There is no case to replay; `duologue review export` makes them of reviews.\n")
        if as_json:
            write_json({"model": None, "right": 0, "broken": 0, "cases": []})
        return 0
    tried = model or await train_if_changed(ROOT, settings.home / "models", on_line=lambda _: None)
    played = await rehearse(ROOT, tried, cases, run_dir=settings.home / "run" / "rehearsal")
    broken = [one for one in played if one.faults]
    if model is None:
        await _settle(settings, played)
    if as_json:
        told = {"model": str(tried), "right": len(played) - len(broken), "broken": len(broken)}
        write_json({**told, "cases": [one.as_json() for one in played]})
    else:
        _draw(played)
        sys.stderr.write(f"{len(played) - len(broken)} right, {len(broken)} broken, with {tried}\n")
    return 1 if broken else 0


async def _settle(settings: Settings, played: Sequence[Played]) -> None:
    """What comes out right with what is taught now is done."""
    async with opened(settings) as store:
        await store.write(settle, [one.case.id for one in played if not one.faults], State.DONE, at=now())


def _draw(played: Sequence[Played]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("", "said", "should be", "is"):
        table.add_column(name, overflow="fold")
    for one in sorted(played, key=lambda one: not one.faults):
        should = one.case.intent or "nothing for certain"
        got = f"{one.intent or 'nothing for certain'} {one.confidence:.2f}"
        told = [
            "breaks" if one.faults else "right",
            _short(one.case.said),
            should,
            got,
        ]
        table.add_row(*(_plain(cell) for cell in told))
    Console(file=sys.stdout, highlight=False, markup=False).print(table)


async def _notes(settings: Settings, site: str | None, *, as_json: bool) -> int:
    async with opened(settings) as store:
        found = await store.read(page_notes, site=site)
    notes = [(one, question_of_nobody(one.said, told.words)) for one, told in found]
    if as_json:
        write_json([_note_as_json(one, asked) for one, asked in notes])
        return 0
    for page, its in groupby(notes, key=lambda note: note[0].value):
        sys.stdout.write(f"{_plain(page)}\n")
        for _, asked in its:
            sys.stdout.write(f"  {_plain(asked)}\n")
    sys.stderr.write(f"{len(notes)} {'note' if len(notes) == 1 else 'notes'} for those who write the pages.\n")
    return 0


def _note_as_json(one: Review, asked: str) -> dict[str, Any]:
    return {"id": one.id, "site": one.site, "page": one.value, "asked": asked, "by": one.by, "at": rfc3339(one.at)}


def _short(text: str) -> str:
    plain = " ".join(_plain(text).split())
    return plain if len(plain) <= 80 else f"{plain[:80]}…"


def _plain(text: str) -> str:
    """Without what a terminal would obey."""
    return "".join(one for one in text if one.isprintable() or one == " ")
