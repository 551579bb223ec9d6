"""Near-identical voters: many accounts that repeat one ballot, told from people who think alike.

Three steps, none of which compares everyone with everyone:

1. Hashing: people whose ballots have much in common fall into the same buckets again and again
   (min-wise hashing: Broder, "On the resemblance and containment of documents", 1997; here rare
   answers are the likelier to be drawn, as in consistent weighted sampling). Whoever shares full
   buckets is a hub to look at; every other hub is drawn by chance.
2. Everyone who answered at least ``OVERLAP`` statements of the hub's, nearly all of them alike,
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

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, pdtrc

from middleground.engine.arrays.shards import parallel_sum
from middleground.engine.findings.rates import VoteRowSource
from middleground.engine.integrity.answers import SLIPS, AnswerSource
from middleground.engine.model.parameters import Fit, expected_sigmoid, features
from middleground.engine.votes import FloatArray, IntArray

_HASHES = 8
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


def find_near_duplicates(answers: AnswerSource, fit: Fit, seed: int) -> list[DuplicateCluster]:
    """Clusters of near-identical voters among those with enough votes, who ``fit.participants``
    are.

    Deterministic, and independent of ids: rows are in canonical order.
    """
    count, votes = len(answers.counts), int(answers.counts.sum())
    if count < 2 * SMALLEST_CLUSTER or not votes:
        return []
    rng, tokens = np.random.default_rng([seed, 3]), answers.tokens()
    collisions, passing = _bucket_collisions(answers, tokens, rng), _PassModel.of(answers, tokens)
    sample = np.sort(rng.permutation(count)[: 2 * _OTHERS])
    open_rows = collisions > 0
    by_chance = iter(rng.permutation(np.flatnonzero(open_rows)))
    found = []
    for attempt in range(int(np.clip(_WORK // votes, 4, _HUBS))):
        if not open_rows.any():
            break
        hub = int(np.argmax(np.where(open_rows, collisions, -1)))
        if attempt % 2:
            # Copies that share few statements fill no bucket, but many are met by chance.
            hub = next((int(row) for row in by_chance if open_rows[row]), hub)
        asked = answers.answers_of(hub)
        open_rows[hub] = False
        neighbours = answers.neighbours(*asked)
        neighbours = neighbours[open_rows[neighbours]]
        others = np.setdiff1d(sample, np.append(neighbours, hub))[:_OTHERS]
        if len(neighbours) < SMALLEST_CLUSTER - 1 or not len(others):
            continue
        chances = _expected(fit, asked[0], others, passing)
        copies = neighbours[_significant(_evidence(answers, asked, chances, neighbours), count)]
        if SMALLEST_CLUSTER - 1 <= len(copies) < _CAMP * count:
            rows = np.append(copies, hub)
            found.append(DuplicateCluster(rows[np.lexsort((rows, -_disagreements(answers, rows)))]))
            open_rows[copies] = False
    return found


def shared_answers(copies: DuplicateCluster, votes: VoteRowSource, least: int) -> list[int]:
    """Statements that ``least`` of them or more answered, nine in ten alike."""
    given, width = votes.take(copies.rows).gathered(), len(votes.statements)
    column, value = given.column, given.value
    counts = np.array([np.bincount(column[value == v], minlength=width) for v in (1, 0, -1)])
    alike = (counts.sum(axis=0) >= least) & (counts.max(axis=0) >= _ALIKE * counts.sum(axis=0))
    shared: list[int] = votes.statements[alike].tolist()
    return shared


def _disagreements(answers: AnswerSource, rows: IntArray) -> IntArray:
    """In how many answers each of some people differs from what most of them say, (n,)."""
    common = 2.0 * answers.answer_counts(rows) > len(rows)
    agreed = answers.shared_answers_of(rows, common)
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
        participant = (answers.pass_counts() / overall + _LEAN) / (answers.counts + _LEAN)
        asked = tokens.reshape(-1, 3).sum(axis=1) + _LEAN
        return cls(participant, (tokens[1::3] + _LEAN * overall) / asked)

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
    hashes = [least[filled] for least in answers.min_hashes(ranks)]

    def sharing(k: int) -> IntArray:
        first, second, third = (hashes[(k + step) % _HASHES] for step in range(3))
        key = (first * size + second) * size + third
        _, bucket, count = np.unique(key, return_inverse=True, return_counts=True)
        others: IntArray = count[bucket] - 1
        return others

    collisions = np.zeros(len(filled), dtype=np.int64)
    collisions[filled] = parallel_sum(sharing, range(_HASHES))
    return collisions


Chances = tuple[FloatArray, FloatArray, FloatArray]


def _expected(fit: Fit, columns: IntArray, others: IntArray, passing: _PassModel) -> Chances:
    """The model's chances of each answer of ``others`` to some statements, (others, columns)."""
    f = features(fit.statements.mean[columns])
    participants, spread = fit.participants.mean[others], fit.participants.covariance[others]
    logit = fit.statements.mean[columns, 0] + participants @ f.T
    variance = np.einsum("ji,nik,jk->nj", f, spread, f, optimize=True)
    agree = np.clip(expected_sigmoid(logit, variance), 1.0 - _CLEAREST, _CLEAREST)
    passes = passing.at(others, columns)
    return (1.0 - passes) * (1.0 - agree), passes, (1.0 - passes) * agree


def _evidence(
    answers: AnswerSource, asked: tuple[IntArray, IntArray], chances: Chances, neighbours: IntArray
) -> FloatArray:
    """log e of each neighbour: its answers as copies of the hub's, against the model's."""
    columns, given = asked
    expected, copied = np.zeros((len(neighbours), len(chances[0]))), np.zeros(len(neighbours))
    for answer, chance in enumerate(chances):
        gave = answers.answered(neighbours, columns, answer)
        expected += gave @ np.log(chance).T
        same = gave[:, given == answer].sum(axis=1)
        copied += same * np.log1p(-SLIPS / 2.0)
        copied += (gave.sum(axis=1) - same) * np.log(SLIPS / 4.0)
    evidence: FloatArray = copied - (logsumexp(expected, axis=1) - np.log(len(chances[0])))
    return evidence


def _significant(evidence: FloatArray, participants: int) -> NDArray[np.int64]:
    """Positions of the most, with the strongest evidence, that chance would not bring together."""
    order = np.argsort(-evidence, kind="stable")
    count = np.arange(1, len(order) + 1)
    expected = _DOUBT * participants * np.exp(-np.maximum(evidence[order], 0.0))
    alarm = participants * pdtrc(count - 1, expected)
    enough = np.flatnonzero((alarm < _FALSE_ALARM) & (count >= SMALLEST_CLUSTER - 1))
    return order[: int(count[enough[-1]])] if len(enough) else order[:0]
