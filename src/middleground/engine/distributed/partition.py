"""The work on one part: every function here reads the votes of some people, all of theirs.

They are plain functions of arrays, so that they can be sent to where a part lies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from middleground.engine.arrays.binary_votes import BinaryVotes, ColumnArray, Precision, gather_rows
from middleground.engine.arrays.canonical_order import KeyArray, KeyedVotes
from middleground.engine.arrays.csr import (
    Rows,
    drop_passes,
    factorize,
    keep_last_of_pair,
    permute,
    to_csr,
)
from middleground.engine.arrays.shards import parallel_map, parallel_sum, split_into_shards
from middleground.engine.findings.rates import VoteRows
from middleground.engine.integrity.near_duplicates import AnswerMatrix
from middleground.engine.model.e_step import EStepResult, ShardPosterior
from middleground.engine.model.parameters import NormalPosteriors, Priors
from middleground.engine.pipeline.vote_source import InMemoryVotes
from middleground.engine.votes import BoolArray, FloatArray, IntArray, ValueArray, Votes


@dataclass(frozen=True, slots=True)
class RawPartition:
    """The last vote of each pair as read, people and statements by ascending ids."""

    people: IntArray
    asked: IntArray
    indptr: IntArray
    column: ColumnArray
    value: ValueArray
    looked_up: int


@dataclass(frozen=True, slots=True)
class Partition:
    """The same in canonical order. rows (n,) : each person's place among all, ascending.

    eligible : the first so many have enough votes. width, orientation : as in ``VoteTable``.
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
    """Who is in a part: ids, how many votes each has, how many were set aside."""

    people: IntArray
    counts: IntArray
    looked_up: int


def read(source: Any, reader: Callable[[Any], Votes], leave_out: tuple[int, ...]) -> RawPartition:
    votes = reader(source)
    counted = votes.counted()
    participant, statement, value = counted.participant, counted.statement, counted.value
    if leave_out:
        kept = ~np.isin(statement, np.array(leave_out, dtype=np.int64))
        participant, statement, value = participant[kept], statement[kept], value[kept]
    people, row = factorize(participant)
    asked, column = factorize(statement)
    rows = to_csr(row, column, value, len(people), len(asked))
    rows = keep_last_of_pair(*rows, len(asked))
    return RawPartition(people, asked, *rows, len(votes) - len(counted))


def partition_index(raw: RawPartition) -> PartitionIndex:
    return PartitionIndex(raw.people.copy(), np.diff(raw.indptr), raw.looked_up)


def statements_of(raw: RawPartition) -> IntArray:
    return raw.asked.copy()


def keyed_votes(raw: RawPartition, asked: IntArray, min_votes: int) -> KeyedVotes:
    """The part's votes by the statements of all parts, and who may shape the map."""
    column = np.searchsorted(asked, raw.asked).astype(np.int32)[raw.column]
    eligible = np.diff(raw.indptr) >= min_votes
    return KeyedVotes(raw.indptr, column, raw.value, eligible, len(asked))


def shaping_counts(raw: RawPartition, asked: IntArray, min_votes: int) -> IntArray:
    return keyed_votes(raw, asked, min_votes).shaping_counts()


def column_keys_from_rows(
    raw: RawPartition, asked: IntArray, min_votes: int, column_keys: KeyArray, sign: int
) -> KeyArray:
    return keyed_votes(raw, asked, min_votes).columns_told(column_keys, sign)


def row_keys(
    raw: RawPartition, asked: IntArray, min_votes: int, column_keys: KeyArray, sign: int
) -> KeyArray:
    return keyed_votes(raw, asked, min_votes).row_keys(column_keys, sign)


def id_keys(raw: RawPartition, asked: IntArray, min_votes: int) -> KeyArray:
    return keyed_votes(raw, asked, min_votes).names(asked)


