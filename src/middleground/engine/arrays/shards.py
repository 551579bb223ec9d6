"""Parallel work on votes in shards: consecutive participants with their votes.

Every pass over the votes maps a function over the shards, one thread per core (NumPy and SciPy
release the interpreter's lock), and adds the results in the order of the shards. The boundaries of
shards depend on the votes alone, so the number of cores changes no bit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Any, Protocol, TypeVar

import numpy as np

from middleground.engine.arrays.binary_votes import AnyFloats, BinaryVotes
from middleground.engine.votes import FloatArray, IntArray

# Votes in a shard: enough to outweigh the cost of a call, few enough to balance the cores.
SHARD_VOTES = 1 << 17
# The limit of participants in a shard, for participants with few votes.
SHARD_PARTICIPANTS = 1 << 14
# Statements' rows gathered at once: few enough to stay in a core's cache.
_ROWS_AT_ONCE = 1 << 12
# OpenBLAS starts its own threads for larger products, which would compete with ours.
_SMALL_PRODUCT = 9_000

Item = TypeVar("Item")
Result = TypeVar("Result")
Summed = TypeVar("Summed", bound="Additive")


class Additive(Protocol):
    """A value that supports addition."""

    def __add__(self: Summed, other: Summed) -> Summed: ...


class Shard:
    """The votes of consecutive participants. ``start`` is the row of the first.

    Not thread-safe: the sparse matrix is built once, and its data are replaced for each product.
    """

    __slots__ = ("_buckets", "_matrix", "start", "votes")

    def __init__(self, votes: BinaryVotes, start: int) -> None:
        self.votes = votes
        self.start = start
        self._buckets: LengthBuckets | None = None
        self._matrix: tuple[AnyFloats, Any, Any] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the votes without the caches."""
        return Shard, (self.votes, self.start)

    def drop_caches(self) -> None:
        """Free the caches, which with very many shards take more memory than the votes."""
        self._buckets = self._matrix = None

    @property
    def kappa(self) -> AnyFloats:
        """y - 1/2 of each vote."""
        return self._made()[0]

    def _made(self) -> tuple[AnyFloats, Any, Any]:
        if self._matrix is None:
            kappa = self.votes.kappa
            by_row = self.votes.matrix(kappa)
            self._matrix = kappa, by_row, by_row.T
        return self._matrix

    @property
    def rows(self) -> slice:
        return slice(self.start, self.start + self.votes.n_rows)

    def row_sums(self, weight: AnyFloats, table: AnyFloats) -> FloatArray:
        """For each participant, the weighted sum of ``table`` rows of statements voted on."""
        matrix = self._made()[1]
        matrix.data = weight
        return self._sums(matrix, table)

    def column_sums(self, weight: AnyFloats, table: AnyFloats) -> FloatArray:
        """For each statement, the weighted sum of ``table`` rows of participants who voted."""
        matrix = self._made()[2]
        matrix.data = weight
        return self._sums(matrix, table)

    def _sums(self, matrix: Any, table: AnyFloats) -> FloatArray:
        sums: FloatArray = matrix @ table.astype(self.votes.precision, copy=False)
        return sums.astype(np.float64, copy=False)

    def row_dots(self, left: AnyFloats, right: AnyFloats) -> AnyFloats:
        """``left[row] . right[column]`` for every vote, in the votes' precision.

        The rows of a participant's statements are gathered and multiplied by the participant's
        vector as one small matrix, together with participants of about as many votes. The method
        of ``pair_dot`` would take four times as long.
        """
        precision = self.votes.precision
        left = left.astype(precision, copy=False)
        right = np.ascontiguousarray(right, precision)
        if self._buckets is None:
            self._buckets = bucketed(self.votes, max(_SMALL_PRODUCT // right.shape[1] // 8, 1) * 8)
        found = np.empty(self._buckets.length, dtype=precision)
        gathered = np.empty((2 * _ROWS_AT_ONCE, right.shape[1]), dtype=precision)
        for bucket in self._buckets.buckets:
            length = bucket.column.shape[1]
            step = max(_ROWS_AT_ONCE // length, 1)
            for start in range(0, len(bucket.row), step):
                column = bucket.column[start : start + step]
                into = gathered[: column.size]
                right.take(column.reshape(-1), axis=0, out=into, mode="clip")
                participant = left[bucket.row[start : start + step], :, None]
                out = found[bucket.start + start * length :][: column.size]
                np.matmul(
                    into.reshape(*column.shape, -1), participant, out=out.reshape(*column.shape, 1)
                )
        return found.take(self._buckets.place)


@dataclass(frozen=True, slots=True)
class LengthBucket:
    """Runs of votes of about the same length, each of one participant.

    row (r,) : participant of each run. column (r, length) : statements voted on, the last one
    repeated as padding. start : position of the first run among all padded runs.
    """

    row: IntArray
    column: IntArray
    start: int


@dataclass(frozen=True, slots=True)
class LengthBuckets:
    """All votes of a shard in buckets, ``length`` positions in all; vote v is at ``place[v]``."""

    buckets: list[LengthBucket]
    place: IntArray
    length: int


def bucketed(votes: BinaryVotes, longest: int) -> LengthBuckets:
    """Split votes into runs of at most ``longest``, bucketed by length in multiples of eight."""
    counts = np.diff(votes.indptr).astype(np.int64)
    runs = -(-counts // longest)
    row = np.repeat(np.arange(len(counts)), runs)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(runs) - runs, runs)
    first = votes.indptr[row] + nth * longest
    last = np.minimum(first + longest, votes.indptr[row + 1]) - 1
    eights = (last - first) // 8 + 1
    order = np.argsort(eights, kind="stable")
    buckets, start = list[LengthBucket](), 0
    place = np.empty(len(votes.column), dtype=np.int64)
    for same in np.split(order, np.flatnonzero(np.diff(eights[order])) + 1):
        if not len(same):
            continue
        length = int(eights[same[0]]) * 8
        vote = np.minimum(first[same, None] + np.arange(length), last[same, None])
        buckets.append(LengthBucket(row[same], votes.column[vote].astype(np.int64), start))
        # The last vote is repeated, and any of its positions will do.
        place[vote] = start + np.arange(vote.size).reshape(vote.shape)
        start += vote.size
    return LengthBuckets(buckets, place, start)


def split_into_shards(votes: BinaryVotes) -> list[Shard]:
    """Split all rows into shards of about ``SHARD_VOTES`` votes."""
    marks = np.arange(SHARD_VOTES, int(votes.indptr[-1]), SHARD_VOTES)
    ends = np.searchsorted(votes.indptr, marks, side="left")
    ends = np.unique(np.concatenate([ends, np.arange(0, votes.n_rows, SHARD_PARTICIPANTS)]))
    edges = [*ends[ends < votes.n_rows].tolist(), votes.n_rows]
    return [Shard(votes.slice(a, b), a) for a, b in pairwise(edges)]


def parallel_map(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Apply the function to every item, on several cores if there are several items; keep order."""
    listed = list(items)
    workers = min(_cores(), len(listed))
    if workers < 2:
        return [function(item) for item in listed]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, listed))


def parallel_sum(function: Callable[[Item], Summed], items: Iterable[Item]) -> Summed:
    """Sum the function over all items (at least one), added in their order."""
    listed = list(items)
    workers = min(_cores(), len(listed))
    if workers < 2:
        return reduce(add, map(function, listed))
    with ThreadPoolExecutor(workers) as pool:
        return reduce(add, pool.map(function, listed))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
