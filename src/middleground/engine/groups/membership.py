"""Computes probabilities of belonging to opinion groups.

A group is the region of the opinion space that is nearest to its centre. The position of a
participant is known as a posterior only, so a participant belongs to a group with the probability
that the position lies in its region.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import scipy

from middleground.engine.arrays.shards import parallel_map
from middleground.engine.votes import FloatArray

CERTAIN = 0.9
_POINTS = 128
_PRIMES = (2, 3, 5, 7, 11, 13, 17)
_BLOCK, _BLOCK_OF_TWO = 512, 1 << 14


def membership(mean: FloatArray, covariance: FloatArray, centres: FloatArray) -> FloatArray:
    """Return P(nearest centre is g) for x ~ N(mean, covariance), shape (n, k).

    mean (n, K), covariance (n, K, K), centres (k, K). The result is exact for two centres: their
    border is a plane, and the distance to it is normal. For more centres it is the share of 256
    fixed points of each posterior, which are evenly spread (Halton 1960, each with its mirror
    image). Half a point is added to every group, so that no probability is zero.
    """
    k = len(centres)
    if k < 2:
        return np.ones((len(mean), k))
    # x is nearer to g than to the last centre where this linear form of it is positive.
    normal = centres[:-1] - centres[-1]
    offset = (np.square(centres[:-1]).sum(axis=1) - np.square(centres[-1]).sum()) / 2.0
    shares, block = np.empty((len(mean), k)), _BLOCK if k > 2 else _BLOCK_OF_TWO

    def fill(start: int) -> None:
        part = slice(start, start + block)
        ahead = mean[part] @ normal.T - offset
        spread = np.einsum("gi,nij,hj->ngh", normal, covariance[part], normal, optimize=True)
        shares[part] = _quasi_monte_carlo(ahead, spread) if k > 2 else _two_centres(ahead, spread)

    parallel_map(fill, range(0, len(mean), block))
    return shares


def _two_centres(ahead: FloatArray, spread: FloatArray) -> FloatArray:
    first = scipy.special.ndtr(ahead[:, 0] / np.sqrt(np.maximum(spread[:, 0, 0], 1e-12)))
    return np.column_stack([first, 1.0 - first])


def _quasi_monte_carlo(ahead: FloatArray, spread: FloatArray) -> FloatArray:
    count, k = len(ahead), ahead.shape[1] + 1
    # The small addend keeps the matrix positive definite where the centres lie on one line.
    jitter = 1e-9 * np.maximum(np.trace(spread, axis1=1, axis2=2), 1e-9)
    root = np.linalg.cholesky(spread + jitter[:, None, None] * np.eye(k - 1))
    points = _halton(k - 1)
    steps = (root @ points.T).astype(np.float32)
    steps += ahead.astype(np.float32)[:, :, None]
    best = steps.max(axis=1)
    hits = np.empty((count, k))
    # A point counts for the centre that is furthest ahead of the last one (of equals the first),
    # and for the last one if no centre is ahead of it.
    free = best > 0.0
    for g in range(k - 1):
        won = free & (steps[:, g] >= best)
        free &= ~won
        hits[:, g] = np.count_nonzero(won, axis=1)
    hits[:, -1] = len(points) - hits[:, :-1].sum(axis=1)
    shares: FloatArray = (hits + 0.5) / (len(points) + 0.5 * k)
    return shares


@cache
def _halton(dimensions: int) -> FloatArray:
    """Return evenly spread standard normal points and their mirror images, (256, dimensions)."""
    columns = []
    for prime in _PRIMES[:dimensions]:
        index, fraction, place = np.arange(1, _POINTS + 1), np.zeros(_POINTS), 1.0 / prime
        while index.any():
            fraction += place * (index % prime)
            index, place = index // prime, place / prime
        columns.append(scipy.special.ndtri(fraction))
    half = np.column_stack(columns)
    points = np.concatenate([half, -half])
    points.flags.writeable = False
    return points
