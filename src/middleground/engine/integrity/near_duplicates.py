"""Finds near-duplicates: many accounts that repeat one set of votes, unlike people who think alike.

There are three steps, none of which compares every participant with every other:

1. Hashing: participants whose answers have much in common fall into the same buckets again and
   again (min-wise hashing: Broder, "On the resemblance and containment of documents", 1997; as in
   consistent weighted sampling, rare answers are drawn more often). A participant in full buckets
   is examined as a hub; every second hub is drawn at random.
2. Neighbours of a hub are all who answered at least ``OVERLAP`` of its statements, nearly all of
   them alike.
3. Evidence: how much better "a copy of the hub" explains a neighbour's answers than the model's
   expectation of others does. It is an e-value: truly independent participants reach e with a
   probability of at most 1 / e (Vovk and Wang, "E-values", Annals of Statistics 49, 2021). So of n
   participants at most about n / e come near the hub by chance. If there are so many that this
   would happen to one of n hubs with a probability below ``_FALSE_ALARM``, they count as one.

A few participants who agree, and participants who agree on little, are never taken for copies:
step 3 needs more neighbours than chance explains, and chance explains many where most agree with
everything. A quarter of all participants or more are never merged, because they may be a camp of
one mind, and losing it would be worse than keeping copies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from middleground.engine.arrays.shards import parallel_sum
from middleground.engine.findings.rates import VoteRowSource
from middleground.engine.integrity.answers import SLIPS, AnswerSource
from middleground.engine.model.parameters import Fit, expected_sigmoid, features
from middleground.engine.votes import FloatArray, IntArray

_HASHES = 8
_OTHERS = 96  # participants by whom the model's expectation is computed
_FALSE_ALARM = 0.001
# The expected number by chance is doubled, because participants near a hub resemble it more.
_DOUBT = 2.0
_CLEAREST = 0.98  # no probability is closer to one
_LEAN = 4.0  # votes that the overall share of passes is worth
_WORK = 10_000_000  # votes to read in all, which limits the number of hubs
_HUBS = 16
_ALIKE = 0.9
# From this share of all participants on, those who vote the same are a camp, not copies.
_CAMP = 0.25
SMALLEST_CLUSTER = 3


@dataclass(frozen=True, slots=True)
class DuplicateCluster:
    """Participants who count once: ``rows`` (size,), of whom the first stands for all.

    The first is the one whose answers differ most from the others'. Forged votes repeat each other
    exactly, but the participant from whom they were copied did not give the answers for which the
    copies were made.
    """

    rows: IntArray

    @property
    def redundant(self) -> IntArray:
        return self.rows[1:]


def find_near_duplicates(answers: AnswerSource, fit: Fit, seed: int) -> list[DuplicateCluster]:
    """Find clusters of near-duplicates among the participants of ``fit``.

    The result depends on the votes and the seed, not on ids: rows are in canonical order.
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
            # Copies that share few statements fill no bucket, but a random hub finds many of them.
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
    """Return ids of statements that ``least`` or more copies answered, nine in ten alike."""
    given, width = votes.take(copies.rows).gathered(), len(votes.statements)
    column, value = given.column, given.value
    counts = np.array([np.bincount(column[value == v], minlength=width) for v in (1, 0, -1)])
    alike = (counts.sum(axis=0) >= least) & (counts.max(axis=0) >= _ALIKE * counts.sum(axis=0))
    shared: list[int] = votes.statements[alike].tolist()
    return shared


def _disagreements(answers: AnswerSource, rows: IntArray) -> IntArray:
    """Count for each of ``rows`` the answers that differ from what most of them say, (n,)."""
    common = 2.0 * answers.answer_counts(rows) > len(rows)
    agreed = answers.shared_answers_of(rows, common)
    differ = answers.counts[rows] + np.count_nonzero(common) - 2.0 * agreed
    counted: IntArray = np.rint(differ).astype(np.int64)
    return counted


@dataclass(frozen=True, slots=True)
class _PassModel:
    """Shares of passes, shrunk to the overall share where votes are few.

    participant (n,) : relative to the overall share. statement (m,) : absolute.
    """

    participant: FloatArray
    statement: FloatArray

    @classmethod
    def of(cls, answers: AnswerSource, tokens: IntArray) -> _PassModel:
        overall = max(float(tokens[1::3].sum() / tokens.sum()), 1e-3)
        participant = (answers.pass_counts() / overall + _LEAN) / (answers.counts + _LEAN)
        asked = tokens.reshape(-1, 3).sum(axis=1) + _LEAN
        return cls(participant, (tokens[1::3] + _LEAN * overall) / asked)

    def at(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Return the probability of a pass, (rows, columns): the product of both shares."""
        return np.clip(np.outer(self.participant[rows], self.statement[columns]), 1e-4, _CLEAREST)


def _bucket_collisions(
    answers: AnswerSource, tokens: IntArray, rng: np.random.Generator
) -> IntArray:
    """Count the others in each participant's buckets, summed over all buckets, (n,)."""
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
    """Return the model's probabilities that ``others`` disagree, pass and agree.

    Each of the three is (others, columns).
    """
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
    """Return log e of each neighbour: the likelihood of a copy of the hub, against the model's."""
    columns, given = asked
    expected, copied = np.zeros((len(neighbours), len(chances[0]))), np.zeros(len(neighbours))
    for answer, chance in enumerate(chances):
        gave = answers.answered(neighbours, columns, answer)
        expected += gave @ np.log(chance).T
        same = gave[:, given == answer].sum(axis=1)
        copied += same * np.log1p(-SLIPS / 2.0)
        copied += (gave.sum(axis=1) - same) * np.log(SLIPS / 4.0)
    evidence: FloatArray = copied - (
        scipy.special.logsumexp(expected, axis=1) - np.log(len(chances[0]))
    )
    return evidence


def _significant(evidence: FloatArray, participants: int) -> NDArray[np.int64]:
    """Return the positions of the neighbours that chance does not explain, strongest first.

    The largest number of neighbours is taken whose joint evidence has a false alarm rate below
    ``_FALSE_ALARM``.
    """
    order = np.argsort(-evidence, kind="stable")
    count = np.arange(1, len(order) + 1)
    expected = _DOUBT * participants * np.exp(-np.maximum(evidence[order], 0.0))
    alarm = participants * scipy.special.pdtrc(count - 1, expected)
    enough = np.flatnonzero((alarm < _FALSE_ALARM) & (count >= SMALLEST_CLUSTER - 1))
    return order[: int(count[enough[-1]])] if len(enough) else order[:0]
