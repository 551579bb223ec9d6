"""Work over votes, cut into shards: consecutive people with their votes, a few seconds of cache.

Every pass over the votes maps a function over the shards, two at a time where there are two cores
(NumPy and SciPy let go of the interpreter's lock), and adds the results up in the order of the
shards. Where the cuts lie depends on the votes alone, so the number of cores changes no bit.
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

# Votes in a shard: enough for a pass to be worth a call, few enough to share out evenly.
SHARD_VOTES = 1 << 17
# People in a shard, for those who hardly voted.
SHARD_PEOPLE = 1 << 14
# Statements' rows that are gathered at once: they stay in a core's cache.
_ROWS_AT_ONCE = 1 << 12
# OpenBLAS takes threads of its own for larger products, which would be in each other's way.
_SMALL_PRODUCT = 9_000

Item = TypeVar("Item")
Result = TypeVar("Result")
Summed = TypeVar("Summed", bound="Additive")


class Additive(Protocol):
    """What can be added up."""

    def __add__(self: Summed, other: Summed) -> Summed: ...


class Shard:
    """The votes of consecutive people. ``start`` is the first one's row.

    To be used by one thread at a time: the sparse matrix is made once, and filled for each product.
    """

    __slots__ = ("_buckets", "_matrix", "start", "votes")

    def __init__(self, votes: BinaryVotes, start: int) -> None:
        self.votes = votes
        self.start = start
        self._buckets: LengthBuckets | None = None
        self._matrix: tuple[AnyFloats, Any, Any] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """To be sent or stored without what was made for speed."""
        return Shard, (self.votes, self.start)

    def drop_caches(self) -> None:
        """Let go of what was made for speed: with very many shards it is more than the votes."""
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
        """Over each person's votes, the weighted sum of the statements' rows of ``table``."""
        matrix = self._made()[1]
        matrix.data = weight
        return self._sums(matrix, table)

    def column_sums(self, weight: AnyFloats, table: AnyFloats) -> FloatArray:
        """Over each statement's votes, the weighted sum of the people's rows of ``table``."""
        matrix = self._made()[2]
        matrix.data = weight
        return self._sums(matrix, table)

    def _sums(self, matrix: Any, table: AnyFloats) -> FloatArray:
        sums: FloatArray = matrix @ table.astype(self.votes.precision, copy=False)
        return sums.astype(np.float64, copy=False)

    def row_dots(self, left: AnyFloats, right: AnyFloats) -> AnyFloats:
        """``left[row] . right[column]`` for every vote, in the votes' precision.

        A person's statements are gathered, and multiplied with the person as one small matrix;
        people with about as many votes go together. Component by component, as in ``pair_dot``,
        it would take four times as long.
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
    """Runs of votes of one person each, of about the same length: those of row ``row[i]`` are on
    ``column[i]``, the last repeated at the end. ``start`` is the first one's place of all."""

    row: IntArray
    column: IntArray
    start: int


@dataclass(frozen=True, slots=True)
class LengthBuckets:
    """All votes of a shard in bundles, ``length`` places together; vote v has ``place[v]``."""

    buckets: list[LengthBucket]
    place: IntArray
    length: int


def bucketed(votes: BinaryVotes, longest: int) -> LengthBuckets:
    """Each person's votes in runs of no more than ``longest``, by length in eights."""
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
        # The repeated last vote is found at any of its places.
        place[vote] = start + np.arange(vote.size).reshape(vote.shape)
        start += vote.size
    return LengthBuckets(buckets, place, start)


def split_into_shards(votes: BinaryVotes) -> list[Shard]:
    """All rows, in shards of about ``SHARD_VOTES`` votes."""
    marks = np.arange(SHARD_VOTES, int(votes.indptr[-1]), SHARD_VOTES)
    ends = np.searchsorted(votes.indptr, marks, side="left")
    ends = np.unique(np.concatenate([ends, np.arange(0, votes.n_rows, SHARD_PEOPLE)]))
    edges = [*ends[ends < votes.n_rows].tolist(), votes.n_rows]
    return [Shard(votes.slice(a, b), a) for a, b in pairwise(edges)]


def parallel_map(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """The function of every item, in order; on several cores where there are several items."""
    listed = list(items)
    workers = min(_cores(), len(listed))
    if workers < 2:
        return [function(item) for item in listed]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, listed))


def parallel_sum(function: Callable[[Item], Summed], items: Iterable[Item]) -> Summed:
    """The sum of the function over all items (one at least), added in their order."""
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
