"""Votes in one canonical order, as compressed sparse rows.

The map must not depend on the order of rows or on the choice of ids. So participants and statements
are ordered by their votes: each gets a 64-bit key from the votes it takes part in, refined in turns
as in the Weisfeiler-Leman colouring of a graph. Participants with the same key voted the same and
are interchangeable. For the same reason signs are oriented so that agreement is the majority; the
map is mirrored back at the end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from middleground.engine.arrays.binary_votes import ColumnArray
from middleground.engine.arrays.csr import factorize, keep_last_of_pair, permute, row_chunks, to_csr
from middleground.engine.arrays.shards import parallel_map, parallel_sum
from middleground.engine.votes import IntArray, ValueArray, Votes

KeyArray = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class VoteTable:
    """The last vote of each participant on each statement (CSR), in canonical order.

    participants (n,), statements (m,) : ids.
    indptr (n + 1,), column (n_votes,), value (n_votes,) : votes of participant i are
        ``value[indptr[i]:indptr[i + 1]]`` on statements ``column[...]``, ascending.
    eligible : number of participants, who come first, with enough votes to shape the map.
    shaped : number of statements, which come first, with at least two votes of eligible
        participants; a statement with fewer says nothing about how answers correlate.
    orientation : +1, or -1 if disagreement is the majority among eligible participants.
    """

    participants: IntArray
    statements: IntArray
    indptr: IntArray
    column: ColumnArray
    value: ValueArray
    eligible: int
    shaped: int
    orientation: int

    @property
    def counts(self) -> IntArray:
        """Votes of each participant, shape (n,)."""
        return np.diff(self.indptr)

    @property
    def row(self) -> ColumnArray:
        """Participant index of each vote, shape (n_votes,)."""
        return np.repeat(np.arange(len(self.participants), dtype=np.int32), np.diff(self.indptr))

    def digest(self) -> str:
        """SHA-256 of the votes, independent of the order of input rows and of participants' ids."""
        state = hashlib.sha256(b"middleground votes 2")
        for array, kind in (
            (self.statements, "<i8"),
            (self.indptr, "<i8"),
            (self.column, "<i4"),
            (self.value, "i1"),
        ):
            state.update(np.ascontiguousarray(array, dtype=kind).data)
        return state.hexdigest()


def tabulate(votes: Votes, leave_out: tuple[int, ...] = (), min_votes: int = 1) -> VoteTable:
    """Keep the last vote of each pair, drop ``leave_out``, and put everything in canonical order.

    Participants with fewer than ``min_votes`` come last and do not affect the order of others.
    """
    participant, statement, value = votes.participant, votes.statement, votes.value
    if leave_out:
        keep = ~np.isin(statement, np.array(leave_out, dtype=np.int64))
        participant, statement, value = participant[keep], statement[keep], value[keep]
    participants, row = factorize(participant)
    asked, column = factorize(statement)
    indptr, column, value = to_csr(row, column, value, len(participants), len(asked))
    del row, participant, statement
    indptr, column, value = keep_last_of_pair(indptr, column, value, len(asked))
    eligible = np.diff(indptr) >= min_votes
    found = KeyedVotes(indptr, column, value, eligible, len(asked))
    shaping = found.shaping_counts()
    orientation = found.orientation(shaping)
    row_keys, column_keys = found.keys(shaping, orientation)
    shaped = shaping.sum(axis=1) >= 2
    row_order = order_rows(row_keys, eligible, participants, lambda: found.id_keys(asked))
    column_order = np.lexsort((asked, column_keys, ~shaped))
    indptr, column, value = permute(
        indptr, column, value, row_order, inverse_permutation(column_order)
    )
    return VoteTable(
        participants=participants[row_order],
        statements=asked[column_order],
        indptr=indptr,
        column=column,
        value=value,
        eligible=int(eligible.sum()),
        shaped=int(shaped.sum()),
        orientation=orientation,
    )


