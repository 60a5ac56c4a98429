"""What `duologue migrate` and `duologue status` do."""

import argparse
import sys

import aiohttp

from bot.commands.opened import opened
from bot.errors import NotReachable
from bot.settings import Settings, load
from bot.store.mails import outbox
from bot.store.store import Store
from bot.terminal import write_json


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
