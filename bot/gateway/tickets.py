"""Tickets that a page of ours carries, each good for one socket: a foreign page has the cookie sent, but no ticket."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

GOOD_FOR_S = 120.0
ISSUED = 10_000


class Tickets:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._issued: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def issue(self, member: str) -> str:
        ticket = secrets.token_urlsafe(16)
        self._issued[ticket] = member, self._clock() + GOOD_FOR_S
        if len(self._issued) > ISSUED:
            self._issued.popitem(last=False)
        return ticket

    def take(self, ticket: str, member: str) -> bool:
        """Whether it was issued to this member, a moment ago, and never taken before."""
        owner, ends = self._issued.pop(ticket, ("", 0.0))
        return owner == member and self._clock() < ends
