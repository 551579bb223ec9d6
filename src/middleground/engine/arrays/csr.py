"""Conversion of raw votes to compressed sparse rows, by counting sort where possible.

A counting sort by small integers counts each key, then moves every row to its place in one pass.
SciPy's transposition of a sparse matrix does exactly this, and is stable.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from middleground.engine.arrays.binary_votes import BinaryVotes, ColumnArray, Precision, index_type
from middleground.engine.arrays.shards import parallel_map
from middleground.engine.votes import IntArray, ValueArray

# Votes handled at once, which bounds the size of temporary arrays.
_CHUNK_VOTES = 1 << 18
# A table of all ids from the least to the greatest is used if it has at most this many entries
# per vote.
_TABLE_SPAN = 4

Rows = tuple[IntArray, ColumnArray, ValueArray]


def factorize(ids: IntArray) -> tuple[IntArray, ColumnArray]:
    """The distinct ids, ascending, and the position of each row's id among them.

    Uses runs of equal ids if the ids ascend, or if runs are long, as in a file sorted by
    participant; a table of all ids in the range if it is short; otherwise sorting.
    """
    if not len(ids):
        return ids.copy(), np.empty(0, dtype=np.int32)
    if np.all(ids[1:] >= ids[:-1]):
        ends = _run_boundaries(ids)
        return ids[ends[:-1]], np.repeat(np.arange(len(ends) - 1, dtype=np.int32), np.diff(ends))
    low, high = int(ids.min()), int(ids.max())
    if high - low < _TABLE_SPAN * len(ids) + 1024:
        return _factorize_by_table(ids, low, high - low + 1)
    ends = _run_boundaries(ids)
    if len(ends) * 4 < len(ids):
        found, place = np.unique(ids[ends[:-1]], return_inverse=True)
        return found, np.repeat(place.astype(np.int32), np.diff(ends))
    found, place = np.unique(ids, return_inverse=True)
    return found, place.astype(np.int32)


def _run_boundaries(ids: NDArray[np.integer]) -> IntArray:
    """The starts of runs of equal ids, and the end of the last run."""
    return np.concatenate([[0], np.flatnonzero(ids[1:] != ids[:-1]) + 1, [len(ids)]])


def _factorize_by_table(ids: IntArray, low: int, span: int) -> tuple[IntArray, ColumnArray]:
    here = np.zeros(span, dtype=np.bool_)
    parts = [slice(start, start + _CHUNK_VOTES) for start in range(0, len(ids), _CHUNK_VOTES)]

    def mark(part: slice) -> None:
        # Threads may write to the same entry, but all write the same value.
        here[ids[part] - low] = True

    parallel_map(mark, parts)
    place = np.cumsum(here, dtype=np.int32)
    place -= 1
    out = np.empty(len(ids), dtype=np.int32)

    def look_up(part: slice) -> None:
        place.take(ids[part] - low, out=out[part], mode="clip")

    parallel_map(look_up, parts)
    return np.flatnonzero(here) + low, out


def to_csr(
    row: ColumnArray, column: ColumnArray, value: ValueArray, participants: int, width: int
) -> Rows:
    """CSR rows by participant, a participant's votes in input order; no sort if already grouped."""
    if len(row) and np.all(row[1:] >= row[:-1]):
        ends = _run_boundaries(row)
        if len(ends) <= participants:  # some have no votes
            ends = _row_ends(np.bincount(row, minlength=participants))
        return ends, column, value
    packed: NDArray[Any] = column.astype(index_type(4 * width))
    packed *= 4
    packed += value + 1
    # Transposing one long row is a counting sort of the votes by participant.
    ends = np.array([0, len(row)], dtype=index_type(len(row)))
    by_row = scipy.sparse.csr_array((packed, row, ends), (1, participants)).tocsc()
    value = (by_row.data & 3).astype(np.int8) - np.int8(1)
    column = (by_row.data >> 2).astype(np.int32, copy=False)
    return by_row.indptr.astype(np.int64), column, value


