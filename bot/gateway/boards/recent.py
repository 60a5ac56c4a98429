"""Reports that take a while to make: kept for a minute, shown somewhat longer while a new one is made, and never once
something was erased that may be counted in them."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.interactions import Microseconds
from bot.store.log_changes import newest_change
from bot.store.store import Store

FRESH_FOR_US = 60 * 1_000_000
SHOWN_FOR_US = 15 * FRESH_FOR_US
"""With the moment that they are of beside them; older ones are waited for."""
WORTH_A_WAIT_S = 0.5
"""What is made sooner is made anew once it is a minute old: nobody has to be shown what is not so any more."""
KEPT = 16

type Key = tuple[str, ...]


@dataclass(frozen=True)
class Report[T]:
    """`at`: when it was made. `is_renewed`: a newer one is on its way."""

    told: T
    at: Microseconds
    changes: int
    took_s: float
    is_renewed: bool = False


class Recent[T]:
    """The latest reports of a store, by what was asked for. Who asks for what is being made waits for the same one."""

    def __init__(self, store: Store, *, worth_a_wait_s: float = WORTH_A_WAIT_S) -> None:
        self._store = store
        self._worth_a_wait_s = worth_a_wait_s
        self._kept: OrderedDict[Key, Report[T]] = OrderedDict()
        self._making: dict[tuple[Key, int], asyncio.Task[Report[T]]] = {}

    async def report(self, key: Key, make: Callable[[], Awaitable[T]], *, now: Microseconds) -> Report[T]:
        """The report `key`, which `make` makes."""
        changes = await self._store.read(newest_change)
        known = self._kept.get(key)
        if known is not None and known.changes == changes:
            if now - known.at <= FRESH_FOR_US:
                return known
            if now - known.at <= SHOWN_FOR_US and known.took_s > self._worth_a_wait_s:
                self._begin(key, make, now, changes)
                return replace(known, is_renewed=True)
        # Shielded: who goes away must not end what others wait for.
        return await asyncio.shield(self._begin(key, make, now, changes))

    def _begin(
        self, key: Key, make: Callable[[], Awaitable[T]], now: Microseconds, changes: int
    ) -> "asyncio.Task[Report[T]]":
        making = self._making.get((key, changes))
        if making is None:
            making = self._making[key, changes] = asyncio.create_task(self._make(key, make, now, changes))
            # One that fails with nobody waiting fails again for the next who waits, and is told then.
            making.add_done_callback(lambda task: task.cancelled() or task.exception())
        return making

    async def _make(self, key: Key, make: Callable[[], Awaitable[T]], now: Microseconds, changes: int) -> Report[T]:
        kept, making, begun = self._kept, self._making, time.monotonic()
        try:
            report = Report(await make(), now, changes, time.monotonic() - begun)
        finally:
            del making[key, changes]
        if key not in kept or kept[key].changes <= changes:
            kept[key] = report
            kept.move_to_end(key)
        if len(kept) > KEPT:
            kept.popitem(last=False)
        return report
