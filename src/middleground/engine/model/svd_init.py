"""Initial values for the fit: a sparse randomized SVD of the observed residuals.

Halko, Martinsson and Tropp, "Finding structure with randomness", SIAM Review 53 (2011).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from middleground.engine.arrays.binary_votes import BinaryVotes
from middleground.engine.arrays.shards import Shard, parallel_sum, split_into_shards
from middleground.engine.votes import FloatArray, IntArray

_OVERSAMPLE = 8
_POWER_STEPS = 2


@dataclass(frozen=True, slots=True)
class StatementTotals:
    """Additive counts of agreements and answers per statement (m,), and of participants."""

    agrees: FloatArray
    counts: IntArray
    participants: int

    @classmethod
    def of(cls, votes: BinaryVotes) -> StatementTotals:
        width = votes.n_columns
        agrees = np.bincount(votes.column, votes.answer, width).astype(np.float64)
        return cls(agrees, np.bincount(votes.column, minlength=width), votes.n_rows)

    def __add__(self, other: StatementTotals) -> StatementTotals:
        return StatementTotals(
            self.agrees + other.agrees,
            self.counts + other.counts,
            self.participants + other.participants,
        )

    @property
    def share(self) -> FloatArray:
        share: FloatArray = (self.agrees + 1.0) / (self.counts + 2.0)
        return share


@dataclass(frozen=True, slots=True)
class RangeSketch:
    """Y'Y and R'Y for residuals R (n, m) and Y = R times a sketch (m, r); both are additive."""

    gram: FloatArray
    back: FloatArray

    def __add__(self, other: RangeSketch) -> RangeSketch:
        return RangeSketch(self.gram + other.gram, self.back + other.back)


def range_sketch(votes: BinaryVotes, share: FloatArray, sketch: FloatArray) -> RangeSketch:
    """Multiply the residuals from each statement's ``share`` (m,) with ``sketch`` (m, d)."""

    def of(shard: Shard) -> RangeSketch:
        some = shard.votes
        residual = some.matrix(some.answer - share[some.column])
        image = residual @ sketch
        return RangeSketch(image.T @ image, residual.T @ image)

    return parallel_sum(of, split_into_shards(votes))


def initial_statements(
    totals: StatementTotals,
    sketch_of: Callable[[FloatArray, FloatArray], RangeSketch],
    dimensions: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Initial means of (a, w), shape (m, 1 + dimensions).

    An orthonormal basis of Y is Y T for some matrix T, so R' times the basis is (R'Y) T. Each
    power step therefore needs one pass over the votes and returns nothing of length n.
    """
    share, width, votes = totals.share, len(totals.counts), int(totals.counts.sum())
    start = np.zeros((width, 1 + dimensions))
    start[:, 0] = np.log(share / (1.0 - share))
    rank = min(dimensions, totals.participants, width)
    if not rank or not votes:
        return start
    sketch = rng.standard_normal((width, min(rank + _OVERSAMPLE, width, totals.participants)))
    for _ in range(_POWER_STEPS):
        sketch = _orthonormal(_projected_residuals(sketch_of(share, sketch)))
    _, size, axes = np.linalg.svd(
        _projected_residuals(sketch_of(share, sketch)).T, full_matrices=False
    )
    # One unit of probability is about four units of logit (slope 1/4 at zero). Each axis is scaled
    # to unit variance of positions, with a correction for the share of missing votes.
    density = max(votes / (totals.participants * width), 1e-9)
    scale = 4.0 * size[:rank] / np.sqrt(totals.participants) / np.sqrt(density)
    start[:, 1 : rank + 1] = axes[:rank].T * scale
    return start


def _projected_residuals(passed: RangeSketch) -> FloatArray:
    """R' times an orthonormal basis of Y."""
    return passed.back @ _basis(passed.gram)


def _orthonormal(columns: FloatArray) -> FloatArray:
    """An orthonormal basis of the columns, from their small Gram matrix."""
    return columns @ _basis(columns.T @ columns)


def _basis(gram: FloatArray) -> FloatArray:
    """The matrix T that makes columns with this Gram matrix orthonormal; 0 for null directions."""
    size, vectors = np.linalg.eigh(gram)
    solid = size > 1e-10 * max(float(size[-1]), 1e-300)
    basis: FloatArray = vectors * np.where(solid, 1.0 / np.sqrt(np.abs(size) + 1e-300), 0.0)
    return basis
