"""Reads the log by the column, a batch at a time, for its copy in files: one look at the store, all of one moment.

Only for a process of its own. The driver brings a SQLite of its own, and two of them in one process undo each other's
locks on a file: closing it in one would end the locks that the other holds.
"""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any, Self

import pyarrow as pa
from sqlalchemy.engine import make_url

from bot.store.log_changes import RAW
from bot.store.log_marks import Mark, Moment

ROWS_AT_ONCE = 50_000
RANGES_AT_ONCE = 200
COLUMNS = ", ".join(name for name in RAW if name != "data")
WHO = """SELECT v.site AS site, v.id AS visitor, i.customer AS customer,
    CASE WHEN v.robot OR v.staff THEN 1 ELSE 0 END AS marked
    FROM visitors v LEFT JOIN identities i ON i.site = v.site AND i.visitor = v.id AND i.undone_at IS NULL
    WHERE i.customer IS NOT NULL OR v.robot OR v.staff"""


class LogSource:
    """The store at one moment. Numbers are written into the questions as they stand: they are ours, and whole."""

    def __init__(self, url: str, *, at: int) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._connection: Any = _connect(url)
        self.moment = Moment(at) if self.is_sqlite else self._moment(at)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _moment(self, at: int) -> Moment:
        self._run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (row,) = self._ask(
            "SELECT pg_snapshot_xmin(s)::text::bigint AS oldest, pg_snapshot_xmax(s)::text::bigint AS next "
            "FROM pg_current_snapshot() s"
        ).to_pylist()
        return Moment(at, **row)

    def newest(self, table: str, key: str) -> int:
        """The highest number given in the table, 0 when it is empty."""
        (row,) = self._ask(f"SELECT coalesce(max({key}), 0) AS highest FROM {table}").to_pylist()  # noqa: S608
        return int(row["highest"])

    def changes(self, mark: Mark) -> Iterator[pa.Table]:
        """(number, interaction, at), in the order of numbers."""
        yield from self._pages("SELECT number, interaction, at FROM log_changes", "number", mark)

    def rows(self, mark: Mark) -> Iterator[pa.Table]:
        """New rows of the log with the columns RAW, in the order of ids."""
        yield from self._pages(self._rows(), "id", mark)

    def rows_of(self, ids: Iterable[int]) -> Iterator[pa.Table]:
        for some in batched(sorted(ids), 1_000):
            yield self._ask(f"{self._rows()} WHERE id IN ({', '.join(map(str, some))}) ORDER BY id")

    def who(self) -> Iterator[pa.Table]:
        """(site, visitor, customer, marked) of all who are known to be customers, or are robots or staff."""
        after = ""
        while True:
            # The ids are 32 hexadecimal digits of our making; what is none of ours is asked for with quotes doubled.
            where = f" AND v.id > '{after.replace(chr(39), chr(39) * 2)}'"
            question = WHO.replace("WHERE ", "WHERE (") + ")" + where
            page = self._ask(f"{question} ORDER BY v.id LIMIT {ROWS_AT_ONCE}")
            yield page
            if page.num_rows < ROWS_AT_ONCE:
                return
            after = page["visitor"][-1].as_py()

    def _rows(self) -> str:
        data = "data" if self.is_sqlite else "data::text AS data"
        return f"SELECT {COLUMNS}, {data} FROM interactions"  # noqa: S608

    def _pages(self, question: str, key: str, mark: Mark) -> Iterator[pa.Table]:
        for some in batched(mark.ranges(), RANGES_AT_ONCE):
            within = " OR ".join(f"{key} BETWEEN {first} AND {last}" for first, last in some)
            after = some[0][0] - 1
            while True:
                page = self._ask(f"{question} WHERE ({within}) AND {key} > {after} ORDER BY {key} LIMIT {ROWS_AT_ONCE}")
                yield page
                if page.num_rows < ROWS_AT_ONCE:
                    break
                after = page[key][-1].as_py()

    def _ask(self, question: str) -> pa.Table:
        # A batch as large as the page: the driver takes a column's type from the first batch alone, and a column that
        # begins with nothing would be one of numbers.
        options = {"adbc.sqlite.query.batch_rows": ROWS_AT_ONCE + 1} if self.is_sqlite else {}
        with self._connection.cursor(adbc_stmt_kwargs=options) as cursor:
            cursor.execute(question)
            return cursor.fetch_arrow_table()

    def _run(self, statement: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)


def _connect(url: str) -> Any:
    where = make_url(url)
    if where.drivername == "sqlite":
        from adbc_driver_sqlite import dbapi as sqlite

        return sqlite.connect(f"file:{where.database}?mode=ro")
    from adbc_driver_postgresql import dbapi as postgresql

    return postgresql.connect(where.set(drivername="postgresql").render_as_string(hide_password=False))
