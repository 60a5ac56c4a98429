"""A store beside the invented year, whose log it is a copy of: who was drawn and when, and who is which customer.

Everything that happened is in the log alone. The store has its last row, so that nothing is new.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb

from bot.insights.log.files import DAY_US, parquet
from bot.insights.log.manifest import Manifest
from bot.interactions import Kind, Microseconds, SiteKey
from bot.store.migrate import upgrade
from bot.store.sites import add_site
from bot.store.store import Store
from logs.year import FIRST_DAY, SITE

FIRST = Microseconds(FIRST_DAY * DAY_US)
DRAWN = """
    SELECT visitor AS id, '{site}' AS site, min(ts_us) AS created_at, 1 AS measure, 0 AS memory,
        min(ts_us) AS consent_at, CASE WHEN hash(visitor) % 10 = 0 THEN 'held_out' ELSE 'offered' END AS arm,
        0 AS robot, visitor IN (SELECT visitor FROM {who} WHERE marked = 1) AS staff
    FROM {log} GROUP BY visitor
"""
LINKED = (
    "SELECT site, visitor, customer, 'identify' AS evidence, {first} AS since FROM {who} WHERE customer IS NOT NULL"
)


async def beside(home: Path, log: Manifest) -> Store:
    """The store of this home, which is filled the first time."""
    path = home / "store.db"
    is_new = not path.exists()
    path.with_suffix(".part").unlink(missing_ok=True)
    store = Store(f"sqlite:///{path.with_suffix('.part') if is_new else path}")
    await store.write(upgrade)
    if is_new:
        await store.write(add_site, SiteKey(SITE), name="A year", at=FIRST)
        await store.close()
        _fill(path.with_suffix(".part"), home / "log", log)
        path.with_suffix(".part").replace(path)
        store = Store(f"sqlite:///{path}")
    return store


def _fill(path: Path, folder: Path, log: Manifest) -> None:
    assert log.who is not None
    named = {
        "log": parquet(*(folder / one.path for one in log.files)), "who": parquet(folder / log.who), "site": SITE,
        "first": FIRST,
    }  # fmt: skip
    last = (log.copied.rows.upto, log.files[-1].last, SITE, Kind.STATUS.value, "bench", "last", "{}")
    with closing(sqlite3.connect(path)) as store:
        for table, question in {"visitors": DRAWN, "identities": LINKED}.items():
            found = duckdb.connect().execute(question.format(**named))
            columns = [column[0] for column in found.description]
            into = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
            while rows := found.fetchmany(50_000):
                store.executemany(into, rows)
        into = "INSERT INTO interactions (id, at, site, type, source, source_id, data) VALUES (?, ?, ?, ?, ?, ?, ?)"
        store.execute(into, last)
        store.execute("ANALYZE")
        store.commit()