@dataclass(frozen=True, slots=True)
class KeyedVotes:
    """Votes by participant, each pair once, from which the canonical order is computed.

    eligible (n,) : whose votes affect the order of others. width : number of statements.
    """

    indptr: IntArray
    column: ColumnArray
    value: ValueArray
    eligible: NDArray[np.bool_]
    width: int

    def orientation(self, shaping: IntArray) -> int:
        """+1 or -1, so that agreement is the majority; ``shaping`` from ``shaping_counts``."""
        counts = shaping.sum(axis=0)
        balance = int(counts[2] - counts[0])
        if balance:
            return 1 if balance > 0 else -1
        # Agreement and disagreement tie: any rule that does not use ids will do.
        ahead, mirrored = (
            int(self.keys(shaping, sign)[0][self.eligible].sum()) for sign in (1, -1)
        )
        return 1 if ahead <= mirrored else -1

    def shaping_counts(self) -> IntArray:
        """How many eligible participants disagree, pass and agree, per statement: (m, 3)."""

        def counted(piece: tuple[slice, slice]) -> IntArray:
            rows, part = piece
            answer = self._answer(part, 1)
            if not self.eligible[rows].all():
                answer = answer[np.repeat(self.eligible[rows], np.diff(self.indptr)[rows])]
            return np.bincount(answer, minlength=self.width * 3)

        if not len(self.column):
            return np.zeros((self.width, 3), dtype=np.int64)
        return parallel_sum(counted, row_chunks(self.indptr)).reshape(self.width, 3)

    def keys(self, shaping: IntArray, sign: int) -> tuple[KeyArray, KeyArray]:
        """Keys of rows and columns, computed from the votes (times ``sign``) alone."""
        column_keys = splitmix64(self.column_keys_from_rows(keys_from_counts(shaping, sign), sign))
        return self.row_keys(column_keys, sign), column_keys

    def row_keys(self, column_keys: KeyArray, sign: int) -> KeyArray:
        """Keys of rows, from the keys of the columns that they voted on."""
        return self._row_sums(splitmix64(column_keys[:, None] ^ _VOTE), sign)

    def column_keys_from_rows(self, column_keys: KeyArray, sign: int) -> KeyArray:
        """Sums for new column keys: row keys are computed from ``column_keys``, then summed.

        Only rows of eligible participants are summed, so the others cannot reorder anyone else.
        """
        return self._column_sums(
            splitmix64(self.row_keys(column_keys, sign)[:, None] ^ _VOTE), sign
        )

    def id_keys(self, asked: IntArray) -> KeyArray:
        """Keys of rows that also depend on the statements' ids."""
        return self._row_sums(splitmix64(splitmix64(asked.astype(np.uint64))[:, None] ^ _VOTE), 1)

    def _row_sums(self, keys: KeyArray, sign: int) -> KeyArray:
        """Sum over each row's votes the key in ``keys`` (m, 3) of statement and answer."""
        sums, flat = np.zeros(len(self.indptr) - 1, dtype=np.uint64), keys.reshape(-1)

        def add_up(piece: tuple[slice, slice]) -> None:
            rows, part = piece
            starts = self.indptr[rows] - self.indptr[rows.start]
            sums[rows] = np.add.reduceat(flat.take(self._answer(part, sign)), starts)

        parallel_map(add_up, row_chunks(self.indptr))
        return splitmix64(sums)

    def _column_sums(self, keys: KeyArray, sign: int) -> KeyArray:
        """Sum over each column's votes the key in ``keys`` (n, 3) of participant and answer."""

        def add_up(piece: tuple[slice, slice]) -> KeyArray:
            rows, part = piece
            keys_here = np.where(self.eligible[rows, None], keys[rows], np.uint64(0))
            offset = np.repeat(np.arange(len(keys_here)) * 3 + 1, np.diff(self.indptr)[rows])
            offset += self.value[part] * sign
            starts = self.indptr[rows.start : rows.stop + 1] - part.start
            heard = keys_here.reshape(-1).take(offset), self.column[part], starts
            matrix = scipy.sparse.csr_array(heard, (len(keys_here), self.width))
            sums: KeyArray = matrix.T @ np.ones(len(keys_here), dtype=np.uint64)
            return sums

        if not len(self.column):
            return np.zeros(self.width, dtype=np.uint64)
        return parallel_sum(add_up, row_chunks(self.indptr))

    def _answer(self, part: slice, sign: int) -> IntArray:
        """Position of each vote's statement and answer in a flattened (m, 3) table."""
        place = self.column[part].astype(np.int64)
        place *= 3
        place += 1 + sign * self.value[part]
        return place


def keys_from_counts(counts: IntArray, sign: int) -> KeyArray:
    """Initial keys of columns, from ``KeyedVotes.shaping_counts``."""
    return splitmix64((counts[:, ::sign].astype(np.uint64) * _VOTE).sum(axis=1, dtype=np.uint64))


def order_rows(
    keys: KeyArray,
    eligible: NDArray[np.bool_],
    participants: IntArray,
    names: Callable[[], KeyArray],
) -> IntArray:
    """Order eligible rows first, then by key; ``names()`` and ids break ties.

    ``names`` gives ``KeyedVotes.id_keys``, which separate rows that differ only in the ids of
    their statements. Participants' ids then only swap rows with identical votes.
    """
    first = (keys >> np.uint64(1)) | (~eligible).astype(np.uint64) << np.uint64(63)
    order = np.argsort(first)
    again = np.flatnonzero(np.diff(first[order]) == 0)
    tied = np.unique(np.concatenate([again, again + 1]))
    if len(tied):
        rows, named = order[tied], names()
        order[tied] = rows[np.lexsort((participants[rows], named[rows], keys[rows], first[rows]))]
    return order


def splitmix64(key: KeyArray) -> KeyArray:
    """Hash 64 bits with the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    key = key + np.uint64(0x9E3779B97F4A7C15)
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


def inverse_permutation(order: IntArray) -> IntArray:
    """Return the place of each row in ``order`` (n,), shape (n,)."""
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return place


_VOTE = splitmix64(np.arange(1, 4, dtype=np.uint64))
