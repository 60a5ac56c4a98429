"""What the doors remember of senders, in memory only: how fast each goes, and ids of events that were not kept."""

from collections import OrderedDict
from collections.abc import Iterable

from bot.gateway.pace import Pace

OF_ONE = (1_000, 50.0)
"""Events at once and a second of one visitor at one address: far above what a person causes on any page."""
OF_MANY = (20_000, 2_000.0)
"""The same without a visitor: behind one address there may be a whole town."""
REMEMBERED = 20_000


class Senders:
    def __init__(self, *, of_one: tuple[int, float] = OF_ONE, of_many: tuple[int, float] = OF_MANY) -> None:
        self._of_one, self._of_many = of_one, of_many
        self._paces: OrderedDict[tuple[str, str], Pace] = OrderedDict()
        self._ids: OrderedDict[str, None] = OrderedDict()

    def pace_of(self, visitor: str | None, address: str) -> Pace:
        """One pace for all requests of a visitor from an address."""
        key = (visitor or "", address)
        burst, per_second = self._of_one if visitor else self._of_many
        pace = self._paces.pop(key, None) or Pace(burst=burst, per_second=per_second)
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
