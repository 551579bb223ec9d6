"""Near-identical voters: many accounts that repeat one ballot, told from people who think alike.

Three steps, none of which compares everyone with everyone:

1. Hashing: people whose ballots have much in common fall into the same buckets again and again
   (min-wise hashing: Broder, "On the resemblance and containment of documents", 1997; here rare
   answers are the likelier to be drawn, as in consistent weighted sampling). Whoever shares full
   buckets is a hub to look at; every other hub is drawn by chance.
2. Everyone who answered at least ``_OVERLAP`` statements of the hub's, nearly all of them alike,
   is near-identical to it.
3. Evidence: how much better "a copy of the hub" explains those answers than what the model expects
   of others. It is an e-value: in truth independent people reach e with a probability of at most
   1 / e (Vovk and Wang, "E-values", Annals of Statistics 49, 2021). So of n people at most about
   n / e come near the hub by chance; where that many are found that it would happen to one of n
   hubs with a probability below ``_FALSE_ALARM``, they are taken for one voice.

A few people who agree, and people who agree on little, can never be taken for copies: step 3 asks
for more than chance brings, and chance brings many where most agree with everything. A fourth of
all people or more are never merged: that may be a camp of one mind, and losing it would be worse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import logsumexp, pdtrc

from middleground.engine.arrays.binary_votes import ColumnArray, gather_rows, index_type
from middleground.engine.arrays.csr import row_chunks
from middleground.engine.arrays.shards import parallel_map, parallel_sum
from middleground.engine.findings.rates import VoteRowSource
from middleground.engine.model.parameters import Fit, expected_sigmoid, features
from middleground.engine.votes import BoolArray, FloatArray, IntArray, ValueArray

_HASHES = 8
_OVERLAP = 7
_SLIPS = 0.05  # the share of common answers that may differ
_OTHERS = 96  # people who tell what the model expects
_FALSE_ALARM = 0.001
# Chance may bring so many times what the model expects: people near a hub are the more alike ones.
_DOUBT = 2.0
_CLEAREST = 0.98  # no expectation is surer than this
_LEAN = 4.0  # votes by which a share of passes leans on that of all
_WORK = 10_000_000  # votes to read in all, which limits the hubs
_HUBS = 16
_ALIKE = 0.9
# So large a part of all people who vote the same are a camp, whatever chance would bring.
_CAMP = 0.25
SMALLEST_CLUSTER = 3


@dataclass(frozen=True, slots=True)
class DuplicateCluster:
    """People taken for one voice: ``rows`` (size,), of whom the first stands for all.

    It is the one who repeats the others least. Forged ballots repeat each other to the letter, but
    the person they were copied from did not give the answer that they were made for.
    """

    rows: IntArray

    @property
    def redundant(self) -> IntArray:
        return self.rows[1:]


class AnswerSource(Protocol):
    """Answers of people with enough votes, wherever they lie; see ``AnswerMatrix``."""

    @property
    def width(self) -> int: ...

    @property
    def counts(self) -> IntArray: ...

    def tokens(self) -> IntArray: ...

    def passed(self) -> IntArray: ...

    def smallest(self, ranks: list[IntArray]) -> list[IntArray]: ...

    def of(self, row: int) -> tuple[IntArray, IntArray]: ...

    def near(self, columns: IntArray, answers: IntArray) -> IntArray: ...

    def given_by(self, rows: IntArray) -> FloatArray: ...

    def given_of(self, rows: IntArray, tokens: BoolArray) -> FloatArray: ...

    def gave(self, rows: IntArray, columns: IntArray, answer: int) -> FloatArray: ...


def find_near_duplicates(answers: AnswerSource, fit: Fit, seed: int) -> list[DuplicateCluster]:
    """Clusters of near-identical voters among those with enough votes, who ``fit.people`` are.

    Deterministic, and independent of ids: rows are in canonical order.
    """
    count, votes = len(answers.counts), int(answers.counts.sum())
    if count < 2 * SMALLEST_CLUSTER or not votes:
        return []
    rng, tokens = np.random.default_rng([seed, 3]), answers.tokens()
    crowding, passing = _bucket_collisions(answers, tokens, rng), _PassModel.of(answers, tokens)
    sample = np.sort(rng.permutation(count)[: 2 * _OTHERS])
    open_rows = crowding > 0
    by_chance = iter(rng.permutation(np.flatnonzero(open_rows)))
    found = []
    for turn in range(int(np.clip(_WORK // votes, 4, _HUBS))):
        if not open_rows.any():
            break
        hub = int(np.argmax(np.where(open_rows, crowding, -1)))
        if turn % 2:
            # Copies that share few statements fill no bucket, but many are met by chance.
            hub = next((int(row) for row in by_chance if open_rows[row]), hub)
        asked = answers.of(hub)
        open_rows[hub] = False
        near = answers.near(*asked)
        near = near[open_rows[near]]
        others = np.setdiff1d(sample, np.append(near, hub))[:_OTHERS]
        if len(near) < SMALLEST_CLUSTER - 1 or not len(others):
            continue
        chances = _expected(fit, asked[0], others, passing)
        copies = near[_significant(_evidence(answers, asked, chances, near), count)]
        if SMALLEST_CLUSTER - 1 <= len(copies) < _CAMP * count:
            rows = np.append(copies, hub)
            found.append(DuplicateCluster(rows[np.lexsort((rows, -_disagreements(answers, rows)))]))
            open_rows[copies] = False
    return found


def shared_answers(copies: DuplicateCluster, ballots: VoteRowSource, least: int) -> list[int]:
    """Statements that ``least`` of them or more answered, nine in ten alike."""
    given, width = ballots.take(copies.rows).here(), len(ballots.statements)
    column, value = given.column, given.value
    counts = np.array([np.bincount(column[value == v], minlength=width) for v in (1, 0, -1)])
    alike = (counts.sum(axis=0) >= least) & (counts.max(axis=0) >= _ALIKE * counts.sum(axis=0))
    shared: list[int] = ballots.statements[alike].tolist()
    return shared


class AnswerMatrix:
    """Answers of people with enough votes: 0 disagree, 1 pass, 2 agree, as the fit has them.

    indptr (n + 1,), column (n_votes,) : in compressed sparse rows. value (n_votes,) : oriented.
    An answer's token is 3 times its column, plus the answer.
    """

    def __init__(
        self, indptr: IntArray, column: ColumnArray, value: ValueArray, width: int
    ) -> None:
        self.width, self.indptr, self.column, self.value = width, indptr, column, value
        self.counts: IntArray = np.diff(indptr)

    def tokens(self) -> IntArray:
        """How many gave each answer to each statement, (3 m,)."""

        def count(piece: tuple[slice, slice]) -> IntArray:
            counts: IntArray = np.bincount(self._piece(piece).indices, minlength=3 * self.width)
            return counts

        return parallel_sum(count, self._pieces())

    def passed(self) -> IntArray:
        """How often each person passed, (n,)."""
        passes = np.tile(np.array([0.0, 1.0, 0.0], dtype=np.float32), self.width)
        passed: IntArray = self._joined(lambda given: (given @ passes).astype(np.int64))
        return passed

    def smallest(self, ranks: list[IntArray]) -> list[IntArray]:
        """Of each person's answers the least in each ranking (3 m,) of all; -1 without any."""
        short = [rank.astype(index_type(3 * self.width)) for rank in ranks]

        def least(given: csr_array) -> IntArray:
            filled, token = np.diff(given.indptr) > 0, given.indices.astype(np.int64)
            found = np.full((len(short), len(filled)), -1)
            for k, rank in enumerate(short if len(token) else []):
                starts = given.indptr[:-1][filled]
                found[k, filled] = np.minimum.reduceat(rank.take(token), starts)
            return found

        return list(self._joined(least))

    def of(self, row: int) -> tuple[IntArray, IntArray]:
        part = slice(self.indptr[row], self.indptr[row + 1])
        return self.column[part].astype(np.int64), self.value[part].astype(np.int64) + 1

    def near(self, columns: IntArray, answers: IntArray) -> IntArray:
        """Rows with enough answers in common with somebody's, nearly all alike."""
        asked, alike = np.zeros((2, 3 * self.width), dtype=np.float32)
        asked.reshape(-1, 3)[columns] = alike[3 * columns + answers] = 1.0

        def is_near(given: csr_array) -> BoolArray:
            common = given @ asked
            differ = common - given @ alike
            near: BoolArray = (common >= _OVERLAP) & (differ <= np.floor(_SLIPS * common))
            return near

        return np.flatnonzero(self._joined(is_near))

    def given_by(self, rows: IntArray) -> FloatArray:
        """How many of some people gave each answer, (3 m,)."""
        total: FloatArray = self._given(rows).sum(axis=0)
        return total

    def given_of(self, rows: IntArray, tokens: BoolArray) -> FloatArray:
        """How many of some answers each of some people gave; tokens (3 m,)."""
        count: FloatArray = self._given(rows) @ tokens
        return count

    def gave(self, rows: IntArray, columns: IntArray, answer: int) -> FloatArray:
        """1 where some people gave an answer to some statements, dense, else 0."""
        dense: FloatArray = self._given(rows)[:, 3 * columns + answer].toarray()
        return dense

    def _given(self, rows: IntArray) -> csr_array:
        ends, pick = gather_rows(self.indptr, rows)
        return self._matrix(ends, self.column[pick], self.value[pick])

    def _matrix(self, indptr: IntArray, column: ColumnArray, value: ValueArray) -> csr_array:
        """1 where somebody gave an answer, (rows, 3 m): single precision counts exactly."""
        token = 3 * column + (value + np.int8(1))
        ones = np.ones(len(token), dtype=np.float32)
        return csr_array((ones, token, indptr), shape=(len(indptr) - 1, 3 * self.width))

    def _piece(self, piece: tuple[slice, slice]) -> csr_array:
        """Some people's; those of all at once would take as much as all votes again."""
        rows, part = piece
        indptr = self.indptr[rows.start : rows.stop + 1] - part.start
        return self._matrix(indptr, self.column[part], self.value[part])

    def _pieces(self) -> list[tuple[slice, slice]]:
        """One at least, though there be nobody, as in a part of people with few votes."""
        return list(row_chunks(self.indptr)) or [(slice(0, 0), slice(0, 0))]

    def _joined(self, function: Callable[[csr_array], Any]) -> Any:
        """What the function says of each of all people."""
        found = parallel_map(lambda piece: function(self._piece(piece)), self._pieces())
        return np.concatenate(found, axis=-1)


