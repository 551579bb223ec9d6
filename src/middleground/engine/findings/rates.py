"""Shares of people who agree, counting passes: Beta posteriors shrunk to the model.

A second head of the model, P(agree | agree, disagree or pass) = sigma(a'_j + b_i + x_i . w'_j),
is fitted on all votes with people fixed. Averaged over a group and drawn towards the group's mean
over statements it gives p_hat, and the group's rate has the posterior
Beta(A + m p_hat, n - A + m (1 - p_hat)): A of n effective votes agree, m is the model's weight.
People count by their probability r of membership: A / n is the share weighted by r, and n is the
sum of r squared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import betaincinv

from middleground.engine.arrays.binary_votes import (
    DOUBLE,
    BinaryVotes,
    ColumnArray,
    doubled_upper_triangle,
    gather_rows,
    outer_square,
    outer_upper_triangle,
    upper_triangle,
)
from middleground.engine.arrays.csr import row_chunks
from middleground.engine.arrays.shards import Shard, parallel_sum, split_into_shards
from middleground.engine.distributed.partition import Partition, rows_of
from middleground.engine.distributed.table import PartitionedTable
from middleground.engine.model.e_step import StatementStatistics, statement_statistics
from middleground.engine.model.fit import statement_posteriors
from middleground.engine.model.parameters import Fit, NormalPosteriors, expected_sigmoid, features
from middleground.engine.model.participants import extended_moments, jaakkola_weight, variational_xi
from middleground.engine.votes import FloatArray, IntArray, ValueArray

_ANSWER_MODEL_STEPS = 6
# How far the model's differences between statements are believed, beyond what its own uncertainty
# says: the head has seen the very votes it is to foretell, and no model is right.
_TRUST_IN_DIFFERENCES = 0.6
# The head takes people's positions as known, so its variance is too small; it counts double.
_VARIANCE_INFLATION = 2.0
# Of the spread between statements at least this share is taken to be real.
_LEAST_REAL = 0.1
# People whose moments are taken at once.
_PARTICIPANTS_AT_ONCE = 1 << 13


@dataclass(frozen=True, slots=True)
class VoteRows:
    """Votes of some people, passes included, in compressed sparse rows.

    statements (m,) : ids of the columns.
    indptr (n + 1,), column (n_votes,), value (n_votes,).
    """

    statements: IntArray
    indptr: IntArray
    column: ColumnArray
    value: ValueArray

    @property
    def row(self) -> IntArray:
        """The person of each vote, (n_votes,)."""
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))

    def take(self, rows: IntArray) -> VoteRows:
        """The ballots of some people only."""
        if np.array_equal(rows, np.arange(len(self.indptr) - 1)):
            return self
        indptr, pick = gather_rows(self.indptr, rows)
        return VoteRows(self.statements, indptr, self.column[pick], self.value[pick])

    def sums(self, weights: FloatArray) -> FloatArray:
        """Summed weights (n, g) of who disagrees, passes and agrees with each statement: (3, g, m).

        All answers and weights in one pass, for it is the reading of the votes that takes long.
        """
        width, groups = len(self.statements), weights.shape[1]

        def summed(piece: tuple[slice, slice]) -> FloatArray:
            rows, part = piece
            indptr = self.indptr[rows.start : rows.stop + 1] - part.start
            token = 3 * self.column[part] + (self.value[part] + np.int8(1))
            shape = (rows.stop - rows.start, 3 * width)
            votes = csr_array((np.ones(len(token)), token, indptr), shape=shape)
            sums: FloatArray = votes.T @ weights[rows]
            return sums

        if len(self.indptr) < 2:
            return np.zeros((3, groups, width))
        by_answer = parallel_sum(summed, row_chunks(self.indptr)).reshape(width, 3, groups)
        return np.ascontiguousarray(by_answer.transpose(1, 2, 0))


@dataclass(frozen=True, slots=True)
class VoteRowSource:
    """Votes of some participants, passes included: ``rows`` of a table, left where they are."""

    table: PartitionedTable
    rows: IntArray

    @classmethod
    def of_all(cls, table: PartitionedTable) -> VoteRowSource:
        return cls(table, np.arange(len(table.participants)))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def statements(self) -> IntArray:
        return self.table.statements

    @property
    def counts(self) -> IntArray:
        """Votes of each participant, (n,)."""
        return self.table.counts[self.rows]

    def take(self, rows: IntArray) -> VoteRowSource:
        return VoteRowSource(self.table, self.rows[rows])

    def gathered(self) -> VoteRows:
        """The votes, brought into this process: for few participants only."""
        order = np.argsort(self.rows)
        votes = VoteRows(self.statements, *self.table.gather(self.rows[order]))
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return votes.take(back)

    def sums(self, weights: FloatArray) -> FloatArray:
        """See ``VoteRows.sums``."""
        chosen = self.table.by_partition(self.rows)
        if not chosen.parts:
            return np.zeros((3, weights.shape[1], len(self.statements)))
        own = [weights[at] for at in chosen.at]
        found: FloatArray = self.table.executor.map_reduce(_sums, chosen.parts, chosen.local, own)
        return found


def _sums(part: Partition, rows: IntArray, weights: FloatArray) -> FloatArray:
    return VoteRows(np.arange(part.width), *rows_of(part, rows)).sums(weights)


@dataclass(frozen=True, slots=True)
class AnswerModel:
    """The model refitted to one question about all votes: posteriors of (a', w'), (m, 1 + K).

    ``voted`` (m,) : whether anybody's vote shaped the statement's.
    """

    posterior: NormalPosteriors
    voted: NDArray[np.bool_]


AnswerModels = tuple[AnswerModel, AnswerModel]


@dataclass(frozen=True, slots=True)
class BetaPosterior:
    """Beta(alpha, beta) posteriors of one answer's rate, both (g, m): groups x statements."""

    alpha: FloatArray
    beta: FloatArray

    @property
    def mean(self) -> FloatArray:
        mean: FloatArray = self.alpha / (self.alpha + self.beta)
        return mean

    @property
    def variance(self) -> FloatArray:
        total = self.alpha + self.beta
        variance: FloatArray = self.alpha * self.beta / (total**2 * (total + 1.0))
        return variance

    def quantile(self, q: float) -> FloatArray:
        quantile: FloatArray = betaincinv(self.alpha, self.beta, q)
        return quantile


