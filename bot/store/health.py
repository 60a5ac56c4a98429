"""Whether the store takes a write, and the few numbers that a monitor watches."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from bot.store.tables import drops, sites, turns


@dataclass(frozen=True)
class Counts:
    turns_open: int
    dropped: tuple[tuple[str, str, int], ...]
    """(door, reason, how many)."""


def can_write(connection: Connection) -> None:
    """Takes the lock that a write takes, and changes nothing."""
    connection.execute(update(sites).where(sites.c.key == "").values(name=""))


def counts(connection: Connection) -> Counts:
    open_now = connection.execute(select(func.count()).select_from(turns).where(turns.c.state == "open")).scalar_one()
    query = (
        select(drops.c.door, drops.c.reason, func.sum(drops.c.count))
        .group_by(drops.c.door, drops.c.reason)
        .order_by(drops.c.door, drops.c.reason)
    )
    return Counts(open_now, tuple((door, reason, int(count)) for door, reason, count in connection.execute(query)))
