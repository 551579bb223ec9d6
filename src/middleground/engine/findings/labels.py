"""Decides which statements are middle ground, which are divisive, and which represent a group.

All functions take Beta posteriors (``BetaPosterior``) and unweighted counts of votes, both with
the shape (g, m): groups x statements.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from middleground.engine.findings.rates import BetaPosterior
from middleground.engine.votes import FloatArray, IntArray

BoolArray = NDArray[np.bool_]

MAJORITY = 0.5
_FALSE_DISCOVERY = 0.05


@dataclass(frozen=True, slots=True)
class Ranking:
    """Statements from the best to the worst, each field (ranked,).

    column : the statement's column. score : what the order follows. margin : how far the deciding
    rate is beyond one half. holds : whether the statement earns the label.
    """

    column: IntArray
    score: FloatArray
    margin: FloatArray
    holds: BoolArray


def middle_ground(agree: BetaPosterior, seen: IntArray, min_seen: int, quantile: float) -> Ranking:
    """Rank statements by the group that agrees least.

    The score is the least, over groups, of the lower ``quantile`` of the rate of agreement. The
    label holds where it exceeds one half and at least ``min_seen`` participants of every group
    voted (``seen``, (g, m)).
    """
    score = agree.quantile(quantile).min(axis=0)
    margin = score - MAJORITY
    holds = (margin > 0.0) & (seen >= min_seen).all(axis=0)
    return _ranked(score, margin, holds, seen)


def divisive(
    agree: BetaPosterior, disagree_leads: BoolArray, seen: IntArray, min_seen: int, quantile: float
) -> Ranking:
    """Rank statements by the lower bound of the largest difference between two groups.

    The label holds where the lower quantile of one group's rate of agreement is above one half,
    the upper quantile of another group's is below it, and in that other group more participants
    disagree than agree (``disagree_leads``, (g, m)). Both groups need ``min_seen`` votes.
    """
    mean, variance = agree.mean, agree.variance
    gap = np.abs(mean[:, None] - mean[None])
    # The difference of two Beta posteriors is treated as normal.
    bound = gap + scipy.special.ndtri(quantile) * np.sqrt(variance[:, None] + variance[None])
    enough = seen >= min_seen
    low, high = agree.quantile(quantile), agree.quantile(1.0 - quantile)
    above = np.where(enough, low - MAJORITY, -np.inf)
    below = np.where(enough & disagree_leads, MAJORITY - high, -np.inf)
    margin = np.minimum(above[:, None], below[None]).max(axis=(0, 1))
    fallback = np.minimum((low - MAJORITY).max(axis=0), (MAJORITY - high).max(axis=0))
    finite = np.where(np.isfinite(margin), margin, np.minimum(fallback, 0.0))
    return _ranked(bound.max(axis=(0, 1)), finite, margin > 0.0, seen)


def credible_majority(agree: BetaPosterior, quantile: float) -> BoolArray:
    """Say where the lower ``quantile`` of a group's rate of agreement is above one half, (g, m)."""
    sure: BoolArray = scipy.special.betainc(agree.alpha, agree.beta, MAJORITY) < quantile
    return sure


def opposed_pairs(
    agree: BetaPosterior, may_oppose: BoolArray, may_agree: BoolArray, quantile: float
) -> BoolArray:
    """Say which pairs of groups are opposed, (g, g, m).

    The first group of an opposed pair surely agrees, the second surely does not, by ``quantile``.
    ``may_agree`` and ``may_oppose`` (g, m) exclude groups from the first and the second place.
    """
    below = scipy.special.betainc(agree.alpha, agree.beta, MAJORITY)
    above = may_agree & (below < quantile)
    beneath = may_oppose & (below > 1.0 - quantile)
    pairs: BoolArray = above[:, None] & beneath[None]
    return pairs


def _ranked(score: FloatArray, margin: FloatArray, holds: BoolArray, seen: IntArray) -> Ranking:
    # A statement without votes is not ranked. Scores are compared as they are published (rounded),
    # so that their last bits cannot reorder ties; the caller's order of columns breaks ties.
    voted = np.flatnonzero(seen.sum(axis=0) > 0)
    order = voted[np.argsort(-np.round(score[voted], 6), kind="stable")]
    return Ranking(order, score[order], margin[order], holds[order])


@dataclass(frozen=True, slots=True)
class Contrast:
    """One answer's rate in a group and among all others, each (m,).

    probability : posterior probability that the group's rate is the higher one.
    """

    rate: FloatArray
    rest: FloatArray
    probability: FloatArray


def group_contrasts(group: BetaPosterior, rest: BetaPosterior) -> list[Contrast]:
    """Contrast each group with all others, as if the difference of the two rates were normal."""
    spread = np.sqrt(group.variance + rest.variance)
    probability = scipy.special.ndtr((group.mean - rest.mean) / spread)
    return [
        Contrast(mean, other, chance)
        for mean, other, chance in zip(group.mean, rest.mean, probability, strict=True)
    ]


def within_false_discovery_rate(probability: FloatArray) -> BoolArray:
    """Select the discoveries of which at most five per cent are expected to be false, (n,).

    The Bayesian rule of Newton et al., "Detecting differential gene expression with a
    semiparametric hierarchical mixture method", Biostatistics 5 (2004): candidates are taken in
    the order of their ``probability`` (n,) while the mean of 1 - probability is within the limit.
    """
    order = np.argsort(-probability, kind="stable")
    false_share = np.cumsum(1.0 - probability[order]) / np.arange(1, len(order) + 1)
    taken = np.zeros(len(probability), dtype=np.bool_)
    taken[order[false_share <= _FALSE_DISCOVERY]] = True
    return taken


def sequential_pav(approvals: scipy.sparse.csc_array, weight: FloatArray, count: int) -> list[int]:
    """Choose up to ``count`` columns by sequential proportional approval voting.

    Each round takes the column with the largest gain: its weight, times the sum over its approvers
    of 1 / (1 + number of columns taken that they approve of). So the columns together speak for as
    many participants as possible (Thiele 1895; Aziz et al., "Justified representation in
    approval-based committee voting", Social Choice and Welfare 48, 2017).

    approvals (n, m) : 1 where a participant approves. weight (m,) : 0 excludes a column.
    """
    share = np.ones(approvals.shape[0])
    left, taken = weight.copy(), list[int]()
    for _ in range(min(count, int(np.count_nonzero(weight > 0.0)))):
        gain = (approvals.T @ share) * left
        best = int(np.argmax(np.round(gain, 9)))
        if gain[best] <= 0.0:
            break
        taken.append(best)
        left[best] = 0.0
        approvers = approvals.indices[approvals.indptr[best] : approvals.indptr[best + 1]]
        share[approvers] = 1.0 / (1.0 / share[approvers] + 1.0)
    return taken
