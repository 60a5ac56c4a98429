"""Rows of the store on their way to a file: first into one of Parquet, a page at a time, so that memory stays small."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bot.insights.exports.columns import Column, Type
from bot.insights.exports.store_rows import Row

ARROW = {
    Type.WHOLE: pa.int64(),
    Type.MOMENT: pa.int64(),
    Type.MONEY: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.YES: pa.bool_(),
}


async def spool(pages: AsyncIterator[list[Row]], columns: Sequence[Column], into: Path) -> None:
    schema = pa.schema([(one.name, ARROW.get(one.type, pa.string())) for one in columns])
    with pq.ParquetWriter(into, schema, compression="zstd") as writer:
        async for rows in pages:
            writer.write_batch(_batch(rows, schema))


def _batch(rows: list[Row], schema: pa.Schema) -> pa.RecordBatch:
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.record_batch([_array(held, field.type) for held, field in zip(cells, schema, strict=True)], schema=schema)


def _array(held: Sequence[object], type: pa.DataType) -> pa.Array:
    try:
        return pa.array(held, type)
    except UnicodeEncodeError:
        # Half a character that got in somehow must not keep everybody from their export.
        return pa.array([str(one).encode("utf-8", "replace").decode() if one is not None else None for one in held])
