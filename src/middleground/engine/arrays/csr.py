"""Bringing raw rows of votes into compressed sparse rows, without sorting where counting does.

A sort by small whole numbers is a count of how many there are of each, then one pass that puts
every row in its place; SciPy's transposition of a sparse matrix is just that, and keeps the order
of equal keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from middleground.engine.arrays.binary_votes import BinaryVotes, ColumnArray, Precision, index_type
from middleground.engine.arrays.shards import parallel_map
from middleground.engine.votes import IntArray, ValueArray

# Votes that are handled at once: temporary arrays stay small, whatever the whole.
_CHUNK_VOTES = 1 << 18
# A table of all ids between the least and the greatest is used while it is no longer than this
# many times the votes.
_TABLE_SPAN = 4

Rows = tuple[IntArray, ColumnArray, ValueArray]


def factorize(ids: IntArray) -> tuple[IntArray, ColumnArray]:
    """The ids, ascending, and the place of each row's id among them.

    By the heads of runs where they ascend, or where equal ids stand together, as they do in a file
    by participant; by a table of all ids in between where that is short; else by sorting.
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
    """Where runs of the same id begin, and the last one's end."""
    return np.concatenate([[0], np.flatnonzero(ids[1:] != ids[:-1]) + 1, [len(ids)]])


def _factorize_by_table(ids: IntArray, low: int, span: int) -> tuple[IntArray, ColumnArray]:
    here = np.zeros(span, dtype=np.bool_)
    parts = [slice(start, start + _CHUNK_VOTES) for start in range(0, len(ids), _CHUNK_VOTES)]

    def mark(part: slice) -> None:
        # Several may mark one place: all write the same.
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
    """Rows by participant, each one's in the order they came in; not sorted where they come so."""
    if len(row) and np.all(row[1:] >= row[:-1]):
        ends = _run_boundaries(row)
        if len(ends) <= participants:  # some have no votes
            ends = _row_ends(np.bincount(row, minlength=participants))
        return ends, column, value
    packed: NDArray[Any] = column.astype(index_type(4 * width))
    packed *= 4
    packed += value + 1
    # As one long row, whose transposition puts every vote in its place.
    ends = np.array([0, len(row)], dtype=index_type(len(row)))
    by_row = csr_array((packed, row, ends), (1, participants)).tocsc()
    value = (by_row.data & 3).astype(np.int8) - np.int8(1)
    column = (by_row.data >> 2).astype(np.int32, copy=False)
    return by_row.indptr.astype(np.int64), column, value


def keep_last_of_pair(indptr: IntArray, column: ColumnArray, value: ValueArray, width: int) -> Rows:
    """Of each participant's rows the last on each statement; in any order within a participant."""

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
        """Sorted by transposing twice, which keeps the order of equal pairs."""
        rows, part = piece
        shape = (rows.stop - rows.start, width)
        starts = indptr[rows.start : rows.stop + 1] - part.start
        turned = csr_array((value[part], column[part], starts), shape).tocsc()
        turned = csr_array((turned.data, turned.indices, turned.indptr), shape[::-1]).tocsc()
        column[part], value[part] = turned.indices, turned.data
        key = _row_starts(np.diff(starts), width)
        key += column[part]
        kept[part][:-1] = key[1:] != key[:-1]

    parallel_map(mark, row_chunks(indptr))
    places = np.concatenate([[0], np.cumsum(kept)])
    return places[indptr], column[kept], value[kept]


def _row_starts(counts: IntArray, width: int) -> NDArray[Any]:
    """Where each vote's row begins in a table of ``width``, for rows with so many votes."""
    starts: NDArray[Any] = np.arange(len(counts), dtype=index_type(4 * len(counts) * width))
    starts *= width
    return np.repeat(starts, counts)


def _row_ends(counts: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def permute(
    indptr: IntArray, column: ColumnArray, value: ValueArray, order: IntArray, rank: IntArray
) -> Rows:
    """The rows in another order, columns renamed by ``rank`` and ascending in every row."""
    counts, width, rank = np.diff(indptr)[order], max(len(rank), 1), rank.astype(np.int32)
    ends = _row_ends(counts)
    columns, values = np.empty(len(column), np.int32), np.empty(len(value), np.int8)

    def arrange(piece: tuple[slice, slice]) -> None:
        rows, part = piece
        pick = np.arange(part.start, part.stop)
        pick += np.repeat(indptr[order[rows]] - ends[rows], counts[rows])
        place = _row_starts(counts[rows], width)
        # The answer in the last two bits goes along with its place.
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
    """Leave passes out: the votes that took a side, True for +1."""
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
    """How often each of some people took a side."""
    rows, part = piece
    so_far = np.zeros(part.stop - part.start + 1, dtype=np.int32)
    np.cumsum(answer[part] != 0, out=so_far[1:])
    counts: IntArray = np.diff(so_far[indptr[rows.start : rows.stop + 1] - part.start])
    return counts


def row_chunks(indptr: IntArray) -> Iterator[tuple[slice, slice]]:
    """Consecutive rows with about ``_CHUNK_VOTES`` votes together: their rows, their votes."""
    count, start = len(indptr) - 1, 0
    while start < count:
        stop = int(np.searchsorted(indptr, indptr[start] + _CHUNK_VOTES, side="right")) - 1
        stop = min(max(stop, start + 1), count)
        yield slice(start, stop), slice(int(indptr[start]), int(indptr[stop]))
        start = stop
