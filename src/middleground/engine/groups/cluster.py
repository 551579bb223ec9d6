"""Finds how many opinion groups there are, if any, and where they lie.

k-means clusters the positions, scaled by the loadings' root mean square, for each k up to the
limit. The result is one group unless a clustering is accepted (see docs/method.md, "Groups"):

- it is stable: certain members are together again when bootstrap samples are clustered;
- enough participants are certain members, and no group is smaller than the minimum;
- and it is *distinct* (its silhouette clearly exceeds that of simulated participants who answered
  the same statements but come from one normal distribution), or it is *polar*: two ends of one
  dominating axis, which are well defined even where the change between them is gradual.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy

from middleground.engine.arrays.binary_votes import RowSource, pair_dot
from middleground.engine.arrays.shards import parallel_map
from middleground.engine.groups.kmeans import (
    k_means,
    kmeans_plus_plus,
    lloyd,
    lloyd_from_seeds,
    silhouette,
    squared_distances,
)
from middleground.engine.groups.membership import CERTAIN, membership
from middleground.engine.model.parameters import Fit, features
from middleground.engine.model.participants import posterior_positions
from middleground.engine.votes import FloatArray

_BOOTSTRAPS = 7
_NULL_SAMPLES = 9
_SAMPLE = 400
_LARGEST_SAMPLE = 5_000
_STABLE = 0.95
_DISTINCT_EXCESS, _DISTINCT_DEVIATIONS, _DISTINCT_SURE = 0.05, 2.5, 0.35
_HYSTERESIS = 0.02
_POLAR_SILHOUETTE, _POLAR_SUM = 0.52, 1.13


@dataclass(frozen=True, slots=True)
class Clustering:
    """A division of the participants into k groups, and how well it is supported.

    centres (k, K) : in scaled positions. stability : 0..1, see ``_stability``. excess : silhouette
    minus that of simulated participants without groups. The last two are None for one group.
    """

    centres: FloatArray
    labels: tuple[str, ...] = ()
    stability: float | None = None
    excess: float | None = None


def cluster(
    votes: RowSource,
    fit: Fit,
    scale: FloatArray,
    *,
    max_groups: int,
    min_group: int,
    seed: int,
    previous_count: int = 0,
) -> Clustering:
    """Return the best accepted clustering of ``fit.participants``, or one group (k = 1).

    scale (K,) : of the axes. previous_count : number of groups of the previous map, which is kept
    unless another number is clearly better.
    """
    rng = np.random.default_rng([seed, 2])
    points, spreads = _positions(fit, scale, rng)
    one = Clustering(points.mean(axis=0, keepdims=True))
    sample = points[rng.permutation(len(points))[:_SAMPLE]]
    null_samples: list[FloatArray] = []
    accepted: list[Clustering] = []
    for k in range(2, min(max_groups, len(points) // max(min_group, 1)) + 1):
        centres = lloyd(points, k_means(sample, k, rng)[None])[0]
        chances = membership(points, spreads, centres)
        sure = float((chances.max(axis=1) > CERTAIN).mean())
        sizes = np.bincount(chances.argmax(axis=1), minlength=k)
        if sizes.min() < min_group or sure < _DISTINCT_SURE:
            continue
        stability = _stability(points, chances, rng)
        if stability < _STABLE:
            continue
        null_samples = null_samples or _null_samples(votes, fit, scale, rng)
        width, excess, deviations = _silhouette_excess(points, centres, null_samples, rng)
        # The previous map's number of groups is kept unless it clearly fails.
        ease = _HYSTERESIS if k == previous_count else 0.0
        distinct = excess >= _DISTINCT_EXCESS - ease and deviations >= _DISTINCT_DEVIATIONS
        if distinct or (k == 2 and _is_polar(width, sure, ease)):
            accepted.append(Clustering(centres, stability=stability, excess=excess))

    def merit(clustering: Clustering) -> float:
        return (clustering.excess or 0.0) + _HYSTERESIS * (
            len(clustering.centres) == previous_count
        )

    return max(accepted, key=merit, default=one)


def _positions(
    fit: Fit, scale: FloatArray, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return scaled positions and covariances, of a sample where there are very many."""
    mean, covariance = fit.participants.mean, fit.participants.covariance
    if len(mean) > _LARGEST_SAMPLE:
        chosen = np.sort(rng.permutation(len(mean))[:_LARGEST_SAMPLE])
        mean, covariance = mean[chosen], covariance[chosen]
    return mean[:, 1:] * scale, covariance[:, 1:, 1:] * np.outer(scale, scale)


