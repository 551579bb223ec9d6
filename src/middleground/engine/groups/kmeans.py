"""k-means by Lloyd's iterations from several sets of k-means++ seeds, of which the best is kept.

Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
"""

from __future__ import annotations

import numpy as np

from middleground.engine.votes import FloatArray


def k_means(
    points: FloatArray, k: int, rng: np.random.Generator, starts: int = 6, iterations: int = 30
) -> FloatArray:
    """Return centres (k, d) with the least within-group sum of squares over all starts."""
    return lloyd_from_seeds(points, kmeans_plus_plus(points, k, rng, starts), iterations)


def lloyd_from_seeds(points: FloatArray, first: FloatArray, iterations: int = 30) -> FloatArray:
    """Do what ``k_means`` does, from given seeds ``first`` (starts, k, d)."""
    centres = lloyd(points, first, iterations)
    spreads = [float(squared_distances(points, each).min(axis=1).sum()) for each in centres]
    # Rounded, so that the first of equally good starts is taken whatever their last bits are.
    best: FloatArray = centres[int(np.argmin(np.round(spreads, 9)))]
    return best


def lloyd(points: FloatArray, centres: FloatArray, iterations: int = 30) -> FloatArray:
    """Run Lloyd's iterations from several starts at once until no group changes.

    ``centres`` and the result are (starts, k, d). A group that becomes empty keeps its centre.
    """
    starts, k, _ = centres.shape
    offset = np.arange(starts) * k
    belongs = np.full((len(points), starts), -1)
    for _ in range(iterations):
        flat = centres.reshape(starts * k, -1)
        # The nearest centre maximises p.c - c.c / 2, because p.p is the same for all centres.
        score = np.einsum("nd,sd->ns", points, flat) - np.square(flat).sum(axis=1) / 2.0
        nearest = score.reshape(-1, starts, k).argmax(axis=2) + offset
        if np.array_equal(nearest, belongs):
            break
        belongs = nearest
        key = belongs.reshape(-1)
        counts = np.bincount(key, minlength=starts * k)[:, None]
        sums = np.column_stack(
            [np.bincount(key, np.repeat(axis, starts), starts * k) for axis in points.T]
        )
        moved = np.where(counts > 0, sums / np.maximum(counts, 1), flat)
        centres = moved.reshape(centres.shape)
    return centres


def squared_distances(points: FloatArray, centres: FloatArray) -> FloatArray:
    """Return squared Euclidean distances, shape (n, k)."""
    inner = np.einsum("nd,kd->nk", points, centres)
    lengths = np.einsum("nd,nd->n", points, points)[:, None]
    distances: FloatArray = lengths - 2.0 * inner + np.einsum("kd,kd->k", centres, centres)
    return np.maximum(distances, 0.0)


def silhouette(points: FloatArray, centres: FloatArray) -> float:
    """Return the mean simplified silhouette (b - a) / b.

    a and b are the distances to the nearest and the second nearest centre. The cost is linear in
    the number of points. Hruschka, de Castro and Campello, "Evolutionary algorithms for
    clustering gene-expression data", ICDM 2004.
    """
    nearest = np.sqrt(np.partition(squared_distances(points, centres), 1, axis=1)[:, :2])
    widths = 1.0 - nearest[:, 0] / np.maximum(nearest[:, 1], 1e-12)
    return float(widths.mean())


def kmeans_plus_plus(
    points: FloatArray, k: int, rng: np.random.Generator, starts: int = 6
) -> FloatArray:
    """Draw k-means++ seeds for all starts, (starts, k, d).

    A point becomes the next seed with a probability proportional to its squared distance from the
    nearest seed so far.
    """
    chosen = np.empty((starts, k, points.shape[1]))
    chosen[:, 0] = points[rng.integers(len(points), size=starts)]
    nearest = squared_distances(points, chosen[:, 0])
    for g in range(1, k):
        # The small addend keeps the sum positive where all points coincide.
        ladder = np.cumsum(nearest + 1e-12, axis=0)
        mark = rng.random(starts) * ladder[-1]
        chosen[:, g] = points[np.minimum((ladder < mark).sum(axis=0), len(points) - 1)]
        nearest = np.minimum(nearest, squared_distances(points, chosen[:, g]))
    return chosen
