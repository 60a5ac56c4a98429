"""Open lists of conversations are told that they are old, and every open page how many visitors wait for a person."""

import asyncio

from aiohttp import web

from bot.errors import StoreUnavailable
from bot.gateway.house import HOUSE
from bot.gateway.onlookers import tell
from bot.gateway.rooms import ROOMS
from bot.store.waiting_now import how_many_wait

EVERY_S = 2.0
"""A list is a page that its console fetches: fifty that do so every second would take most of a core."""


class Lists:
    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._is_old = self._is_handed_over = False
        self._waiting = 0
        self._task: asyncio.Task[None] | None = None

    def changed(self, *, handed_over: bool = False) -> None:
        self._is_old = True
        self._is_handed_over |= handed_over
        if self._task is None:
            self._task = asyncio.create_task(self._tell(), name="lists")

    async def _tell(self) -> None:
        try:
            while self._is_old:
                self._is_old = False
                tell({one for one in self._app[ROOMS].onlookers.screens if one.lists}, {"type": "list"})
                if self._is_handed_over:
                    self._is_handed_over = False
                    await self._tell_how_many_wait()
                await asyncio.sleep(EVERY_S)
        finally:
            self._task = None

    async def _tell_how_many_wait(self) -> None:
        try:
            count = await self._app[HOUSE].store.read(how_many_wait)
        except StoreUnavailable:
            return
        frame = {"type": "waiting", "count": count, "more": count > self._waiting}
        self._waiting = count
        tell(self._app[ROOMS].onlookers.screens, frame)
