"""Gives each conversation its score once it has been quiet for a while: no turn waits for it, or pays for it."""

import asyncio
import logging
from itertools import batched, count

from bot.errors import StoreUnavailable
from bot.gateway.house import House
from bot.insights.scores import AT_ONCE, judge, judge_all
from bot.interactions import ConversationId, Microseconds

QUIET_US = 30 * 1_000_000
"""A conversation that goes on is judged once when it pauses, not anew with every turn: that would cost its square."""
LOOKS_EVERY_S = 10
LOOKS_AT_ALL_EVERY = 360
"""Of these times it looks once whether any is behind: what was said before a crash, or forgotten in another one."""
log = logging.getLogger(__name__)


class Scoring:
    """Remembers which conversations have changed; all that it forgets when it ends is found again by `judge_all`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._changed: dict[ConversationId, Microseconds] = {}

    def changed(self, conversation: ConversationId) -> None:
        self._changed[conversation] = self._house.now()

    async def settle(self) -> None:
        """Judges those that have been quiet. Where a turn is still open, its end says that they changed again."""
        at = self._house.now()
        quiet = [one for one, changed in self._changed.items() if at - changed >= QUIET_US]
        for some in batched(quiet, AT_ONCE):
            changed = {one: self._changed.pop(one) for one in some}
            try:
                await judge(self._house.store, some)
            except BaseException:
                # What has changed meanwhile keeps its later time.
                self._changed = changed | self._changed
                raise

    async def keep_settling(self) -> None:
        for times in count():
            try:
                if times % LOOKS_AT_ALL_EVERY == 0:
                    await judge_all(self._house.store)
                await self.settle()
            except StoreUnavailable as error:
                log.warning("no scores now, trying again in %d s: %s", LOOKS_EVERY_S, error)
            except Exception:
                # Nobody's chat is worse for a missing score.
                log.exception("no scores now, trying again in %d s", LOOKS_EVERY_S)
            await asyncio.sleep(LOOKS_EVERY_S)
