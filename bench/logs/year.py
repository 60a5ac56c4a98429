"""A year of invented interactions as the log has them, made a day at a time; and the same rows in no order of time."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bot.insights.log.files import DAY_US, quiet_duckdb, write
from bot.insights.log.manifest import LogFile, Manifest, load, publish
from bot.store.log_changes import Copied
from bot.store.log_marks import Mark

NAME, SITE = "bench", "demo"
FIRST_DAY = 20_454  # 2026-01-01
DAYS = 365
CHUNKS = 100
# Ten rows a visit: looking, sometimes talking (a quarter of the visits), seldom buying (`buying` twentieths of the
# visitors, each time).
ROWS = """
    WITH numbered AS (SELECT i, i % 10 AS k, i // 10 AS visit, hash(i // 10) AS h FROM range(?, ?, ?) r(i)),
    said AS (SELECT *, h % 100 AS luck, md5((h % {visitors})::VARCHAR) AS visitor,
        {first} + (i * {days} // {rows}) * {day} + (i * {days} % {rows}) * {day} // {rows} AS ts_us FROM numbered),
    named AS (SELECT *, CASE
        WHEN k = 1 THEN 'exposed' WHEN k = 4 AND luck < 25 THEN 'message' WHEN k = 5 AND luck < 25 THEN 'answer'
        WHEN k = 6 AND luck < 15 THEN 'message' WHEN k = 7 AND luck < 15 THEN 'answer'
        WHEN k = 8 AND luck % 20 < {buying} THEN 'purchase' ELSE 'page_view' END AS type FROM said)
    SELECT i AS id, ts_us, make_timestamp(ts_us) AS "at", '{site}' AS site, visitor, NULL::VARCHAR AS customer, type,
        CASE WHEN type IN ('message', 'answer') THEN md5('c' || visit) END AS conversation,
        CASE WHEN type IN ('message', 'answer') THEN k END AS seq, NULL::VARCHAR AS turn,
        'https://shop.example/' || (h // 100 + k) % 500 AS url,
        CASE WHEN h % 10 = 0 THEN 'held_out' ELSE 'offered' END AS arm,
        CASE WHEN type = 'purchase' THEN (500 + h % 20000)::BIGINT END AS value,
        CASE WHEN type = 'purchase' THEN 'EUR' END AS currency, 'browser' AS source, '{{}}' AS data,
        CASE WHEN type = 'answer' THEN 1 ELSE 0 END::BIGINT AS answers, NULL::BIGINT AS answered_before,
        0::BIGINT AS said_before, CASE WHEN type = 'purchase' THEN (100 + h % 4000)::BIGINT END AS margin,
        CASE WHEN type = 'purchase' THEN 'o' || i END AS "order",
        'https://shop.example/' || (h // 100 + k) % 500 AS page,
        NULL::VARCHAR AS referrer, NULL::VARCHAR AS campaign, NULL::VARCHAR AS country, 'en' AS language,
        NULL::VARCHAR AS device,
        CASE WHEN type = 'message' THEN 'ask_' || h % 20 END AS intent, NULL::DOUBLE AS sentiment,
        NULL::DOUBLE AS confidence,
        CASE WHEN k = 0 THEN ['search', 'direct', 'social', 'mail'][1 + (h // 7 % 4)::INT] END AS channel
    FROM named ORDER BY {order}
"""


def year(folder: Path, rows: int, *, buying: int = 1) -> Manifest:
    """The log of so many rows in months and, of the last one, days; made once. `whole.parquet` has no order.

    `buying`: so many twentieths of the visitors buy.
    """
    known = load(folder / "log")
    # A command that was run on this home has made the log one of its store.
    if known is not None and known.store == NAME and (folder / "whole.parquet").exists():
        return known
    (folder / "log").mkdir(parents=True, exist_ok=True)
    with quiet_duckdb("400MB") as connection:
        if not (folder / "whole.parquet").exists():
            _write_whole(connection, folder / "whole.parquet", rows, buying)
        files = list(_files(connection, folder / "log", rows, buying))
        (folder / "log" / "who-1.parquet").unlink(missing_ok=True)
        _write_who(connection, folder / "log" / "who-1.parquet", rows)
    made = Manifest(NAME, 1, Copied(Mark(rows)), (), "who-1.parquet").with_files(files)
    publish(folder / "log", made)
    return made


def _files(connection: duckdb.DuckDBPyConnection, log: Path, rows: int, buying: int) -> Iterator[LogFile]:
    days: dict[str, list[int]] = {}
    for day in range(DAYS):
        date = pa.scalar((FIRST_DAY + day) * DAY_US, pa.timestamp("us")).as_py().date().isoformat()
        days.setdefault(f"day={date}" if date.startswith("2026-12") else f"month={date[:7]}", []).append(day)
    for part, whose in days.items():
        written = write(log, f"{part}/1.parquet", (_rows(connection, rows, _of(day, rows), buying) for day in whose))
        assert written is not None
        yield written


def _of(day: int, rows: int) -> tuple[int, int, int]:
    return -(-day * rows // DAYS), -(-(day + 1) * rows // DAYS), 1


def _rows(
    connection: duckdb.DuckDBPyConnection, rows: int, which: tuple[int, int, int], buying: int, order: str = "ts_us, id"
) -> pa.Table:
    sql = ROWS.format(
        rows=rows, days=DAYS, day=DAY_US, first=FIRST_DAY * DAY_US, visitors=rows // 20, site=SITE, order=order,
        buying=buying,
    )  # fmt: skip
    return connection.sql(sql, params=list(which)).to_arrow_table()


def _write_whole(connection: duckdb.DuckDBPyConnection, path: Path, rows: int, buying: int) -> None:
    part = path.with_name("whole.part")
    writer: pq.ParquetWriter | None = None
    for chunk in range(CHUNKS):
        table = _rows(connection, rows, (chunk, rows, CHUNKS), buying, "hash(i)")
        writer = writer or pq.ParquetWriter(part, table.schema, compression="zstd")
        writer.write_table(table)
    assert writer is not None
    writer.close()
    part.replace(path)


def _write_who(connection: duckdb.DuckDBPyConnection, path: Path, rows: int) -> None:
    connection.execute(
        f"""COPY (SELECT '{SITE}' AS site, md5(v::VARCHAR) AS visitor, 'customer-' || v // 2 AS customer,
        (CASE WHEN v % 1000 = 0 THEN 1 ELSE 0 END)::BIGINT AS marked FROM range({rows // 100}) r(v))
        TO '{path}' (FORMAT parquet, COMPRESSION zstd)"""
    )
