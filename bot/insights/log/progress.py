"""How far the log has come while it is made for the first time, told by the newest of its files."""

from pathlib import Path


def progress(folder: Path, newest: int) -> float | None:
    """From 0 to 1, `newest` being the highest id of the store; None where nothing is to be seen yet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = sorted(folder.glob("day=*/*.parquet"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in files[:1]:
        try:
            of_file = pq.ParquetFile(file).metadata
        except (OSError, pa.ArrowInvalid):
            # It was replaced or removed meanwhile.
            return None
        place = of_file.schema.names.index("id")
        groups = [of_file.row_group(group).column(place).statistics for group in range(of_file.num_row_groups)]
        copied = max((one.max for one in groups if one is not None and one.has_min_max), default=0)
        return min(1.0, copied / newest) if newest else None
    return None
