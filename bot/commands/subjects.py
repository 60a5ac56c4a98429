"""`duologue subject-export`: all that is kept of one person, to hand to them."""

import argparse
import sys
from pathlib import Path

from bot.commands.opened import opened
from bot.errors import ConfigurationError, DuologueError
from bot.gateway.house import now
from bot.insights.person_file import write_person
from bot.interactions import SiteKey
from bot.settings import load
from bot.store.sites import find_site
from bot.store.store import Store
from bot.store.subjects import Subject, reach_of_subject, record_export, subjects_of
from bot.terminal import write_json

WAYS = ("customer", "visitor", "email")


async def subject_export(given: argparse.Namespace) -> int:
    asked = [(way, value) for way in WAYS if (value := getattr(given, way))]
    if len(asked) != 1:
        raise ConfigurationError("Whose? Give one of --customer ID, --visitor ID, --email ADDRESS.")
    out: Path = given.out or Path("person.zip")
    _refuse_to_overwrite(out)
    async with opened(load()) as store:
        subject = await _one(store, given.site, *asked[0])
        whose = await store.read(reach_of_subject, given.site, subject)
        # Before anything is taken away: what can't be written down is not done.
        await store.write(record_export, given.site, subject, at=now())
        part = out.with_name(f"{out.name}.part")
        # A command by itself: nobody waits beside it.
        with part.open("wb") as file:
            counts = await write_person(store, whose, file, at=now())
        part.rename(out)
    if given.output == "json":
        write_json({"file": str(out), "subject": ":".join(subject), "rows": counts})
        return 0
    for name, count in counts.items():
        sys.stdout.write(f"{name:16}{count}\n")
    sys.stderr.write(f"Written to {out}. Read it before you hand it on: it has the staff's notes in it.\n")
    return 0


def _refuse_to_overwrite(out: Path) -> None:
    if out.exists():
        raise ConfigurationError(f"{out} is there already and stays as it is; give --out another name.")


async def _one(store: Store, site: SiteKey, way: str, value: str) -> Subject:
    if await store.read(find_site, site) is None:
        raise DuologueError(f"There is no site {site}; `duologue site list` tells them.")
    found = await store.read(subjects_of, site, way, value)
    if not found:
        raise DuologueError(f"Nobody on the site {site} goes by this {way}; nothing was written.")
    if len(found) > 1:
        them = ", ".join(f"--{kind} {id}" for kind, id in found[:10])
        raise DuologueError(f"{len(found)} people gave this address, perhaps not their own. Say which: {them}")
    return found[0]
