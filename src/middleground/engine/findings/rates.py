"""Rates of agreement by group, passes included, as Beta posteriors that are shrunk to the model.

The answer model P(agree | agree, disagree or pass) = sigma(a'_j + b_i + x_i . w'_j) is fitted to
all votes, while the participants' posteriors stay fixed. It is averaged over a group and shrunk
towards the group's mean over statements, which gives p_hat. The group's rate then has the
posterior Beta(A + m p_hat, n - A + m (1 - p_hat)): A of n effective votes agree, and m is the
weight of the model (the option ``shrinkage``). A participant counts by the probability r of
belonging to the group: A / n is the share weighted by r, and n is the sum of r squared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from middleground.engine.arrays.binary_votes import DOUBLE, BinaryVotes, ColumnArray, gather_rows
from middleground.engine.arrays.csr import row_chunks
from middleground.engine.arrays.packed import (
    doubled_upper_triangle,
    outer_square,
    outer_upper_triangle,
    upper_triangle,
)
from middleground.engine.arrays.shards import Shard, parallel_sum, split_into_shards
from middleground.engine.distributed.partition import Partition, rows_of
from middleground.engine.distributed.table import PartitionedTable
from middleground.engine.model.e_step import StatementStatistics, statement_statistics
from middleground.engine.model.fit import statement_posteriors
from middleground.engine.model.parameters import Fit, NormalPosteriors, expected_sigmoid, features
from middleground.engine.model.participants import extended_moments, jaakkola_weight, variational_xi
from middleground.engine.votes import FloatArray, IntArray, ValueArray

_ANSWER_MODEL_STEPS = 6
# Part of the model's differences between statements that is kept. Its own uncertainty does not
# cover that it was fitted to the very votes that it predicts, nor that no model is right.
_TRUST_IN_DIFFERENCES = 0.6
# The answer model takes the participants' positions as known, so its variance is too small.
_VARIANCE_INFLATION = 2.0
# Least part of the variance between statements that is taken as real.
_LEAST_REAL = 0.1
# Participants whose moments are summed in one step, which bounds the memory.
_PARTICIPANTS_AT_ONCE = 1 << 13


@dataclass(frozen=True, slots=True)
class VoteRows:
    """Votes of some participants, passes included, in compressed sparse rows.

    statements (m,) : ids of the columns.
    indptr (n + 1,), column (n_votes,), value (n_votes,).
    """

    statements: IntArray
    indptr: IntArray
    column: ColumnArray
    value: ValueArray

    @property
    def row(self) -> IntArray:
        """The row of each vote's participant, (n_votes,)."""
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))

    def take(self, rows: IntArray) -> VoteRows:
        """Return the votes of the participants in ``rows`` only."""
        if np.array_equal(rows, np.arange(len(self.indptr) - 1)):
            return self
        indptr, pick = gather_rows(self.indptr, rows)
        return VoteRows(self.statements, indptr, self.column[pick], self.value[pick])

    def sums(self, weights: FloatArray) -> FloatArray:
        """Sum ``weights`` (n, g) over the participants who gave each answer: (3, g, m).

        The answers are disagree, pass and agree. One pass over the votes sums all answers and all
        columns of weights, because reading the votes takes most of the time.
        """
        width, groups = len(self.statements), weights.shape[1]

        def summed(piece: tuple[slice, slice]) -> FloatArray:
            rows, part = piece
            indptr = self.indptr[rows.start : rows.stop + 1] - part.start
            token = 3 * self.column[part] + (self.value[part] + np.int8(1))
            shape = (rows.stop - rows.start, 3 * width)
            votes = scipy.sparse.csr_array((np.ones(len(token)), token, indptr), shape=shape)
            sums: FloatArray = votes.T @ weights[rows]
            return sums

        if len(self.indptr) < 2:
            return np.zeros((3, groups, width))
        by_answer = parallel_sum(summed, row_chunks(self.indptr)).reshape(width, 3, groups)
        return np.ascontiguousarray(by_answer.transpose(1, 2, 0))


