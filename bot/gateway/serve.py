"""Runs the gateway's servers until the process is told to stop: the gateway, its actions, the demonstration shop."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from bot import collector
from bot.engine.address import ACTIONS_PORT, ACTIONS_SECRET
from bot.engine.client import EngineClient
from bot.errors import ConfigurationError, StoreUnavailable
from bot.gateway.actions_host import actions_app
from bot.gateway.app import gateway_app
from bot.gateway.demo_shop import shop_app
from bot.gateway.engine_address import EngineWhereabouts
from bot.gateway.house import House
from bot.gateway.preparing import prepare
from bot.gateway.rooms import ROOMS
from bot.pages.answering.librarian import Librarian, encoder_of
from bot.project import SITE_PAGES
from bot.settings import LOOPBACK, Settings
from bot.store.sites import find_site
from bot.store.store import Store
from bot.understanding.listener import Listener

DRAIN_S = 5.0
LOOKS_EVERY_S = 2.0
log = logging.getLogger(__name__)


async def serve(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT, then drains. The supervisor gives the actions' port and this start's secret."""
    port, secret = os.environ.get(ACTIONS_PORT, ""), os.environ.get(ACTIONS_SECRET, "")
    if not port.isdigit() or not secret:
        raise ConfigurationError("The gateway is started by `duologue up`, which tells it where its engine is.")
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await prepare(settings)
    async with gateway(settings, actions_port=int(port), secret=secret):
        await stop.wait()


@asynccontextmanager
async def gateway(settings: Settings, *, actions_port: int, secret: str) -> AsyncIterator[web.Application]:
    """The gateway and all it needs, listening on loopback."""
    store = Store(settings.store_url)
    house = House(settings, store)
    whereabouts = EngineWhereabouts(settings.home / "run")
    listener = Listener(lambda: encoder_of(settings.home / "models").gists)
    librarian = Librarian(store, settings)
    runners: list[web.AppRunner] = []
    async with aiohttp.ClientSession() as session:
        app = gateway_app(
            house,
            engine=EngineClient(session, whereabouts.look),
            whereabouts=whereabouts,
            librarian=librarian,
            listener=listener,
        )
        try:
            # The actions first: the engine is ready only when its canary has had an answer from them.
            runners.append(await _listen(actions_app(secret), actions_port))
            runners.append(await _listen(app, settings.port))
            if SITE_PAGES.is_dir() and await store.read(find_site, "demo") is not None:
                runners.append(await _listen(_shop(settings, store), settings.port + 1))
            caring = asyncio.create_task(_care_for(librarian, listener))
            yield app
            caring.cancel()
        finally:
            await app[ROOMS].close()
            for runner in reversed(runners):
                await runner.cleanup()
            listener.close()
            await librarian.close()
            await store.close()


async def _care_for(librarian: Librarian, listener: Listener) -> None:
    """Loads what would make a first visitor wait, then notices new crawls before anybody asks."""
    try:
        await listener.warm_up()
        await _look(librarian)
        # Whoever waited for the start has their answer by now.
        await asyncio.sleep(LOOKS_EVERY_S)
        await listener.warm_up_days()
    finally:
        collector.wake(all_is_loaded=True)
    while True:
        await _look(librarian)
        await asyncio.sleep(LOOKS_EVERY_S)


async def _look(librarian: Librarian) -> None:
    try:
        await librarian.start()
    except StoreUnavailable as error:
        log.warning("new crawls can't be looked for: %s", error)


def _shop(settings: Settings, store: Store) -> web.Application:
    async def secret() -> str:
        site = await store.read(find_site, "demo")
        assert site is not None
        return site.secrets[0]

    return shop_app(SITE_PAGES, gateway_url=settings.own_url, site_key="demo", secret=secret)


async def _listen(app: web.Application, port: int) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=DRAIN_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigurationError(
            f"Port {port} is taken. Stop the program that has it, or choose another: DUOLOGUE_PORT=8090 make up."
        ) from error
    return runner
