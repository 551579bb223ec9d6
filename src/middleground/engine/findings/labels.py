"""The middle ground, what is divisive, and what represents a group.

All three work on Beta posteriors (``BetaPosterior``) and plain counts of votes, groups x
statements.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array
from scipy.special import betainc, ndtr, ndtri

from middleground.engine.findings.rates import BetaPosterior
from middleground.engine.votes import FloatArray, IntArray

BoolArray = NDArray[np.bool_]

MAJORITY = 0.5
_FALSE_DISCOVERY = 0.05


@dataclass(frozen=True, slots=True)
class Ranking:
    """Statements in ranked order: column, score, margin and whether the label is earned."""

    column: IntArray
    score: FloatArray
    margin: FloatArray
    holds: BoolArray


def middle_ground(agree: BetaPosterior, seen: IntArray, min_seen: int, quantile: float) -> Ranking:
    """Rank by the least, over groups, of the lower quantile of the share that agrees."""
    score = agree.quantile(quantile).min(axis=0)
    margin = score - MAJORITY
    holds = (margin > 0.0) & (seen >= min_seen).all(axis=0)
    return _ranked(score, margin, holds, seen)


def divisive(
    agree: BetaPosterior, disagree_leads: BoolArray, seen: IntArray, min_seen: int, quantile: float
) -> Ranking:
    """Rank by the lower bound of the largest difference between two groups.

    The label holds where one group surely agrees (lower quantile above one half) and another
    surely does not (upper quantile below), and more of that one disagree than agree.
    ``disagree_leads`` (g, m) says where more disagree than agree.
    """
    mean, variance = agree.mean, agree.variance
    gap = np.abs(mean[:, None] - mean[None])
    # The difference of two Beta posteriors, as if normal.
    bound = gap + ndtri(quantile) * np.sqrt(variance[:, None] + variance[None])
    enough = seen >= min_seen
    low, high = agree.quantile(quantile), agree.quantile(1.0 - quantile)
    above = np.where(enough, low - MAJORITY, -np.inf)
    below = np.where(enough & disagree_leads, MAJORITY - high, -np.inf)
    margin = np.minimum(above[:, None], below[None]).max(axis=(0, 1))
    fallback = np.minimum((low - MAJORITY).max(axis=0), (MAJORITY - high).max(axis=0))
    finite = np.where(np.isfinite(margin), margin, np.minimum(fallback, 0.0))
    return _ranked(bound.max(axis=(0, 1)), finite, margin > 0.0, seen)


def credible_majority(agree: BetaPosterior, quantile: float) -> BoolArray:
    """Where the lower quantile of a group's share is above one half, (g, m)."""
    sure: BoolArray = betainc(agree.alpha, agree.beta, MAJORITY) < quantile
    return sure


def opposed_pairs(
    agree: BetaPosterior, may_oppose: BoolArray, may_agree: BoolArray, quantile: float
) -> BoolArray:
    """Pairs of groups, the first surely agreeing, the second surely not, (g, g, m)."""
    below = betainc(agree.alpha, agree.beta, MAJORITY)
    above = may_agree & (below < quantile)
    beneath = may_oppose & (below > 1.0 - quantile)
    pairs: BoolArray = above[:, None] & beneath[None]
    return pairs


def _ranked(score: FloatArray, margin: FloatArray, holds: BoolArray, seen: IntArray) -> Ranking:
    # A statement that nobody saw is not ranked. Scores are compared as published (rounded), so
    # that the last bits cannot reorder ties; the caller's order of columns breaks them.
    voted = np.flatnonzero(seen.sum(axis=0) > 0)
    order = voted[np.argsort(-np.round(score[voted], 6), kind="stable")]
    return Ranking(order, score[order], margin[order], holds[order])


@dataclass(frozen=True, slots=True)
class Contrast:
    """Where one group differs from the rest in one answer: rates and certainty, each (m,)."""

    rate: FloatArray
    rest: FloatArray
    probability: FloatArray


def group_contrasts(group: BetaPosterior, rest: BetaPosterior) -> list[Contrast]:
    """Per group: the posterior probability that its rate exceeds that of all others."""
    spread = np.sqrt(group.variance + rest.variance)
    probability = ndtr((group.mean - rest.mean) / spread)
    return [
        Contrast(mean, other, chance)
        for mean, other, chance in zip(group.mean, rest.mean, probability, strict=True)
    ]


def within_false_discovery_rate(probability: FloatArray) -> BoolArray:
    """Those to report so that the expected share of false ones stays below five per cent.

    The Bayesian rule of Newton et al., "Detecting differential gene expression with a
    semiparametric hierarchical mixture method", Biostatistics 5 (2004): take the surest while
    the mean of 1 - probability is within the limit.
    """
    order = np.argsort(-probability, kind="stable")
    false_share = np.cumsum(1.0 - probability[order]) / np.arange(1, len(order) + 1)
    taken = np.zeros(len(probability), dtype=np.bool_)
    taken[order[false_share <= _FALSE_DISCOVERY]] = True
    return taken


def sequential_pav(approvals: csc_array, weight: FloatArray, count: int) -> list[int]:
    """Greedy proportional approval voting: columns that together speak for many people.

    Each round takes the column with the largest sum over its approvers of 1 / (1 + columns of
    theirs taken already), times the column's weight (Thiele 1895; Aziz et al., "Justified
    representation in approval-based committee voting", Social Choice and Welfare 48, 2017).
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