@dataclass(frozen=True, slots=True)
class VoteRowSource:
    """Votes of the participants in ``rows`` of a table, which stay in its partitions."""

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
        """Number of votes of each participant, (n,)."""
        return self.table.counts[self.rows]

    def take(self, rows: IntArray) -> VoteRowSource:
        return VoteRowSource(self.table, self.rows[rows])

    def gathered(self) -> VoteRows:
        """Copy the votes into this process; only for few participants, since it takes memory."""
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
    """The model, refitted to one yes-or-no question about all votes.

    posterior : of (a', w') for each statement, (m, 1 + K). voted (m,) : whether the statement has
    any vote; where it has none, its posterior is the prior.
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
        quantile: FloatArray = scipy.special.betaincinv(self.alpha, self.beta, q)
        return quantile


@dataclass(frozen=True, slots=True)
class WeightedCounts:
    """Votes summed by group and statement, each (g, m).

    With w the weight of a participant and r the probability of belonging to the group:
    total : sum of w r over those who voted. squares, spread : sums of w r^2 and of w^2 r^2.
    agree, disagree : sums of w r over those who gave that answer.
    """

    total: FloatArray
    squares: FloatArray
    spread: FloatArray
    agree: FloatArray
    disagree: FloatArray

    @property
    def effective(self) -> FloatArray:
        """Effective number of votes, (g, m).

        A participant who is in the group with probability r counts as r squared votes. The usual
        (sum r)^2 / sum r^2 would count uncertain members in full; its intervals were measured to
        be too narrow. Unequal weights reduce the number by Kish's rule (sum w)^2 / sum w^2
        ("Survey sampling", 1965); equal weights do not.
        """
        kish = np.square(self.squares) / np.maximum(self.spread, 1e-12)
        return np.where(self.spread == self.squares, self.squares, kish)

    def without(self, gone: WeightedCounts) -> WeightedCounts:
        """Subtract the counts of the participants in ``gone``; no result is negative."""
        return WeightedCounts(
            *(
                np.maximum(getattr(self, name) - getattr(gone, name), 0.0)
                for name in ("total", "squares", "spread", "agree", "disagree")
            )
        )

    def with_fakes(self, fakes: FloatArray, *, agree: bool) -> WeightedCounts:
        """Add ``fakes`` (g, m) certain members to each group, who all agree or all disagree."""
        return WeightedCounts(
            self.total + fakes,
            self.squares + fakes,
            self.spread + fakes,
            self.agree + fakes * agree,
            self.disagree + fakes * (not agree),
        )

    def at(self, columns: IntArray) -> WeightedCounts:
        """Return the counts of the statements in ``columns`` only."""
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
    """Sum the votes of participants, weighted by their probabilities of membership.

    chances (n, g) : probability of belonging to each group. weight (n,) : of each participant;
    None stands for equal weights of one.
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
    """Count agree, disagree and pass by group and statement, unweighted: (3, g, m).

    member (n, g) : 1 where a participant is counted in a group, else 0.
    """
    return np.rint(votes.sums(member)[[2, 0, 1]]).astype(np.int64)


def posteriors(
    counts: WeightedCounts, models: tuple[FloatArray, FloatArray], shrinkage: float
) -> tuple[BetaPosterior, BetaPosterior]:
    """Return the posteriors of the rates of agreeing and of disagreeing.

    models : the model's expected rates of the two, (g, m) each. shrinkage : how many votes the
    expected rates are worth.
    """
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


def answer_models(votes: VoteRows, fit: Fit) -> AnswerModels:
    """Fit two answer models to the votes: of agreeing, and of not disagreeing."""
    return _answer_model(votes, votes.value > 0, fit), _answer_model(votes, votes.value >= 0, fit)


def expected_rates(
    models: AnswerModels, participants: NormalPosteriors, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the model's expected rates of agreeing and of disagreeing by group, (g, m) each.

    weights (n, g) : of each participant in each group.
    """
    centres, spreads = _group_moments(participants, weights)
    agree, not_disagree = (_group_averages(model, centres, spreads) for model in models)
    return agree, 1.0 - not_disagree


def _answer_model(votes: VoteRows, answer: NDArray[np.bool_], fit: Fit) -> AnswerModel:
    """Refit the statements to ``answer`` (n_votes,), with the participants' posteriors fixed."""
    width = len(votes.statements)
    binary = BinaryVotes(votes.indptr, votes.column, answer, width, DOUBLE)
    model, shards = fit.statements, split_into_shards(binary)

    def statistics(shard: Shard) -> StatementStatistics:
        participants = NormalPosteriors(
            fit.participants.mean[shard.rows], fit.participants.covariance[shard.rows]
        )
        scale = variational_xi(shard, extended_moments(participants), model.mean)
        return statement_statistics(shard, jaakkola_weight(scale), participants)

    for _ in range(_ANSWER_MODEL_STEPS if len(answer) else 0):
        model = statement_posteriors(parallel_sum(statistics, shards), fit.priors)
    voted = np.bincount(votes.column, minlength=len(votes.statements)) > 0
    return AnswerModel(model, voted)


def _group_moments(
    participants: NormalPosteriors, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the groups' means (g, d) and covariances, as upper triangles (g, d (d + 1) / 2)."""
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
    """Average the answer model over each group, as if its members were normal: (g, m)."""
    f = features(model.posterior.mean)
    variance = np.maximum(spreads @ doubled_upper_triangle(outer_square(f)).T, 0.0)
    g = centres.copy()
    g[:, 0] = 1.0
    doubt = outer_upper_triangle(g) @ doubled_upper_triangle(model.posterior.covariance).T
    logit = model.posterior.mean[:, 0] + centres @ f.T
    return expected_sigmoid(_shrunk_logits(logit, doubt, model.voted), variance + doubt)


def _shrunk_logits(logit: FloatArray, doubt: FloatArray, voted: NDArray[np.bool_]) -> FloatArray:
    """Shrink each group's logits (g, m) towards their mean over the statements voted on.

    The highest of many estimates are partly high by luck, so that unshrunk rates at the top of a
    ranking would be too high. The reliability of a difference is the real variance between
    statements, divided by the sum of the real variance and of ``doubt``, the variance of the
    estimate (the empirical Bayes rule of Efron and Morris, JASA 70, 1975).
    """
    if not voted.any():
        return logit
    centre = logit[:, voted].mean(axis=1, keepdims=True)
    spread = logit[:, voted].var(axis=1, keepdims=True)
    real = np.maximum(spread - doubt[:, voted].mean(axis=1, keepdims=True), _LEAST_REAL * spread)
    reliability = _TRUST_IN_DIFFERENCES * real / (real + _VARIANCE_INFLATION * doubt)
    drawn: FloatArray = centre + reliability * (logit - centre)
    return drawn
