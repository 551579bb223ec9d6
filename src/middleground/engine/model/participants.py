"""The participant step: posterior positions, given the statements' parameters.

With weights omega of the Jaakkola-Jordan bound, the posterior of z_i = (b_i, x_i) is normal:
precision D^-1 + sum_j omega f f', mean = covariance times sum_j (kappa - omega a_j) f.
Jaakkola and Jordan, "Bayesian parameter estimation via variational methods", Statistics and
Computing 10 (2000); the same weights are the means of Polya-Gamma variables (Polson, Scott and
Windle, JASA 108, 2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from middleground.engine.arrays.binary_votes import AnyFloats, BinaryVotes, Precision
from middleground.engine.arrays.packed import (
    doubled_upper_triangle,
    from_upper_triangle,
    outer_square,
    outer_upper_triangle,
    spd_inverse,
    spd_solve,
    upper_triangle,
    with_diagonal,
)
from middleground.engine.arrays.shards import Shard, parallel_map, split_into_shards
from middleground.engine.model.parameters import NormalPosteriors, Priors, features
from middleground.engine.votes import FloatArray

NEWTON_STEPS = 6
# A participant whose logits a step changes by less than this has converged: the next step would
# change them by about an eighth as much.
_CONVERGED = 5e-4
# Up to this change of a logit a full Newton step needs no damping; see ``damping``.
_LARGEST_UNDAMPED = 2.5
# Converged participants are removed from further steps once they are more than a third.
_COMPACT_BELOW = 0.67


def jaakkola_weight(c: AnyFloats) -> AnyFloats:
    """omega = tanh(c / 2) / (2 c), which is 1/4 at zero."""
    safe = np.maximum(c, 1e-3)
    weight: AnyFloats = np.tanh(safe * 0.5)
    weight /= safe
    weight *= 0.5
    return weight


def extended_moments(participants: NormalPosteriors) -> FloatArray:
    """E[z~ z~'] for z~ = (1, b, x), upper triangles, (n, (d + 1) (d + 2) / 2)."""
    ones = np.ones((len(participants.mean), 1))
    return np.hstack(
        [
            ones,
            participants.mean,
            upper_triangle(participants.covariance) + outer_upper_triangle(participants.mean),
        ]
    )


def variational_xi(shard: Shard, moments: FloatArray, statement_means: FloatArray) -> AnyFloats:
    """c = sqrt(E eta^2) of every vote, given the statements' means; shape (n_votes,).

    moments : ``extended_moments`` of the shard's participants.
    """
    # With f~ = (a, 1, w): E eta^2 = trace(E[z~ z~'] f~ f~').
    extended = np.column_stack([statement_means[:, 0], features(statement_means)])
    squares = shard.row_dots(moments, doubled_upper_triangle(outer_square(extended)))
    np.maximum(squares, 0.0, out=squares)
    return np.sqrt(squares, out=squares)


def participant_step(
    shard: Shard,
    weight: AnyFloats,
    statement_means: FloatArray,
    priors: Priors,
    answers: FloatArray | None = None,
) -> NormalPosteriors:
    """Posteriors of z for the participants of a shard, given the bound's weights (n_votes,).

    answers (n, d) : each participant's sum of kappa f, if it is already computed.
    """
    f = features(statement_means)
    size = f.shape[1]
    table = np.hstack([outer_upper_triangle(f), statement_means[:, :1] * f])
    sums = shard.row_sums(weight, table)
    precision = with_diagonal(sums[:, :-size], priors.participant_precision())
    covariance = from_upper_triangle(spd_inverse(precision), size)
    if answers is None:
        answers = shard.row_sums(shard.kappa, f)
    pull = answers - sums[:, -size:]
    return NormalPosteriors(np.einsum("nij,nj->ni", covariance, pull), covariance)


def posterior_positions(
    votes: BinaryVotes, statement_means: FloatArray, priors: Priors, steps: int = NEWTON_STEPS
) -> NormalPosteriors:
    """Project participants: compute their posteriors given the statements, from the prior.

    Finds the fixed point of ``participant_step``. Repeating that step converges slowly for
    participants with extreme opinions, so the mean takes Newton steps on the same bound instead.
    """
    size = statement_means.shape[1]
    means, covariances = np.empty((votes.n_rows, size)), np.empty((votes.n_rows, size, size))

    def place(shard: Shard) -> None:
        found = shard_positions(shard, statement_means, priors, steps)
        means[shard.rows], covariances[shard.rows] = found.mean, found.covariance
        shard.drop_caches()

    parallel_map(place, split_into_shards(votes))
    return NormalPosteriors(means, covariances)


def shard_positions(
    shard: Shard,
    statement_means: FloatArray,
    priors: Priors,
    steps: int = NEWTON_STEPS,
) -> NormalPosteriors:
    """``posterior_positions`` for one shard; participants who converged take no more steps."""
    table = StatementTable.of(statement_means, priors, shard.votes.precision)
    participants = prior_participants(shard.votes.n_rows, priors)
    logit = table.logit[shard.votes.column]
    left, here = np.arange(shard.votes.n_rows), shard
    mean, settled = participants.mean, shard.row_sums(shard.kappa, table.f)
    for step in range(steps):
        if step:
            variance = here.row_dots(upper_triangle(participants.covariance[left]), table.doubled)
        else:
            # In the prior all participants have the same spread: it depends on the statement only.
            variance = table.variance[here.votes.column]
        weight, move = newton_step(here, table, logit, variance, mean[left], settled[left])
        participants.covariance[left] = covariance(here, table, weight)
        reach = np.sqrt(np.square(move).sum(axis=1)) * table.longest
        moving = reach > _CONVERGED
        if not moving.any() or (step + 1 == steps and reach.max() <= _LARGEST_UNDAMPED):
            mean[left] += move
            break
        change = here.row_dots(move, table.f)
        length = damping(here.votes.row_max(np.abs(change)))
        mean[left] += move * length[:, None]
        logit += change * np.repeat(length.astype(logit.dtype), np.diff(here.votes.indptr))
        if np.count_nonzero(moving) < _COMPACT_BELOW * len(left):
            logit = logit[np.repeat(moving, np.diff(here.votes.indptr))]
            here = Shard(here.votes.take_rows(np.flatnonzero(moving)), 0)
            left = left[moving]
    return participants


def newton_step(
    shard: Shard,
    table: StatementTable,
    logit: AnyFloats,
    variance: AnyFloats,
    mean: FloatArray,
    settled: FloatArray,
) -> tuple[AnyFloats, FloatArray]:
    """The bound's weights at the given logits (n_votes,), and the undamped step (n, d).

    settled (n, d) : each participant's sum of kappa f.
    """
    weight, curvature = jaakkola_curvature(logit, variance)
    slope = settled - shard.row_sums(weight * logit, table.f) - table.prior * mean
    hessian = with_diagonal(shard.row_sums(curvature, table.products), table.prior)
    return weight, spd_solve(hessian, slope)


def covariance(shard: Shard, table: StatementTable, weight: AnyFloats) -> FloatArray:
    """Posterior covariances of participants, (n, d, d), given the bound's weights."""
    precision = with_diagonal(shard.row_sums(weight, table.products), table.prior)
    return from_upper_triangle(spd_inverse(precision), len(table.prior))


@dataclass(frozen=True, slots=True)
class StatementTable:
    """Tables of the statements that every step uses, in the precision of sums over votes."""

    logit: AnyFloats
    variance: AnyFloats
    f: AnyFloats
    products: AnyFloats
    doubled: FloatArray
    prior: FloatArray
    longest: float

    @classmethod
    def of(cls, means: FloatArray, priors: Priors, precision: Precision) -> StatementTable:
        f, prior = features(means), priors.participant_precision()
        return cls(
            means[:, 0].astype(precision),
            (np.square(f) @ (1.0 / prior)).astype(precision),
            f.astype(precision),
            outer_upper_triangle(f).astype(precision),
            doubled_upper_triangle(outer_square(f)),
            prior,
            float(np.sqrt(np.square(f).sum(axis=1).max(initial=0.0))),
        )


def damping(change: FloatArray) -> FloatArray:
    """The share of a Newton step to take, given the largest change d of a logit that it causes.

    min(1, 2 log(1 + d) / d). Without the factor 2 it could never overshoot (generalized
    self-concordant losses: Sun and Tran-Dinh, Mathematical Programming 178, 2019), but would need
    twice as many steps. With the factor, small steps are full and only large ones are damped.
    """
    length: FloatArray = 2.0 * np.log1p(change) / np.maximum(change, 1e-12)
    return np.where(change > 1e-9, np.minimum(length, 1.0), 1.0)


def jaakkola_curvature(logit: AnyFloats, variance: AnyFloats) -> tuple[AnyFloats, AnyFloats]:
    """omega, and minus the second derivative of -log 2 cosh(c / 2) in the mean logit.

    With c^2 = logit^2 + variance the latter is omega + (sech(c / 2)^2 / 4 - omega) logit^2 / c^2,
    which lies between p (1 - p) and omega.
    """
    squared = np.square(logit)
    whole = np.maximum(squared + variance, 1e-6)
    half = np.sqrt(whole)
    half *= 0.5
    tanh = np.tanh(half)
    half *= 4.0
    weight: Any = tanh / half
    # Computed in place, which is twice as fast.
    curvature: Any = np.square(tanh, out=tanh)
    np.subtract(1.0, curvature, out=curvature)
    curvature *= 0.25
    curvature -= weight
    curvature *= squared
    curvature /= whole
    curvature += weight
    np.maximum(curvature, 1e-6, out=curvature)
    return weight, curvature


def prior_participants(count: int, priors: Priors) -> NormalPosteriors:
    """Posteriors of participants without votes, which are the prior."""
    spread = np.diag(1.0 / priors.participant_precision())
    return NormalPosteriors(
        np.zeros((count, len(spread))), np.broadcast_to(spread, (count, *spread.shape)).copy()
    )
