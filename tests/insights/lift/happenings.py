"""Experiments in a store: people drawn, and what they did, in few statements."""

from itertools import count

from sqlalchemy import Connection, insert

from bot.experiment import Arm
from bot.interactions import Interaction, Kind, VisitorId
from bot.store.interactions import append
from bot.store.store import Store
from bot.store.tables import visitors
from tests.cast import SHOP, at
from tests.insights.happened import bought, did

DAY = ("2026-03-02", "2026-03-02")
_numbers = count()


async def drawn(store: Store, arm: Arm, people: int = 1, *, minute: float = 1, **marked: bool) -> list[VisitorId]:
    """So many browsers drawn into the arm, with ids that nobody else has."""
    ids = [VisitorId(f"{next(_numbers):032x}") for _ in range(people)]
    await store.write(_draw, ids, arm, at(minutes=minute), {"robot": False, "staff": False} | marked)
    return ids


def _draw(connection: Connection, ids: list[VisitorId], arm: Arm, moment: int, marked: dict[str, bool]) -> None:
    rows = [
        {"id": id, "site": SHOP, "created_at": moment, "consent_at": moment, "arm": arm.value, **marked} for id in ids
    ]
    connection.execute(insert(visitors).values(measure=True, memory=False), rows)


async def happen(store: Store, *interactions: Interaction) -> None:
    await store.write(append, list(interactions))


async def buy(store: Store, people: list[VisitorId], *, value: int = 1_000, currency: str = "EUR") -> None:
    await happen(store, *(bought(one, value, currency, at=at(minutes=30)) for one in people))


async def talk(store: Store, people: list[VisitorId], *, minute: float = 20) -> None:
    """Each says something and is answered."""
    for one in people:
        where = {"conversation": f"of {one}"}
        await happen(store, did(one, Kind.MESSAGE, minute, **where), did(one, Kind.ANSWER, minute, **where))
