"""One writer task a process, with group commit: whoever waits while a commit runs shares the next one."""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from bot.store.database import Readers, is_collision, unavailable

BATCH_UNITS = 500
BATCH_SECONDS = 0.05
COLLISIONS_BORNE = 5
log = logging.getLogger(__name__)


@dataclass(order=True)
class Unit:
    """Something to write, whole or not at all. Units of one `key` (a conversation) keep their order."""

    key: str
    number: int
    act: Callable[[Connection], Any] = field(compare=False)
    done: asyncio.Future[Any] = field(compare=False)
    started: bool = field(default=False, compare=False)
    outcome: Any = field(default=None, compare=False)
    error: Exception | None = field(default=None, compare=False)


class Writer:
    """Takes units, writes them in batches, and tells each of its outcome after the commit, never before.

    A unit may be run twice (a batch that fails is repeated unit by unit), so it must do nothing but talk to
    the database.
    """

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._queue: asyncio.Queue[Unit | None] = asyncio.Queue()
        self._numbers = 0
        self._task: asyncio.Task[None] | None = None

    async def write[T](self, act: Callable[[Connection], T], *, key: str = "") -> T:
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="store-writer")
        self._numbers += 1
        unit = Unit(key, self._numbers, act, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(unit)
        result: T = await unit.done
        return result

    async def close(self) -> None:
        """Writes what is waiting, then stops."""
        if self._task is not None:
            self._queue.put_nowait(None)
            await self._task

    async def _run(self) -> None:
        ended = False
        while not ended:
            waiting = [await self._queue.get()]
            while not self._queue.empty() and len(waiting) < BATCH_UNITS:
                waiting.append(self._queue.get_nowait())
            ended = None in waiting
            left = [unit for unit in waiting if unit is not None]
            while left:
                left = await self._commit(left)

    async def _commit(self, units: list[Unit]) -> list[Unit]:
        """Commits some of `units`, in order; gives back those that the time of a transaction did not reach."""
        # Two processes that take the rows of two conversations in opposite order would wait for each other.
        units = sorted(units)
        try:
            await self._readers.run_writing(lambda connection: _all(connection, units))
        except Exception as first:
            if (away := unavailable(first)) is not None:
                for unit in units:
                    unit.error = away
            else:
                await self._commit_apart(units)
        settled = [unit for unit in units if unit.started or unit.error is not None]
        for unit in settled:
            _tell(unit)
        return [unit for unit in units if not unit.started and unit.error is None]

    async def _commit_apart(self, units: list[Unit]) -> None:
        """Finds the bad unit: each gets a savepoint of its own, so that its neighbours are written all the same."""
        try:
            await self._readers.run_writing(lambda connection: _each(connection, units))
        except Exception as error:
            log.warning("a batch of %d could not be committed: %s", len(units), type(error).__name__)
            if not is_collision(error):
                for unit in units:
                    unit.error = unavailable(error) or error
                return
            for unit in units:
                await self._commit_alone(unit)

    async def _commit_alone(self, unit: Unit) -> None:
        """Gives the unit a transaction of its own, which holds little and so seldom waits for another in a circle."""
        unit.started, unit.error = True, None
        for attempt in range(COLLISIONS_BORNE):
            try:
                unit.outcome, unit.error = await self._readers.run_writing(unit.act), None
                return
            except Exception as error:
                unit.error = unavailable(error) or error
                if not is_collision(error):
                    return
            # Two that step aside by the same amount meet again.
            await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311


def _all(connection: Connection, units: list[Unit]) -> None:
    for unit in units:
        unit.started = False
    end = time.monotonic() + BATCH_SECONDS
    for unit in units:
        unit.started = True
        unit.outcome = unit.act(connection)
        if time.monotonic() > end:
            return


def _each(connection: Connection, units: list[Unit]) -> None:
    for unit in units:
        unit.started, unit.error = True, None
        try:
            with connection.begin_nested():
                unit.outcome = unit.act(connection)
        except Exception as error:
            if is_collision(error):
                raise
            unit.error = unavailable(error) or error


def _tell(unit: Unit) -> None:
    if unit.done.cancelled():
        return
    if unit.error is not None:
        unit.done.set_exception(unit.error)
    else:
        unit.done.set_result(unit.outcome)
