"""Crawls, their pages and passages. A crawl answers only when it is whole; until then the one before it does."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.errors import DuologueError
from bot.interactions import Microseconds, SiteKey
from bot.store.tables import crawl_turns, crawls, left_out, pages, passages, sites

BATCH_ROWS = 500
"""Rows of one transaction: a crawl must not keep the visitors' messages waiting."""


class CrawlRefused(DuologueError):
    """The crawl can't take over; the pages crawled before go on answering."""


@dataclass(frozen=True)
class Product:
    """What a page says that it sells, where it sells one thing. `price` is in its words."""

    name: str
    price: str | None = None
    image: str | None = None


@dataclass(frozen=True)
class NewPassage:
    position: int
    heading: tuple[str, ...]
    text: str
    digest: str


@dataclass(frozen=True)
class Stamp:
    """By what an unchanged page is known again: what the server and the sitemap told of it, in their words."""

    etag: str | None = None
    modified: str | None = None
    listed: str | None = None


NO_STAMP = Stamp()


@dataclass(frozen=True)
class NewPage:
    """A page as a crawl brings it. `source` is where it came from, when it wants to be known by another URL;
    `body` a digest of what was fetched, `links` what `pack` made of its links; `ways` by which a person is reached,
    None where nobody looked."""

    url: str
    title: str
    digest: str
    fetched_at: Microseconds
    passages: tuple[NewPassage, ...]
    product: Product | None = None
    language: str = ""
    variants: dict[str, str] | None = None
    source: str | None = None
    body: str | None = None
    steady: bool = False
    stamp: Stamp = NO_STAMP
    links: bytes | None = None
    ways: tuple[str, ...] | None = None


@dataclass(frozen=True)
class StoredPassage:
    """A passage with its page, as the index wants it."""

    id: int
    url: str
    title: str
    position: int
    heading: tuple[str, ...]
    text: str
    digest: str
    product: Product | None = None
    """Of the page."""
    language: str = ""
    """As the page tells, such as de-at; in an index the code of the passage's own, such as de. Empty: nothing tells."""


@dataclass(frozen=True)
class Crawl:
    id: int
    site: SiteKey
    origin: str
    state: str
    started_at: Microseconds
    finished_at: Microseconds | None
    report: dict[str, Any]
    reader: str | None = None
    options: dict[str, Any] | None = None


def begin_crawl(
    connection: Connection,
    site: SiteKey,
    *,
    origin: str,
    at: Microseconds,
    reader: str | None = None,
    options: dict[str, Any] | None = None,
) -> int:
    """`reader` is the version of what makes passages of pages; `options` is how to ask for the same crawl again."""
    told = {"origin": origin, "reader": reader, "options": options}
    row = insert(crawls).values(site=site, state="running", started_at=at, report={}, **told)
    return int(connection.execute(row.returning(crawls.c.id)).scalar_one())


def batches(found: Iterable[NewPage]) -> Iterator[list[NewPage]]:
    """Pages in groups of at most 500 rows, a page's passages counted; a page too large for that comes in pieces,
    which `add_pages` joins again by their URL."""
    batch: list[NewPage] = []
    rows = 0
    for page in found:
        for piece in _pieces(page):
            size = 1 + len(piece.passages)
            if batch and rows + size > BATCH_ROWS:
                yield batch
                batch, rows = [], 0
            batch.append(piece)
            rows += size
    if batch:
        yield batch


def add_pages(connection: Connection, crawl: int, found: Sequence[NewPage]) -> None:
    """Adds the pages with their passages. A URL that the crawl already has gets the further passages."""
    urls = [page.url for page in found]
    asked = select(pages.c.url, pages.c.id).where(pages.c.crawl == crawl, pages.c.url.in_(urls))
    known = {row.url: row.id for row in connection.execute(asked)}
    rows = []
    for page in found:
        if page.url not in known:
            row = insert(pages).values(
                crawl=crawl,
                url=page.url,
                title=page.title,
                digest=page.digest,
                fetched_at=page.fetched_at,
                product=None if page.product is None else asdict(page.product),
                language=page.language,
                variants=page.variants,
                source=page.source,
                body=page.body,
                asked_at=page.fetched_at,
                steady=page.steady,
                links=page.links,
                ways=None if page.ways is None else list(page.ways),
                **asdict(page.stamp),
            )
            known[page.url] = connection.execute(row.returning(pages.c.id)).scalar_one()
        rows += [
            {
                "crawl": crawl,
                "page": known[page.url],
                "position": passage.position,
                "heading": list(passage.heading),
                "text": passage.text,
                "digest": passage.digest,
            }
            for passage in page.passages
        ]
    if rows:
        connection.execute(insert(passages), rows)