@dataclass(frozen=True, slots=True)
class WeightedCounts:
    """The votes summed by group and statement, (g, m) each, with weight w and membership r.

    total : sum of w r over who voted. squares, spread : sums of w r^2 and of w^2 r^2.
    agree, disagree : sums of w r over who gave that answer.
    """

    total: FloatArray
    squares: FloatArray
    spread: FloatArray
    agree: FloatArray
    disagree: FloatArray

    @property
    def effective(self) -> FloatArray:
        """How many votes they are worth, (g, m).

        Someone who is in the group with probability r tells of its rate as r squared votes do.
        (sum r)^2 / sum r^2 would count the unsure in full: measured, its intervals are too
        narrow. Unequal weights cost what they do in Kish's rule, "Survey sampling" (1965),
        (sum w)^2 / sum w^2; equal ones cost nothing.
        """
        kish = np.square(self.squares) / np.maximum(self.spread, 1e-12)
        return np.where(self.spread == self.squares, self.squares, kish)

    def without(self, gone: WeightedCounts) -> WeightedCounts:
        """As if some of the people had not come."""
        return WeightedCounts(
            *(
                np.maximum(getattr(self, name) - getattr(gone, name), 0.0)
                for name in ("total", "squares", "spread", "agree", "disagree")
            )
        )

    def with_fakes(self, fakes: FloatArray, *, agree: bool) -> WeightedCounts:
        """With ``fakes`` (g, m) more people in each group for certain, who answer alike."""
        return WeightedCounts(
            self.total + fakes,
            self.squares + fakes,
            self.spread + fakes,
            self.agree + fakes * agree,
            self.disagree + fakes * (not agree),
        )

    def at(self, columns: IntArray) -> WeightedCounts:
        """Some statements only."""
        return WeightedCounts(
            self.total[:, columns],
            self.squares[:, columns],
            self.spread[:, columns],
            self.agree[:, columns],
            self.disagree[:, columns],
        )


def weighted_counts(
    votes: VoteRows | VoteRowSource, chances: FloatArray, weight: FloatArray | None = None
) -> WeightedCounts:
    """Sum the votes of people who belong to groups with ``chances`` (n, g).

    weight (n,) : of each person; None for one each.
    """
    weighted = chances if weight is None else chances * weight[:, None]
    parts = [weighted, chances * weighted]
    if weight is not None:
        parts.append(np.square(weighted))
    answers = votes.sums(np.hstack(parts))
    disagree, _, agree = answers[:, : chances.shape[1]]
    total, squares, *spread = np.split(answers.sum(axis=0), len(parts))
    return WeightedCounts(total, squares, spread[0] if spread else squares, agree, disagree)


def tally(votes: VoteRows | VoteRowSource, member: FloatArray) -> IntArray:
    """Plain counts of agree, disagree and pass by group and statement, (3, g, m).

    member (n, g) : 1 where a person is counted in a group, else 0.
    """
    return np.rint(votes.sums(member)[[2, 0, 1]]).astype(np.int64)


