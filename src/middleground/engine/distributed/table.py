"""The votes of a map in canonical order, in one or more partitions.

This process holds an id, a vote count and a 64-bit key of each participant; the votes stay in their
partitions. Votes in memory form one partition, so that every step of a map is implemented once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from middleground.engine.arrays.binary_votes import Precision
from middleground.engine.arrays.canonical_order import (
    KeyArray,
    KeyedVotes,
    VoteTable,
    inverse_permutation,
    keys_from_counts,
    order_rows,
    splitmix64,
)
from middleground.engine.arrays.csr import Rows
from middleground.engine.distributed import partition as work
from middleground.engine.distributed.executor import Executor, Handle, LocalExecutor
from middleground.engine.options import Options
from middleground.engine.votes import BoolArray, IntArray, InvalidVotes, Votes

# Votes gathered at once for the digest.
_DIGESTED = 1 << 22


@dataclass(frozen=True, slots=True)
class RowsByPartition:
    """Some rows, grouped by partition; partitions without any of them are left out.

    at : positions among the rows asked for. local : rows in the partition.
    """

    parts: list[Handle]
    at: list[IntArray]
    local: list[IntArray]


@dataclass(frozen=True, slots=True)
class PartitionedTable:
    """Like ``VoteTable``, but the votes are in ``parts``, which ``executor`` keeps.

    home, local (n,) : the partition of each participant, and the row there. counts (n,) : votes.
    looked_up : number of votes set aside because they were not dealt.
    """

    executor: Executor
    parts: list[Handle]
    participants: IntArray
    statements: IntArray
    home: IntArray
    local: IntArray
    counts: IntArray
    eligible: int
    shaped: int
    orientation: int
    looked_up: int
    precision: Precision

    def by_partition(self, rows: IntArray) -> RowsByPartition:
        home = self.home[rows]
        order = np.argsort(home, kind="stable")
        ends = np.searchsorted(home[order], np.arange(len(self.parts) + 1))
        found = RowsByPartition([], [], [])
        for held, start, stop in zip(self.parts, ends[:-1], ends[1:], strict=True):
            if stop > start:
                found.parts.append(held)
                found.at.append(order[start:stop])
                found.local.append(self.local[rows[order[start:stop]]])
        return found

    def gather(self, rows: IntArray) -> Rows:
        """Bring the votes of some participants, ``rows`` ascending, into this process."""
        counts, chosen = self.counts[rows], self.by_partition(rows)
        ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        found = self.executor.map(work.rows_of, chosen.parts, chosen.local)
        if len(chosen.parts) == 1:
            _, only_column, only_value = next(found)
            return ends, only_column, only_value
        column, value = np.empty(ends[-1], np.int32), np.empty(ends[-1], np.int8)
        for at, (indptr, columns, values) in zip(chosen.at, found, strict=True):
            to = np.arange(indptr[-1]) + np.repeat(ends[at] - indptr[:-1], counts[at])
            column[to], value[to] = columns, values
        return ends, column, value

    def digest(self) -> str:
        """The same digest as ``VoteTable.digest``. Votes are gathered in pieces, twice."""
        ends = np.concatenate([[0], np.cumsum(self.counts)]).astype(np.int64)
        state = hashlib.sha256(b"middleground votes 2")
        state.update(np.ascontiguousarray(self.statements, dtype="<i8").data)
        state.update(np.ascontiguousarray(ends, dtype="<i8").data)
        for field, kind in ((1, "<i4"), (2, "i1")):
            for rows in _pieces(ends):
                array = self.gather(rows)[field]
                state.update(np.ascontiguousarray(array, dtype=kind).data)
        return state.hexdigest()


def _pieces(ends: IntArray) -> Iterator[IntArray]:
    start, count = 0, len(ends) - 1
    while start < count:
        stop = int(np.searchsorted(ends, ends[start] + _DIGESTED, side="right")) - 1
        stop = min(max(stop, start + 1), count)
        yield np.arange(start, stop)
        start = stop


def one_partition(table: VoteTable, precision: Precision, looked_up: int = 0) -> PartitionedTable:
    """Wrap a table in this process. ``precision`` is that of sums over its votes."""
    rows = np.arange(len(table.participants))
    part = work.Partition(
        rows,
        table.indptr,
        table.column,
        table.value,
        table.eligible,
        len(table.statements),
        table.orientation,
        precision,
    )
    return PartitionedTable(
        LocalExecutor(),
        [part],
        table.participants,
        table.statements,
        np.zeros_like(rows),
        rows,
        table.counts,
        table.eligible,
        table.shaped,
        table.orientation,
        looked_up,
        precision,
    )


def tabulate_parts(
    sources: Sequence[Any],
    reader: Callable[[Any], Votes],
    executor: Executor,
    options: Options,
) -> PartitionedTable:
    """Read the partitions once, and put everything in the order of ``tabulate``.

    Raises
    ------
    InvalidVotes
        A participant has votes in two partitions, or there is no partition.
    """
    if not len(sources):
        raise InvalidVotes("There is no part to read.")
    raw = executor.map_persist(work.read, sources, common=(reader, options.leave_out))
    indexes = list(executor.map(work.partition_index, raw))
    sizes = [len(item.participants) for item in indexes]
    participants = np.concatenate([item.participants for item in indexes])
    counts = np.concatenate([item.counts for item in indexes])
    _refuse_split_participants(participants)
    statements = np.unique(np.concatenate(list(executor.map(work.statements_of, raw))))
    keys = _Keys(executor, raw, statements, options.min_votes)
    eligible = counts >= options.min_votes
    shaping = keys.total(KeyedVotes.shaping_counts)
    orientation = keys.orientation(shaping, eligible)
    row_keys, column_keys = keys.of(shaping, orientation)
    shaped = shaping.sum(axis=1) >= 2
    order = order_rows(
        row_keys, eligible, participants, lambda: keys.by_row(KeyedVotes.id_keys, statements)
    )
    columns = np.lexsort((statements, column_keys, ~shaped))
    place = inverse_permutation(order)
    first, home = int(eligible.sum()), np.repeat(np.arange(len(sizes)), sizes)
    places = np.split(place, np.cumsum(sizes)[:-1])
    local = np.concatenate([inverse_permutation(np.argsort(part)) for part in places])
    precision = options.precision(int(counts.sum()))
    common = statements, inverse_permutation(columns), first, orientation, precision
    parts = executor.map_persist(work.permuted, raw, places, common=common)
    executor.release(raw)
    of_each = participants[order], statements[columns], home[order], local[order], counts[order]
    looked_up = sum(item.looked_up for item in indexes)
    whole = first, int(shaped.sum()), orientation, looked_up, precision
    return PartitionedTable(executor, parts, *of_each, *whole)


@dataclass(frozen=True, slots=True)
class _Keys:
    """``KeyedVotes.keys`` computed over all partitions."""

    executor: Executor
    raw: list[Handle]
    statements: IntArray
    min_votes: int

    def total(self, method: Callable[..., Any], *arguments: Any) -> Any:
        """The sum of a ``KeyedVotes`` method's results over partitions."""
        common = (method, self.statements, self.min_votes, *arguments)
        return self.executor.map_reduce(work.on_keyed_votes, self.raw, common=common)

    def by_row(self, method: Callable[..., KeyArray], *arguments: Any) -> KeyArray:
        """A ``KeyedVotes`` method's results for each row, in the order of partitions."""
        common = (method, self.statements, self.min_votes, *arguments)
        return np.concatenate(list(self.executor.map(work.on_keyed_votes, self.raw, common=common)))

    def of(self, shaping: IntArray, sign: int) -> tuple[KeyArray, KeyArray]:
        """Keys of participants, in the order of partitions, and of statements."""
        first = keys_from_counts(shaping, sign)
        column_keys = splitmix64(self.total(KeyedVotes.column_keys_from_rows, first, sign))
        return self.by_row(KeyedVotes.row_keys, column_keys, sign), column_keys

    def orientation(self, shaping: IntArray, eligible: BoolArray) -> int:
        balance = shaping.sum(axis=0)
        if balance[2] != balance[0]:
            return 1 if balance[2] > balance[0] else -1
        # Agreement and disagreement tie: apply the rule of ``KeyedVotes.orientation``.
        ahead, negated = (int(self.of(shaping, sign)[0][eligible].sum()) for sign in (1, -1))
        return 1 if ahead <= negated else -1


def _refuse_split_participants(participants: IntArray) -> None:
    ordered = np.sort(participants)
    again = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(again):
        raise InvalidVotes(
            f"Participant {int(ordered[again[0]])} has votes in more than one part. All votes of a"
            " participant have to be in one; `middleground split` makes such parts."
        )