def _is_polar(width: float, sure: float, ease: float) -> bool:
    """Say whether two groups are the ends of one dominating axis.

    ``width`` is the silhouette, ``sure`` the share of certain members. ``ease`` lowers both limits.
    """
    return width >= _POLAR_SILHOUETTE - ease and width + sure >= _POLAR_SUM - ease


def _stability(points: FloatArray, chances: FloatArray, rng: np.random.Generator) -> float:
    """Return the median Jaccard index of pairs in one group, before and after resampling.

    Pairs of certain members count: those in one group both times, divided by those in one group
    at least once.
    """
    k = chances.shape[1]
    sure = chances.max(axis=1) > CERTAIN
    before = chances[sure].argmax(axis=1)
    count = min(len(points), _SAMPLE)
    # Random numbers are drawn in a fixed order here; the rest may run in parallel.
    draws = (points[rng.integers(len(points), size=count)] for _ in range(_BOOTSTRAPS))
    seeded = [(resampled, kmeans_plus_plus(resampled, k, rng, starts=4)) for resampled in draws]

    def share(drawn: tuple[FloatArray, FloatArray]) -> float:
        after = squared_distances(points[sure], lloyd_from_seeds(*drawn)).argmin(axis=1)
        table = np.bincount(before * k + after, minlength=k * k).reshape(k, k).astype(float)
        both = float(np.square(table).sum())
        either = float(np.square(table.sum(axis=0)).sum() + np.square(table.sum(axis=1)).sum())
        return both / max(either - both, 1.0)

    return float(np.median(parallel_map(share, seeded)))


def _null_samples(
    votes: RowSource, fit: Fit, scale: FloatArray, rng: np.random.Generator
) -> list[FloatArray]:
    """Simulate participants without groups, and return their scaled positions.

    They have x ~ N(0, I) and vote on the same statements as real participants. This parametric
    bootstrap has the sparsity of the votes and the shrinkage of the positions, which positions
    drawn from a normal distribution would not have.
    """
    rows = np.sort(rng.permutation(votes.n_rows)[:_SAMPLE])
    # All samples are placed at once, one below the other.
    part = votes.take_rows(np.tile(rows, _NULL_SAMPLES))
    row, means = part.row, fit.statements.mean
    participants = rng.standard_normal((part.n_rows, means.shape[1]))
    participants /= np.sqrt(fit.priors.participant_precision())
    logits = means[part.column, 0] + pair_dot(participants, features(means), row, part.column)
    answers = rng.random(len(row)) < scipy.special.expit(logits)
    simulated = replace(part, answer=answers)
    placed = posterior_positions(simulated, means, fit.priors).mean[:, 1:] * scale
    return np.split(placed, _NULL_SAMPLES)


def _silhouette_excess(
    points: FloatArray,
    centres: FloatArray,
    null_samples: list[FloatArray],
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    """Return the silhouette, its excess over the null samples' mean, and z of that excess.

    z is the excess divided by the standard deviation of the null samples' silhouettes.
    """
    width = silhouette(points, centres)
    k = len(centres)
    seeded = [(cloud, kmeans_plus_plus(cloud, k, rng, starts=4)) for cloud in null_samples]
    null = np.array(
        parallel_map(lambda drawn: silhouette(drawn[0], lloyd_from_seeds(*drawn)), seeded)
    )
    excess = width - float(null.mean())
    return width, excess, excess / max(float(null.std(ddof=1)), 1e-9)
