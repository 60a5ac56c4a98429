"""What the crawl that answers knows of its pages, and how the next one takes over those that have not changed."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Text, func, insert, literal, select

from bot.interactions import Microseconds
from bot.store.pages import BATCH_ROWS, CrawlRefused, Stamp
from bot.store.tables import pages, passages


@dataclass(frozen=True)
class KnownPage:
    """A page of the crawl that answers now. `asked` is the URL to ask for it, `passages` their number."""

    id: int
    url: str
    asked: str
    digest: str
    body: str | None
    asked_at: Microseconds
    steady: bool
    stamp: Stamp
    links: bytes | None
    passages: int


@dataclass(frozen=True)
class KeptPage:
    """A page that the next crawl takes over as it is, under `url`; its passages from position `first` to `last`."""

    id: int
    url: str
    source: str | None
    asked_at: Microseconds
    steady: bool
    stamp: Stamp
    passages: int
    first: int = 0
    last: int = 0


def known_pages(connection: Connection, crawl: int, *, after: int = 0, limit: int = 1_000) -> list[KnownPage]:
    """The crawl's pages, the next `limit` of them after the one with the id `after`."""
    counted = select(func.count()).select_from(passages).where(passages.c.page == pages.c.id).scalar_subquery()
    asked = (
        select(pages, counted.label("passages"))
        .where(pages.c.crawl == crawl, pages.c.id > after)
        .order_by(pages.c.id)
        .limit(limit)
    )
    return [
        KnownPage(
            row.id,
            row.url,
            row.source or row.url,
            row.digest,
            row.body,
            row.asked_at or row.fetched_at,
            row.steady,
            Stamp(row.etag, row.modified, row.listed),
            row.links,
            row.passages,
        )
        for row in connection.execute(asked)
    ]


def keeping(found: Iterable[KeptPage]) -> Iterator[list[KeptPage]]:
    """Pages in groups of at most 500 rows, one too large for that in pieces, as `batches` does with new ones."""
    batch: list[KeptPage] = []
    rows = 0
    for page in found:
        for first in range(0, max(page.passages, 1), BATCH_ROWS - 1):
            piece = replace(page, first=first, last=min(first + BATCH_ROWS - 1, page.passages))
            size = 1 + piece.last - piece.first
            if batch and rows + size > BATCH_ROWS:
                yield batch
                batch, rows = [], 0
            batch.append(piece)
            rows += size
    if batch:
        yield batch


def keep_pages(connection: Connection, crawl: int, kept: Sequence[KeptPage]) -> None:
    """Copies the pages with their passages to the crawl, inside the store."""
    for page in kept:
        number = _page(connection, crawl, page)
        columns = (passages.c.position, passages.c.heading, passages.c.text, passages.c.digest)
        copied = (
            select(literal(crawl, BigInteger), literal(number, BigInteger), *columns)
            .where(passages.c.page == page.id, passages.c.position >= page.first, passages.c.position < page.last)
            .order_by(passages.c.position)
        )
        names = ["crawl", "page", *(column.name for column in columns)]
        done = connection.execute(insert(passages).from_select(names, copied))
        if done.rowcount != page.last - page.first:
            raise CrawlRefused("The pages that this crawl took over are gone: another crawl has finished meanwhile.")


def pack(links: Sequence[str]) -> bytes:
    """Links small enough to be kept for each page: a page's links are much alike."""
    return zlib.compress("\n".join(links).encode(), 9)


def unpack(links: bytes) -> tuple[str, ...]:
    told = zlib.decompress(links).decode()
    return tuple(told.split("\n")) if told else ()


def _page(connection: Connection, crawl: int, page: KeptPage) -> int:
    """The page's row in the crawl; made when its first piece comes."""
    if page.first:
        asked = select(pages.c.id).where(pages.c.crawl == crawl, pages.c.url == page.url)
        return int(connection.execute(asked).scalar_one())
    told: dict[str, ColumnElement[Any]] = {
        "crawl": literal(crawl, BigInteger),
        "url": literal(page.url, Text),
        "source": literal(page.source, Text),
        "asked_at": literal(page.asked_at, BigInteger),
        "steady": literal(page.steady),
        "etag": literal(page.stamp.etag, Text),
        "modified": literal(page.stamp.modified, Text),
        "listed": literal(page.stamp.listed, Text),
    }
    same = [column for column in pages.c if column.name != "id" and column.name not in told]
    columns: list[ColumnElement[Any]] = [*told.values(), *same]
    copied = select(*columns).where(pages.c.id == page.id)
    names = [*told, *(column.name for column in same)]
    made = connection.execute(insert(pages).from_select(names, copied).returning(pages.c.id)).scalar_one_or_none()
    if made is None:
        raise CrawlRefused("The pages that this crawl took over are gone: another crawl has finished meanwhile.")
    return int(made)
