"""Open pages of somebody whose sign-in has ended are closed within seconds, wherever it was ended."""

import asyncio
import logging
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.errors import StoreUnavailable
from bot.gateway.house import HOUSE
from bot.gateway.rooms import ROOMS
from bot.gateway.sign_in import token_of
from bot.store import staff as store

LOOKS_EVERY_S = 3.0
SIGNED_OUT = 4401
log = logging.getLogger(__name__)
_watching: WeakKeyDictionary[web.Application, asyncio.Task[None]] = WeakKeyDictionary()


def sign_in_of(request: web.Request) -> str:
    """The secret that the page was opened with."""
    return token_of(request) or ""


def watch_sign_ins(app: web.Application) -> None:
    """Looks after them from the first screen to the last one."""
    if app not in _watching or _watching[app].done():
        _watching[app] = asyncio.create_task(_watch(app), name="sign-ins")


async def _watch(app: web.Application) -> None:
    while app[ROOMS].onlookers.screens:
        try:
            await close_signed_out(app)
        except StoreUnavailable as error:
            log.warning("sign-ins can't be looked at: %s", error)
        await asyncio.sleep(LOOKS_EVERY_S)


async def close_signed_out(app: web.Application) -> None:
    """Closes the screens whose sign-in has ended: signed out, revoked, too old, a new password, another role."""
    house, onlookers = app[HOUSE], app[ROOMS].onlookers
    screens = set(onlookers.screens)
    for secret in {screen.sign_in for screen in screens}:
        member = await house.store.read(store.signed_in, secret, at=house.now())
        for screen in screens:
            if screen.sign_in == secret and (member is None or member.role != screen.member.role):
                # A computer that was shut reads no goodbye: nobody's page stays open, and nothing is told, meanwhile.
                onlookers.leave(screen)
                screen.line.end(SIGNED_OUT, "signed out")
