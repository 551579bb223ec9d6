"""Votes in parts as the material of a map: voters, ballots and answers that are elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from middleground.engine.arrays.binary_votes import BinaryVotes
from middleground.engine.arrays.csr import Rows, drop_passes
from middleground.engine.distributed import partition as work
from middleground.engine.distributed.executor import Executor, Handle
from middleground.engine.distributed.table import DistributedTable
from middleground.engine.findings.rates import VoteRows
from middleground.engine.model.e_step import EStepResult
from middleground.engine.model.fit import fit_with
from middleground.engine.model.parameters import (
    Fit,
    NormalPosteriors,
    Priors,
    prior_statements,
    starting_priors,
)
from middleground.engine.model.participants import prior_participants
from middleground.engine.model.svd_init import (
    RangeSketch,
    StatementTotals,
    initial_statements_from,
    range_sketch,
)
from middleground.engine.pipeline.vote_source import VoteSource
from middleground.engine.votes import BoolArray, FloatArray, IntArray

# Votes that are brought together at once for the digest.
_DIGESTED = 1 << 22


def vote_source_of(spread: DistributedTable) -> VoteSource:
    everyone = np.arange(len(spread.participants))
    return VoteSource(
        spread.participants,
        spread.statements,
        spread.eligible,
        spread.shaped,
        spread.orientation,
        DistributedVoteRows(spread, everyone),
        DistributedBinaryVotes(spread, everyone),
        lambda: DistributedAnswers(spread),
        lambda: digest(spread),
        spread.looked_up,
    )


@dataclass(frozen=True, slots=True)
class _RowsByPartition:
    """Who of some people is in which part; parts without any are left out.

    at : their positions among the people asked for. local : their rows in the part.
    """

    parts: list[Handle]
    at: list[IntArray]
    local: list[IntArray]


def _rows_by_partition(spread: DistributedTable, rows: IntArray) -> _RowsByPartition:
    home = spread.home[rows]
    order = np.argsort(home, kind="stable")
    ends = np.searchsorted(home[order], np.arange(len(spread.parts) + 1))
    found = _RowsByPartition([], [], [])
    for held, start, stop in zip(spread.parts, ends[:-1], ends[1:], strict=True):
        if stop > start:
            found.parts.append(held)
            found.at.append(order[start:stop])
            found.local.append(spread.local[rows[order[start:stop]]])
    return found


def _gather(spread: DistributedTable, rows: IntArray) -> Rows:
    """Votes of some people, ``rows`` ascending, brought into this process and their order."""
    counts, shares = spread.counts[rows], _rows_by_partition(spread, rows)
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    column, value = np.empty(ends[-1], np.int32), np.empty(ends[-1], np.int8)
    found = spread.hands.ask(work.rows_of, shares.parts, shares.local)
    for at, (indptr, columns, values) in zip(shares.at, found, strict=True):
        to = np.arange(indptr[-1]) + np.repeat(ends[at] - indptr[:-1], counts[at])
        column[to], value[to] = columns, values
    return ends, column, value


def digest(spread: DistributedTable) -> str:
    """As ``VoteTable.digest``: votes are brought together in pieces, twice."""
    ends = np.concatenate([[0], np.cumsum(spread.counts)]).astype(np.int64)
    state = hashlib.sha256(b"middleground votes 2")
    state.update(np.ascontiguousarray(spread.statements, dtype="<i8").data)
    state.update(np.ascontiguousarray(ends, dtype="<i8").data)
    for field, kind in ((1, "<i4"), (2, "i1")):
        for rows in _pieces(ends):
            array = _gather(spread, rows)[field]
            state.update(np.ascontiguousarray(array, dtype=kind).data)
    return state.hexdigest()


def _pieces(ends: IntArray) -> Iterator[IntArray]:
    start, count = 0, len(ends) - 1
    while start < count:
        stop = int(np.searchsorted(ends, ends[start] + _DIGESTED, side="right")) - 1
        stop = min(max(stop, start + 1), count)
        yield np.arange(start, stop)
        start = stop


@dataclass(frozen=True, slots=True)
class DistributedBinaryVotes:
    """``BinaryVoteSource`` of some people, ``rows`` of all."""

    spread: DistributedTable
    rows: IntArray

    @property
    def n_rows(self) -> int:
        return len(self.rows)

    @property
    def n_columns(self) -> int:
        return len(self.spread.statements)

    def take_rows(self, rows: IntArray) -> BinaryVotes:
        wanted, back = np.unique(self.rows[rows], return_inverse=True)
        indptr, column, value = _gather(self.spread, wanted)
        oriented = value * np.int8(self.spread.orientation)
        votes = drop_passes(indptr, column, oriented, self.n_columns, self.spread.precision)
        return votes.take_rows(back)

    def only(self, rows: IntArray) -> DistributedBinaryVotes:
        return DistributedBinaryVotes(self.spread, self.rows[rows])

    def locate(self, means: FloatArray, priors: Priors, *, crowd: bool = False) -> NormalPosteriors:
        size, shares = means.shape[1], _rows_by_partition(self.spread, self.rows)
        placed = NormalPosteriors(
            np.empty((self.n_rows, size)), np.empty((self.n_rows, size, size))
        )
        common = (means, priors, crowd)
        found = self.spread.hands.ask(work.positions, shares.parts, shares.local, common=common)
        for at, people in zip(shares.at, found, strict=True):
            placed.mean[at], placed.covariance[at] = people.mean, people.covariance
        return placed

    def fit(self, shaped: int, rows: IntArray | None, dimensions: int, seed: int) -> Fit:
        """``fit_model``; the people are not given back, they are placed anew anyhow."""
        hands, priors = self.spread.hands, starting_priors(dimensions)
        shares = _rows_by_partition(self.spread, self.rows if rows is None else self.rows[rows])
        nothing = Fit(priors, prior_statements(shaped, priors), prior_participants(0, priors), ())
        if not shares.parts:
            return nothing
        chosen = hands.keep(work.binary_votes, shares.parts, shares.local, common=(shaped,))
        told = hands.total(StatementTotals.of, chosen)
        if not told.counts.sum():
            return nothing

        def pass_over(share: FloatArray, sketch: FloatArray) -> RangeSketch:
            return hands.total(range_sketch, chosen, common=(share, sketch))

        start = initial_statements_from(
            told, pass_over, dimensions, np.random.default_rng([seed, 1])
        )
        shards = hands.keep(work.initial_e_step, chosen, common=(start, priors))
        hands.drop(chosen)
        crowd = _DistributedEStep(hands, shards, start.shape[1])
        fit = fit_with(crowd, start, priors)
        hands.drop(crowd.shares)
        return fit


class _DistributedEStep:
    """``fit.EStep``, elsewhere."""

    def __init__(self, hands: Executor, shares: list[Handle], size: int) -> None:
        self.hands, self.shares, self.size = hands, shares, size

    def turn(self, means: FloatArray, priors: Priors) -> EStepResult:
        self.shares, told = self.hands.turn(work.e_step, self.shares, means, priors)
        return told

    def people(self) -> NormalPosteriors:
        return NormalPosteriors(np.empty((0, self.size)), np.empty((0, self.size, self.size)))


@dataclass(frozen=True, slots=True)
class DistributedVoteRows:
    """``VoteRows`` of some people, ``rows`` of all."""

    spread: DistributedTable
    rows: IntArray

    @property
    def statements(self) -> IntArray:
        return self.spread.statements

    @property
    def indptr(self) -> IntArray:
        return np.concatenate([[0], np.cumsum(self.spread.counts[self.rows])]).astype(np.int64)

    def take(self, rows: IntArray) -> DistributedVoteRows:
        return DistributedVoteRows(self.spread, self.rows[rows])

    def here(self) -> VoteRows:
        order = np.argsort(self.rows)
        indptr, column, value = _gather(self.spread, self.rows[order])
        kept = VoteRows(self.statements, indptr, column, value)
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return kept.take(back)

    def sums(self, weights: FloatArray) -> FloatArray:
        shares = _rows_by_partition(self.spread, self.rows)
        if not shares.parts:
            return np.zeros((3, weights.shape[1], len(self.statements)))
        given = [weights[at] for at in shares.at]
        found: FloatArray = self.spread.hands.total(work.sums, shares.parts, shares.local, given)
        return found


@dataclass(frozen=True, slots=True)
class DistributedAnswers:
    """``AnswerMatrix`` of those with enough votes, who are the first of all."""

    spread: DistributedTable

    @property
    def width(self) -> int:
        return len(self.spread.statements)

    @property
    def counts(self) -> IntArray:
        return self.spread.counts[: self.spread.eligible]

    def tokens(self) -> IntArray:
        return self.spread.hands.total(work.tokens, self.spread.parts)

    def passed(self) -> IntArray:
        return self._each_person(self.spread.hands.ask(work.pass_counts, self.spread.parts))

    def smallest(self, ranks: list[IntArray]) -> list[IntArray]:
        found = list(self.spread.hands.ask(work.min_hashes, self.spread.parts, common=(ranks,)))
        return [self._each_person(iter(part)) for part in zip(*found, strict=True)]

    def of(self, row: int) -> tuple[IntArray, IntArray]:
        _, column, value = _gather(self.spread, np.array([row]))
        oriented = value.astype(np.int64) * self.spread.orientation
        return column.astype(np.int64), oriented + 1

    def near(self, columns: IntArray, answers: IntArray) -> IntArray:
        common = (columns, answers)
        return np.sort(
            np.concatenate(
                list(self.spread.hands.ask(work.neighbours, self.spread.parts, common=common))
            )
        )

    def given_by(self, rows: IntArray) -> FloatArray:
        shares = _rows_by_partition(self.spread, rows)
        found: FloatArray = self.spread.hands.total(work.answer_counts, shares.parts, shares.local)
        return found

    def given_of(self, rows: IntArray, tokens: BoolArray) -> FloatArray:
        shares, count = _rows_by_partition(self.spread, rows), np.empty(len(rows))
        found = self.spread.hands.ask(
            work.shared_answers_of, shares.parts, shares.local, common=(tokens,)
        )
        for at, part in zip(shares.at, found, strict=True):
            count[at] = part
        return count

    def gave(self, rows: IntArray, columns: IntArray, answer: int) -> FloatArray:
        shares, gave = _rows_by_partition(self.spread, rows), np.empty((len(rows), len(columns)))
        common = (columns, answer)
        found = self.spread.hands.ask(work.answered, shares.parts, shares.local, common=common)
        for at, part in zip(shares.at, found, strict=True):
            gave[at] = part
        return gave

    def _each_person(self, found: Iterator[Any]) -> IntArray:
        """What parts tell of their own eligible people, in the order of all."""
        out = np.empty(self.spread.eligible, dtype=np.int64)
        by_part = np.argsort(self.spread.home[: len(out)], kind="stable")
        out[by_part] = np.concatenate(list(found))
        return out