def _disagreements(answers: AnswerSource, rows: IntArray) -> IntArray:
    """In how many answers each of some people differs from what most of them say, (n,)."""
    common = 2.0 * answers.given_by(rows) > len(rows)
    agreed = answers.given_of(rows, common)
    differ = answers.counts[rows] + np.count_nonzero(common) - 2.0 * agreed
    counted: IntArray = np.rint(differ).astype(np.int64)
    return counted


@dataclass(frozen=True, slots=True)
class _PassModel:
    """Shares of passes, of a person (n,) relative to all, of a statement (m,); both lean on
    those of all where votes are few."""

    person: FloatArray
    statement: FloatArray

    @classmethod
    def of(cls, answers: AnswerSource, tokens: IntArray) -> _PassModel:
        overall = max(float(tokens[1::3].sum() / tokens.sum()), 1e-3)
        person = (answers.passed() / overall + _LEAN) / (answers.counts + _LEAN)
        asked = tokens.reshape(-1, 3).sum(axis=1) + _LEAN
        return cls(person, (tokens[1::3] + _LEAN * overall) / asked)

    def at(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """The chance that some people pass on some statements: both have a share of passes."""
        return np.clip(np.outer(self.person[rows], self.statement[columns]), 1e-4, _CLEAREST)


def _bucket_collisions(
    answers: AnswerSource, tokens: IntArray, rng: np.random.Generator
) -> IntArray:
    """How many others share a person's buckets, summed over the buckets, (n,)."""
    size, filled = len(tokens), answers.counts > 0
    weight = -np.log(np.clip(tokens / len(answers.counts), 1e-6, 0.999))
    ranks = []
    for _ in range(_HASHES):
        rank = np.empty(size, dtype=np.int64)
        rank[np.argsort(rng.exponential(size=size) / weight, kind="stable")] = np.arange(size)
        ranks.append(rank)
    hashes = [least[filled] for least in answers.smallest(ranks)]

    def sharing(k: int) -> IntArray:
        first, second, third = (hashes[(k + step) % _HASHES] for step in range(3))
        key = (first * size + second) * size + third
        _, bucket, count = np.unique(key, return_inverse=True, return_counts=True)
        others: IntArray = count[bucket] - 1
        return others

    crowding = np.zeros(len(filled), dtype=np.int64)
    crowding[filled] = parallel_sum(sharing, range(_HASHES))
    return crowding


Chances = tuple[FloatArray, FloatArray, FloatArray]


def _expected(fit: Fit, columns: IntArray, others: IntArray, passing: _PassModel) -> Chances:
    """The model's chances of each answer of ``others`` to some statements, (others, columns)."""
    f = features(fit.statements.mean[columns])
    people, spread = fit.people.mean[others], fit.people.covariance[others]
    logit = fit.statements.mean[columns, 0] + people @ f.T
    variance = np.einsum("ji,nik,jk->nj", f, spread, f, optimize=True)
    agree = np.clip(expected_sigmoid(logit, variance), 1.0 - _CLEAREST, _CLEAREST)
    passes = passing.at(others, columns)
    return (1.0 - passes) * (1.0 - agree), passes, (1.0 - passes) * agree


def _evidence(
    answers: AnswerSource, asked: tuple[IntArray, IntArray], chances: Chances, near: IntArray
) -> FloatArray:
    """log e of each of ``near``: their answers as copies of the hub's, against the model's."""
    columns, given = asked
    expected, copied = np.zeros((len(near), len(chances[0]))), np.zeros(len(near))
    for answer, chance in enumerate(chances):
        gave = answers.gave(near, columns, answer)
        expected += gave @ np.log(chance).T
        same = gave[:, given == answer].sum(axis=1)
        copied += same * np.log1p(-_SLIPS / 2.0)
        copied += (gave.sum(axis=1) - same) * np.log(_SLIPS / 4.0)
    evidence: FloatArray = copied - (logsumexp(expected, axis=1) - np.log(len(chances[0])))
    return evidence


def _significant(evidence: FloatArray, people: int) -> NDArray[np.int64]:
    """Positions of the most, with the strongest evidence, that chance would not bring together."""
    order = np.argsort(-evidence, kind="stable")
    count = np.arange(1, len(order) + 1)
    expected = _DOUBT * people * np.exp(-np.maximum(evidence[order], 0.0))
    alarm = people * pdtrc(count - 1, expected)
    enough = np.flatnonzero((alarm < _FALSE_ALARM) & (count >= SMALLEST_CLUSTER - 1))
    return order[: int(count[enough[-1]])] if len(enough) else order[:0]
