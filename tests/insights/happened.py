"""What people did, in a line each, for the tests of reports."""

from dataclasses import replace
from itertools import count
from typing import Any

from bot.interactions import Interaction, Kind
from tests.cast import SHOP, at

_numbers = count()


def did(who: str | None, kind: Kind, minute: float = 0, **changes: Any) -> Interaction:
    """Something that the visitor `who` did, so many minutes after noon."""
    one = Interaction(
        at=at(minutes=minute),
        site=SHOP,
        kind=kind,
        source="test",
        source_id=str(next(_numbers)),
        visitor=who,  # type: ignore[arg-type]
    )
    return replace(one, **changes)


def viewed(who: str, *minutes: float) -> list[Interaction]:
    return [did(who, Kind.PAGE_VIEW, minute, url="https://shop.example/") for minute in minutes]


def talked(who: str | None, *, answers: int = 1, conversation: str = "") -> list[Interaction]:
    """A message, and if `answers` another one after each answer but the last."""
    where = {"conversation": conversation or f"of {who}"}
    turns = [[did(who, Kind.MESSAGE, **where), did(who, Kind.ANSWER, **where)] for _ in range(answers)]
    return [one for turn in turns for one in turn] or [did(who, Kind.MESSAGE, **where)]


def bought(who: str | None, value: int, currency: str = "EUR", **changes: Any) -> Interaction:
    return did(who, Kind.PURCHASE, value=value, currency=currency, **changes)


def refunded(who: str | None, value: int, currency: str = "EUR", **changes: Any) -> Interaction:
    return did(who, Kind.REFUND, value=value, currency=currency, **changes)