def finish_crawl(
    connection: Connection, site: SiteKey, crawl: int, *, at: Microseconds, report: dict[str, Any]
) -> None:
    """From this commit on the crawl's passages answer. CrawlRefused leaves everything as it was."""
    if connection.execute(select(passages.c.id).where(passages.c.crawl == crawl).limit(1)).first() is None:
        raise CrawlRefused("The crawl found no page with text; the pages crawled before go on answering.")
    holder = connection.execute(select(crawl_turns.c.crawl).where(crawl_turns.c.site == site)).scalar_one_or_none()
    if holder is not None and holder != crawl:
        raise CrawlRefused("A crawl that was started later has the turn; its pages will answer.")
    taken = connection.execute(
        update(sites).where(sites.c.key == site, func.coalesce(sites.c.crawl, 0) < crawl).values(crawl=crawl)
    )
    if taken.rowcount != 1:
        raise CrawlRefused("A crawl that was started later has finished meanwhile; its pages answer.")
    _close(connection, crawl, "whole", at, report)


def fail_crawl(connection: Connection, crawl: int, *, at: Microseconds, report: dict[str, Any]) -> None:
    """The crawl is over and never answers; the one before it goes on."""
    _close(connection, crawl, "failed", at, report)


def clear_pages(connection: Connection, site: SiteKey) -> int:
    """Deletes up to 500 rows of pages that no longer answer; to be called until it gives 0.

    These are the pages of crawls before the one that answers, whatever became of them, and of failed ones; and what
    those left out.
    """
    current = select(func.coalesce(sites.c.crawl, 0)).where(sites.c.key == site).scalar_subquery()
    over = select(crawls.c.id).where(crawls.c.site == site, (crawls.c.id < current) | (crawls.c.state == "failed"))
    for table in (passages, pages, left_out):
        doomed = select(table.c.id).where(table.c.crawl.in_(over)).order_by(table.c.id).limit(BATCH_ROWS)
        ids = list(connection.execute(doomed).scalars())
        if ids:
            connection.execute(delete(table).where(table.c.id.in_(ids)))
            return len(ids)
    return 0


def current_crawl(connection: Connection, site: str) -> int | None:
    """The crawl that answers now; None when there is none, or no such site."""
    return connection.execute(select(sites.c.crawl).where(sites.c.key == site)).scalar_one_or_none()


def current_crawls(connection: Connection) -> dict[str, int | None]:
    """The crawl that answers now, of every site."""
    return {row.key: row.crawl for row in connection.execute(select(sites.c.key, sites.c.crawl).order_by(sites.c.key))}


def find_crawl(connection: Connection, crawl: int) -> Crawl | None:
    row = connection.execute(select(crawls).where(crawls.c.id == crawl)).one_or_none()
    return None if row is None else _crawl(row)


def last_crawls(connection: Connection, site: str, *, limit: int = 5) -> list[Crawl]:
    """The site's crawls, the latest first."""
    asked = select(crawls).where(crawls.c.site == site).order_by(crawls.c.id.desc()).limit(limit)
    return [_crawl(row) for row in connection.execute(asked)]


def _crawl(row: Row[Any]) -> Crawl:
    told = (row.started_at, row.finished_at, dict(row.report or {}), row.reader, row.options)
    return Crawl(row.id, SiteKey(row.site), row.origin, row.state, *told)


def passages_of(connection: Connection, crawl: int, *, after: int = 0, limit: int = 2_000) -> list[StoredPassage]:
    """The crawl's passages in their order, the next `limit` of them after the one with the id `after`."""
    asked = (
        select(passages, pages.c.url, pages.c.title, pages.c.product, pages.c.language)
        .join(pages, pages.c.id == passages.c.page)
        .where(passages.c.crawl == crawl, passages.c.id > after)
        .order_by(passages.c.id)
        .limit(limit)
    )
    return [
        StoredPassage(
            row.id,
            row.url,
            row.title,
            row.position,
            tuple(row.heading),
            row.text,
            row.digest,
            product_of(row.product),
            row.language,
        )
        for row in connection.execute(asked)
    ]


def product_of(told: dict[str, Any] | None) -> Product | None:
    return None if told is None else Product(**told)


def _pieces(page: NewPage) -> Iterator[NewPage]:
    room = BATCH_ROWS - 1
    for start in range(0, max(len(page.passages), 1), room):
        yield replace(page, passages=page.passages[start : start + room])


def _close(connection: Connection, crawl: int, state: str, at: Microseconds, report: dict[str, Any]) -> None:
    connection.execute(update(crawls).where(crawls.c.id == crawl).values(state=state, finished_at=at, report=report))
