"""A folder of parts: Parquet files, each with all votes of some participants.

Columns: participant, statement and value (+1 agree, 0 pass, -1 disagree), and dealt if known. The
last vote of a participant on a statement counts, as everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from middleground.engine.arrays.canonical_order import splitmix64
from middleground.engine.votes import IntArray, InvalidVotes, Votes

_COLUMNS = ("participant", "statement", "value")
# Votes read at once from files that are to be split.
_BLOCK = 1 << 21


def parts_in(folder: Path) -> list[Path]:
    """The folder's Parquet files, by name."""
    return sorted(folder.glob("*.parquet"))


def count_rows(path: Path) -> int:
    with _opened(path) as file:
        rows: int = file.metadata.num_rows
        return rows


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError) as error:
        raise InvalidVotes(f"{path.name} cannot be read as Parquet: {error}") from error


def read_part(path: Path, leave_out: tuple[int, ...] = ()) -> Votes:
    """Read the votes of a file, without those on the statements ``leave_out``.

    Raises
    ------
    InvalidVotes
        The file is not Parquet, a column is missing, or an entry is not a vote.
    """
    with _opened(path) as file:
        return _votes(path, file.read(_held(path, file)), leave_out)


def blocks(paths: Iterable[Path]) -> Iterator[Votes]:
    """Read the votes of files in order, in blocks of limited size."""
    for path in paths:
        with _opened(path) as file:
            for batch in file.iter_batches(_BLOCK, columns=_held(path, file)):
                yield _votes(path, pa.Table.from_batches([batch]))


def write_parts(votes: Iterable[Votes], folder: Path, count: int) -> int:
    """Split votes by participant into ``count`` files; return the number of rows.

    The folder is created for its owner only. A participant's part depends on the id alone; rows
    keep their order. One block of ``votes`` is in memory at a time.

    Raises
    ------
    FileExistsError
        The folder exists and is not empty.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"The folder {folder} is not empty.")
    writers: dict[int, pq.ParquetWriter] = {}
    rows = 0
    try:
        for block in votes:
            rows += len(block)
            home = splitmix64(block.participant.astype(np.uint64)) % np.uint64(count)
            order = np.argsort(home, kind="stable")
            ends = np.searchsorted(home[order], np.arange(count + 1))
            for part in range(count):
                table = _table(block, order[ends[part] : ends[part + 1]])
                if part not in writers:
                    writers[part] = _writer(folder / f"part-{part:05}.parquet", table.schema)
                writers[part].write_table(table)
    finally:
        for writer in writers.values():
            writer.close()
    return rows


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return pq.ParquetWriter(path, schema, compression="zstd")


def _table(votes: Votes, rows: IntArray) -> pa.Table:
    columns: dict[str, Any] = {name: getattr(votes, name)[rows] for name in _COLUMNS}
    # If it is unknown which votes were dealt, all count.
    columns["dealt"] = np.ones(len(rows), bool) if votes.dealt is None else votes.dealt[rows]
    return pa.table(columns)


def _held(path: Path, file: pq.ParquetFile) -> list[str]:
    names = set(file.schema_arrow.names)
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise InvalidVotes(f"{path.name} has no column {', '.join(missing)}.")
    return [*_COLUMNS, *(["dealt"] if "dealt" in names else [])]


def _votes(path: Path, table: pa.Table, leave_out: tuple[int, ...] = ()) -> Votes:
    empty = [name for name in table.column_names if table[name].null_count]
    if empty:
        raise InvalidVotes(f"{path.name} has empty cells in the column {', '.join(empty)}.")
    columns = {name: table[name].to_numpy() for name in table.column_names}
    if leave_out:
        kept = ~np.isin(columns["statement"], np.array(leave_out, dtype=np.int64))
        columns = {name: column[kept] for name, column in columns.items()}
    try:
        return Votes(**columns)
    except InvalidVotes as error:
        raise InvalidVotes(f"{path.name}: {error}") from error
