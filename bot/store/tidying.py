"""Takes the words of what was erased out of SQLite's index for good: in short steps, while others write."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.errors import StoreUnavailable
from bot.store.search import drop_erased_words
from bot.store.writer import Writer

log = logging.getLogger(__name__)


class Tidying:
    """Nothing of what was erased is found from the moment it is; this is about the bytes that are left of it.

    What is not done when the store is closed is done with the next erasure.
    """

    def __init__(self, writer: Writer, erase_traces: Callable[[], Awaitable[None]]) -> None:
        self._writer, self._erase_traces = writer, erase_traces
        self._task: asyncio.Task[None] | None = None
        self._is_due = self._is_ending = False

    def begin(self) -> None:
        self._is_due = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="store-tidying")

    async def settled(self) -> None:
        if self._task is not None:
            await self._task

    async def end(self) -> None:
        self._is_ending = True
        await self.settled()

    async def _run(self) -> None:
        try:
            while self._is_due and not self._is_ending:
                self._is_due = False
                if await self._step(begin=True):
                    while not self._is_ending and await self._step(begin=False):
                        continue
                await self._erase_traces()
        except StoreUnavailable as error:
            log.warning("words of what was erased are still in the index: %s", error)

    async def _step(self, *, begin: bool) -> bool:
        return await self._writer.write(lambda connection: drop_erased_words(connection, begin=begin))
