"""The log as DuckDB reads it: the files of a manifest, less what was changed or erased since, and what is new."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from bot.insights.log.files import parquet, quiet_duckdb
from bot.insights.log.manifest import Manifest
from bot.insights.log.rows import as_raw, logged
from bot.interactions import SiteKey
from bot.store.log_changes import Waiting

LINKS = pa.schema([("site", pa.string()), ("visitor", pa.string()), ("customer", pa.string())])


@contextmanager
def opened(
    folder: Path, manifest: Manifest, told: Waiting, site: SiteKey, since: int, until: int, *, memory: str = "200MB"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with `log`, what happened on the site in the window, and `who`: (site, visitor, customer, marked).

    A duckdb.IOException, here or at a question, is a file that was replaced meanwhile: ask for the manifest again.
    """
    with TemporaryDirectory(prefix="duologue-log-") as spill, quiet_duckdb(memory, Path(spill)) as connection:
        files = [folder / one.path for one in manifest.between(since, until)]
        parts = []
        # An empty part would be looked through, and planned for, at every mention of the log.
        if told.rows or not files:
            connection.register("fresh", logged(connection, as_raw(told.rows)))
            parts.append("SELECT * FROM fresh")
        if files:
            connection.register("changed", pa.table({"id": pa.array(told.changed, pa.int64())}))
            unchanged = " WHERE id NOT IN (SELECT id FROM changed)" if told.changed else ""
            parts.append(f"SELECT * FROM {parquet(*files)}{unchanged}")  # noqa: S608
        within = f"site = '{site.replace(chr(39), chr(39) * 2)}' AND ts_us >= {since:d} AND ts_us < {until:d}"
        everything = " UNION ALL ".join(reversed(parts))
        connection.execute(f"CREATE VIEW log AS SELECT * FROM ({everything}) WHERE {within}")  # noqa: S608
        _say_who(connection, folder, manifest, told, site)
        yield connection


def _say_who(
    connection: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, told: Waiting, site: SiteKey
) -> None:
    links = [{"site": site, "visitor": visitor, "customer": known} for visitor, known in told.links.items()]
    connection.register("links", pa.Table.from_pylist(links, schema=LINKS))
    connection.register("marks", pa.table({"visitor": pa.array(told.marked, pa.string())}))
    copied = "SELECT site, visitor, customer FROM links WHERE false"
    if manifest.who is not None:
        copied = f"SELECT site, visitor, customer FROM {parquet(folder / manifest.who)}"  # noqa: S608
    connection.execute(
        f"""CREATE TABLE who AS
        WITH known AS (
            SELECT * FROM ({copied}) WHERE site = ? AND visitor NOT IN (SELECT visitor FROM links)
            UNION ALL SELECT * FROM links)
        SELECT ?::VARCHAR AS site, visitor, known.customer AS customer,
            (CASE WHEN marks.visitor IS NULL THEN 0 ELSE 1 END)::BIGINT AS marked
        FROM known FULL JOIN marks USING (visitor) WHERE known.customer IS NOT NULL OR marks.visitor IS NOT NULL""",  # noqa: S608
        [site, site],
    )
