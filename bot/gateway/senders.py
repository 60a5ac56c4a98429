"""What the doors remember of senders, in memory only: how fast each goes, and ids of events that were not kept."""

from collections import OrderedDict
from collections.abc import Iterable

from bot.gateway.pace import Pace

BURST, PER_SECOND = 1_000, 50.0
"""Events of one visitor at one address: far above what a person causes on any page."""
BURST_OF_MANY, PER_SECOND_OF_MANY = 20_000, 2_000.0
"""Events without a visitor: behind one address there may be a whole town."""
REMEMBERED = 20_000


class Senders:
    def __init__(self) -> None:
        self._paces: OrderedDict[tuple[str, str], Pace] = OrderedDict()
        self._ids: OrderedDict[str, None] = OrderedDict()

    def pace_of(self, visitor: str | None, address: str) -> Pace:
        """One pace for all requests of a visitor from an address."""
        key = (visitor or "", address)
        pace = self._paces.pop(key, None) or _pace(visitor)
        self._paces[key] = pace
        if len(self._paces) > REMEMBERED:
            self._paces.popitem(last=False)
        return pace

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that lately came and were not kept."""
        return frozenset(id for id in ids if id in self._ids)

    def remember(self, ids: Iterable[str]) -> None:
        self._ids.update(dict.fromkeys(ids))
        while len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)


def _pace(visitor: str | None) -> Pace:
    if visitor:
        return Pace(burst=BURST, per_second=PER_SECOND)
    return Pace(burst=BURST_OF_MANY, per_second=PER_SECOND_OF_MANY)
