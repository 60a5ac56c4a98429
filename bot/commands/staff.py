"""`duologue staff`: who is staff, and what whoever runs the server changes about them."""

import argparse
import asyncio
import sys
from typing import Any

from bot.commands.opened import opened
from bot.errors import ConfigurationError, DuologueError
from bot.gateway.house import now
from bot.gateway.rights import Permission, may
from bot.interactions import Microseconds, rfc3339
from bot.settings import load
from bot.store import people as store
from bot.store.people import PAGE_OF_PEOPLE, Changed, Person, Refusal
from bot.store.staff import ROLES, add_member, hash_password, new_password
from bot.store.store import Store
from bot.terminal import write_json

SENTENCES = {
    Refusal.UNKNOWN: "{name} is staff no more.",
    Refusal.STALE: "The role of {name} was changed meanwhile; look again: duologue staff list",
    Refusal.LAST_ADMIN: "{name} is the last admin. Make somebody else one first: duologue staff role NAME --role admin",
}


async def staff(given: argparse.Namespace) -> int:
    if given.act != "list" and given.name is None:
        raise ConfigurationError(f"Whom? E.g. duologue staff {given.act} Dana")
    async with opened(load()) as opened_store:
        if given.act == "list":
            _tell_all(await _everybody(opened_store), as_json=given.output == "json")
            return 0
        told = await _act(opened_store, given)
    if given.output == "json":
        write_json(told)
        return 0
    for name, value in told.items():
        sys.stdout.write(f"{name:10}{value}\n")
    if "password" in told:
        sys.stderr.write("Neither password nor token can be shown again.\n")
    return 0


async def _act(opened_store: Store, given: argparse.Namespace) -> dict[str, Any]:
    """What was done, as it is told."""
    if given.act == "add":
        new = await opened_store.write(add_member, given.name, given.role or "agent", at=now())
        return {"id": new.id, "name": new.name, "role": new.role, "password": new.password, "token": new.token}
    id = await opened_store.read(store.id_of, given.name)
    if id is None:
        raise ConfigurationError(f"No member of staff is named {given.name}; add them: duologue staff add NAME.")
    match given.act:
        case "password":
            password = new_password()
            hashed = await asyncio.to_thread(hash_password, password)
            await opened_store.write(store.give_password, id, hashed, at=now(), by=None)
            return {"name": given.name, "password": password}
        case "role":
            return _done(given.name, await _change_role(opened_store, id, given))
        case _:
            act = store.disable if given.act == "disable" else store.enable
            return _done(given.name, await opened_store.write(act, id, at=now(), by=None))


async def _change_role(opened_store: Store, id: str, given: argparse.Namespace) -> Changed | Refusal:
    if given.role not in ROLES:
        raise ConfigurationError(f'The role is "{given.role or ""}"; give one of {", ".join(ROLES)}: --role admin')
    was = await opened_store.read(store.role_of, id)
    leaves = not may(given.role, Permission.CONVERSE)
    return await opened_store.write(
        store.change_role, id, given.role, was=was or "", leaves=leaves, at=now(), by=None
    )  # fmt: skip


def _done(name: str, done: Changed | Refusal) -> dict[str, Any]:
    if isinstance(done, Refusal):
        raise DuologueError(SENTENCES[done].format(name=name))
    return {"id": done.member.id, "name": done.member.name, "role": done.member.role, "waiting": len(done.left)}


async def _everybody(opened_store: Store) -> list[Person]:
    found: list[Person] = []
    after = None
    while page := await opened_store.read(store.people, at=now(), after=after):
        found += page
        after = page[-1].name, page[-1].id
        if len(page) < PAGE_OF_PEOPLE:
            break
    return found


def _tell_all(people: list[Person], *, as_json: bool) -> None:
    if as_json:
        write_json({"people": [_row(one) for one in people]})
        return
    sys.stdout.write(f"{'name':24}{'role':10}{'can sign in':13}{'last here':26}conversations\n")
    for one in people:
        here = "no" if one.disabled_at is not None else "yes"
        sys.stdout.write(f"{one.name:24}{one.role:10}{here:13}{_moment(one.used_at) or '-':26}{one.conversations}\n")


def _row(one: Person) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "role": one.role,
        "created_at": _moment(one.created_at),
        "disabled_at": _moment(one.disabled_at),
        "used_at": _moment(one.used_at),
        "conversations": one.conversations,
    }


def _moment(at: Microseconds | None) -> str | None:
    return None if at is None else rfc3339(at)
