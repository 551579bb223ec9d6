"""Clusters the plane into two to five groups by k-means; the silhouette decides the number.

Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis",
Journal of Computational and Applied Mathematics 20 (1987).
"""

from __future__ import annotations

import numpy as np

from middleground.engine.groups.kmeans import k_means, lloyd, squared_distances
from middleground.engine.votes import FloatArray, IntArray

FEWEST, MOST = 2, 5
# Of more participants than this a seeded sample is clustered and judged, because the number of
# pairwise distances grows with the square.
_SAMPLE = 2_000
_BLOCK = 512
# Polis starts from the previous map's centres; with many starts the starting points matter little.
_STARTS, _ITERATIONS = 12, 100


def cluster_plane(points: FloatArray, most: int, seed: int) -> FloatArray:
    """Return the centres (k, 2) with the best silhouette, or one centre of too few points.

    Centres are in descending order of their groups' sizes; of equal sizes the one with the larger
    first coordinate is first.
    """
    different = len(np.unique(points, axis=0))
    candidates = range(FEWEST, min(MOST, most, different - 1) + 1)
    if not candidates:
        middle: FloatArray = points.mean(axis=0, keepdims=True)
        return middle
    rng = np.random.default_rng([seed, 3])
    sample = points
    if len(points) > _SAMPLE:
        sample = points[np.sort(rng.permutation(len(points))[:_SAMPLE])]
    found = [k_means(sample, k, rng, _STARTS, _ITERATIONS) for k in candidates]
    widths = silhouettes(sample, [nearest(sample, centres) for centres in found])
    # Rounded to nine digits, so that the fewest of equally good numbers of groups are taken.
    best = found[int(np.argmax(np.round(widths, 9)))]
    centres = lloyd(points, best[None], _ITERATIONS)[0]
    sizes = np.bincount(nearest(points, centres), minlength=len(centres))
    ordered: FloatArray = centres[np.lexsort((-centres[:, 0], -sizes))]
    return ordered


def nearest(points: FloatArray, centres: FloatArray) -> IntArray:
    """Return the index of the nearest centre, shape (n,)."""
    index: IntArray = squared_distances(points, centres).argmin(axis=1)
    return index


def silhouettes(points: FloatArray, divisions: list[IntArray]) -> list[float]:
    """Return the mean silhouette of each clustering of the same points.

    The silhouette of a point is (b - a) / max(a, b), with a the mean distance to the others of its
    group and b the least mean distance to another group; it is zero for a point that is alone in
    its group. Distances are computed once for all clusterings, a block of rows at a time.
    """
    sizes = [np.bincount(each) for each in divisions]
    member = np.hstack(
        [np.eye(len(size))[each] for size, each in zip(sizes, divisions, strict=True)]
    )
    sums = np.empty_like(member)
    for start in range(0, len(points), _BLOCK):
        block = points[start : start + _BLOCK]
        across, up = block[:, :1] - points[:, 0], block[:, 1:] - points[:, 1]
        sums[start : start + _BLOCK] = np.hypot(across, up) @ member
    cuts = np.cumsum([len(size) for size in sizes])[:-1]
    return [
        _mean_width(part, each, size)
        for part, each, size in zip(np.split(sums, cuts, axis=1), divisions, sizes, strict=True)
    ]


def _mean_width(sums: FloatArray, belongs: IntArray, sizes: IntArray) -> float:
    """Return the mean silhouette, from sums (n, k) of distances to each group's members."""
    rows, own = np.arange(len(belongs)), sizes[belongs]
    within = sums[rows, belongs] / np.maximum(own - 1, 1)
    others = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    others[rows, belongs] = np.inf
    apart = others.min(axis=1)
    widest = np.maximum(np.maximum(within, apart), 1e-300)
    known = (own > 1) & np.isfinite(apart)
    return float(np.where(known, (apart - within) / widest, 0.0).mean())
