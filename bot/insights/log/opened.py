"""The log as DuckDB reads it: the files of a manifest, less what was changed or erased since, and what is new."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from bot.insights.log.files import parquet
from bot.insights.log.leads import leads
from bot.insights.log.lent import lent
from bot.insights.log.manifest import LogFile, Manifest
from bot.insights.log.rows import as_raw, logged
from bot.interactions import SiteKey
from bot.store.log_changes import Waiting

LINKS = pa.schema([("visitor", pa.string()), ("customer", pa.string())])


@contextmanager
def opened(
    folder: Path, manifest: Manifest, told: Waiting, site: SiteKey, since: int, until: int, *, memory: str = "200MB"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with `log`, what happened on the site in the window, and `who`: (site, visitor, customer, marked).

    `leads` has the names of the log's columns of text in which a cell may begin like a formula.
    A duckdb.IOException, here or at a question, is a file that was replaced meanwhile: ask for the manifest again.
    """
    with lent(memory) as connection:
        files = manifest.between(since, until)
        parts, leading = [], {name for one in files for name in one.leads}
        if files:
            connection.register("changed", pa.table({"id": pa.array(told.changed, pa.int64())}))
            unchanged = ["id NOT IN (SELECT id FROM changed)"] if told.changed else []
            where = _where([*_within(files, site, since, until), *unchanged])
            parts.append(f"SELECT * FROM {parquet(*(folder / one.path for one in files))}{where}")  # noqa: S608
        # An empty part would be looked through, and planned for, at every mention of the log.
        if told.rows or not files:
            fresh = logged(connection, as_raw(told.rows))
            connection.register("fresh", fresh)
            leading |= leads(fresh)
            parts.append(f"SELECT * FROM fresh{_where(_moments(since, until))}")  # noqa: S608
        connection.execute(f"CREATE VIEW log AS {' UNION ALL '.join(parts)}")
        connection.register("leads", pa.table({"name": pa.array(sorted(leading), pa.string())}))
        _say_who(connection, folder, manifest, told, site)
        yield connection


def _within(files: Sequence[LogFile], site: SiteKey, since: int, until: int) -> list[str]:
    """What has to be asked of each row. Most windows are of one site's whole days: then nothing is."""
    is_inside = all(since <= one.first and one.last < until for one in files)
    is_its_own = all(one.site == site for one in files)
    mine = [] if is_its_own else [f"site = '{site.replace(chr(39), chr(39) * 2)}'"]
    return mine if is_inside else [*mine, *_moments(since, until)]


def _moments(since: int, until: int) -> list[str]:
    return [f"ts_us >= {since:d}", f"ts_us < {until:d}"]


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _say_who(
    connection: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, told: Waiting, site: SiteKey
) -> None:
    links = [{"visitor": visitor, "customer": known} for visitor, known in told.links.items()]
    connection.register("links", pa.Table.from_pylist(links, schema=LINKS))
    connection.register("marks", pa.table({"visitor": pa.array(told.marked, pa.string())}))
    copied = "SELECT visitor, customer FROM links WHERE false"
    if manifest.who is not None:
        copied = f"SELECT visitor, customer FROM {parquet(folder / manifest.who)} WHERE site = $site"  # noqa: S608
        if told.links:
            copied += " AND visitor NOT IN (SELECT visitor FROM links)"
    marked = "visitor IN (SELECT visitor FROM marks)"
    connection.execute(
        f"""CREATE TABLE who AS
        WITH known AS ({copied} UNION ALL SELECT visitor, customer FROM links)
        SELECT $site::VARCHAR AS site, visitor, customer, (CASE WHEN {marked} THEN 1 ELSE 0 END)::BIGINT AS marked
        FROM known WHERE customer IS NOT NULL""",  # noqa: S608
        {"site": site},
    )
    if told.marked:
        connection.execute(
            """INSERT INTO who SELECT DISTINCT $site, visitor, NULL, 1 FROM marks
            WHERE visitor NOT IN (SELECT visitor FROM who)""",
            {"site": site},
        )
