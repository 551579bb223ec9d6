"""Posterior positions of very many participants, by three cheap Newton steps.

The steps approximate the fixed point of ``posterior_positions``. Before the first step everyone
has the prior, so that step needs only sums over statements and no computation per vote. The
posterior covariance changes little after the first step, so the other two steps reuse it. The
resulting means are off by a few hundredths of their standard deviation.
"""

from __future__ import annotations

import numpy as np

from middleground.engine.arrays.binary_votes import AnyFloats, BinaryVotes, Precision
from middleground.engine.arrays.packed import spd_inverse, spd_solve, with_diagonal
from middleground.engine.arrays.shards import Shard, parallel_map, split_into_shards
from middleground.engine.model.parameters import NormalPosteriors, Priors
from middleground.engine.model.participants import (
    StatementTable,
    covariance,
    damping,
    jaakkola_curvature,
    newton_step,
)
from middleground.engine.votes import FloatArray, IntArray

# Votes per product: few enough to stay in a core's cache.
_CHUNK = 1 << 12
# Gathering rows of eight numbers is faster than gathering rows of five.
_EIGHTS = 8


def bulk_posterior_positions(
    votes: BinaryVotes, statement_means: FloatArray, priors: Priors
) -> NormalPosteriors:
    """Approximate ``posterior_positions`` in a third of the time."""
    size, table = (
        statement_means.shape[1],
        StatementTable.of(statement_means, priors, votes.precision),
    )
    means, covariances = np.empty((votes.n_rows, size)), np.empty((votes.n_rows, size, size))
    first = _first_sums(table)

    def place(shard: Shard) -> None:
        means[shard.rows], covariances[shard.rows] = _bulk_shard_positions(shard, table, first)
        shard.drop_caches()

    parallel_map(place, split_into_shards(votes))
    return NormalPosteriors(means, covariances)


def _first_sums(table: StatementTable) -> AnyFloats:
    """What a vote on each statement adds to precision, Hessian and slope in the first step."""
    weight, curvature = jaakkola_curvature(table.logit, table.variance)
    return np.hstack(
        [
            weight[:, None] * table.products,
            curvature[:, None] * table.products,
            (weight * table.logit)[:, None] * table.f,
        ]
    )


def _bulk_shard_positions(
    shard: Shard, table: StatementTable, first: AnyFloats
) -> tuple[FloatArray, FloatArray]:
    column, counts = shard.votes.column, np.diff(shard.votes.indptr)
    row = np.repeat(np.arange(len(counts)), counts)
    settled = shard.row_sums(shard.kappa, table.f)
    sums = shard.row_sums(np.ones(len(column), dtype=shard.votes.precision), first)
    precision, hessian, pulled = np.split(sums, np.cumsum([table.products.shape[1]] * 2), axis=1)
    spread = spd_inverse(with_diagonal(precision, table.prior))
    variance = _row_dots_once(shard.votes, row, spread, table.doubled)
    move = spd_solve(with_diagonal(hessian, table.prior), settled - pulled)
    change = _row_dots_once(shard.votes, row, move, table.f)
    length = damping(shard.votes.row_max(np.abs(change)))
    mean = move * length[:, None]
    logit = table.logit[column] + change * length.astype(change.dtype)[row]
    _, move = newton_step(shard, table, logit, variance, mean, settled)
    change = _row_dots_once(shard.votes, row, move, table.f)
    length = damping(shard.votes.row_max(np.abs(change)))
    mean += move * length[:, None]
    logit += change * length.astype(logit.dtype)[row]
    weight, move = newton_step(shard, table, logit, variance, mean, settled)
    # An upper bound on the change of a logit.
    reach = np.sqrt(np.square(move).sum(axis=1)) * table.longest
    return mean + move * damping(reach)[:, None], covariance(shard, table, weight)


def _row_dots_once(
    votes: BinaryVotes, row: IntArray, left: FloatArray, right: AnyFloats
) -> AnyFloats:
    """Like ``Shard.row_dots``, which is faster only when repeated with the same votes."""
    column, precision = votes.column, votes.precision
    lefts, rights = _padded_to_eights(left, precision), _padded_to_eights(right, precision)
    found = np.empty(len(row), dtype=precision)
    for start in range(0, len(row), _CHUNK):
        part = slice(start, start + _CHUNK)
        one, other = lefts.take(row[part], axis=0), rights.take(column[part], axis=0)
        np.einsum("vi,vi->v", one, other, out=found[part])
    return found


def _padded_to_eights(table: AnyFloats, precision: Precision) -> AnyFloats:
    out = np.zeros((len(table), -(-table.shape[1] // _EIGHTS) * _EIGHTS), dtype=precision)
    out[:, : table.shape[1]] = table
    return out
