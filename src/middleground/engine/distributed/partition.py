"""One partition: some participants with all their votes, as read or in canonical order.

The functions are module-level and take arrays, so that executors can send them to a partition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from middleground.engine.arrays.binary_votes import (
    BinaryVotes,
    ColumnArray,
    Precision,
    gather_rows,
)
from middleground.engine.arrays.canonical_order import KeyedVotes
from middleground.engine.arrays.csr import (
    Rows,
    drop_passes,
    factorize,
    keep_last_of_pair,
    permute,
    to_csr,
)
from middleground.engine.votes import IntArray, ValueArray, Votes

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class RawPartition:
    """The last vote of each pair, participants and statements in the order of their ids."""

    participants: IntArray
    statements: IntArray
    indptr: IntArray
    column: ColumnArray
    value: ValueArray
    looked_up: int


@dataclass(frozen=True, slots=True)
class Partition:
    """Like ``RawPartition``, in canonical order.

    rows (n,) : each participant's row among all, ascending. eligible : number of participants, who
    come first, with enough votes. width : number of statements. orientation : as in ``VoteTable``.
    precision : of sums over the votes.
    """

    rows: IntArray
    indptr: IntArray
    column: ColumnArray
    value: ValueArray
    eligible: int
    width: int
    orientation: int
    precision: Precision


@dataclass(frozen=True, slots=True)
class PartitionIndex:
    """A partition's participants, their numbers of votes, and the number of votes set aside."""

    participants: IntArray
    counts: IntArray
    looked_up: int


def read(source: Any, reader: Callable[[Any], Votes], leave_out: tuple[int, ...]) -> RawPartition:
    """Read the votes of a partition: the last one of each pair, without statements to leave out."""
    votes = reader(source)
    counted = votes.counted()
    participant, statement, value = counted.participant, counted.statement, counted.value
    if leave_out:
        kept = ~np.isin(statement, np.array(leave_out, dtype=np.int64))
        participant, statement, value = participant[kept], statement[kept], value[kept]
    participants, row = factorize(participant)
    statements, column = factorize(statement)
    rows = to_csr(row, column, value, len(participants), len(statements))
    rows = keep_last_of_pair(*rows, len(statements))
    return RawPartition(participants, statements, *rows, len(votes) - len(counted))


def partition_index(raw: RawPartition) -> PartitionIndex:
    """Return who is in a partition, and how many votes each of them cast."""
    return PartitionIndex(raw.participants.copy(), np.diff(raw.indptr), raw.looked_up)


def statements_of(raw: RawPartition) -> IntArray:
    """Return the ids of the statements that a partition has votes on."""
    return raw.statements.copy()


def on_keyed_votes(
    raw: RawPartition,
    method: Callable[..., Result],
    statements: IntArray,
    min_votes: int,
    *arguments: Any,
) -> Result:
    """Call ``method`` on the partition's ``KeyedVotes`` over the statements of all partitions."""
    column = np.searchsorted(statements, raw.statements).astype(np.int32)[raw.column]
    eligible = np.diff(raw.indptr) >= min_votes
    keyed = KeyedVotes(raw.indptr, column, raw.value, eligible, len(statements))
    return method(keyed, *arguments)


def permuted(
    raw: RawPartition,
    rows: IntArray,
    statements: IntArray,
    rank: IntArray,
    eligible: int,
    orientation: int,
    precision: Precision,
) -> Partition:
    """Put a partition in canonical order.

    rows (n,) : the participants' rows among all. eligible : number of eligible among all.
    """
    order = np.argsort(rows)
    column = np.searchsorted(statements, raw.statements).astype(np.int32)[raw.column]
    votes = permute(raw.indptr, column, raw.value, order, rank)
    first = int(np.count_nonzero(rows < eligible))
    return Partition(rows[order], *votes, first, len(statements), orientation, precision)


def rows_of(part: Partition, rows: IntArray) -> Rows:
    """Votes of some rows of the partition, ascending; views if the rows are consecutive."""
    if len(rows) and int(rows[-1] - rows[0]) == len(rows) - 1:
        first, stop = int(rows[0]), int(rows[-1]) + 1
        votes = slice(int(part.indptr[first]), int(part.indptr[stop]))
        ends = part.indptr[first : stop + 1] - part.indptr[first]
        return ends, part.column[votes], part.value[votes]
    ends, pick = gather_rows(part.indptr, rows)
    return ends, part.column[pick], part.value[pick]


def binary_votes(part: Partition, rows: IntArray, shaped: int | None = None) -> BinaryVotes:
    """Oriented votes of some rows without passes; on the first ``shaped`` statements if given."""
    indptr, column, value = rows_of(part, rows)
    oriented = value * np.int8(part.orientation)
    votes = drop_passes(indptr, column, oriented, part.width, part.precision)
    return votes if shaped is None else votes.first_columns(shaped)
