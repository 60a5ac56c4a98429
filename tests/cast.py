"""The people of the tests, and the clock they live by."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.interactions import CustomerId, Microseconds, SiteKey, VisitorId, microseconds

SHOP = SiteKey("demo")
ORIGIN = "https://shop.example"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday. Nothing in the tests reads the machine's clock."""


def at(**later: float) -> Microseconds:
    """The moment so much after noon: at(minutes=29), at(days=-1)."""
    return microseconds(NOON + timedelta(**later))


NOBODY = VisitorId("")
NO_CUSTOMER = CustomerId("")


@dataclass(frozen=True)
class Person:
    """Somebody who comes to the shop, or works for it."""

    name: str
    email: str
    visitor: VisitorId = NOBODY
    customer: CustomerId = NO_CUSTOMER
    role: str = ""


ALICE = Person("Alice", "alice@customers.example", VisitorId("a11ce" + "0" * 27), CustomerId("customer-1"))
"""A returning customer who agreed to be measured."""

BOB = Person("Bob", "bob@visitors.example", VisitorId("b0b" + "0" * 29))
"""Anonymous, and did not agree."""

CHARLIE = Person("Charlie", "charlie@customers.example", VisitorId("c4a711e" + "0" * 25), CustomerId("customer-3"))
"""Must never see Alice's data."""

DANA = Person("Dana", "dana@shop.example", role="agent")
"""Answers in the console."""

MAYA = Person("Maya", "maya@shop.example", role="marketer")
"""Wants to know who the real customers are."""
