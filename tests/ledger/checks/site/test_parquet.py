"""Reading Parquet leaves no thread behind: one that runs at the exit can abort the command."""

from __future__ import annotations

import io
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from middleground.ledger.checks.site.parquet import read_parquet
from middleground.ledger.codecs.field_codecs import BadRecord

OURS = "read_parquet(data, ['number'], 3)"
# What pyarrow does unless it is told otherwise: the control.
THEIRS = "pq.ParquetFile(io.BytesIO(data)).read()"
PROGRAM = """
import io, os, sys
import pyarrow.parquet as pq
from middleground.ledger.checks.site.parquet import read_parquet
data = sys.stdin.buffer.read()
threads = lambda: len(os.listdir("/proc/self/task"))
before = threads()
{read}
print(threads() - before)
"""


def table(rows: int = 3) -> bytes:
    sink = io.BytesIO()
    columns = {"number": list(range(rows)), "text": ["a"] * rows}
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def threads_left(read: str) -> int:
    command = [sys.executable, "-c", PROGRAM.format(read=read)]
    return int(subprocess.run(command, input=table(), capture_output=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="It counts threads as Linux tells them.")
def test_no_thread_is_left() -> None:
    assert threads_left(OURS) == 0
    assert threads_left(THEIRS) > 0


def test_the_wanted_columns_are_read_of_a_file_that_is_not_too_long() -> None:
    rows = [{"number": 0}, {"number": 1}, {"number": 2}]
    assert read_parquet(table(), ["number"], 3) == (["number", "text"], rows)
    with pytest.raises(BadRecord, match="more rows"):
        read_parquet(table(4), ["number"], 3)
    with pytest.raises(BadRecord, match="cannot be read"):
        read_parquet(b"PAR1", ["number"], 3)
