"""Two to five groups by k-means in the plane; how many is decided by the silhouette.

Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis",
Journal of Computational and Applied Mathematics 20 (1987).
"""

from __future__ import annotations

import numpy as np

from middleground.engine.groups.kmeans import k_means, lloyd, squared_distances
from middleground.engine.votes import FloatArray, IntArray

FEWEST, MOST = 2, 5
# More people than this are divided, and their division is judged, by a seeded sample: all pairs
# of distances would grow with the square.
_SAMPLE = 2_000
_BLOCK = 512
# Polis goes on from the previous map's centres; with many starts it matters little where one began.
_STARTS, _ITERATIONS = 12, 100


def cluster_plane(points: FloatArray, most: int, seed: int) -> FloatArray:
    """Centres (k, 2) with the best silhouette; one (k = 1) where people cannot be divided.

    Centres come in the order of their groups' sizes; of equal sizes the one further along the
    first axis is first.
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
    # Compared in nine digits, so that of equally good ones the fewest groups are taken.
    best = found[int(np.argmax(np.round(widths, 9)))]
    centres = lloyd(points, best[None], _ITERATIONS)[0]
    sizes = np.bincount(nearest(points, centres), minlength=len(centres))
    ordered: FloatArray = centres[np.lexsort((-centres[:, 0], -sizes))]
    return ordered


def nearest(points: FloatArray, centres: FloatArray) -> IntArray:
    """Index of the nearest centre, shape (n,)."""
    index: IntArray = squared_distances(points, centres).argmin(axis=1)
    return index


def silhouettes(points: FloatArray, divisions: list[IntArray]) -> list[float]:
    """Mean silhouette of each division of the same points.

    (b - a) / max(a, b), with a the mean distance to the others of the own group and b the least
    mean distance to another group; zero for someone who is alone in a group. The distances are
    made once for all divisions, some rows at a time.
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
    """From the summed distances to each group's people, (n, k)."""
    rows, own = np.arange(len(belongs)), sizes[belongs]
    within = sums[rows, belongs] / np.maximum(own - 1, 1)
    others = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    others[rows, belongs] = np.inf
    apart = others.min(axis=1)
    widest = np.maximum(np.maximum(within, apart), 1e-300)
    known = (own > 1) & np.isfinite(apart)
    return float(np.where(known, (apart - within) / widest, 0.0).mean())
