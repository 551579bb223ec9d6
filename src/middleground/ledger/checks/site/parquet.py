"""Reading the columns of a Parquet file of open data, where pyarrow is installed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from middleground.ledger.codecs.field_codecs import BadRecord


def can_read_parquet() -> bool:
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        return False
    return True


def read_parquet(
    data: bytes, columns: Sequence[str], most: int
) -> tuple[list[str], list[dict[str, Any]]]:
    """All columns' names, and these columns of at most ``most`` rows. Raises ``BadRecord``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Without threads: pyarrow's outlive the read, and one that still runs at the exit aborts the
    # process, after its verdict and with another exit code.
    try:
        file = pq.ParquetFile(io.BytesIO(data), pre_buffer=False)
        names, many = file.schema_arrow.names, file.metadata.num_rows > most
        table = None if many else file.read(list(columns), use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise BadRecord("it cannot be read") from problem
    if table is None:
        raise BadRecord("it has more rows than the final map")
    return names, table.to_pylist()
