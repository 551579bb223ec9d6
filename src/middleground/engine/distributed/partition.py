"""The work on one part: every function here reads the votes of some people, all of theirs.

They are plain functions of arrays, so that they can be sent to where a part lies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from middleground.engine.arrays.binary_votes import ColumnArray, Precision, Sided, picked
from middleground.engine.arrays.canonical_order import Found, KeyArray
from middleground.engine.arrays.csr import (
    Rows,
    distinct,
    grouped,
    last_of_pairs,
    rows_in_order,
    sided,
)
from middleground.engine.arrays.shards import cut, each, fold
from middleground.engine.findings.rates import Ballots
from middleground.engine.integrity.near_duplicates import Answers
from middleground.engine.model.e_step import Share, Turned
from middleground.engine.model.parameters import Gaussians, Priors
from middleground.engine.pipeline.vote_source import Near
from middleground.engine.votes import BoolArray, FloatArray, IntArray, ValueArray, Votes


@dataclass(frozen=True, slots=True)
class Raw:
    """The last vote of each pair as read, people and statements by ascending ids."""

    people: IntArray
    asked: IntArray
    indptr: IntArray
    column: ColumnArray
    value: ValueArray
    looked_up: int


@dataclass(frozen=True, slots=True)
class Part:
    """The same in canonical order. rows (n,) : each person's place among all, ascending.

    eligible : the first so many have enough votes. width, orientation : as in ``Table``.
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
class Listed:
    """Who is in a part: ids, how many votes each has, how many were set aside."""

    people: IntArray
    counts: IntArray
    looked_up: int


def read(source: Any, reader: Callable[[Any], Votes], leave_out: tuple[int, ...]) -> Raw:
    votes = reader(source)
    counted = votes.counted()
    participant, statement, value = counted.participant, counted.statement, counted.value
    if leave_out:
        kept = ~np.isin(statement, np.array(leave_out, dtype=np.int64))
        participant, statement, value = participant[kept], statement[kept], value[kept]
    people, row = distinct(participant)
    asked, column = distinct(statement)
    rows = grouped(row, column, value, len(people), len(asked))
    rows = last_of_pairs(*rows, len(asked))
    return Raw(people, asked, *rows, len(votes) - len(counted))


def listed(raw: Raw) -> Listed:
    return Listed(raw.people.copy(), np.diff(raw.indptr), raw.looked_up)


def statements_of(raw: Raw) -> IntArray:
    return raw.asked.copy()


def found(raw: Raw, asked: IntArray, min_votes: int) -> Found:
    """The part's votes by the statements of all parts, and who may shape the map."""
    column = np.searchsorted(asked, raw.asked).astype(np.int32)[raw.column]
    eligible = np.diff(raw.indptr) >= min_votes
    return Found(raw.indptr, column, raw.value, eligible, len(asked))


def shaping_counts(raw: Raw, asked: IntArray, min_votes: int) -> IntArray:
    return found(raw, asked, min_votes).shaping_counts()


def columns_told(
    raw: Raw, asked: IntArray, min_votes: int, column_keys: KeyArray, sign: int
) -> KeyArray:
    return found(raw, asked, min_votes).columns_told(column_keys, sign)


def row_keys(
    raw: Raw, asked: IntArray, min_votes: int, column_keys: KeyArray, sign: int
) -> KeyArray:
    return found(raw, asked, min_votes).row_keys(column_keys, sign)


def names(raw: Raw, asked: IntArray, min_votes: int) -> KeyArray:
    return found(raw, asked, min_votes).names(asked)


def arrange(
    raw: Raw,
    rows: IntArray,
    asked: IntArray,
    rank: IntArray,
    eligible: int,
    orientation: int,
    precision: Precision,
) -> Part:
    """``rows`` are the places among all of the people as read; ``eligible`` is of all too."""
    order = np.argsort(rows)
    column = np.searchsorted(asked, raw.asked).astype(np.int32)[raw.column]
    votes = rows_in_order(raw.indptr, column, raw.value, order, rank)
    first = int(np.count_nonzero(rows < eligible))
    return Part(rows[order], *votes, first, len(asked), orientation, precision)


def some(part: Part, rows: IntArray) -> Rows:
    """Votes of some people of the part, ``rows`` its own and ascending; views where they adjoin."""
    if len(rows) and int(rows[-1] - rows[0]) == len(rows) - 1:
        first, stop = int(rows[0]), int(rows[-1]) + 1
        votes = slice(int(part.indptr[first]), int(part.indptr[stop]))
        ends = part.indptr[first : stop + 1] - part.indptr[first]
        return ends, part.column[votes], part.value[votes]
    ends, pick = picked(part.indptr, rows)
    return ends, part.column[pick], part.value[pick]


def took_sides(part: Part, rows: IntArray, shaped: int | None = None) -> Sided:
    """The votes of the same that took a side, oriented; on the first statements only if asked."""
    indptr, column, value = some(part, rows)
    oriented = value * np.int8(part.orientation)
    votes = sided(indptr, column, oriented, part.width, part.precision)
    return votes if shaped is None else votes.first_columns(shaped)


def sums(part: Part, rows: IntArray, weights: FloatArray) -> FloatArray:
    return Ballots(np.arange(part.width), *some(part, rows)).sums(weights)


def place(part: Part, rows: IntArray, means: FloatArray, priors: Priors, crowd: bool) -> Gaussians:
    return Near(took_sides(part, rows)).locate(means, priors, crowd=crowd)


def begin(votes: Sided, start: FloatArray, priors: Priors) -> list[Share]:
    return each(lambda shard: Share.unheard(shard, start, priors), cut(votes))


def turned(shares: list[Share], means: FloatArray, priors: Priors) -> tuple[list[Share], Turned]:
    """A turn of the fit, by shares that stay as they were: it may be asked for again."""
    fresh = [replace(share) for share in shares]
    told = fold(lambda share: share.turn(means, priors), fresh)
    for share in fresh:
        share.shard.forget()
    return fresh, told


def answers(part: Part) -> Answers:
    """Of those with enough votes."""
    last = int(part.indptr[part.eligible])
    return Answers(
        part.indptr[: part.eligible + 1],
        part.column[:last],
        part.value[:last] * part.orientation,
        part.width,
    )


def tokens(part: Part) -> IntArray:
    return answers(part).tokens()


def passed(part: Part) -> IntArray:
    return answers(part).passed()


def smallest(part: Part, ranks: list[IntArray]) -> list[IntArray]:
    return answers(part).smallest(ranks)


def near(part: Part, columns: IntArray, given: IntArray) -> IntArray:
    """Places among all of who is near."""
    return part.rows[answers(part).near(columns, given)]


def given_by(part: Part, rows: IntArray) -> FloatArray:
    return answers(part).given_by(rows)


def given_of(part: Part, rows: IntArray, tokens: BoolArray) -> FloatArray:
    return answers(part).given_of(rows, tokens)


def gave(part: Part, rows: IntArray, columns: IntArray, answer: int) -> FloatArray:
    return answers(part).gave(rows, columns, answer)