def posteriors(
    counts: WeightedCounts, models: tuple[FloatArray, FloatArray], shrinkage: float
) -> tuple[BetaPosterior, BetaPosterior]:
    """Rates of agreeing and of disagreeing, given the model's expected rates (g, m) of the two."""
    cells = []
    effective, total = counts.effective, np.maximum(counts.total, 1e-12)
    for answers, expected in zip((counts.agree, counts.disagree), models, strict=True):
        share = np.clip(answers / total, 0.0, 1.0)
        prior = np.clip(expected, 0.01, 0.99)
        cells.append(
            BetaPosterior(
                effective * share + shrinkage * prior,
                effective * (1.0 - share) + shrinkage * (1.0 - prior),
            )
        )
    return cells[0], cells[1]


def answer_models(ballots: VoteRows, fit: Fit) -> AnswerModels:
    """Posteriors of (a', w') for agreeing and for not disagreeing."""
    return _answer_model(ballots, ballots.value > 0, fit), _answer_model(
        ballots, ballots.value >= 0, fit
    )


def expected_rates(
    models: AnswerModels, participants: NormalPosteriors, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The model's rates of agreeing and of disagreeing in groups of people, (g, m) each."""
    centres, spreads = _group_moments(participants, weights)
    agree, not_disagree = (_group_averages(model, centres, spreads) for model in models)
    return agree, 1.0 - not_disagree


def _answer_model(ballots: VoteRows, answer: NDArray[np.bool_], fit: Fit) -> AnswerModel:
    """The model refitted to another question about the same people, who stay where they are."""
    width = len(ballots.statements)
    votes = BinaryVotes(ballots.indptr, ballots.column, answer, width, DOUBLE)
    model, shards = fit.statements, split_into_shards(votes)

    def pulls(shard: Shard) -> StatementStatistics:
        participants = NormalPosteriors(
            fit.participants.mean[shard.rows], fit.participants.covariance[shard.rows]
        )
        scale = variational_xi(shard, extended_moments(participants), model.mean)
        return statement_statistics(shard, jaakkola_weight(scale), participants)

    for _ in range(_ANSWER_MODEL_STEPS if len(answer) else 0):
        model = statement_posteriors(parallel_sum(pulls, shards), fit.priors)
    voted = np.bincount(ballots.column, minlength=len(ballots.statements)) > 0
    return AnswerModel(model, voted)


def _group_moments(
    participants: NormalPosteriors, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Where groups lie (g, d), and their covariances in upper triangles (g, d (d + 1) / 2)."""
    size = participants.mean.shape[1]

    def moments_of(start: int) -> FloatArray:
        part = slice(start, start + _PARTICIPANTS_AT_ONCE)
        mean = participants.mean[part]
        seconds = upper_triangle(participants.covariance[part]) + outer_upper_triangle(mean)
        moments: FloatArray = weights[part].T @ np.hstack([mean, seconds])
        return moments

    total = np.maximum(weights.sum(axis=0), 1e-12)
    moments = (
        parallel_sum(moments_of, range(0, max(len(weights), 1), _PARTICIPANTS_AT_ONCE))
        / total[:, None]
    )
    centres = moments[:, :size]
    return centres, moments[:, size:] - outer_upper_triangle(centres)


def _group_averages(model: AnswerModel, centres: FloatArray, spreads: FloatArray) -> FloatArray:
    """The head averaged over each group, as if its people were normally distributed: (g, m)."""
    f = features(model.posterior.mean)
    variance = np.maximum(spreads @ doubled_upper_triangle(outer_square(f)).T, 0.0)
    g = centres.copy()
    g[:, 0] = 1.0
    doubt = outer_upper_triangle(g) @ doubled_upper_triangle(model.posterior.covariance).T
    logit = model.posterior.mean[:, 0] + centres @ f.T
    return expected_sigmoid(_shrunk_logits(logit, doubt, model.voted), variance + doubt)


def _shrunk_logits(logit: FloatArray, doubt: FloatArray, voted: NDArray[np.bool_]) -> FloatArray:
    """Each group's logits (g, m) drawn towards their mean over the statements voted on.

    The best of many estimates are partly luck, so what is at the top would be promised too much.
    The reliability of a difference is its real variance over real variance and ``doubt`` (the
    empirical Bayes rule: Efron and Morris, JASA 70, 1975).
    """
    if not voted.any():
        return logit
    centre = logit[:, voted].mean(axis=1, keepdims=True)
    spread = logit[:, voted].var(axis=1, keepdims=True)
    real = np.maximum(spread - doubt[:, voted].mean(axis=1, keepdims=True), _LEAST_REAL * spread)
    reliability = _TRUST_IN_DIFFERENCES * real / (real + _VARIANCE_INFLATION * doubt)
    drawn: FloatArray = centre + reliability * (logit - centre)
    return drawn