def permuted(
    raw: RawPartition,
    rows: IntArray,
    asked: IntArray,
    rank: IntArray,
    eligible: int,
    orientation: int,
    precision: Precision,
) -> Partition:
    """``rows`` are the places among all of the people as read; ``eligible`` is of all too."""
    order = np.argsort(rows)
    column = np.searchsorted(asked, raw.asked).astype(np.int32)[raw.column]
    votes = permute(raw.indptr, column, raw.value, order, rank)
    first = int(np.count_nonzero(rows < eligible))
    return Partition(rows[order], *votes, first, len(asked), orientation, precision)


def rows_of(part: Partition, rows: IntArray) -> Rows:
    """Votes of some people of the part, ``rows`` its own and ascending; views where they adjoin."""
    if len(rows) and int(rows[-1] - rows[0]) == len(rows) - 1:
        first, stop = int(rows[0]), int(rows[-1]) + 1
        votes = slice(int(part.indptr[first]), int(part.indptr[stop]))
        ends = part.indptr[first : stop + 1] - part.indptr[first]
        return ends, part.column[votes], part.value[votes]
    ends, pick = gather_rows(part.indptr, rows)
    return ends, part.column[pick], part.value[pick]


def binary_votes(part: Partition, rows: IntArray, shaped: int | None = None) -> BinaryVotes:
    """The votes of the same that took a side, oriented; on the first statements only if asked."""
    indptr, column, value = rows_of(part, rows)
    oriented = value * np.int8(part.orientation)
    votes = drop_passes(indptr, column, oriented, part.width, part.precision)
    return votes if shaped is None else votes.first_columns(shaped)


def sums(part: Partition, rows: IntArray, weights: FloatArray) -> FloatArray:
    return VoteRows(np.arange(part.width), *rows_of(part, rows)).sums(weights)


def positions(
    part: Partition, rows: IntArray, means: FloatArray, priors: Priors, crowd: bool
) -> NormalPosteriors:
    return InMemoryVotes(binary_votes(part, rows)).locate(means, priors, crowd=crowd)


def initial_e_step(votes: BinaryVotes, start: FloatArray, priors: Priors) -> list[ShardPosterior]:
    return parallel_map(
        lambda shard: ShardPosterior.unheard(shard, start, priors), split_into_shards(votes)
    )


def e_step(
    shares: list[ShardPosterior], means: FloatArray, priors: Priors
) -> tuple[list[ShardPosterior], EStepResult]:
    """A turn of the fit, by shares that stay as they were: it may be asked for again."""
    fresh = [replace(share) for share in shares]
    told = parallel_sum(lambda share: share.turn(means, priors), fresh)
    for share in fresh:
        share.shard.forget()
    return fresh, told


def answer_matrix(part: Partition) -> AnswerMatrix:
    """Of those with enough votes."""
    last = int(part.indptr[part.eligible])
    return AnswerMatrix(
        part.indptr[: part.eligible + 1],
        part.column[:last],
        part.value[:last] * part.orientation,
        part.width,
    )


def tokens(part: Partition) -> IntArray:
    return answer_matrix(part).tokens()


def pass_counts(part: Partition) -> IntArray:
    return answer_matrix(part).passed()


def min_hashes(part: Partition, ranks: list[IntArray]) -> list[IntArray]:
    return answer_matrix(part).smallest(ranks)


def neighbours(part: Partition, columns: IntArray, given: IntArray) -> IntArray:
    """Places among all of who is near."""
    return part.rows[answer_matrix(part).near(columns, given)]


def answer_counts(part: Partition, rows: IntArray) -> FloatArray:
    return answer_matrix(part).given_by(rows)


def shared_answers_of(part: Partition, rows: IntArray, tokens: BoolArray) -> FloatArray:
    return answer_matrix(part).given_of(rows, tokens)


def answered(part: Partition, rows: IntArray, columns: IntArray, answer: int) -> FloatArray:
    return answer_matrix(part).gave(rows, columns, answer)
