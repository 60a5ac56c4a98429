"""In which columns a cell may begin like a formula, found once when a file is written: exports look at no others.

Only the first byte of a cell is looked at, so that a column may be named in which no cell does; none is left out.
"""

import numpy as np
import pyarrow as pa

from bot.insights.formulas import FORMULA_LEADS, INVISIBLE

FIRST_BYTES = np.isin(np.arange(256), [ord(one[:1]) for one in map(str.encode, FORMULA_LEADS | frozenset(INVISIBLE))])


def leads(table: pa.Table) -> frozenset[str]:
    """The names of such columns of text."""
    return frozenset(
        field.name for field in table.schema if pa.types.is_string(field.type) and _may_lead(table[field.name])
    )


def _may_lead(column: pa.ChunkedArray) -> bool:
    return any(FIRST_BYTES[_first_bytes(chunk)].any() for chunk in column.chunks)


def _first_bytes(chunk: pa.StringArray) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    """Of all cells that are not empty."""
    _, offsets, data = chunk.buffers()
    if not len(chunk) or data is None:
        return np.empty(0, np.uint8)
    places = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    starts, ends = places[:-1], places[1:]
    return np.frombuffer(data, np.uint8)[starts[starts < ends]]
