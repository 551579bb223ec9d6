"""The answers of participants with enough votes, and searches for nearly the same answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from middleground.engine.arrays.binary_votes import ColumnArray, gather_rows, index_type
from middleground.engine.arrays.csr import row_chunks
from middleground.engine.arrays.shards import parallel_map, parallel_sum
from middleground.engine.distributed.partition import Partition
from middleground.engine.distributed.table import PartitionedTable
from middleground.engine.votes import BoolArray, FloatArray, IntArray, ValueArray

# Number of statements that two near-duplicates must both have answered.
OVERLAP = 7
# Share of these statements that they may have answered differently.
SLIPS = 0.05


class AnswerMatrix:
    """Answers of participants with enough votes: 0 disagree, 1 pass, 2 agree.

    indptr (n + 1,), column (n_votes,) : compressed sparse rows. value (n_votes,) : -1, 0 or +1,
    oriented as in the fit. An answer's token is 3 times its column, plus the answer.
    """

    def __init__(
        self, indptr: IntArray, column: ColumnArray, value: ValueArray, width: int
    ) -> None:
        self.width, self.indptr, self.column, self.value = width, indptr, column, value
        self.counts: IntArray = np.diff(indptr)

    @classmethod
    def of(cls, part: Partition) -> AnswerMatrix:
        """Take the participants of a partition who have enough votes."""
        last = int(part.indptr[part.eligible])
        value = part.value[:last] * part.orientation
        return cls(part.indptr[: part.eligible + 1], part.column[:last], value, part.width)

    def tokens(self) -> IntArray:
        """Count who gave each answer to each statement, (3 m,)."""

        def count(piece: tuple[slice, slice]) -> IntArray:
            counts: IntArray = np.bincount(self._piece(piece).indices, minlength=3 * self.width)
            return counts

        return parallel_sum(count, self._pieces())

    def pass_counts(self) -> IntArray:
        """Count the passes of each participant, (n,)."""
        passes = np.tile(np.array([0.0, 1.0, 0.0], dtype=np.float32), self.width)
        passed: IntArray = self._joined(lambda given: (given @ passes).astype(np.int64))
        return passed

    def min_hashes(self, ranks: list[IntArray]) -> list[IntArray]:
        """Return for each ranking (3 m,) the least rank of each participant's answers, (n,).

        It is -1 for a participant without answers.
        """
        short = [rank.astype(index_type(3 * self.width)) for rank in ranks]

        def least(given: scipy.sparse.csr_array) -> IntArray:
            filled, token = np.diff(given.indptr) > 0, given.indices.astype(np.int64)
            found = np.full((len(short), len(filled)), -1)
            for k, rank in enumerate(short if len(token) else []):
                starts = given.indptr[:-1][filled]
                found[k, filled] = np.minimum.reduceat(rank.take(token), starts)
            return found

        return list(self._joined(least))

    def neighbours(self, columns: IntArray, answers: IntArray) -> IntArray:
        """Find the rows with at least ``OVERLAP`` of the given statements, answered nearly alike.

        columns, answers : of the participant to compare with.
        """
        asked, alike = np.zeros((2, 3 * self.width), dtype=np.float32)
        asked.reshape(-1, 3)[columns] = alike[3 * columns + answers] = 1.0

        def is_near(given: scipy.sparse.csr_array) -> BoolArray:
            common = given @ asked
            differ = common - given @ alike
            near: BoolArray = (common >= OVERLAP) & (differ <= np.floor(SLIPS * common))
            return near

        return np.flatnonzero(self._joined(is_near))

    def answer_counts(self, rows: IntArray) -> FloatArray:
        """Count who of ``rows`` gave each answer, (3 m,)."""
        total: FloatArray = self._given(rows).sum(axis=0)
        return total

    def shared_answers_of(self, rows: IntArray, tokens: BoolArray) -> FloatArray:
        """Count for each of ``rows`` the answers that are among ``tokens`` (3 m,)."""
        count: FloatArray = self._given(rows) @ tokens
        return count

    def answered(self, rows: IntArray, columns: IntArray, answer: int) -> FloatArray:
        """Return 1 where one of ``rows`` gave this answer to one of ``columns``, else 0; dense."""
        dense: FloatArray = self._given(rows)[:, 3 * columns + answer].toarray()
        return dense

    def _given(self, rows: IntArray) -> scipy.sparse.csr_array:
        ends, pick = gather_rows(self.indptr, rows)
        return self._matrix(ends, self.column[pick], self.value[pick])

    def _matrix(
        self, indptr: IntArray, column: ColumnArray, value: ValueArray
    ) -> scipy.sparse.csr_array:
        """Return 1 where an answer was given, (rows, 3 m); single precision counts exactly."""
        token = 3 * column + (value + np.int8(1))
        ones = np.ones(len(token), dtype=np.float32)
        return scipy.sparse.csr_array(
            (ones, token, indptr), shape=(len(indptr) - 1, 3 * self.width)
        )

    def _piece(self, piece: tuple[slice, slice]) -> scipy.sparse.csr_array:
        """Build the matrix of some rows; that of all would take as much memory as all votes."""
        rows, part = piece
        indptr = self.indptr[rows.start : rows.stop + 1] - part.start
        return self._matrix(indptr, self.column[part], self.value[part])

    def _pieces(self) -> list[tuple[slice, slice]]:
        """Return at least one piece, also where a partition has nobody with enough votes."""
        return list(row_chunks(self.indptr)) or [(slice(0, 0), slice(0, 0))]

    def _joined(self, function: Callable[[scipy.sparse.csr_array], Any]) -> Any:
        """Apply a function to the matrix piece by piece, and join the results of all rows."""
        found = parallel_map(lambda piece: function(self._piece(piece)), self._pieces())
        return np.concatenate(found, axis=-1)


@dataclass(frozen=True, slots=True)
class AnswerSource:
    """Answers of the eligible participants of a partitioned table; see ``AnswerMatrix``.

    Eligible participants, those with enough votes, are the first rows of the table.
    """

    table: PartitionedTable

    @property
    def width(self) -> int:
        return len(self.table.statements)

    @property
    def counts(self) -> IntArray:
        return self.table.counts[: self.table.eligible]

    def tokens(self) -> IntArray:
        common = (AnswerMatrix.tokens,)
        total: IntArray = self.table.executor.map_reduce(
            _on_answers, self.table.parts, common=common
        )
        return total

    def pass_counts(self) -> IntArray:
        return self._of_each(self._of_parts(AnswerMatrix.pass_counts))

    def min_hashes(self, ranks: list[IntArray]) -> list[IntArray]:
        found = self._of_parts(AnswerMatrix.min_hashes, ranks)
        return [self._of_each(hashes) for hashes in zip(*found, strict=True)]

    def answers_of(self, row: int) -> tuple[IntArray, IntArray]:
        """Return the columns and the answers (0, 1 or 2) of one participant."""
        _, column, value = self.table.gather(np.array([row]))
        oriented = value.astype(np.int64) * self.table.orientation
        return column.astype(np.int64), oriented + 1

    def neighbours(self, columns: IntArray, answers: IntArray) -> IntArray:
        executor, common = self.table.executor, (columns, answers)
        found = executor.map(_neighbours, self.table.parts, common=common)
        return np.sort(np.concatenate(list(found)))

    def answer_counts(self, rows: IntArray) -> FloatArray:
        chosen, common = self.table.by_partition(rows), (AnswerMatrix.answer_counts,)
        total: FloatArray = self.table.executor.map_reduce(
            _on_answers_of, chosen.parts, chosen.local, common=common
        )
        return total

    def shared_answers_of(self, rows: IntArray, tokens: BoolArray) -> FloatArray:
        return self._of_rows(rows, (), AnswerMatrix.shared_answers_of, tokens)

    def answered(self, rows: IntArray, columns: IntArray, answer: int) -> FloatArray:
        return self._of_rows(rows, (len(columns),), AnswerMatrix.answered, columns, answer)

    def _of_parts(self, method: Callable[..., Any], *arguments: Any) -> list[Any]:
        common = (method, *arguments)
        return list(self.table.executor.map(_on_answers, self.table.parts, common=common))

    def _of_rows(
        self, rows: IntArray, shape: tuple[int, ...], method: Callable[..., Any], *arguments: Any
    ) -> FloatArray:
        """Call a method of the partitions for ``rows``; it gives an array of ``shape`` for each."""
        chosen, out = self.table.by_partition(rows), np.empty((len(rows), *shape))
        common = (method, *arguments)
        found = self.table.executor.map(_on_answers_of, chosen.parts, chosen.local, common=common)
        for at, part in zip(chosen.at, found, strict=True):
            out[at] = part
        return out

    def _of_each(self, found: Sequence[IntArray]) -> IntArray:
        """Join what the partitions give for their eligible participants, in the table's order."""
        out = np.empty(self.table.eligible, dtype=np.int64)
        by_part = np.argsort(self.table.home[: len(out)], kind="stable")
        out[by_part] = np.concatenate(found)
        return out


def _on_answers(part: Partition, method: Callable[..., Any], *arguments: Any) -> Any:
    return method(AnswerMatrix.of(part), *arguments)


def _on_answers_of(
    part: Partition, rows: IntArray, method: Callable[..., Any], *arguments: Any
) -> Any:
    return method(AnswerMatrix.of(part), rows, *arguments)


def _neighbours(part: Partition, columns: IntArray, answers: IntArray) -> IntArray:
    """Find neighbours in a partition, and return their rows in the whole table."""
    return part.rows[AnswerMatrix.of(part).neighbours(columns, answers)]
