"""Whether the store takes a write, and the few numbers that a monitor watches."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select, update
from sqlalchemy.engine import URL

from bot.store.tables import drops, sites, turns

LEAST_FREE = 1_048_576
"""Bytes on a disk below which the store is as good as unable to write: a message may still fit, a larger one not."""


@dataclass(frozen=True)
class Counts:
    turns_open: int
    dropped: tuple[tuple[str, str, int], ...]
    """(door, reason, how many)."""


def free_bytes(url: URL) -> int | None:
    """What is free on the disk of a store in a file, in bytes; None where PostgreSQL has it, and knows."""
    if url.drivername != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return shutil.disk_usage(Path(url.database).parent).free


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
