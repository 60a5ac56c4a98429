"""What `duologue objective` does: sets down what is wanted, changes it, closes it, lists it."""

import argparse
import sys
from typing import Any

from bot.commands.opened import opened
from bot.errors import ConfigurationError, DuologueError
from bot.gateway.house import now
from bot.insights.log.due import bring_up_to_date
from bot.insights.log.reading import FOLDER
from bot.insights.objectives import setting
from bot.interactions import SiteKey
from bot.settings import Settings, load
from bot.store.objectives import Objective, find_objective, objectives_of
from bot.store.people import id_of
from bot.store.sites import Site, find_site
from bot.store.staff import Member
from bot.store.store import Store
from bot.terminal import write_json

GIVEN = ("measure", "since", "until", "currency", "baseline", "target", "smallest")


async def objective(given: argparse.Namespace) -> int:
    """Every fault is told, a line each; then nothing was done, and the exit code is 2."""
    settings = load()
    async with opened(settings) as store:
        site = await store.read(find_site, SiteKey(given.site))
        if site is None:
            raise ConfigurationError(f'There is no site "{given.site[:80]}"; `duologue site list` shows all.')
        if given.act == "list":
            return await _list(store, settings, site, given)
        done = await _done(store, settings, site, given)
    if given.output == "json":
        write_json(_as_json(done))
    else:
        sys.stdout.write("\n".join(_lines(done)) + "\n")
    return 0


async def _list(store: Store, settings: Settings, site: Site, given: argparse.Namespace) -> int:
    found = await store.read(objectives_of, site.key)
    if given.output == "json":
        write_json([_as_json(one) for one in found])
    else:
        sys.stdout.write("\n".join(line for one in found for line in _lines(one)) + ("\n" if found else ""))
        sys.stderr.write("How each stands: duologue insights objectives\n" if found else "No objectives yet.\n")
    return 0


async def _done(store: Store, settings: Settings, site: Site, given: argparse.Namespace) -> Objective:
    if given.what is None:
        raise ConfigurationError(f"Which? E.g. duologue objective {given.act} {_example(given.act)}")
    if given.act == "add":
        await bring_up_to_date(settings)
        made = await setting.set_down(
            store, site, _fields(given), owner=await _owner(store, given.owner), staff=None, now=now(),
            log=settings.home / FOLDER,
        )  # fmt: skip
        if isinstance(made, list):
            raise ConfigurationError("\n".join(made))
        return made
    known = await store.read(find_objective, given.what)
    if known is None or known.site != site.key:
        raise ConfigurationError(f'There is no objective "{given.what[:40]}"; `duologue objective list` shows all.')
    if given.act == "close":
        faults = await setting.close(store, known, given.why or "", staff=None, now=now())
    else:
        faults = await _change(store, known, given)
    if faults:
        raise ConfigurationError("\n".join(faults))
    after = await store.read(find_objective, known.id)
    if after is None:
        raise DuologueError("The objective is gone.")
    return after


async def _change(store: Store, known: Objective, given: argparse.Namespace) -> list[str]:
    fields = {name: getattr(given, name) for name in setting.CHANGEABLE if getattr(given, name, None) is not None}
    fixed = [name for name in (*GIVEN, "pages", "campaign", "channel") if getattr(given, name, None)]
    if wrong := [name for name in fixed if name not in setting.CHANGEABLE]:
        raise ConfigurationError(f"--{wrong[0]} stays as it is: close this one, and set down another.")
    owner = await _owner(store, given.owner) if given.owner else None
    if not fields and owner is None:
        raise ConfigurationError('What is to be changed? E.g. --target "15 %", --until 2026-12-31, --owner NAME.')
    return await setting.change(store, known, fields, owner=owner, staff=None, now=now())


async def _owner(store: Store, name: str | None) -> Member | None:
    if name is None:
        return None
    id = await store.read(id_of, name)
    if id is None:
        raise ConfigurationError(f"No member of staff is named {name[:40]}; `duologue staff list` shows all.")
    return Member(id, name, "")


def _fields(given: argparse.Namespace) -> dict[str, str]:
    fields = {name: getattr(given, name) or "" for name in GIVEN} | {"name": given.what}
    about = [name for name in ("pages", "campaign", "channel") if getattr(given, name)]
    if len(about) > 1:
        raise ConfigurationError(f"It is about one thing: give --{about[0]} or --{about[1]}.")
    if about:
        within = getattr(given, about[0])
        fields |= {"scope": about[0], "within": "\n".join(within) if about[0] == "pages" else within}
    return fields


def _as_json(one: Objective) -> dict[str, Any]:
    return vars(one) | {"within": one.within.splitlines()}


def _lines(one: Objective) -> list[str]:
    closed = ", closed" if one.closed_at is not None else ""
    return [f"{one.id}  {one.name}: {one.measure}, {one.since} to {one.until}{closed}; owner {one.owner_name}"]


def _example(act: str) -> str:
    if act == "add":
        return '"More dialogues" --measure engagement --target "15 %" --smallest "1 %" --until 2026-12-31 --owner Maya'
    return "ID; `duologue objective list` shows them"