def keep_last_of_pair(indptr: IntArray, column: ColumnArray, value: ValueArray, width: int) -> Rows:
    """Keep a participant's last vote on each statement; order within a participant is arbitrary."""

    def again(piece: tuple[slice, slice]) -> bool:
        rows, part = piece
        key = _row_starts(np.diff(indptr)[rows], width)
        key += column[part]
        if not np.all(key[1:] > key[:-1]):
            key.sort()
        return bool(np.any(key[1:] == key[:-1]))

    if not any(parallel_map(again, row_chunks(indptr))):
        return indptr, column, value
    column, value = column.copy(), value.copy()
    kept = np.ones(len(column), dtype=np.bool_)

    def mark(piece: tuple[slice, slice]) -> None:
        """Sort by transposing twice, which is stable, and mark the last of equal pairs."""
        rows, part = piece
        shape = (rows.stop - rows.start, width)
        starts = indptr[rows.start : rows.stop + 1] - part.start
        turned = scipy.sparse.csr_array((value[part], column[part], starts), shape).tocsc()
        turned = scipy.sparse.csr_array(
            (turned.data, turned.indices, turned.indptr), shape[::-1]
        ).tocsc()
        column[part], value[part] = turned.indices, turned.data
        key = _row_starts(np.diff(starts), width)
        key += column[part]
        kept[part][:-1] = key[1:] != key[:-1]

    parallel_map(mark, row_chunks(indptr))
    places = np.concatenate([[0], np.cumsum(kept)])
    return places[indptr], column[kept], value[kept]


def _row_starts(counts: IntArray, width: int) -> NDArray[Any]:
    """For each vote, the start of its row in a flattened table of ``width`` columns."""
    starts: NDArray[Any] = np.arange(len(counts), dtype=index_type(4 * len(counts) * width))
    starts *= width
    return np.repeat(starts, counts)


def _row_ends(counts: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def permute(
    indptr: IntArray, column: ColumnArray, value: ValueArray, order: IntArray, rank: IntArray
) -> Rows:
    """Reorder rows by ``order`` and renumber columns by ``rank``, ascending in each row."""
    counts, width, rank = np.diff(indptr)[order], max(len(rank), 1), rank.astype(np.int32)
    ends = _row_ends(counts)
    columns, values = np.empty(len(column), np.int32), np.empty(len(value), np.int8)

    def arrange(piece: tuple[slice, slice]) -> None:
        rows, part = piece
        pick = np.arange(part.start, part.stop)
        pick += np.repeat(indptr[order[rows]] - ends[rows], counts[rows])
        place = _row_starts(counts[rows], width)
        # The two lowest bits hold the answer, so that sorting moves it with its column.
        key = place + rank.take(column.take(pick))
        key *= 4
        key += value.take(pick) + np.int8(1)
        key.sort()
        columns[part] = (key >> 2) - place
        values[part] = (key & 3) - 1

    parallel_map(arrange, row_chunks(ends))
    return ends, columns, values


def drop_passes(
    indptr: IntArray,
    column: ColumnArray,
    answer: ValueArray,
    width: int,
    precision: Precision,
) -> BinaryVotes:
    """Drop passes and keep the binary answers, True for +1."""
    counts = parallel_map(lambda piece: _side_counts(indptr, answer, piece), row_chunks(indptr))
    ends = _row_ends(np.concatenate([np.empty(0, dtype=np.int64), *counts]))
    columns, agrees = np.empty(ends[-1], np.int32), np.empty(ends[-1], np.bool_)

    def fill(piece: tuple[slice, slice]) -> None:
        rows, part = piece
        took, to = answer[part] != 0, slice(int(ends[rows.start]), int(ends[rows.stop]))
        np.compress(took, column[part], out=columns[to])
        np.compress(took, answer[part] > 0, out=agrees[to])

    parallel_map(fill, row_chunks(indptr))
    return BinaryVotes(ends, columns, agrees, width, precision)


def _side_counts(indptr: IntArray, answer: ValueArray, piece: tuple[slice, slice]) -> IntArray:
    """The number of binary answers of each participant in the piece."""
    rows, part = piece
    so_far = np.zeros(part.stop - part.start + 1, dtype=np.int32)
    np.cumsum(answer[part] != 0, out=so_far[1:])
    counts: IntArray = np.diff(so_far[indptr[rows.start : rows.stop + 1] - part.start])
    return counts


def row_chunks(indptr: IntArray) -> Iterator[tuple[slice, slice]]:
    """Slices of rows and of votes for consecutive rows with about ``_CHUNK_VOTES`` votes."""
    count, start = len(indptr) - 1, 0
    while start < count:
        stop = int(np.searchsorted(indptr, indptr[start] + _CHUNK_VOTES, side="right")) - 1
        stop = min(max(stop, start + 1), count)
        yield slice(start, stop), slice(int(indptr[start]), int(indptr[stop]))
        start = stop
