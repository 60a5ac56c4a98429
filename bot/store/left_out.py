"""What a crawl read and left out for what it says: by this the next one need not fetch it again to leave it out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select

from bot.interactions import Microseconds
from bot.store.pages import Stamp
from bot.store.tables import left_out


@dataclass(frozen=True)
class LeftOut:
    """A page that was left out. `asked` is the URL to ask for it, `url` the one by which it wants to be known.

    `digest` is of what it says, empty where that was never read; `read_at` is when it was last had in full.
    """

    asked: str
    url: str
    reason: str
    detail: str
    digest: str
    body: str | None
    read_at: Microseconds
    asked_at: Microseconds
    steady: bool
    stamp: Stamp
    links: bytes


def add_left_out(connection: Connection, crawl: int, found: Sequence[LeftOut]) -> None:
    rows = [
        {name: value for name, value in vars(one).items() if name != "stamp"} | asdict(one.stamp) | {"crawl": crawl}
        for one in found
    ]
    if rows:
        connection.execute(insert(left_out), rows)


def left_out_of(connection: Connection, crawl: int, *, after: str = "", limit: int = 1_000) -> list[LeftOut]:
    """What the crawl left out, the next `limit` of it after the one that was asked for by `after`."""
    asked = (
        select(left_out)
        .where(left_out.c.crawl == crawl, left_out.c.asked > after)
        .order_by(left_out.c.asked)
        .limit(limit)
    )
    return [
        LeftOut(
            row.asked,
            row.url,
            row.reason,
            row.detail,
            row.digest,
            row.body,
            row.read_at,
            row.asked_at,
            row.steady,
            Stamp(row.etag, row.modified, row.listed),
            row.links,
        )
        for row in connection.execute(asked)
    ]
